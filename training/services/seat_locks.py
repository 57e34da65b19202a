"""What acts on the seats of a batch read under its lock, by SQL that is made once.

Whoever gives, promises or frees a seat holds the lock of the batch first, so enrolments, offers and
decrees of the batch stay as they were read until the act ends.
"""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Exists, OuterRef, Subquery

from accounts.by_key import asked_by_key
from accounts.prepared import among
from inmates.models import Custody, Inmate
from training.models import (
    Batch,
    Candidate,
    Decree,
    DecreeEntry,
    Enrolment,
    Hearing,
    Meeting,
    SeatOffer,
)
from training.states import SELECTING, CandidateState, DecreeState


@dataclass(frozen=True)
class BeforeDecree:
    """`pending`: the decree of the batch that is not issued, locked, or None.
    `hearing`: that of the batch, with `.is_begun` (a decree of the batch is issued), or None.
    `meetings` of the batch that stand, if it is, in order: during, state and JP of each.

    `candidates`: those who were chosen, locked, each with `.inmate`, `.is_seated` (enrolled),
    `.is_asked` (has not answered an offer) and `.has_taken` (a seat by an offer).
    """

    pending: Decree | None
    hearing: Hearing | None
    meetings: list
    candidates: list


def batch_of(key):
    """The batch alone, locked: for whom most are refused at a glance. `Batch.DoesNotExist`."""
    return _only(_batch(key), Batch)


def batch_with_course(key):
    """The batch, locked, with its course, trade, prison, agency and agreement."""
    return _only(_batch_with_course(key), Batch)


def offer_of(key):
    """The offer, locked, with whoever moved it last. `SeatOffer.DoesNotExist`."""
    return _only(_offer(key), SeatOffer)


@dataclass(frozen=True)
class Full:
    """A batch without a free seat."""

    seats: int
    seats_taken: int


def full(key, candidates):
    """`Full` if the batch is, and that alone keeps these candidates, as they were read, out.

    None where another sentence comes first (seats are no matter any more, somebody is not approved
    or is seated already), and for reserves, who may hold a seat by an offer. Asked before the lock
    it tells who comes too late, so that they neither wait nor are waited for; by a statement of two
    tables and without Django's records, since most of those who meet are told nothing else.
    """
    if not candidates or not all(_needs_a_seat(key, candidate) for candidate in candidates):
        return None
    rows = _full(key, [candidate.pk for candidate in candidates])
    for state, confirmed, extra, taken, are_seated in rows:
        if taken >= confirmed + extra and state in SELECTING and not are_seated:
            return Full(confirmed + extra, taken)
    return None


def _needs_a_seat(key, candidate):
    is_approved = candidate.state == CandidateState.APPROVED
    return candidate.batch_id == key and is_approved and not candidate.is_reserve


def before_decree(batch, hearing, people):
    """What a decree on candidates of a locked batch (their keys) is judged by: `BeforeDecree`."""
    pending, hearings, *rest = _before_decree(batch.pk, hearing.pk, people)
    hearing = next(iter(hearings), None)
    if hearing:
        batch.course = hearing.batch.course
    return BeforeDecree(next(iter(pending), None), hearing, *rest)


def is_begun(batch):
    """Whether a decree of the batch is issued."""
    return bool(_issued(batch.pk))


def people_of(decree):
    """`{person: register number}` of those on the list of a decree, each locked, and with them
    their open custodies; without one, the number is empty."""
    people, custodies = _people(decree.pk)
    return dict.fromkeys((key for (key,) in people), "") | dict(custodies)


def decree_of(key, batch):
    """The decree of a locked batch, locked, with its hearing; those whom it lists, in order; and
    the codes of the batch's participants that are taken. `Decree.DoesNotExist`.

    Each listed candidate is locked, and has what those of `BeforeDecree` have.
    """
    decrees, listed, codes = _decree_to_issue(key, batch.pk)
    decree = _only(decrees, Decree)
    decree.batch = batch
    return decree, sorted(listed, key=attrgetter("position")), {code for (code,) in codes}


def _only(rows, model):
    if not rows:
        raise model.DoesNotExist
    return rows[0]


@asked_by_key
def _batch(key):
    return Batch.objects.filter(pk=key).order_by().select_for_update(no_key=True)


@asked_by_key
def _batch_with_course(key):
    related = "course__trade", "facility", "agency", "agreement"
    rows = Batch.objects.filter(pk=key).order_by().select_related(*related)
    return rows.select_for_update(no_key=True, of=["self"])


@asked_by_key
def _offer(key):
    rows = SeatOffer.objects.filter(pk=key).order_by().select_related("state_by")
    return rows.select_for_update(no_key=True, of=["self"])


@asked_by_key
def _decree_to_issue(key, batch):
    decrees = Decree.objects.filter(pk=key).order_by().select_related("hearing")
    entries = DecreeEntry.objects.filter(decree=key, candidate=OuterRef("pk"))
    listed = _judged(batch).annotate(position=Subquery(entries.values("position")[:1]))
    return (
        decrees.select_for_update(no_key=True, of=["self"]),
        listed.filter(position__isnull=False).order_by("pk"),
        Enrolment.objects.filter(batch=batch).order_by().values_list("participant_code"),
    )


@asked_by_key
def _before_decree(batch, hearing, people):
    pending = Decree.objects.filter(batch=batch).exclude(state=DecreeState.ISSUED)
    is_begun = Exists(_rows_issued(batch))
    hearings = Hearing.objects.filter(batch=batch, pk=hearing)
    meetings = Meeting.objects.filter(is_begun, batch=batch).standing()
    return (
        pending.order_by().select_for_update(no_key=True),
        hearings.order_by().select_related("batch__course").annotate(is_begun=is_begun),
        meetings.order_by("during").values_list("during", "state", "jp"),
        _judged(batch).filter(among("pk", people)).order_by("pk"),
    )


@asked_by_key
def _full(batch, people):
    seated = Enrolment.objects.filter(among("candidate", people)).order_by()
    told = "state", "seats_confirmed", "seats_extra", "seats_taken"
    return Batch.objects.filter(pk=batch).order_by().values_list(*told, Exists(seated))


@asked_by_key
def _issued(batch):
    return _rows_issued(batch)


def _rows_issued(batch):
    return Decree.objects.filter(batch=batch).issued().order_by().values_list("pk")[:1]


@asked_by_key
def _people(decree):
    listed = DecreeEntry.objects.filter(decree=decree).order_by().values("candidate__inmate_id")
    people = Inmate.objects.filter(pk__in=listed).order_by("pk").values_list("pk")
    custodies = Custody.objects.open().filter(inmate__in=listed).order_by("pk")
    return (
        people.select_for_update(no_key=True),
        custodies.select_for_update(no_key=True).values_list("inmate_id", "register_number"),
    )


def _judged(batch):
    offers = SeatOffer.objects.filter(candidate=OuterRef("pk"))
    rows = Candidate.objects.filter(batch=batch).select_related("inmate")
    rows = rows.select_for_update(no_key=True, of=["self"])
    return rows.annotate(
        is_seated=Exists(Enrolment.objects.filter(candidate=OuterRef("pk"))),
        is_asked=Exists(offers.open()),
        has_taken=Exists(offers.taken()),
    )
