"""The catalogue: courses, their units and tools, and what each asks of those who join.

The head keeps it. What a course asks counts from the next proposal on; a course that is retired
stays where it was taught, and is planned no more.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.refusals import NotAllowed, act
from inmates.states import DocumentKind
from training.eligibility import SOFTENED
from training.eligibility.rules import NOT_ASKED, ONLY_WARNS
from training.models import CompetencyUnit, Course, CourseTool, CourseUnit, Trade

# Fields of a course that are requirements, each with its greatest sensible value (None: no number).
REQUIREMENTS = {
    "minimum_age": 100,
    "maximum_age": 100,
    "needs_one_third": None,
    "buffer_days": 3650,
    "latest_release_months": 600,
    "minimum_remaining_months": 600,
    "discipline_free_months": 600,
    "retrain_after_months": 600,
    "fitness_within_months": 600,
    "documents": None,
    "resident_percent": 100,
    "severities": None,
}
FOUND_MOST = 20
# Fields that describe a course, each with its smallest and greatest value (None: no number).
DESCRIBED = {
    "trade": None,
    "code": None,
    "name": None,
    "kkni_level": (1, 9),
    "jp": (1, 5000),
    "aim": None,
    "other_material": None,
    "minimum_attendance": (0, 100),
    "package_seats": (1, settings.SEATS_MAX),
}


@act
def create(*, by, new_trade="", **fields):
    """Put a course into the catalogue: some of the `DESCRIBED` fields, trade, code, name and JP.

    `new_trade` names a trade that may not be there yet. Raises `NotAllowed` with field errors.
    """
    permissions.require(by, "manage_courses", None)
    course = Course(created_by=by)
    _describe(course, new_trade, fields)
    return course


@act
def change(*, course, by, new_trade="", **fields):
    """Change what the catalogue says of a course."""
    permissions.require(by, "manage_courses", None)
    course = _locked(course)
    _describe(course, new_trade, fields)
    return course


@act
def offer(*, course, is_offered, by):
    """Retire a course from the catalogue (`False`), or take it up again."""
    permissions.require(by, "manage_courses", None)
    course = _locked(course)
    if course.is_offered != is_offered:
        course.is_offered = is_offered
        course.save(update_fields=["is_offered"])
    return course


@act
def add_unit(*, course, by, unit=None, code="", name="", standard="", jp=None):
    """Add a unit of competence at the end: one that is known, or a new one by code and name."""
    permissions.require(by, "manage_courses", None)
    course = _locked(course)
    unit = unit or _unit_of(" ".join(code.split()), " ".join(name.split()), standard.strip(), by)
    known = course.units.filter(unit=unit).first()
    if known:
        if known.created_by_id == by.pk and known.jp == jp:
            return known
        raise NotAllowed({"code": ValidationError(_("Unit ini sudah ada di program ini."))})
    return CourseUnit.objects.create(
        course=course, unit=unit, jp=jp, position=course.units.count() + 1, created_by=by
    )


def units_like(course, asked):
    """The first units whose code or title holds the text, of those that the course has not yet."""
    rows = CompetencyUnit.objects.filter(Q(code__icontains=asked) | Q(name__icontains=asked))
    return rows.exclude(courses__course=course).order_by("code")[:FOUND_MOST]


@act
def arrange_units(*, course, lines, removed, by):
    """Order the units of a course: pairs of a `CourseUnit` and its JP (or None), then `removed`.

    Results that name a removed unit stay. Units that somebody else added meanwhile come last.
    """
    permissions.require(by, "manage_courses", None)
    course = _locked(course)
    course.units.filter(pk__in=[line.pk for line in removed]).delete()
    known = {line.pk: line for line in course.units.all()}
    wanted = {line.pk: jp for line, jp in lines if line.pk in known}
    wanted |= {pk: line.jp for pk, line in known.items() if pk not in wanted}
    for position, (pk, jp) in enumerate(wanted.items(), 1):
        line = known[pk]
        if (line.position, line.jp) != (position, jp):
            line.position, line.jp = position, jp
            line.save(update_fields=["position", "jp"])
    return course


@act
def set_tools(*, course, items, by):
    """Set what a practical meeting takes out of the store: pairs of a name and how many."""
    permissions.require(by, "manage_courses", None)
    course = _locked(course)
    items = [(" ".join(name.split()), count) for name, count in items]
    names = [name.casefold() for name, _count in items]
    twice = next((name for name, _count in items if names.count(name.casefold()) > 1), None)
    if twice:
        raise NotAllowed(_("%(tool)s tertulis dua kali.") % {"tool": twice})
    if any(count < 1 for _name, count in items):
        raise NotAllowed(_("Jumlah paling sedikit 1."))
    known = {tool.name: tool for tool in course.tools.all()}
    for name, count in items:
        tool = known.pop(name, None)
        if tool is None:
            CourseTool.objects.create(course=course, name=name, quantity=count, created_by=by)
        elif tool.quantity != count:
            tool.quantity = count
            tool.save(update_fields=["quantity"])
    CourseTool.objects.filter(pk__in=[tool.pk for tool in known.values()]).delete()
    return course


@act
def require(*, course, by, **requirements):
    """Set some of the `REQUIREMENTS` of a course; who is a candidate already stays one.

    Raises `NotAllowed` with a dict of field errors for what makes no sense.
    """
    permissions.require(by, "manage_courses", None)
    course = _locked(course)
    problems = _problems({name: getattr(course, name) for name in REQUIREMENTS} | requirements)
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
    changed = [name for name, value in requirements.items() if getattr(course, name) != value]
    for name in changed:
        setattr(course, name, requirements[name])
    if changed:
        course.save(update_fields=changed)
    return course


def _problems(asked):
    problems = {
        name: _("Paling besar %(most)s.") % {"most": most}
        for name, most in REQUIREMENTS.items()
        if most is not None and asked[name] is not None and not 0 <= asked[name] <= most
    }
    youngest, oldest = asked["minimum_age"], asked["maximum_age"]
    if youngest is not None and oldest is not None and oldest < youngest:
        problems.setdefault("maximum_age", _("Usia maksimum di bawah usia minimum."))
    if set(asked["documents"]) - set(DocumentKind.values):
        problems["documents"] = _("Dokumen tidak dikenal.")
    hard = set(asked["severities"]) - set(SOFTENED)
    if hard or set(asked["severities"].values()) - {ONLY_WARNS, NOT_ASKED}:
        problems["severities"] = _("Syarat hukum dan bentrok jadwal tidak bisa dilunakkan.")
    return problems


def _locked(course):
    return Course.objects.select_for_update(no_key=True).get(pk=course.pk)


def _describe(course, new_trade, fields):
    typed = {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    new_trade = " ".join(new_trade.split())
    if new_trade:
        typed["trade"] = Trade.objects.filter(name__iexact=new_trade).first() or Trade(
            name=new_trade
        )
    for name, value in typed.items():
        setattr(course, name, value)
    problems = _problems_of(course)
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
    try:
        with transaction.atomic():
            if course.trade.pk is None:
                course.trade.save()
                course.trade = course.trade
            course.save(update_fields=list(typed) if course.pk else None)
    except IntegrityError as error:
        raise NotAllowed(_("Orang lain baru saja menyimpan kode yang sama.")) from error


def _problems_of(course):
    problems = {
        name: _("Isi antara %(least)s dan %(most)s.") % {"least": span[0], "most": span[1]}
        for name, span in DESCRIBED.items()
        if span
        and getattr(course, name) is not None
        and not span[0] <= getattr(course, name) <= span[1]
    }
    if not course.name:
        problems["name"] = _("Tulis nama programnya.")
    if not course.code:
        problems["code"] = _("Tulis kode programnya.")
    elif Course.objects.filter(code__iexact=course.code).exclude(pk=course.pk).exists():
        problems["code"] = _("Kode ini sudah dipakai program lain.")
    if getattr(course, "trade", None) is None:
        problems["trade"] = _("Pilih kejuruan, atau tulis yang baru.")
    if course.jp is None:
        problems["jp"] = _("Isi jam pelajarannya.")
    return problems


def _unit_of(code, name, standard, by):
    if not code:
        raise NotAllowed({"code": ValidationError(_("Tulis kode unitnya."))})
    unit = CompetencyUnit.objects.filter(code__iexact=code).first()
    if unit:
        return unit
    if not name:
        raise NotAllowed({"name": ValidationError(_("Unit ini belum dikenal; tulis judulnya."))})
    return CompetencyUnit.objects.create(code=code, name=name, standard=standard, created_by=by)
