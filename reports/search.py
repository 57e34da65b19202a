"""One box over all that one may see: each kind of thing is one function with `@searched`.

It gets the reader and what was typed (`inmates.rules.Typed`) and returns a `Group`, or None. A kind
that is not about people is not asked for a NIK.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Q,
    Value,
    When,
    Window,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import may
from correspondence.models import Letter
from inmates.models import Custody, Inmate
from partners.models import Agency, Agreement
from placements.models import Employer, Referral, Vacancy
from training.models import Batch

CODE = "R-"  # what the code of every referral begins with
SHOWN = 20
SHOWN_OTHERS = 8
CAP = 1_000  # rows that are looked at; more are only said to be more


@dataclass
class Hit:
    title: str
    about: str
    url: str


@dataclass
class Group:
    """What was found of one kind. `count` is at most `CAP + 1`; `more_url` lists all of it."""

    title: str
    hits: list
    count: int = 0
    lead: str = ""
    more_url: str = ""
    people: list = field(default_factory=list)

    cap = CAP

    @property
    def is_capped(self):
        return self.count > CAP

    @property
    def hidden(self):
        """How many more were found than are shown."""
        return max(min(self.count, CAP) - len(self.hits), 0)


_kinds = []


def searched(find):
    """Register the decorated function as a kind of thing that the box finds."""
    _kinds.append(find)
    return find


def groups_for(user, typed):
    """The groups in which something was found, people first; none for too short a text."""
    if typed.is_too_short:
        return []
    found = people(user, typed)
    if not typed.nik:
        found += [kind(user, typed) for kind in _kinds]
    return [group for group in found if group and group.hits]


# --- People ----------------------------------------------------------------------------------


def people(user, typed):
    """Groups of people: those here now, those who were here, the similar names if there are none.

    The prisons are those where the reader may see people; of the former only name and key are
    told.
    """
    prisons = sorted(pk for pk in user.facility_ids if may(user, "see_people", pk))
    if not prisons or user.is_liaison:
        return []
    here = Inmate.objects.held_at(prisons)
    led_to = Inmate.objects.led_to(typed, at=prisons)
    now = _page(here.matching(typed, led_to), typed)
    before = _page(_former(prisons).matching(typed, led_to), typed)
    lead = ""
    if not now and not before and typed.is_a_name:
        now = _page(here.resembling(typed), typed)
        before = [] if now else _page(_former(prisons).resembling(typed), typed)
        lead = _("Tidak ada nama yang persis begitu; ini yang paling mirip.")
    numbers = _register_numbers(now, prisons)
    more = f"{reverse('inmates:inmate-list')}?{urlencode({'q': typed.text})}" if typed.text else ""
    return [
        _of_people(
            _("Warga Binaan di sini"),
            now,
            lambda person: _facts(numbers.get(person.pk), person.person_key),
            lead=lead,
            more_url=more,
        ),
        _of_people(_("Pernah di sini"), before, lambda person: person.person_key, lead=lead),
    ]


def _former(prisons):
    """Who was at the prisons and is not; a merged record gives way to the person it leads to."""
    people = Inmate.objects.been_at(prisons).exclude(prison__in=prisons)
    return people.filter(Q(merged_into__isnull=True) | ~Q(merged_into__prisons__overlap=prisons))


def _page(rows, typed):
    """The first rows, exact names before others, each with `.found` (how many, capped).

    The inner LIMIT fences the search: the planner uses the search index, then sorts what it found.
    """
    found = rows.order_by().values("pk")[: CAP + 1]
    nearness = Case(
        When(search_name=typed.phrase, then=Value(0)),
        When(search_name__startswith=typed.phrase, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(
        Inmate.objects.filter(pk__in=found)
        .annotate(found=Window(Count("*")))
        .order_by(nearness, "search_name", "pk")[:SHOWN]
    )


def _register_numbers(inmates, prisons):
    stays = Custody.objects.open().filter(inmate__in=inmates, facility__in=prisons)
    return dict(stays.values_list("inmate_id", "register_number"))


def _of_people(title, inmates, about, **fields):
    hits = [Hit(person.name, about(person), person.get_absolute_url()) for person in inmates]
    return Group(title, hits, count=inmates[0].found if inmates else 0, people=inmates, **fields)


def _facts(*facts):
    return " · ".join(str(fact) for fact in facts if fact)


# --- What else the reader may see ------------------------------------------------------------


@searched
def agencies(user, typed):
    rows = Agency.objects.visible_to(user).filter(name__icontains=typed.text)
    return _of_rows(
        _("Instansi"),
        rows.order_by("name"),
        lambda row: (row.name, _facts(row.get_kind_display(), row.city)),
    )


@searched
def agreements(user, typed):
    rows = Agreement.objects.visible_to(user).filter(
        Q(title__icontains=typed.text)
        | Q(our_number__icontains=typed.text)
        | Q(their_number__icontains=typed.text)
        | Q(agency__name__icontains=typed.text)
    )
    return _of_rows(
        _("Perjanjian"),
        rows.select_related("agency").order_by("-ends_on", "-pk"),
        lambda row: (row.title, _facts(row.our_number, row.agency)),
    )


@searched
def batches(user, typed):
    rows = Batch.objects.visible_to(user).filter(
        Q(name__icontains=typed.text) | Q(course__name__icontains=typed.text)
    )
    return _of_rows(
        _("Angkatan"),
        rows.select_related("course", "agency").order_by("-starts_on", "-pk"),
        lambda row: (f"{row.course} – {row}", _facts(row.agency, row.get_state_display())),
    )


@searched
def referrals(user, typed):
    """By their codes, for staff who see the people behind them; nothing else is asked."""
    if not typed.text.upper().startswith(CODE):
        return None
    prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
    rows = Referral.objects.filter(facility__in=prisons, person_code__istartswith=typed.text)
    return _of_rows(
        _("Rujukan kerja"),
        rows.select_related("agency").order_by("-created_at", "-pk"),
        lambda row: (row.person_code, _facts(row.agency, row.get_state_display())),
    )


@searched
def letters(user, typed):
    rows = Letter.objects.visible_to(user).exclude(number="")
    rows = rows.filter(Q(number__icontains=typed.text) | Q(subject__icontains=typed.text))
    return _of_rows(
        _("Surat"),
        rows.order_by("-dated", "-pk"),
        lambda row: (row.number, row.subject),
        url=lambda row: reverse(
            # A decree of the past was not made here: it is its scan.
            "correspondence:letter-scan" if row.entered_afterwards else "correspondence:letter-pdf",
            args=[row.public_id],
        ),
    )


@searched
def employers(user, typed):
    rows = Employer.objects.visible_to(user).filter(name__icontains=typed.text)
    return _of_rows(
        _("Pemberi kerja"),
        rows.order_by("name", "pk"),
        lambda row: (row.name, _facts(row.get_kind_display(), row.region_name)),
    )


@searched
def vacancies(user, typed):
    rows = Vacancy.objects.visible_to(user).filter(
        Q(title__icontains=typed.text)
        | Q(report_number__icontains=typed.text)
        | Q(employer__name__icontains=typed.text)
    )
    return _of_rows(
        _("Lowongan"),
        rows.select_related("employer").soonest_first(),
        lambda row: (row.title, _facts(row.employer, row.get_standing_display())),
    )


def _of_rows(title, rows, told, url=lambda row: row.get_absolute_url()):
    rows = list(rows[: SHOWN_OTHERS + 1])
    hits = [Hit(*told(row), url(row)) for row in rows[:SHOWN_OTHERS]]
    return Group(title, hits, count=len(rows))
