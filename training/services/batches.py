"""Planning a batch, and its way to the end. Its seats are the business of `slots`."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from correspondence.services import notices
from partners.services import liaisons
from training import rules
from training.models import Batch
from training.states import (
    BATCH_TRANSITIONS,
    BatchState,
    CandidateState,
    DecreeState,
    EnrolmentState,
    HearingState,
    ProposalState,
)


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
):
    """Plan a run of a course with an agency, under an agreement or a named exception.

    Raises `NotAllowed` with field errors when the agreement is another agency's or does not hold
    on every day.
    """
    require(by, "plan_batch", facility.pk)
    problems = {}
    if ends_on < starts_on:
        problems["ends_on"] = _("Tanggal selesai tidak boleh sebelum tanggal mulai.")
    elif cover := rules.problem_of_cover(agreement, exception, starts_on, ends_on):
        problems["agreement"] = cover
    if agreement and agreement.facility_id != facility.pk:
        problems["agreement"] = _("Perjanjian ini milik lapas lain.")
    elif agreement and agreement.agency_id not in (agency.pk, agency.parent_id):
        problems["agreement"] = _("Perjanjian ini dengan instansi lain.")
    if problems:
        raise NotAllowed({field: ValidationError(text) for field, text in problems.items()})
    return Batch.objects.create(
        facility=facility,
        course=course,
        agency=agency,
        agreement=agreement,
        exception=exception,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        place=place,
        created_by=by,
    )


@act
def start(*, batch, by):
    """The training has begun."""
    require(by, "plan_batch", batch.facility_id)
    batch = _locked(batch)
    if batch.state == BatchState.CONFIRMED and batch.starts_on > timezone.localdate():
        raise NotAllowed(_("Angkatan ini belum mulai menurut tanggalnya."))
    return _move(batch, BatchState.RUNNING, by)


@act
def finish(*, batch, by):
    """The last meeting was held; results follow."""
    require(by, "plan_batch", batch.facility_id)
    return _move(_locked(batch), BatchState.FINISHED, by)


@act
def cancel(*, batch, reason, by):
    """Call the batch off: an open round is withdrawn, candidates and participants are freed."""
    require(by, "plan_batch", batch.facility_id)
    batch = _locked(batch)
    if batch.state == BatchState.CANCELLED:
        if (batch.state_by, batch.reason) == (by, reason):
            return batch
        raise _already(batch)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasan pembatalan."))})
    _move(batch, BatchState.CANCELLED, by, reason=reason)
    _free_everybody(batch, reason, by)
    people = [
        *liaisons.of(batch.agency_id),
        *notices.holders(batch.facility_id, roles.OFFICER, roles.HEAD),
    ]
    notices.tell(
        kind="batch_cancelled",
        obj=batch,
        recipients=[person for person in people if person != by],
        data={"batch": f"{batch.course.name} – {batch.name}"},
        link=batch.get_absolute_url(),
        facility_id=batch.facility_id,
    )
    return batch


def _free_everybody(batch, reason, by):
    """End what the batch held open; notices about it stop being live."""
    now = timezone.now()
    proposals = list(batch.proposals.open())
    hearings = list(batch.hearings.filter(state=HearingState.PLANNED))
    decrees = list(batch.decrees.exclude(state=DecreeState.ISSUED))
    batch.proposals.open().update(
        state=ProposalState.WITHDRAWN, answered_at=now, answered_by=by, answer_reason=reason
    )
    batch.hearings.filter(state=HearingState.PLANNED).update(state=HearingState.CANCELLED)
    batch.candidates.open().update(state=CandidateState.LAPSED, state_at=now, state_by=by)
    batch.decrees.exclude(state=DecreeState.ISSUED).update(state=DecreeState.CANCELLED)
    batch.enrolments.blocking().update(
        state=EnrolmentState.DROPPED, dropped_on=timezone.localdate(), reason=reason, state_at=now
    )
    for settled in (*proposals, *hearings, *decrees):
        notices.close_for(settled)


def _locked(batch):
    return Batch.objects.select_for_update(no_key=True, of=["self"]).get(pk=batch.pk)


def _already(batch):
    return AlreadyDone(
        _("Angkatan ini sudah %(state)s: oleh %(who)s pada %(when)s.")
        % {
            "state": batch.get_state_display().lower(),
            "who": batch.state_by or "—",
            "when": formats.date_format(timezone.localtime(batch.state_at), "DATETIME_FORMAT"),
        }
    )


def _move(batch, state, by, reason=""):
    if batch.state == state:
        if batch.state_by == by:
            return batch
        raise _already(batch)
    if not allows(BATCH_TRANSITIONS, batch.state, state):
        raise NotAllowed(
            _("Tidak bisa: angkatan ini %(state)s.") % {"state": batch.get_state_display().lower()}
        )
    batch.state, batch.state_at, batch.state_by = state, timezone.now(), by
    batch.reason = reason or batch.reason
    batch.save(update_fields=["state", "state_at", "state_by", "reason"])
    return batch
