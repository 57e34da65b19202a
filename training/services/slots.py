"""The negotiation about a batch's seats (design section 8). Read this file first.

Each function is one act: permission, lock the batch, the same answer already there? return it,
not possible? say so in a sentence, write, tell people; all in one transaction. The batch is
locked before its proposal, always. `rounds` writes the rows, `slot_checks` weighs the terms.
"""

import logging
from dataclasses import dataclass
from datetime import date

from django.core.files.base import File
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from partners.models import Agency, Agreement
from partners.rules import covers
from training import rules
from training.models import Batch, SlotProposal
from training.services import schedule, seat_offers, slot_checks, slot_mails
from training.services import slot_news as tell
from training.services import slot_rounds as rounds
from training.states import BatchState, ProposalState, Side

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An agency's answer that reached the prison outside the app."""

    channel: str
    on: date
    said_by: str
    scan: File | None = None

    def fields(self):
        return {
            "recorded_channel": self.channel,
            "recorded_on": self.on,
            "recorded_from": self.said_by,
            "recorded_scan": self.scan or "",
        }


@act
def propose(
    *, batch, seats, starts_on, ends_on, respond_by, by, place="", instructor="", message=""
):
    """One side asks the other for seats. A planned batch is negotiating from then on.

    The side is that of `by`. A confirmed batch stays confirmed while its change round is open.
    Raises `AlreadyDone` when another round is open, `NotAllowed` with a dict of field errors for
    terms that make no sense.
    """
    side = _side_of(by, batch)
    batch = rounds.locked(batch)
    terms = {"seats": seats, "starts_on": starts_on, "ends_on": ends_on, "respond_by": respond_by}
    words = {"place": place, "instructor": instructor, "message": message}
    open_round = batch.proposals.open().select_related("created_by").first()
    if open_round:
        if open_round.created_by == by and rounds.has(open_round, terms | words):
            return open_round
        raise rounds.already_open(open_round)
    if batch.state not in (BatchState.PLANNED, BatchState.CONFIRMED):
        raise rounds.impossible_for(batch)
    slot_checks.check_terms(batch, **terms)
    return _ask(batch, side, by, terms, words)


@act
def offer(
    *,
    facility,
    agency,
    course,
    name,
    seats,
    starts_on,
    ends_on,
    respond_by,
    by,
    exception="",
    place="",
    instructor="",
    message="",
):
    """The agency offers the prison seats in a new batch; the prison answers the round.

    The batch is planned under the agreement of the two that covers the dates, else under the
    named exception. Returns the proposal. Raises `NotAllowed` with field errors.
    """
    if not rules.is_liaison_of(by, agency.pk):
        raise Forbidden(_("Anda bukan narahubung instansi ini."))
    Agency.objects.select_for_update(no_key=True, of=["self"]).get(pk=agency.pk)
    terms = {"seats": seats, "starts_on": starts_on, "ends_on": ends_on, "respond_by": respond_by}
    words = {"place": place, "instructor": instructor, "message": message}
    asked = {"facility": facility, "course": course, "name": name}
    for known in SlotProposal.objects.open().filter(
        created_by=by, round=1, **{f"batch__{field}": value for field, value in asked.items()}
    ):
        if rounds.has(known, terms | words):
            return known
    _check_offer(facility, agency, course)
    batch = Batch(
        **asked,
        agency=agency,
        agreement=_agreement_for(facility, agency, starts_on, ends_on),
        exception=exception,
        starts_on=starts_on,
        ends_on=ends_on,
        place=place,
        created_by=by,
    )
    slot_checks.check_terms(batch, **terms)
    batch.save()
    return _ask(batch, Side.AGENCY, by, terms, words)


@act
def accept(*, proposal, by, recorded=None):
    """The other side takes the round as it stands: its seats and dates become the batch's.

    `recorded` is needed when staff answer for the agency. Raises `AlreadyDone` to whoever comes
    second, `NotAllowed` when enrolled people would lose their seat, clash, or leave before the
    new end. Meetings still planned follow the dates where those change.
    """
    _authorise(by, proposal, recorded)
    batch = rounds.locked(proposal.batch)
    if SlotProposal.objects.open().filter(pk=proposal.pk).exists():
        _check_acceptable(batch, proposal, by)
    proposal, repeated = rounds.answer(proposal, ProposalState.ACCEPTED, by, recorded=recorded)
    if repeated:
        return proposal
    dates = (proposal.starts_on, proposal.ends_on)
    lays_anew = batch.state == BatchState.NEGOTIATING or dates != (batch.starts_on, batch.ends_on)
    batch.seats_confirmed = proposal.seats
    batch.starts_on, batch.ends_on = dates
    batch.place = proposal.place or batch.place
    fields = ["seats_confirmed", "starts_on", "ends_on", "place"]
    if batch.state == BatchState.NEGOTIATING:
        rounds.move(batch, BatchState.CONFIRMED, by, also=fields)
    else:
        batch.save(update_fields=fields)
    seat_offers.offer_free(batch=batch)
    if lays_anew:
        schedule.follow(batch=batch, by=by)
    tell.other_side("slots_accepted", proposal, by, recorded)
    return proposal


@act
def counter(*, proposal, seats, starts_on, ends_on, respond_by, reason, by, recorded=None):
    """The other side answers with terms of its own, which open the next round.

    Returns the new proposal; its side is that of whoever answered.
    """
    _authorise(by, proposal, recorded)
    batch = rounds.locked(proposal.batch)
    terms = {"seats": seats, "starts_on": starts_on, "ends_on": ends_on, "respond_by": respond_by}
    slot_checks.check_terms(batch, **terms)
    answered, repeated = rounds.answer(
        proposal, ProposalState.COUNTERED, by, reason=reason, recorded=recorded
    )
    if repeated:
        following = batch.proposals.get(round=answered.round + 1)
        if rounds.has(following, terms):
            return following
        raise rounds.already_answered(answered)
    side = Side.AGENCY if answered.side == Side.PRISON else Side.PRISON
    following = rounds.open_round(
        batch,
        side,
        by,
        place=answered.place,
        instructor=answered.instructor,
        message=reason,
        **terms,
    )
    tell.other_side("slots_countered", following, by, recorded, answered=answered)
    return following


@act
def decline(*, proposal, reason, by, recorded=None):
    """The other side says no, with a reason. The batch is planned again, or stays confirmed."""
    _authorise(by, proposal, recorded)
    batch = rounds.locked(proposal.batch)
    proposal, repeated = rounds.answer(
        proposal, ProposalState.DECLINED, by, reason=reason, recorded=recorded
    )
    if not repeated:
        rounds.end_round(batch, by)
        tell.other_side("slots_declined", proposal, by, recorded)
    return proposal


@act
def withdraw(*, proposal, by):
    """Whoever opened the round takes it back before it is answered."""
    _require_own_side(by, proposal)
    batch = rounds.locked(proposal.batch)
    proposal, repeated = rounds.answer(proposal, ProposalState.WITHDRAWN, by)
    if not repeated:
        rounds.end_round(batch, by)
        told = tell.agency if proposal.side == Side.PRISON else tell.prison
        told("slots_withdrawn", proposal, by)
    return proposal


@act
def extend(*, proposal, respond_by, by):
    """The side that opened the round gives the other more time."""
    _require_own_side(by, proposal)
    rounds.locked(proposal.batch)
    proposal.refresh_from_db()
    if proposal.state != ProposalState.OPEN:
        raise rounds.already_answered(proposal)
    if respond_by == proposal.respond_by:
        return proposal
    if not max(proposal.respond_by, timezone.localdate()) <= respond_by <= proposal.starts_on:
        raise NotAllowed(
            {"respond_by": _("Batas baru harus sesudah batas lama dan sebelum pelatihan dimulai.")}
        )
    proposal.respond_by = respond_by
    proposal.save(update_fields=["respond_by"])
    slot_mails.keep_until(proposal)
    told = tell.agency if proposal.side == Side.PRISON else tell.prison
    told("slots_extended", proposal, by)
    return proposal


@act
def object_to(*, proposal, objection, by):
    """The agency's liaison objects to an answer that the prison wrote down for the agency."""
    if not rules.is_liaison_of(by, proposal.agency_id):
        raise Forbidden(_("Usulan ini bukan untuk instansi Anda."))
    rounds.locked(proposal.batch)
    proposal.refresh_from_db()
    if not proposal.is_recorded or proposal.state == ProposalState.OPEN:
        raise NotAllowed(_("Jawaban ini tidak dicatat oleh lapas."))
    if proposal.objected_at:
        if proposal.objection == objection:
            return proposal
        raise AlreadyDone(_("Keberatan atas jawaban ini sudah dicatat."))
    proposal.objected_at = timezone.now()
    proposal.objection = objection
    proposal.save(update_fields=["objected_at", "objection"])
    tell.prison("slots_objected", proposal, by)
    return proposal


@act
def expire(*, proposal, today=None):
    """Nobody answered by the date: the round ends and both sides are told. Safe to repeat."""
    today = today or timezone.localdate()
    batch = rounds.locked(proposal.batch)
    changed = SlotProposal.objects.past_reply_date(today).filter(pk=proposal.pk)
    if not changed.update(state=ProposalState.EXPIRED):
        return False
    proposal.refresh_from_db()
    rounds.close(proposal)
    rounds.end_round(batch, None)
    tell.agency("slots_expired", proposal, None)
    tell.prison("slots_expired", proposal, None)
    return True


def partners_of(agency):
    """The prisons that an agency may offer seats to."""
    return Facility.objects.filter(partnerships__agency=agency).order_by("name")


def expire_overdue(*, today=None):
    """Expire every open round whose reply date has passed; returns how many.

    What fails is logged and does not stop the others.
    """
    overdue = SlotProposal.objects.past_reply_date(today).select_related("batch").order_by("batch")
    done = 0
    for proposal in overdue:
        try:
            done += expire(proposal=proposal, today=today)
        except OperationalError:
            raise  # the database went away: the next sweep tries again
        except Exception:
            logger.exception("could not expire round %s", proposal.pk)
    return done


def _side_of(by, batch):
    """The agency's side for its liaison once it was asked, the prison's for its staff."""
    if rules.speaks_for_agency(by, batch) and batch.proposals.exists():
        return Side.AGENCY
    require(by, "open_slots", batch.facility_id)
    return Side.PRISON


def _ask(batch, side, by, terms, words):
    proposal = rounds.open_round(batch, side, by, **terms, **words)
    if batch.state == BatchState.PLANNED:
        rounds.move(batch, BatchState.NEGOTIATING, by)
    if side == Side.PRISON:
        tell.agency("slots_proposed", proposal, by)
    else:
        tell.prison("slots_offered", proposal, by)
    return proposal


def _check_offer(facility, agency, course):
    problems = {}
    if not facility.partnerships.filter(agency=agency).exists():
        problems["facility"] = _("Lapas ini bukan mitra instansi Anda.")
    if not course.is_offered:
        problems["course"] = _("Program ini tidak diselenggarakan lagi.")
    if problems:
        raise NotAllowed(problems)


def _agreement_for(facility, agency, starts_on, ends_on):
    """The agreement of the two, or with the agency above, that holds longest over the dates."""
    between = Agreement.objects.filter(
        facility=facility, agency__in=[agency.pk, agency.parent_id]
    ).order_by("-ends_on", "-pk")
    covering = (each for each in between if covers(each, starts_on, ends_on))
    return next(covering, None)


def _authorise(by, proposal, recorded):
    allowed = rules.how_may_answer(by, proposal)
    if allowed is None:
        raise Forbidden(_("Usulan ini bukan untuk Anda jawab."))
    if allowed == rules.FOR_AGENCY and recorded is None:
        raise NotAllowed(
            _("Jawaban instansi hanya bisa dicatat dengan cara, tanggal dan nama penyampainya.")
        )
    if recorded and recorded.on > timezone.localdate():
        raise NotAllowed({"recorded_on": _("Tanggal jawaban tidak boleh di masa depan.")})


def _require_own_side(by, proposal):
    """Only the side that opened the round may withdraw it or give more time."""
    if not rules.is_on_side(by, proposal):
        raise Forbidden(_("Usulan ini bukan dari pihak Anda."))


def _check_acceptable(batch, proposal, by):
    if batch.state not in (BatchState.NEGOTIATING, BatchState.CONFIRMED):
        raise rounds.impossible_for(batch)
    slot_checks.check_seats_kept(batch, proposal.seats + batch.seats_extra, by)
    slot_checks.check_no_clash(batch, proposal.starts_on, proposal.ends_on, by)
    slot_checks.check_still_here(batch, proposal.starts_on, proposal.ends_on, by)
    cover = rules.problem_of_cover(
        batch.agreement, batch.exception, proposal.starts_on, proposal.ends_on
    )
    if cover:
        raise NotAllowed(cover)
