"""The yearly plan: one page to read and to type into; its lines; the letter that asks for them."""

from collections import Counter
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Facility
from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from correspondence import letter_kinds
from correspondence.forms.letter import LetterForm
from partners.models import Agency
from partners.services import letters
from training import plan_paper, plan_picture
from training.forms.plan import AttachForm, ChangeForm, FillForm, LineForm
from training.letter_kinds import PACKAGE_REQUEST
from training.models import Batch, PlanLine
from training.services import demand, plans
from training.states import BatchState
from training.views.plan_files import as_csv, as_xlsx

COUNTED = (*plans.NUMBERS, "packages_run", "people_run", "people_certified")
LOOKS = (
    ("planned", gettext_lazy("Direncanakan")),
    ("granted", gettext_lazy("Diberikan")),
    ("run", gettext_lazy("Peserta")),
)
PICTURED = {"planned": "seats_planned", "granted": "seats_granted", "run": "people_run"}
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@require_safe
def overview(request):
    """A year's plan of one prison; `?format=csv` or `xlsx` downloads it."""
    facility, year = place_and_year(request)
    download = FILES.get(request.GET.get("format"))
    if download:
        return download(_lines(request, facility, year), year)
    return _page(request, facility, year)


@require_POST
def fill(request):
    facility, year = place_and_year(request)
    _need_planning(request, facility)
    form = FillForm(request.POST, lines=_lines(request, facility, year))
    if form.is_valid():
        changes = form.changes()
        count = perform(
            form, plans.fill, facility=facility, year=year, changes=changes, by=request.user
        )
        if count is not None:
            sentence = ngettext("%(n)d baris disimpan.", "%(n)d baris disimpan.", count)
            return done(request, sentence % {"n": count}, page_of(facility, year))
    return _page(request, facility, year, form=form)


def create(request):
    facility, year = place_and_year(request)
    _need_planning(request, facility)
    form = LineForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if form.is_valid():
        line = perform(
            form, plans.add, facility=facility, year=year, by=request.user, **form.cleaned_data
        )
        if line:
            return done(request, _("Baris rencana ditambahkan."), page_of(facility, year))
    context = {"year": year, "back": page_of(facility, year)}
    return show(request, "training/plan_create.html", context, form=form)


@require_POST
def copy(request):
    facility, year = place_and_year(request)
    _need_planning(request, facility)
    count = plans.copy(facility=facility, year=year, by=request.user)
    sentence = ngettext(
        "%(n)d baris disalin dari tahun lalu.", "%(n)d baris disalin dari tahun lalu.", count
    )
    return done(request, sentence % {"n": count}, page_of(facility, year))


@require_safe
def line(request, public_id):
    return _line_page(request, _find(request, public_id))


@require_POST
def change(request, public_id):
    line = _find(request, public_id)
    _need_planning(request, line.facility)
    form = ChangeForm(request.POST, user=request.user)
    if form.is_valid() and perform(
        form, plans.change, line=line, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Baris rencana disimpan."), line)
    return _line_page(request, line, form=form)


@require_POST
def attach(request, public_id):
    line = _find(request, public_id)
    _need_planning(request, line.facility)
    form = AttachForm(request.POST, batches=_without_line(request, line))
    if form.is_valid() and perform(
        form, plans.attach, line=line, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Angkatan dihitung pada baris ini."), line)
    return _line_page(request, line, attached=form)


@require_POST
def remove(request, public_id):
    line = _find(request, public_id)
    _need_planning(request, line.facility)
    plans.remove(line=line, by=request.user)
    return done(request, _("Baris rencana dihapus."), page_of(line.facility, line.year))


def letter(request):
    """A letter that asks the agency in `?agency=` for the packages of the year."""
    facility, year = place_and_year(request)
    if not may(request.user, "write_letters", facility.pk):
        raise PermissionDenied
    agency = find(Agency.objects, request.user, uuid_in(request.GET.get("agency")))
    kind = letter_kinds.get(PACKAGE_REQUEST)
    initial = {"classification": kind.classification, "signed_by": kind.signed_by}
    if request.method == "GET":
        initial |= _words(request, facility, agency, year)
    form = LetterForm(request.POST or None, initial=initial)
    if form.is_valid():
        written = perform(
            form,
            letters.begin,
            kind=kind.code,
            about=agency,
            facility=facility,
            by=request.user,
            **form.content(),
        )
        if written:
            return done(request, _("Konsep surat disimpan."), written)
    return show(
        request, "correspondence/letter_form.html", {"kind": kind, "about": agency}, form=form
    )


def place_and_year(request):
    """The prison and the year that the address names; the reader's own, and this one."""
    if request.user.is_liaison or not request.user.facility_ids:
        raise PermissionDenied
    asked = request.GET.get("prison")
    prisons = {each.code: each for each in Facility.objects.visible_to(request.user)}
    year = request.GET.get("year", "")
    year = int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else 0
    if not plans.FIRST_YEAR <= year <= plans.LAST_YEAR:
        year = timezone.localdate().year
    return prisons.get(asked, request.user.facility), year


def uuid_in(text):
    """A public id typed into an address, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def page_of(facility, year, name="plan-overview"):
    """The address of a page of the plan."""
    return f"{reverse(f'training:{name}')}?prison={facility.code}&year={year}"


def _page(request, facility, year, form=None):
    lines = _lines(request, facility, year)
    may_plan = may(request.user, "plan_year", facility.pk)
    totals = Counter({name: sum(getattr(line, name) for line in lines) for name in COUNTED})
    copied = PlanLine.objects.visible_to(request.user).filter(facility=facility, year=year - 1)
    return show(
        request,
        "training/plan_overview.html",
        {
            "facility": facility,
            "prisons": Facility.objects.visible_to(request.user).order_by("name"),
            "year": year,
            "lines": lines,
            "fill": form or FillForm(lines=lines),
            "numbers": plans.NUMBERS,
            "totals": [totals[name] for name in plans.NUMBERS],
            "run": totals,
            "picture": _picture(lines),
            "looks": LOOKS,
            "agencies": _agencies_asked(lines),
            "may_plan": may_plan,
            "may_write": may(request.user, "write_letters", facility.pk),
            "may_copy": may_plan and copied.exists(),
            "outside": Batch.objects.visible_to(request.user)
            .filter(facility=facility, starts_on__year=year, plan_line=None)
            .exclude(state=BatchState.CANCELLED)
            .count(),
        },
        form=form,
    )


def _picture(lines):
    """Of each course, whatever the number of its lines."""
    courses = {}
    for line in lines:
        said = courses.setdefault(line.course, Counter())
        said.update({look: getattr(line, name) for look, name in PICTURED.items()})
    return plan_picture.draw(
        [
            (course.name, f"#course-{course.public_id}", {look: said[look] for look in PICTURED})
            for course, said in courses.items()
        ]
    )


def _agencies_asked(lines):
    """Agencies with something to ask for, by name."""
    asked = {line.agency for line in lines if line.agency}
    return sorted(asked, key=lambda agency: agency.name)


def _line_page(request, line, form=None, attached=None):
    may_plan = may(request.user, "plan_year", line.facility_id)
    batches = Batch.objects.visible_to(request.user).filter(plan_line=line).with_certified()
    others = _without_line(request, line)
    known = {"agency": line.agency_id, "fund": line.fund, "note": line.note}
    return show(
        request,
        "training/plan_line.html",
        {
            "line": line,
            "back": page_of(line.facility, line.year),
            "batches": batches.select_related("agency").order_by("starts_on", "pk"),
            "may_plan": may_plan,
            "change_form": form or ChangeForm(initial=known, user=request.user),
            "attach_form": attached or (AttachForm(batches=others) if others.exists() else None),
        },
        form=form or attached,
    )


def _words(request, facility, agency, year):
    """What the letter says to begin with."""
    lines = PlanLine.objects.visible_to(request.user).filter(facility=facility, agency=agency)
    asked = lines.filter(year=year).select_related("course").order_by("course__name", "pk")
    before = {"granted": 0, "run": 0, "certified": 0}
    for each in lines.filter(year=year - 1).with_results():
        before["granted"] += each.seats_granted
        before["run"] += each.people_run
        before["certified"] += each.people_certified
    demands = {each.course.pk: each for each in demand.of_courses(request.user, facility, year)}
    return plan_paper.package_request(facility, agency, year, asked, demands, before)


def _lines(request, facility, year):
    return list(
        PlanLine.objects.visible_to(request.user)
        .filter(facility=facility, year=year)
        .select_related("course", "agency", "facility")
        .with_results()
        .order_by("course__name", "agency__name", "fund", "pk")
    )


def _find(request, public_id):
    if request.user.is_liaison:
        raise PermissionDenied
    rows = PlanLine.objects.select_related("course", "agency", "facility").with_results()
    return find(rows, request.user, public_id)


def _without_line(request, line):
    """Batches of the line's course, year and agency (if it names one) that no line counts yet."""
    rows = Batch.objects.visible_to(request.user)
    if line.agency_id:
        rows = rows.filter(agency=line.agency_id)
    return (
        rows.filter(
            facility=line.facility_id,
            course=line.course_id,
            starts_on__year=line.year,
            plan_line=None,
        )
        .exclude(state=BatchState.CANCELLED)
        .order_by("starts_on", "pk")
    )


def _need_planning(request, facility):
    if not may(request.user, "plan_year", facility.pk):
        raise PermissionDenied
