"""A seat that came free goes to the next reserve in order (design section 8).

Whoever frees a seat calls `offer_next` in the same transaction. An offer holds its seat from the
start, and once taken until a decree enrols the person (`decrees.issue` calls `seat`). The batch is
locked before its offers, always.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from correspondence.services import notices
from training import rules
from training.models import Batch, SeatOffer
from training.services.eligible import still_failing
from training.states import (
    SEAT_OFFER_TRANSITIONS,
    SELECTING,
    CandidateState,
    SeatOfferState,
)
from training.teaching import MeetingState


@act
def offer_next(*, batch, by=None):
    """Offer one free seat to the next reserve; returns the offer, or None when there is no one.

    Passed over are reserves who were asked before, and who may not join any more. Nothing is
    offered before the seats are confirmed or once too many meetings have passed; officer and
    head learn of a seat for which no reserve is left.
    """
    batch = _locked(batch)
    if batch.state not in SELECTING or unclaimed(batch) <= 0:
        return None
    last_day = last_day_of_replacement(batch)
    if last_day is None:
        return None
    reserves = list(waiting_reserves(batch))
    if not reserves:
        return None
    failing = still_failing(batch, reserves)
    chosen = next((reserve for reserve in reserves if not failing.get(reserve.pk)), None)
    if chosen is None:
        _tell("seat_without_reserve", batch, batch, by)
        return None
    return _open(batch, chosen, last_day, by)


@act
def offer(*, candidate, by):
    """Offer a free seat to a reserve: the next in order, or one who was asked before.

    Asked twice by the same user: the open offer; by another `AlreadyDone`.
    """
    require(by, "propose_candidates", candidate.facility_id)
    batch = _locked(candidate.batch)
    candidate = batch.candidates.select_related("inmate").get(pk=candidate.pk)
    known = candidate.seat_offers.holding().select_related("created_by").first()
    if known:
        if known.state == SeatOfferState.OPEN and known.created_by == by:
            return known
        raise AlreadyDone(
            _("Kursi sudah ditawarkan kepada orang ini oleh %(who)s pada %(when)s.")
            % {"who": known.created_by or _("sistem"), "when": _clock(known.created_at)}
        )
    last_day = _check_may_offer(batch, candidate)
    return _open(batch, candidate, last_day, by)


@act
def take(*, offer, by):
    """The reserve wants the seat. It stays held until a decree names the person."""
    batch, offer = _found(offer, by)
    if offer.state == SeatOfferState.TAKEN and offer.state_by == by:
        return offer
    _need_open(offer)
    if batch.state not in SELECTING:
        raise NotAllowed(
            _("Tidak bisa: angkatan ini %(state)s.") % {"state": batch.get_state_display().lower()}
        )
    if offer.until < timezone.localdate():
        raise NotAllowed(
            _("Tawaran ini berlaku sampai %(day)s.") % {"day": formats.date_format(offer.until)}
        )
    _move(offer, SeatOfferState.TAKEN, by)
    _tell("seat_taken", offer, batch, by)
    return offer


@act
def refuse(*, offer, reason, by):
    """The reserve does not want the seat, for a reason: it is offered to the next."""
    batch, offer = _found(offer, by)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if (offer.state, offer.state_by, offer.reason) == (SeatOfferState.REFUSED, by, reason):
        return offer
    _need_open(offer)
    _move(offer, SeatOfferState.REFUSED, by, reason)
    offer_next(batch=batch, by=by)
    return offer


@act
def withdraw(*, offer, reason, by, to_next=True):
    """Take an offer back, open or taken; `to_next` offers the seat to the next reserve."""
    batch, offer = _found(offer, by)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if (offer.state, offer.state_by, offer.reason) == (SeatOfferState.WITHDRAWN, by, reason):
        return offer
    if not allows(SEAT_OFFER_TRANSITIONS, offer.state, SeatOfferState.WITHDRAWN):
        raise _settled(offer)
    if batch.decrees.awaiting_warden().filter(entries__candidate=offer.candidate_id).exists():
        raise NotAllowed(_("Orang ini tercantum dalam SK yang menunggu Kalapas."))
    _move(offer, SeatOfferState.WITHDRAWN, by, reason)
    if to_next:
        offer_next(batch=batch, by=by)
    return offer


@act
def expire(*, offer, today=None):
    """Nobody answered by the day: the seat goes to the next reserve. Safe to repeat."""
    batch = _locked(offer.batch)
    offer = _locked_offer(offer)
    today = today or timezone.localdate()
    if offer.state != SeatOfferState.OPEN or offer.until >= today:
        return False
    _move(offer, SeatOfferState.EXPIRED, None)
    if offer_next(batch=batch) is None:
        _tell("seat_expired", offer, batch, None)
    return True


def expire_overdue(*, today=None):
    """Expire every open offer whose last day has passed; returns how many."""
    overdue = SeatOffer.objects.past_day(today).select_related("batch").order_by("batch", "pk")
    return sum(expire(offer=offer, today=today) for offer in overdue)


def withdraw_all(*, offers, reason, by=None):
    """End these offers (a queryset) with what they were made for; nothing is offered instead.

    For a service that holds the lock of their batch.
    """
    for row in offers.holding().order_by("pk").select_for_update(no_key=True, of=["self"]):
        _move(row, SeatOfferState.WITHDRAWN, by, reason[:250])


def seat(*, candidates, by):
    """A decree enrols these people: the seats that were held for them are free for exactly them."""
    taken = SeatOffer.objects.filter(candidate__in=candidates, state=SeatOfferState.TAKEN)
    for row in taken.order_by("pk").select_for_update(no_key=True, of=["self"]):
        _move(row, SeatOfferState.SEATED, by)


def unclaimed(batch):
    """How many seats are free for a reserve: nobody has them, is meant for them or is asked."""
    return batch.seats_free - batch.candidates.approved_without_seat().claiming().count()


def waiting_reserves(batch):
    """Reserves who were never asked, in order."""
    return batch.candidates.reserves().filter(seat_offers=None).select_related("inmate")


def last_day_of_replacement(batch):
    """The last day on which a seat may be offered, None once the configured share has passed."""
    meetings = batch.meetings.standing().order_by("during")
    days = [
        (timezone.localdate(meeting.during.lower), meeting.state == MeetingState.HELD)
        for meeting in meetings
    ]
    return rules.last_day_of_replacement(batch.starts_on, batch.ends_on, days)


def _check_may_offer(batch, candidate):
    """The last day of an offer to this reserve; `NotAllowed` says why it cannot be made."""
    if batch.state not in SELECTING:
        raise NotAllowed(
            _("Kursi tidak bisa ditawarkan: angkatan ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )
    last_day = last_day_of_replacement(batch)
    if last_day is None:
        raise NotAllowed(
            _("Peserta tidak bisa diganti lagi: lebih dari %(share)s%% pertemuan sudah lewat.")
            % {"share": settings.REPLACEMENT_SHARE_PERCENT}
        )
    if candidate.state != CandidateState.APPROVED or not candidate.is_reserve:
        raise NotAllowed(_("Orang ini bukan cadangan yang disetujui sidang."))
    if not batch.candidates.reserves().filter(pk=candidate.pk).exists():
        raise NotAllowed(_("Orang ini sudah menjadi peserta atau tercantum dalam SK."))
    if unclaimed(batch) <= 0:
        raise NotAllowed(
            _("Tidak ada kursi kosong: %(taken)s dari %(seats)s terisi atau sudah dijanjikan.")
            % {"taken": batch.seats - max(unclaimed(batch), 0), "seats": batch.seats}
        )
    failing = still_failing(batch, [*waiting_reserves(batch), candidate])
    first = next((row for row in waiting_reserves(batch) if not failing.get(row.pk)), None)
    if first and (first.rank, first.pk) < (candidate.rank, candidate.pk):
        raise NotAllowed(
            _("Menurut urutan cadangan, %(name)s lebih dulu.") % {"name": first.inmate},
            people=[first.inmate],
        )
    if failing.get(candidate.pk):
        raise NotAllowed(
            [f"{candidate.inmate}: {result.text}" for result in failing[candidate.pk]],
            people=[candidate.inmate],
        )
    return last_day


def _open(batch, candidate, last_day, by):
    until = min(timezone.localdate() + timedelta(days=settings.SEAT_OFFER_DAYS), last_day)
    made = SeatOffer.objects.create(
        facility_id=batch.facility_id,
        batch=batch,
        candidate=candidate,
        until=until,
        state_by=by,
        created_by=by,
    )
    made.refresh_from_db(fields=["public_id"])
    _tell("seat_offered", made, batch, by, due=until)
    return made


def _found(offer, by):
    require(by, "propose_candidates", offer.facility_id)
    batch = _locked(offer.batch)
    return batch, _locked_offer(offer)


def _locked(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course__trade", "facility")
        .get(pk=batch.pk)
    )


def _locked_offer(offer):
    return (
        SeatOffer.objects.select_for_update(no_key=True, of=["self"])
        .select_related("candidate__inmate", "state_by")
        .get(pk=offer.pk)
    )


def _need_open(offer):
    if offer.state != SeatOfferState.OPEN:
        raise _settled(offer)


def _settled(offer):
    return AlreadyDone(
        _("Tawaran ini sudah ditutup (%(state)s) oleh %(who)s pada %(when)s.")
        % {
            "state": offer.get_state_display().lower(),
            "who": offer.state_by or _("sistem"),
            "when": _clock(offer.state_at),
        }
    )


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _move(offer, state, by, reason=""):
    offer.state, offer.state_at, offer.state_by = state, timezone.now(), by
    offer.reason = reason
    offer.save(update_fields=["state", "state_at", "state_by", "reason"])
    notices.close_for(offer)


def _tell(kind, obj, batch, by, due=None):
    """Officer and head; a sentence names the batch, never a person."""
    people = notices.holders(batch.facility_id, roles.OFFICER, roles.HEAD)
    notices.tell(
        kind=kind,
        obj=obj,
        recipients=[person for person in people if person != by],
        data={"batch": f"{batch.course.name} – {batch.name}"},
        link=obj.get_absolute_url(),
        facility_id=batch.facility_id,
        due=due,
    )
