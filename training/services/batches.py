"""Planning a batch, and its way through the years: begun, put off, called off, done.

Its seats are the business of `slots`, its report that of `closing`.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence.services import notices
from training import rules
from training.models import Batch, Certificate
from training.services import batch_rows as rows
from training.services import meetings, seat_offers, slot_checks, slot_rounds, waiting
from training.states import (
    BatchState,
    CandidateState,
    DecreeState,
    EnrolmentState,
    HearingState,
    LeaveCause,
    ProposalState,
)

OVER = (BatchState.CLOSED, BatchState.CANCELLED)
TERMS = ("course", "agency", "agreement", "exception", "starts_on", "ends_on")
PASSING = ("schedule_set", "seat_without_reserve")  # told of a batch that is being taught
OF_PLAN_LINE = ("plan_line", "course", "agency", "starts_on")


@act
def plan(
    *,
    facility,
    course,
    agency,
    name,
    starts_on,
    ends_on,
    by,
    agreement=None,
    exception="",
    place="",
    fund="",
    minimum_seats=None,
    cost=None,
    plan_line=None,
):
    """Plan a run of a course with an agency, under an agreement or a named exception.

    Planned again by the same user with the same content: the batch. Raises `NotAllowed` with
    field errors when the agreement is another agency's or does not hold on every day, or the line
    of the yearly plan is of something else.
    """
    require(by, "plan_batch", facility.pk)
    Facility.objects.select_for_update(no_key=True, of=["self"]).get(pk=facility.pk)
    planned = {
        "facility": facility,
        "course": course,
        "agency": agency,
        "agreement": agreement,
        "exception": exception,
        "name": name,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "place": place,
        "fund": fund,
        "minimum_seats": minimum_seats,
        "cost": cost,
        "plan_line": plan_line,
        "created_by": by,
    }
    known = Batch.objects.filter(state=BatchState.PLANNED, **planned).first()
    if known:
        return known
    batch = Batch(**planned)
    _check(_problems_of_terms(batch) | _problems_of_plan_line(batch))
    batch.save()
    return batch


@act
def edit(*, batch, by, **changed):
    """Change what was planned: the fields of `plan`, by name.

    Course, agency, ground and dates only of a batch that is planned, and what the agency was
    asked of (course and agency) not once there was a round; the rest until the batch is over.
    """
    require(by, "plan_batch", batch.facility_id)
    batch = rows.locked(batch)
    changed = {name: value for name, value in changed.items() if getattr(batch, name) != value}
    if not changed:
        return batch
    if batch.state in OVER:
        raise rows.not_now(batch)
    fixed = rules.fixed_terms(batch) & set(changed)
    if fixed:
        raise NotAllowed(
            {name: ValidationError(_("Ini tidak bisa diubah lagi.")) for name in fixed}
        )
    for name, value in changed.items():
        setattr(batch, name, value)
    problems = _problems_of_plan_line(batch) if set(changed) & set(OF_PLAN_LINE) else {}
    if set(changed) & set(TERMS):
        problems |= _problems_of_terms(batch)
    _check(problems)
    if "starts_on" in changed or "ends_on" in changed:
        slot_checks.check_no_clash(batch, batch.starts_on, batch.ends_on, by)
    batch.save(update_fields=list(changed))
    return batch


@act
def start(*, batch, by):
    """The training has begun."""
    require(by, "plan_batch", batch.facility_id)
    batch = rows.locked(batch)
    if batch.state == BatchState.CONFIRMED and batch.starts_on > timezone.localdate():
        raise NotAllowed(_("Angkatan ini belum mulai menurut tanggalnya."))
    if batch.state == BatchState.CONFIRMED and batch.proposals.open().exists():
        raise NotAllowed(
            _("Usulan perubahan kuota belum dijawab: jawab, tarik atau tunggu batasnya dahulu.")
        )
    return rows.move(batch, BatchState.RUNNING, by)


@act
def finish(*, batch, by):
    """The last meeting was held; results follow. Nobody joins any more, and no meeting comes."""
    require(by, "plan_batch", batch.facility_id)
    batch = rows.move(rows.locked(batch), BatchState.FINISHED, by)
    with translation.override("id"):
        reason = _("Pelatihan selesai.")
    _end_selection(batch, reason, by)
    meetings.cancel_future(batch=batch, reason=reason, by=by)
    notices.close_for(batch, *PASSING)
    return batch


@act
def step_back(*, batch, reason, by):
    """Begun or finished by a wrong click: one state back, by the head and with a reason.

    Reserves who still wait get what seats are free; what `finish` ended has to be made anew.
    """
    require(by, "correct_state", batch.facility_id)
    batch = rows.locked(batch)
    reason = reason.strip()
    back = rules.STEP_BACK.get(batch.state)
    if back is None:
        raise rows.not_now(batch)
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    batch = rows.move(batch, back, by, reason=reason)
    seat_offers.offer_free(batch=batch, by=by)
    return batch


@act
def grant_extra_seats(*, batch, seats, reason, by):
    """Set how many seats there are beyond those that the agency confirmed, and why.

    Fewer than are taken is refused. The agency is told; reserves who wait get the new seats.
    """
    require(by, "grant_extra_seats", batch.facility_id)
    batch = rows.locked(batch)
    reason = reason.strip()
    if (batch.seats_extra, batch.seats_extra_why, batch.seats_extra_by) == (seats, reason, by):
        return batch
    if batch.state not in rules.EXTRA_SEATS_IN:
        raise rows.not_now(batch)
    problems = {}
    if not reason:
        problems["reason"] = _("Sebutkan alasannya.")
    if not 0 <= seats <= settings.SEATS_MAX - batch.seats_confirmed:
        problems["seats"] = _("Isi antara 0 dan %(most)s kursi.") % {
            "most": max(settings.SEATS_MAX - batch.seats_confirmed, 0)
        }
    _check(problems)
    slot_checks.check_seats_kept(batch, batch.seats_confirmed + seats, by)
    rows.write(
        batch,
        seats_extra=seats,
        seats_extra_why=reason,
        seats_extra_by=by,
        seats_extra_at=timezone.now(),
    )
    notices.close_for(batch, "seats_extra")
    rows.tell("seats_extra", batch, by, seats=seats, facility=batch.facility.name)
    seat_offers.offer_free(batch=batch, by=by)
    return batch


@act
def postpone(*, batch, reason, by):
    """Put the batch off to dates that nobody knows yet.

    An open round and offers of a seat are withdrawn, meetings to come are called off;
    participants keep their seats, and reserves their turn.
    """
    require(by, "plan_batch", batch.facility_id)
    batch = rows.locked(batch)
    reason = reason.strip()
    if batch.state == BatchState.POSTPONED:
        return rows.move(batch, BatchState.POSTPONED, by, reason=reason)
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasan penundaan."))})
    if batch.state not in rules.POSTPONABLE:
        raise rows.not_now(batch)
    _withdraw_round(batch, reason, by)
    if batch.state == BatchState.NEGOTIATING:
        rows.move(batch, BatchState.PLANNED, by)
    rows.move(batch, BatchState.POSTPONED, by, reason=reason)
    seat_offers.withdraw_all(offers=batch.seat_offers.all(), reason=reason)
    meetings.cancel_future(batch=batch, reason=reason, by=by)
    notices.close_for(batch, "batch_resumed", *PASSING)
    rows.tell("batch_postponed", batch, by)
    return batch


@act
def resume(*, batch, starts_on, ends_on, by, agreement=None, exception=""):
    """Give a postponed batch new dates: it is planned again, and the agency is asked anew.

    Its participants and confirmed seats stay. Raises `NotAllowed` when the ground does not hold
    on these days, or a participant takes part elsewhere on one of them or leaves before the end.
    """
    require(by, "plan_batch", batch.facility_id)
    batch = rows.locked(batch)
    terms = {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "agreement": agreement,
        "exception": exception,
    }
    if batch.state == BatchState.PLANNED:
        return rows.move(batch, BatchState.PLANNED, by, **terms)
    if batch.state != BatchState.POSTPONED:
        raise rows.not_now(batch)
    for name, value in terms.items():
        setattr(batch, name, value)
    problems = _problems_of_terms(batch)
    if starts_on < timezone.localdate():
        problems["starts_on"] = _("Tanggal mulai sudah lewat.")
    _check(problems)
    slot_checks.check_no_clash(batch, starts_on, ends_on, by)
    slot_checks.check_still_here(batch, starts_on, ends_on, by)
    rows.move(batch, BatchState.PLANNED, by, **terms)
    notices.close_for(batch, "batch_postponed")
    rows.tell("batch_resumed", batch, by, starts=starts_on.isoformat())
    return batch


@act
def cancel(*, batch, reason, by):
    """Call the batch off: rounds, hearings, decrees, meetings end, and people are freed.

    Whoever waited for the course waits again, from the old day on. Not while somebody has a
    result or a paper of it.
    """
    require(by, "plan_batch", batch.facility_id)
    batch = rows.locked(batch)
    reason = reason.strip()
    if batch.state != BatchState.CANCELLED and not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasan pembatalan."))})
    if batch.state == BatchState.CANCELLED:
        return rows.move(batch, BatchState.CANCELLED, by, reason=reason)
    rows.move(batch, BatchState.CANCELLED, by, reason=reason)
    _check_no_result(batch)
    _free_everybody(batch, reason, by)
    notices.close_for(batch, "batch_postponed", "batch_resumed", "seats_extra", *PASSING)
    rows.tell("batch_cancelled", batch, by)
    return batch


def _withdraw_round(batch, reason, by):
    for proposal in batch.proposals.open():
        slot_rounds.answer(proposal, ProposalState.WITHDRAWN, by, reason=reason)


def _check_no_result(batch):
    settled = (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
    if batch.enrolments.filter(state__in=settled).exists():
        raise NotAllowed(
            _("Angkatan ini sudah punya peserta dengan hasil akhir; batalkan hasilnya dahulu.")
        )
    paper = Certificate.objects.issued().filter(enrolment__batch=batch).first()
    if paper:
        raise NotAllowed(
            _("Sertifikat nomor %(number)s sudah terbit; cabut dulu.") % {"number": paper.number}
        )


def _end_selection(batch, reason, by):
    """Nobody joins any more: the open candidatures end, with their hearing, decree and offers."""
    hearings = list(batch.hearings.filter(state=HearingState.PLANNED))
    decrees = list(batch.decrees.filter(state__in=(DecreeState.PREPARED, DecreeState.RETURNED)))
    batch.hearings.filter(state=HearingState.PLANNED).update(state=HearingState.CANCELLED)
    batch.candidates.open().filter(enrolment__isnull=True).update(
        state=CandidateState.LAPSED, state_at=timezone.now(), state_by=by, note=reason
    )
    batch.decrees.exclude(state=DecreeState.ISSUED).update(state=DecreeState.CANCELLED)
    seat_offers.withdraw_all(offers=batch.seat_offers.all(), reason=reason)
    for settled in (*hearings, *decrees):
        notices.close_for(settled)


def _free_everybody(batch, reason, by):
    """End what the batch held open; notices about it stop being live."""
    now = timezone.now()
    freed = list(batch.enrolments.blocking().select_related("inmate"))
    _withdraw_round(batch, reason, by)
    _end_selection(batch, reason, by)
    batch.candidates.open().update(state=CandidateState.LAPSED, state_at=now, state_by=by)
    batch.enrolments.blocking().update(
        state=EnrolmentState.DROPPED,
        dropped_on=timezone.localdate(),
        cause=LeaveCause.OTHER,
        reason=reason,
        state_at=now,
    )
    meetings.cancel_unmarked(batch=batch, reason=reason, by=by)
    waiting.reopen(course=batch.course, enrolments=freed)


def _problems_of_terms(batch):
    problems = {}
    if batch.ends_on < batch.starts_on:
        problems["ends_on"] = _("Tanggal selesai tidak boleh sebelum tanggal mulai.")
    elif cover := rules.problem_of_cover(
        batch.agreement, batch.exception, batch.starts_on, batch.ends_on
    ):
        problems["agreement"] = cover
    agreement = batch.agreement
    if agreement and agreement.facility_id != batch.facility_id:
        problems["agreement"] = _("Perjanjian ini milik lapas lain.")
    elif agreement and agreement.agency_id not in (batch.agency_id, batch.agency.parent_id):
        problems["agreement"] = _("Perjanjian ini dengan instansi lain.")
    return problems


def _problems_of_plan_line(batch):
    line = batch.plan_line
    if line is None:
        return {}
    if line.facility_id != batch.facility_id or line.course_id != batch.course_id:
        return {"plan_line": _("Baris rencana ini untuk program lain.")}
    if line.agency_id not in (None, batch.agency_id):
        return {"plan_line": _("Baris rencana ini dengan instansi lain.")}
    if line.year != batch.starts_on.year:
        return {"plan_line": _("Baris rencana ini untuk tahun %(year)s.") % {"year": line.year}}
    return {}


def _check(problems):
    if problems:
        raise NotAllowed({field: ValidationError(text) for field, text in problems.items()})
