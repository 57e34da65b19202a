"""What acts on the seats of a batch read under its lock, by SQL that is made once.

Whoever gives, promises or frees a seat holds the lock of the batch first, so enrolments, offers and
decrees of the batch stay as they were read until the act ends.
"""

from operator import attrgetter

from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.by_key import asked_by_key
from accounts.prepared import among
from training.models import Batch, Candidate, Decree, DecreeEntry, Enrolment, SeatOffer
from training.states import DecreeState


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


def is_hopeless(batch, people):
    """Whether the locked batch is full, and that alone keeps these candidates (their keys) out.

    False where another sentence comes first: a decree waits, or somebody is not approved, is
    seated already, or holds a seat by an offer.
    """
    if batch.seats_free > 0 or not people:
        return False
    ((able, is_pending),) = _able(batch.pk, people)
    return able == len(people) and not is_pending


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
def _able(batch, people):
    holding = SeatOffer.objects.holding().filter(candidate=OuterRef("pk"))
    rows = Candidate.objects.filter(among("pk", people), ~Exists(holding), batch=batch)
    rows = rows.approved_without_seat().order_by()
    number = rows.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    pending = Decree.objects.filter(batch=OuterRef("pk")).exclude(state=DecreeState.ISSUED)
    batches = Batch.objects.filter(pk=batch).order_by()
    return batches.values_list(Coalesce(Subquery(number), Value(0)), Exists(pending))


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
