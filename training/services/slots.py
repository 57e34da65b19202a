"""The negotiation about a batch's seats (design section 8). Read this file first.

Each function is one act: permission, lock the batch, the same answer already there? return it,
not possible? say so in a sentence, write, tell people; all in one transaction. The batch is
locked before its proposal, always.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import Max
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from accounts.permissions import require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from correspondence.services import notices
from training import rules
from training.models import Batch, Enrolment, SlotProposal
from training.services import slot_news as tell
from training.states import BatchState, ProposalState, Side


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
    """The prison asks the agency for seats. A planned batch is negotiating from then on.

    A confirmed batch stays confirmed while its change round is open. Raises `AlreadyDone` when
    another round is open, `NotAllowed` with a dict of field errors for terms that make no sense.
    """
    require(by, "open_slots", batch.facility_id)
    batch = _locked(batch)
    terms = {"seats": seats, "starts_on": starts_on, "ends_on": ends_on, "respond_by": respond_by}
    words = {"place": place, "instructor": instructor, "message": message}
    open_round = batch.proposals.open().select_related("created_by").first()
    if open_round:
        if open_round.created_by == by and _has(open_round, terms | words):
            return open_round
        raise _already_open(open_round)
    if batch.state not in (BatchState.PLANNED, BatchState.CONFIRMED):
        raise _impossible_for(batch)
    _check_terms(batch, **terms)
    proposal = _open_round(batch, Side.PRISON, by, **terms, **words)
    if batch.state == BatchState.PLANNED:
        _move(batch, BatchState.NEGOTIATING, by)
    tell.agency("slots_proposed", proposal, by)
    return proposal


@act
def accept(*, proposal, by, recorded=None):
    """The other side takes the round as it stands: its seats and dates become the batch's.

    `recorded` is needed when staff answer for the agency. Raises `AlreadyDone` to whoever comes
    second, `NotAllowed` when enrolled people would lose their seat or clash.
    """
    _authorise(by, proposal, recorded)
    batch = _locked(proposal.batch)
    if SlotProposal.objects.open().filter(pk=proposal.pk).exists():
        _check_acceptable(batch, proposal, by)
    proposal, repeated = _answer(proposal, ProposalState.ACCEPTED, by, recorded=recorded)
    if repeated:
        return proposal
    batch.seats_confirmed = proposal.seats
    batch.starts_on, batch.ends_on = proposal.starts_on, proposal.ends_on
    batch.place = proposal.place or batch.place
    fields = ["seats_confirmed", "starts_on", "ends_on", "place"]
    if batch.state == BatchState.NEGOTIATING:
        _move(batch, BatchState.CONFIRMED, by, also=fields)
    else:
        batch.save(update_fields=fields)
    tell.other_side("slots_accepted", proposal, by, recorded)
    return proposal


@act
def counter(*, proposal, seats, starts_on, ends_on, respond_by, reason, by, recorded=None):
    """The other side answers with terms of its own, which open the next round.

    Returns the new proposal; its side is that of whoever answered.
    """
    _authorise(by, proposal, recorded)
    batch = _locked(proposal.batch)
    terms = {"seats": seats, "starts_on": starts_on, "ends_on": ends_on, "respond_by": respond_by}
    _check_terms(batch, **terms)
    answered, repeated = _answer(
        proposal, ProposalState.COUNTERED, by, reason=reason, recorded=recorded
    )
    if repeated:
        following = batch.proposals.get(round=answered.round + 1)
        if _has(following, terms):
            return following
        raise _already_answered(answered)
    side = Side.AGENCY if answered.side == Side.PRISON else Side.PRISON
    following = _open_round(
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
    batch = _locked(proposal.batch)
    proposal, repeated = _answer(
        proposal, ProposalState.DECLINED, by, reason=reason, recorded=recorded
    )
    if not repeated:
        _end_round(batch, by)
        tell.other_side("slots_declined", proposal, by, recorded)
    return proposal


@act
def withdraw(*, proposal, by):
    """Whoever opened the round takes it back before it is answered."""
    _require_own_side(by, proposal)
    batch = _locked(proposal.batch)
    proposal, repeated = _answer(proposal, ProposalState.WITHDRAWN, by)
    if not repeated:
        _end_round(batch, by)
        told = tell.agency if proposal.side == Side.PRISON else tell.prison
        told("slots_withdrawn", proposal, by)
    return proposal


@act
def extend(*, proposal, respond_by, by):
    """The side that opened the round gives the other more time."""
    _require_own_side(by, proposal)
    _locked(proposal.batch)
    proposal.refresh_from_db()
    if proposal.state != ProposalState.OPEN:
        raise _already_answered(proposal)
    if respond_by == proposal.respond_by:
        return proposal
    if not max(proposal.respond_by, timezone.localdate()) <= respond_by <= proposal.starts_on:
        raise NotAllowed(
            {"respond_by": _("Batas baru harus sesudah batas lama dan sebelum pelatihan dimulai.")}
        )
    proposal.respond_by = respond_by
    proposal.save(update_fields=["respond_by"])
    told = tell.agency if proposal.side == Side.PRISON else tell.prison
    told("slots_extended", proposal, by)
    return proposal


@act
def object_to(*, proposal, objection, by):
    """The agency's liaison objects to an answer that the prison wrote down for the agency."""
    if not rules.is_liaison_of(by, proposal.agency_id):
        raise Forbidden(_("Usulan ini bukan untuk instansi Anda."))
    _locked(proposal.batch)
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
    batch = _locked(proposal.batch)
    changed = SlotProposal.objects.past_reply_date(today).filter(pk=proposal.pk)
    if not changed.update(state=ProposalState.EXPIRED):
        return False
    proposal.refresh_from_db()
    notices.close_for(proposal)
    _end_round(batch, None)
    tell.agency("slots_expired", proposal, None)
    tell.prison("slots_expired", proposal, None)
    return True


def expire_overdue(*, today=None):
    """Expire every open round whose reply date has passed; returns how many."""
    overdue = SlotProposal.objects.past_reply_date(today).select_related("batch").order_by("batch")
    return sum(expire(proposal=proposal, today=today) for proposal in overdue)


def _locked(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("agreement", "course", "facility", "agency")
        .get(pk=batch.pk)
    )


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


def _answer(proposal, state, by, *, reason="", recorded=None):
    """Close an open round by one conditional update: (proposal, whether it was so already)."""
    answer = {
        "state": state,
        "answered_at": timezone.now(),
        "answered_by": by,
        "answer_reason": reason,
    }
    changed = SlotProposal.objects.open().filter(pk=proposal.pk).update(**answer)
    proposal = SlotProposal.objects.select_related("batch", "answered_by", "agency").get(
        pk=proposal.pk
    )
    if not changed:
        same = (proposal.state, proposal.answered_by, proposal.answer_reason)
        said = (proposal.recorded_channel, proposal.recorded_from)
        if same == (state, by, reason) and said == _said(recorded):
            return proposal, True
        raise _already_answered(proposal)
    if recorded:
        for name, value in recorded.fields().items():
            setattr(proposal, name, value)
        proposal.save(update_fields=list(recorded.fields()))
    notices.close_for(proposal)
    return proposal, False


def _said(recorded):
    return (recorded.channel, recorded.said_by) if recorded else ("", "")


def _has(proposal, terms):
    return all(getattr(proposal, name) == value for name, value in terms.items())


def _already_open(proposal):
    return AlreadyDone(
        _("Masih ada usulan yang belum dijawab, dari %(who)s pada %(when)s.")
        % {"who": proposal.created_by or "—", "when": _clock(proposal.created_at)}
    )


def _already_answered(proposal):
    return AlreadyDone(
        _("Usulan ini sudah ditutup (%(state)s) oleh %(who)s pada %(when)s.")
        % {
            "state": proposal.get_state_display(),
            "who": proposal.answered_by or _("sistem"),
            "when": _clock(proposal.answered_at) if proposal.answered_at else "—",
        }
    )


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _impossible_for(batch):
    return NotAllowed(
        _("Kuota tidak bisa diusulkan: angkatan ini %(state)s.")
        % {"state": batch.get_state_display().lower()}
    )


def _open_round(batch, side, by, **terms):
    latest = batch.proposals.aggregate(latest=Max("round"))["latest"] or 0
    return SlotProposal.objects.create(
        batch=batch,
        facility_id=batch.facility_id,
        agency_id=batch.agency_id,
        round=latest + 1,
        side=side,
        created_by=by,
        **terms,
    )


def _move(batch, state, by, also=()):
    batch.state, batch.state_at, batch.state_by = state, timezone.now(), by
    batch.save(update_fields=["state", "state_at", "state_by", *also])


def _end_round(batch, by):
    if batch.state == BatchState.NEGOTIATING:
        _move(batch, BatchState.PLANNED, by)


def _check_terms(batch, *, seats, starts_on, ends_on, respond_by):
    problems = rules.problems_of_terms(
        seats=seats, starts_on=starts_on, ends_on=ends_on, respond_by=respond_by
    )
    cover = rules.problem_of_cover(batch.agreement, batch.exception, starts_on, ends_on)
    if cover:
        problems.setdefault("starts_on", cover)
    if problems:
        raise NotAllowed({field: ValidationError(text) for field, text in problems.items()})


def _check_acceptable(batch, proposal, by):
    if batch.state not in (BatchState.NEGOTIATING, BatchState.CONFIRMED):
        raise _impossible_for(batch)
    _check_seats_kept(batch, proposal, by)
    _check_no_clash(batch, proposal, by)
    cover = rules.problem_of_cover(
        batch.agreement, batch.exception, proposal.starts_on, proposal.ends_on
    )
    if cover:
        raise NotAllowed(cover)


def _check_seats_kept(batch, proposal, by):
    lost = batch.seats_taken - (proposal.seats + batch.seats_extra)
    if lost <= 0:
        return
    if by.is_liaison:
        raise NotAllowed(_("%(count)s peserta akan kehilangan kursi.") % {"count": lost})
    last = batch.enrolments.blocking().select_related("inmate").order_by("-candidate__rank")[:lost]
    people = [enrolment.inmate for enrolment in last]
    raise NotAllowed(
        _("Kursi di bawah jumlah peserta; yang akan kehilangan kursi: %(names)s.")
        % {"names": ", ".join(map(str, people))},
        people=people,
    )


def _check_no_clash(batch, proposal, by):
    others = (
        Enrolment.objects.blocking()
        .filter(
            inmate_id__in=batch.enrolments.blocking().values("inmate_id"),
            period__overlap=DateRange(proposal.starts_on, proposal.ends_on, "[]"),
        )
        .exclude(batch=batch)
        .select_related("inmate", "batch")
    )
    clashes = list(others)
    if not clashes:
        return
    if by.is_liaison:
        raise NotAllowed(_("%(count)s peserta bentrok jadwal.") % {"count": len(clashes)})
    raise NotAllowed(
        _("Bentrok jadwal: %(names)s.")
        % {"names": ", ".join(f"{clash.inmate} ({clash.batch})" for clash in clashes)},
        people=[clash.inmate for clash in clashes],
    )
