"""Whoever is asked about, as a reader may know them: an agency by one shape, the prison by a wider.

Every column is named here, so that no template can show more. An agency reads the name, how to
reach the person, where they work, and what it has learned itself; only under a consent that holds
today (`FollowUp.objects.visible_to`).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone
from lokal.phone import parse_phone

from accounts.prepared import among, asked_often
from accounts.states import UserKind
from placements import asking
from placements.employment import FollowUpOwner, FollowUpState, PlacementState
from placements.models import FollowUp, FollowUpLink

RELATED = (
    "inmate__merged_into", "agency", "facility", "placement__employer", "state_by",
)  # fmt: skip


@dataclass(frozen=True)
class Learned:
    """What a follow-up brought."""

    title: str
    on: date
    outcome: str
    employer: str = ""


@dataclass(frozen=True)
class Followed:
    """One follow-up as an agency may know it. `subject` is for the access record."""

    public_id: UUID
    subject: UUID
    name: str
    months: int
    title: str
    due_on: date
    is_due: bool
    opens_on: date
    contact: str = ""
    phone: str = ""
    job: str = ""
    employer: str = ""
    learned: Learned | None = None
    earlier: tuple = ()
    tries: int = 0
    last_tried_on: date | None = None

    @property
    def is_open(self):
        """Whether it may be answered today."""
        return self.is_due and self.opens_on <= timezone.localdate()


@dataclass(frozen=True)
class FollowedHere(Followed):
    """As the prison knows it. `has_leave` says whether it may turn to the person itself.

    `outcome` and `reason` are empty where the reader may not know them (`is_hidden`).
    """

    url: str = ""
    person_url: str = ""
    owner: str = ""
    agency: str = ""
    state: str = ""
    state_label: str = ""
    outcome: str = ""
    outcome_label: str = ""
    is_hidden: bool = False
    reason: str = ""
    has_leave: bool = False
    has_consent: bool = False
    under_sentence: bool = False
    link_until: date | None = None

    @property
    def is_off(self):
        """Replaced, or called off for what is not an outcome: nobody asks any more."""
        return self.state == FollowUpState.CANCELLED and not self.outcome


def for_agency(rows):
    """`[Followed]` of these follow-ups (a list, loaded with `RELATED`)."""
    earlier = _earlier(rows)
    tries = _tries(rows)
    return [Followed(**_common(row, tries), **_of_agency(row, earlier)) for row in rows]


def here(rows, reader):
    """`[FollowedHere]` of these follow-ups (loaded with `RELATED` and `with_leave`)."""
    keys = [row.pk for row in rows]
    tried, alive = _tried_and_linked(keys, timezone.now()) if keys else ([], [])
    tries = {pk: (count, last) for pk, count, last in tried if count}
    links = {pk: timezone.localdate(until) for pk, until in alive}
    return [FollowedHere(**_common(row, tries), **_of_prison(row, reader, links)) for row in rows]


def person_of(row):
    """The record that the person of a follow-up is known by now."""
    return row.inmate.merged_into or row.inmate


def _common(row, tries):
    person = person_of(row)
    count, last = tries.get(row.pk, (0, None))
    return {
        "public_id": row.public_id,
        "subject": person.public_id,
        "name": person.name,
        "months": row.months,
        "title": asking.name_of(row.months),
        "due_on": row.due_on,
        "is_due": row.state == FollowUpState.DUE,
        "opens_on": asking.opens_on(row.due_on),
        "tries": count,
        "last_tried_on": last,
        **_work(row),
    }


def _work(row):
    work = row.placement
    if work is None or work.state != PlacementState.RUNNING:
        return {}
    return {"job": work.job, "employer": str(work.employer or "")}


def _contact(row):
    """How to reach the person; `phone` where that is a number to be called."""
    number = parse_phone(row.contact).e164 if row.contact else ""
    return {"contact": row.contact, "phone": number or ""}


def _of_agency(row, earlier):
    is_own = row.state == FollowUpState.DONE and row.state_by and row.state_by.is_liaison
    return {
        **_contact(row),
        "learned": _learned(row) if is_own else None,
        "earlier": tuple(
            _learned(each)
            for each in earlier[row.inmate_id, row.agency_id]
            if each.pk != row.pk and each.done_on <= (row.done_on or timezone.localdate())
        ),
    }


def _of_prison(row, reader, links):
    is_hidden = not asking.sees_outcome(reader, row)
    has_leave = asking.has_leave(row.has_consent, row.sentence_ends)
    is_done = row.state == FollowUpState.DONE
    return {
        **(_contact(row) if has_leave else {}),
        "learned": _learned(row) if is_done and not is_hidden else None,
        "url": row.get_absolute_url(),
        "person_url": person_of(row).get_absolute_url(),
        "owner": row.get_owner_display(),
        "agency": str(row.agency or ""),
        "state": "" if is_hidden else row.state,
        "state_label": "" if is_hidden else row.get_state_display(),
        "outcome": "" if is_hidden else row.outcome,
        "outcome_label": "" if is_hidden else row.get_outcome_display(),
        "is_hidden": is_hidden,
        "reason": "" if is_hidden else row.reason,
        "has_leave": has_leave,
        "has_consent": row.has_consent,
        "under_sentence": asking.has_leave(False, row.sentence_ends),
        "link_until": links.get(row.pk),
    }


def _learned(row):
    return Learned(asking.name_of(row.months), row.done_on, row.get_outcome_display(), row.employer)


def _earlier(rows):
    """What each agency itself has learned about the people of these rows, in order of its days."""
    told = FollowUp.objects.filter(
        inmate__in={row.inmate_id for row in rows},
        agency__in={row.agency_id for row in rows},
        owner=FollowUpOwner.AGENCY,
        state=FollowUpState.DONE,
        state_by__kind=UserKind.LIAISON,
    ).exclude(outcome=asking.RESTRICTED)
    found = defaultdict(list)
    for each in told.order_by("done_on", "pk"):
        found[each.inmate_id, each.agency_id].append(each)
    return found


def _tries(rows):
    """`{pk: (how many vain tries, the day of the last)}`, for follow-ups that are still due."""
    tried = _tried(FollowUp.objects.filter(pk__in=[row.pk for row in rows]))
    return {pk: (count, last) for pk, count, last in tried if count}


def _tried(rows):
    due = rows.filter(state=FollowUpState.DUE).order_by()
    counted = due.annotate(n=Count("attempts"), last=Max("attempts__tried_on"))
    return counted.values_list("pk", "n", "last")


@asked_often
def _tried_and_linked(keys, now):
    alive = FollowUpLink.objects.alive().filter(among("follow_up", keys), expires_at__gt=now)
    return (
        _tried(FollowUp.objects.filter(among("pk", keys))),
        alive.values_list("follow_up", "expires_at"),
    )
