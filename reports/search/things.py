"""Everything beside people: each kind is one function, all kinds are asked in one statement.

A kind gets the reader and what was typed (`text`, and whether it `is_code`) and returns the rows it
finds inside the reader's scope, or None where it is not for this reader or this text. Each looks
only where an index of trigrams helps (`Upper`, as `icontains` compares): what a neighbouring table
holds is joined by its keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from django.db import connection
from django.db.models import Case, CharField, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import Cast, Now, RowNumber, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts import stand_ins
from accounts.addresses import address_of
from accounts.permissions import may
from accounts.prepared import put
from accounts.statements import Read
from accounts.words import WHOLE
from correspondence.models import Letter
from correspondence.rules import may_read_any
from inmates import regions
from partners.models import Agency, Agreement
from partners.states import AgencyKind
from placements.employment import EmployerKind, ReferralState, VacancyStanding, VacancyState
from placements.models import Employer, Referral, Vacancy
from reports.search.group import CAP, Group, Hit, in_one_line
from training.models import Batch, Certificate, Course
from training.states import BatchState

CODE = "R-"  # what the code of every referral begins with
SHOWN = 8


@dataclass(frozen=True)
class Kind:
    """`columns` are title, and two facts beside it; `words` makes these two a line.

    `page` is the name of its address, or what gives that name for the second fact.
    """

    title: str
    columns: tuple
    order: tuple
    page: str | Callable
    words: Callable
    find: Callable

    @property
    def code(self):
        return self.find.__name__


_kinds = []


def kind(title, *, columns, order, page, words=in_one_line):
    """Register the decorated function as a kind of thing that the box finds."""

    def register(find):
        _kinds.append(Kind(title, columns, order, page, words, find))
        return find

    return register


def things(user, typed):
    """The groups in which something was found, in the order of the kinds; one statement."""
    made, real = _asked(user, typed.text.upper().startswith(CODE))
    if made is None:
        return []
    sql, params = made
    with connection.cursor() as cursor:
        cursor.execute(sql, put(params, real | {WHOLE: typed.text}))
        rows = sorted(cursor.fetchall())
    found = {each.code: [] for each in _kinds}
    for code, _place, *row in rows:
        found[code].append(row)
    return [_group(each, found[each.code]) for each in _kinds if found[each.code]]


@stand_ins.made_once
def _asked(reader, is_code):
    """SQL and parameters for all readers with the same rights, in which a mark stands for what
    they type."""
    typed = SimpleNamespace(text=WHOLE, is_code=is_code)
    asked = [(each, each.find(reader, typed)) for each in _kinds]
    lines = [_lines(each, rows) for each, rows in asked if rows is not None]
    return Read(lines[0].union(*lines[1:], all=True)).made if lines else None


def _lines(each, rows):
    """Tuples of the kind's code, the place in its order, public id, title and the two facts.

    The inner LIMIT fences the search, as that of people: of a common word not all is put in order.
    """
    order = [F(name[1:]).desc() if name[:1] == "-" else F(name).asc() for name in each.order]
    title, first, second = (
        Cast(F(name) if isinstance(name, str) else name, CharField()) for name in each.columns
    )
    looked_at = rows.order_by().values("pk")[: CAP + 1]
    rows = (
        rows.model.objects.filter(pk__in=looked_at)
        .order_by()
        .annotate(
            search_kind=Value(each.code, CharField()),
            search_place=Window(RowNumber(), order_by=order, output_field=IntegerField()),
            search_title=title,
            search_first=first,
            search_second=second,
        )
    )
    return rows.order_by("search_place").values_list(
        *("search_kind", "search_place", "public_id"),
        *("search_title", "search_first", "search_second"),
    )[: SHOWN + 1]


def _group(each, rows):
    page = each.page if callable(each.page) else lambda _second: each.page
    hits = [
        Hit(title, each.words(first, second), address_of(page(second), public_id))
        for public_id, title, first, second in rows[:SHOWN]
    ]
    return Group(each.title, hits, count=len(rows))


def _any(model, *conditions):
    """Keys of rows that meet one of the conditions, each looked up by an index of its own."""
    first, *others = (model.objects.filter(each).order_by().values("pk") for each in conditions)
    return first.union(*others)


@kind(
    _("Instansi"),
    columns=("name", "kind", "city"),
    order=("name", "pk"),
    page="partners:agency-detail",
    words=lambda code, city: in_one_line(AgencyKind(code).label, city),
)
def agencies(user, typed):
    return Agency.objects.visible_to(user).filter(name__icontains=typed.text)


@kind(
    _("Perjanjian"),
    columns=("title", "our_number", "agency__name"),
    order=("-ends_on", "-pk"),
    page="partners:agreement-detail",
)
def agreements(user, typed):
    of_agency = Agency.objects.filter(name__icontains=typed.text).values("pk")
    found = _any(
        Agreement,
        Q(title__icontains=typed.text)
        | Q(our_number__icontains=typed.text)
        | Q(their_number__icontains=typed.text),
        Q(agency__in=of_agency),
    )
    return Agreement.objects.visible_to(user).filter(pk__in=found)


@kind(
    _("Angkatan"),
    columns=("name", "course__name", "state"),
    order=("-starts_on", "-pk"),
    page="training:batch-detail",
    words=lambda course, code: in_one_line(course, BatchState(code).label),
)
def batches(user, typed):
    of_course = Course.objects.filter(name__icontains=typed.text).values("pk")
    found = _any(Batch, Q(name__icontains=typed.text), Q(course__in=of_course))
    return Batch.objects.visible_to(user).filter(pk__in=found)


@kind(
    _("Rujukan kerja"),
    columns=("person_code", "agency__name", "state"),
    order=("-created_at", "-pk"),
    page="placements:referral-detail",
    words=lambda agency, code: in_one_line(agency, ReferralState(code).label),
)
def referrals(user, typed):
    """By their codes: the agency's own, and of staff those whose people they see."""
    if not typed.is_code:
        return None
    rows = Referral.objects.visible_to(user).filter(person_code__istartswith=typed.text)
    return rows if user.is_liaison else rows.filter(facility__in=_prisons(user, "see_people"))


@kind(
    _("Surat"),
    # A letter of the past was not made here: it is its scan.
    columns=(
        "number",
        "subject",
        Case(When(entered_afterwards=True, then=Value("scan")), default=Value("pdf")),
    ),
    order=("-dated", "-pk"),
    page="correspondence:letter-{}".format,
    words=lambda subject, _form: subject,
)
def letters(user, typed):
    rows = Letter.objects.visible_to(user).exclude(number="")
    rows = rows.filter(facility__in=[pk for pk in user.facility_ids if may_read_any(user, pk)])
    return rows.filter(Q(number__icontains=typed.text) | Q(subject__icontains=typed.text))


@kind(
    _("Sertifikat"),
    columns=("number", "title", "issuer"),
    order=("-issued_on", "-pk"),
    page="training:certificate-detail",
)
def certificates(user, typed):
    """By their numbers, for agencies and for staff who see people; the holder is not named."""
    found = Q(number__icontains=typed.text) | Q(registration_number__icontains=typed.text)
    rows = Certificate.objects.visible_to(user).filter(found)
    return rows if user.is_liaison else rows.filter(facility__in=_prisons(user, "see_people"))


@kind(
    _("Pemberi kerja"),
    columns=("name", "kind", "region_code"),
    order=("name", "pk"),
    page="placements:employer-detail",
    words=lambda code, region: in_one_line(EmployerKind(code).label, regions.name_of(region)),
)
def employers(user, typed):
    return Employer.objects.visible_to(user).filter(name__icontains=typed.text)


@kind(
    _("Lowongan"),
    columns=(
        "title",
        "employer__name",
        Case(
            When(~Q(state=VacancyState.OPEN), then=F("state")),
            When(closes_on__lt=TruncDate(Now()), then=Value(VacancyStanding.PAST)),
            When(places_filled__gte=F("places"), then=Value(VacancyStanding.FULL)),
            default=F("state"),
        ),
    ),
    order=("-closes_on", "-pk"),
    page="placements:vacancy-detail",
    words=lambda employer, code: in_one_line(employer, VacancyStanding(code).label),
)
def vacancies(user, typed):
    of_employer = Employer.objects.filter(name__icontains=typed.text).values("pk")
    found = _any(
        Vacancy,
        Q(title__icontains=typed.text) | Q(report_number__icontains=typed.text),
        Q(employer__in=of_employer),
    )
    return Vacancy.objects.visible_to(user).filter(pk__in=found)


def _prisons(user, act):
    return [pk for pk in user.facility_ids if may(user, act, pk)]
