"""What acts on the seats of a batch read under its lock, by SQL that is made once.

Whoever gives, promises or frees a seat holds the lock of the batch first, so enrolments, offers and
decrees of the batch stay as they were read until the act ends.
"""

from operator import attrgetter

from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.by_key import asked_by_key
from accounts.prepared import among
from inmates.models import Custody, Inmate
from training.models import Batch, Candidate, Decree, DecreeEntry, Enrolment, Hearing, SeatOffer
from training.states import SELECTING, DecreeState


def batch_of(key):
    """The batch alone, locked: for whom most are refused at a glance. `Batch.DoesNotExist`."""
    return _only(_batch(key), Batch)


def batch_with_course(key):
    """The batch, locked, with its course, trade, prison, agency and agreement."""
    return _only(_batch_with_course(key), Batch)


def offer_of(key):
    """The offer, locked, with whoever moved it last. `SeatOffer.DoesNotExist`."""
    return _only(_offer(key), SeatOffer)


def decree_of(key):
    """The decree, locked, with its hearing and its letter. `Decree.DoesNotExist`."""
    return _only(_decree(key), Decree)


def pending_decree(batch):
    """The decree of a locked batch that is not issued, locked, with who prepared it; or None."""
    return next(iter(_pending(batch.pk)), None)


def full(key, people):
    """The batch if it is full, and that alone keeps these candidates (their keys) out; else None.

    None where another sentence comes first: seats are no matter any more, a decree waits, or
    somebody is not approved, is seated already, or holds a seat by an offer. Asked before the lock
    it tells who comes too late, so that they neither wait nor are waited for.
    """
    for batch in _full(key, people) if people else ():
        if batch.seats_free <= 0 and batch.state in SELECTING:
            return batch if batch.able == len(people) and not batch.is_pending else None
    return None


def hearing_of(batch, key):
    """The batch's hearing with this key, or None."""
    return next(iter(_hearing(batch.pk, key)), None)


def is_begun(batch):
    """Whether a decree of the batch is issued."""
    return bool(_issued(batch.pk))


def people_of(decree):
    """Keys of the people on the list of a decree, each locked, in order."""
    return [key for (key,) in _people(decree.pk)]


def custodies_of(people):
    """`{person: register number}` of the open custodies of people (their keys), each locked."""
    return dict(_custodies(people))


def codes_of(batch):
    """The codes of the batch's participants that are taken."""
    return {code for (code,) in _codes(batch.pk)}


def chosen(batch, people):
    """Candidates of the batch by their keys, locked, each with `.inmate`, `.is_seated` (enrolled),
    `.is_asked` (has not answered an offer) and `.has_taken` (a seat by an offer)."""
    return _candidates(batch.pk, list(people))


def listed(decree):
    """The same of those on a locked decree, in the order of its list."""
    return sorted(_listed(decree.batch_id, decree.pk), key=attrgetter("position"))


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
def _decree(key):
    rows = Decree.objects.filter(pk=key).order_by()
    rows = rows.select_related("hearing", "letter__signed_by")
    return rows.select_for_update(no_key=True, of=["self"])


@asked_by_key
def _pending(batch):
    rows = Decree.objects.filter(batch=batch).exclude(state=DecreeState.ISSUED)
    rows = rows.order_by().select_related("created_by")
    return rows.select_for_update(no_key=True, of=["self"])


@asked_by_key
def _full(batch, people):
    holding = SeatOffer.objects.holding().filter(candidate=OuterRef("pk"))
    rows = Candidate.objects.filter(among("pk", people), ~Exists(holding), batch=batch)
    rows = rows.approved_without_seat().order_by()
    number = rows.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    pending = Decree.objects.filter(batch=OuterRef("pk")).exclude(state=DecreeState.ISSUED)
    batches = Batch.objects.filter(pk=batch).order_by()
    return batches.annotate(able=Coalesce(Subquery(number), Value(0)), is_pending=Exists(pending))


@asked_by_key
def _hearing(batch, key):
    return Hearing.objects.filter(batch=batch, pk=key).order_by()


@asked_by_key
def _issued(batch):
    return Decree.objects.filter(batch=batch).issued().order_by().values_list("pk")[:1]


@asked_by_key
def _people(decree):
    listed = DecreeEntry.objects.filter(decree=decree).order_by().values("candidate__inmate_id")
    rows = Inmate.objects.filter(pk__in=listed).order_by("pk")
    return rows.select_for_update(no_key=True).values_list("pk")


@asked_by_key
def _custodies(people):
    rows = Custody.objects.open().filter(among("inmate", people)).order_by("pk")
    return rows.select_for_update(no_key=True).values_list("inmate_id", "register_number")


@asked_by_key
def _codes(batch):
    return Enrolment.objects.filter(batch=batch).order_by().values_list("participant_code")


@asked_by_key
def _candidates(batch, people):
    return _judged(batch).filter(among("pk", people)).order_by("pk")


@asked_by_key
def _listed(batch, decree):
    entries = DecreeEntry.objects.filter(decree=decree, candidate=OuterRef("pk"))
    rows = _judged(batch).annotate(position=Subquery(entries.values("position")[:1]))
    return rows.filter(position__isnull=False).order_by("pk")


def _judged(batch):
    offers = SeatOffer.objects.filter(candidate=OuterRef("pk"))
    rows = Candidate.objects.filter(batch=batch).select_related("inmate")
    rows = rows.select_for_update(no_key=True, of=["self"])
    return rows.annotate(
        is_seated=Exists(Enrolment.objects.filter(candidate=OuterRef("pk"))),
        is_asked=Exists(offers.open()),
        has_taken=Exists(offers.taken()),
    )
