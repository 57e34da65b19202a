"""A seat that came free goes to the next reserve in order (design section 8).

Whoever frees a seat calls `offer_next` in the same transaction, whoever brings several
`offer_free`. An offer holds its seat from the
start, and once taken until a decree enrols the person (`decrees.issue` calls `seat`). The batch is
locked before its offers, always.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from correspondence.services import notices
from training import rules
from training.models import Batch, SeatOffer
from training.services import seat_locks
from training.services.eligible import still_failing
from training.states import (
    SEAT_OFFER_TRANSITIONS,
    SELECTING,
    CandidateState,
    SeatOfferState,
)
from training.teaching import MeetingState

logger = logging.getLogger(__name__)


@act
def offer_next(*, batch, by=None):
    """Offer one free seat to the next reserve; returns the offer, or None when there is no one.

    Passed over are reserves whose turn is over, and who may not join any more. Nothing is
    offered before the seats are confirmed or once too many meetings have passed; officer and
    head learn, once a batch, of a seat for which no reserve is left.
    """
    batch = _locked(batch)
    made = _offer_next(batch, by)
    is_lost = made is None and _may_be_filled(batch)
    if is_lost and not notices.is_live("seat_without_reserve", batch):
        _tell("seat_without_reserve", batch, batch, by)
    return made


@act
def offer_free(*, batch, by=None, most=None):
    """Offer all seats that are free (or the `most` that came free now), as far as reserves wait.

    For a service that holds the lock of the batch. Returns the offers.
    """
    batch = _locked(batch)
    made = []
    while most is None or len(made) < most:
        offer = _offer_next(batch, by)
        if offer is None:
            break
        made.append(offer)
        batch = _locked(batch)
    return made


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
    require(by, "propose_candidates", offer.facility_id)
    batch, offer = seat_locks.batch_of(offer.batch_id), seat_locks.offer_of(offer.pk)
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
    if _offer_next(_locked(batch), None) is None:
        _tell("seat_expired", offer, batch, None)
    return True


def expire_overdue(*, today=None):
    """Expire every open offer whose last day has passed; returns how many.

    What fails is logged and does not stop the others.
    """
    overdue = SeatOffer.objects.past_day(today).select_related("batch").order_by("batch", "pk")
    done = 0
    for row in overdue:
        try:
            done += expire(offer=row, today=today)
        except OperationalError:
            raise  # the database went away: the next sweep tries again
        except Exception:
            logger.exception("could not expire seat offer %s", row.pk)
    return done


def withdraw_all(*, offers, reason):
    """End these offers (a queryset) with what they were made for; nothing is offered instead.

    Nobody took them back from the reserves, who keep their turn. For a service that holds the
    lock of their batch. Returns how many.
    """
    rows = list(offers.holding().order_by("pk").select_for_update(no_key=True, of=["self"]))
    for row in rows:
        _move(row, SeatOfferState.WITHDRAWN, None, reason[:250])
    return len(rows)


def seat(*, candidates, by):
    """A decree enrols these people: the seats that were held for them are free for exactly them."""
    if not candidates:
        return
    taken = SeatOffer.objects.taken().filter(candidate__in=candidates)
    for row in taken.order_by("pk").select_for_update(no_key=True, of=["self"]):
        _move(row, SeatOfferState.SEATED, by)


def unclaimed(batch):
    """How many seats are free for a reserve: nobody has them, is meant for them or is asked."""
    return batch.seats_free - batch.candidates.approved_without_seat().claiming().count()


def waiting_reserves(batch):
    """Reserves whose turn is still to come, in order."""
    had_theirs = batch.seat_offers.ending_a_turn().values("candidate")
    return batch.candidates.reserves().exclude(pk__in=had_theirs).select_related("inmate")


def last_day_of_replacement(batch, meetings=None):
    """The last day on which a seat may be offered, None once the configured share has passed.

    `meetings` are those of the batch that stand, in order: during, state and JP of each.
    """
    if meetings is None:
        standing = batch.meetings.standing().order_by("during")
        meetings = standing.values_list("during", "state", "jp")
    days, known = [], 0
    for during, state, jp in meetings:
        days.append((timezone.localdate(during.lower), state == MeetingState.HELD))
        known += jp
    in_all = len(days) * batch.course.jp // known if known else 0
    return rules.last_day_of_replacement(batch.starts_on, batch.ends_on, days, in_all=in_all)


def _offer_next(batch, by):
    last_day = _may_be_filled(batch)
    if last_day is None:
        return None
    reserves = list(waiting_reserves(batch))
    failing = still_failing(batch, reserves) if reserves else {}
    chosen = next((reserve for reserve in reserves if not failing.get(reserve.pk)), None)
    return chosen and _open(batch, chosen, last_day, by)


def _may_be_filled(batch):
    """The last day on which a seat that is free now may be offered; None when there is none."""
    if batch.state not in SELECTING or unclaimed(batch) <= 0:
        return None
    return last_day_of_replacement(batch)


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
    notices.close_for(batch, "seat_without_reserve")
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
    notices.tell(
        kind=kind,
        obj=obj,
        recipients=notices.holders_in_sql(batch.facility_id, roles.OFFICER, roles.HEAD, but=by),
        data={"batch": f"{batch.course.name} – {batch.name}"},
        link=obj.get_absolute_url(),
        facility_id=batch.facility_id,
        due=due,
    )
