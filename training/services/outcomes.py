"""Who completed a training: suggested by attendance and results once it is over, then decided."""

from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from training.attended import Attended
from training.models import Batch, Certificate, Enrolment
from training.services import certificate_guards
from training.services.results import Results, results_of
from training.states import (
    BLOCKS_OTHERS,
    ENROLMENT_TRANSITIONS,
    BatchState,
    EnrolmentState,
    LeaveCause,
)
from training.teaching import OF_THE_COURSE, Verdict

COMPLETED, NOT_COMPLETED = EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED
SETTLED = (COMPLETED, NOT_COMPLETED)
CAUSES = (
    LeaveCause.ABSENT,
    LeaveCause.NOT_PASSED,
    LeaveCause.SICK,
    LeaveCause.DISCIPLINE,
    LeaveCause.MOVED,
    LeaveCause.RELEASED,
    LeaveCause.OTHER,
)


@dataclass(frozen=True)
class Outcome:
    """What is decided of a participant; not completing has a cause and may have words."""

    state: str = COMPLETED
    cause: str = ""
    reason: str = ""


@dataclass
class Suggestion:
    """What attendance and results speak for; `problems` are sentences, none if nothing lacks."""

    enrolment: Enrolment
    results: Results
    attended: Attended
    problems: list
    cause: str = ""

    @property
    def is_enough(self):
        return not self.problems


def suggestions(batch):
    """A `Suggestion` for each participant who is neither out nor settled, in order of codes.

    The same number of queries for any number of people.
    """
    rows = (
        Enrolment.objects.filter(batch=batch, state__in=BLOCKS_OTHERS)
        .with_attendance()
        .select_related("inmate", "batch")
        .order_by("participant_code")
    )
    found = results_of(batch)
    return [_suggest(row, found.get(row.pk, Results()), batch) for row in rows]


@act
def complete(*, batch, outcomes, by):
    """Settle participants of a finished batch: `outcomes` maps enrolments to an `Outcome`.

    All or none; nobody with a standing paper of the course fails it. Whoever is settled in the
    same way already stays as they are; raises `AlreadyDone` naming nobody but the code when it was
    the other way.
    """
    require(by, "propose_candidates", batch.facility_id)
    batch = _locked(batch)
    if batch.state != BatchState.FINISHED:
        raise NotAllowed(
            _("Hasil akhir dicatat sesudah pelatihan selesai; angkatan ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )
    rows = {
        row.pk: row
        for row in Enrolment.objects.select_for_update(no_key=True, of=["self"])
        .filter(batch=batch, pk__in=[enrolment.pk for enrolment in outcomes])
        .order_by("pk")
    }
    papers = {
        paper.enrolment_id: paper
        for paper in Certificate.objects.issued().filter(enrolment__in=rows, kind__in=OF_THE_COURSE)
    }
    settled = []
    for enrolment, outcome in outcomes.items():
        row = rows.get(enrolment.pk)
        if row is None:
            raise NotAllowed(_("Peserta ini bukan dari angkatan ini."))
        if _settle(row, outcome, papers.get(row.pk)):
            settled.append(row)
    return settled


@act
def complete_suggested(*, batch, by):
    """Settle as completed all for whom nothing lacks. Returns them."""
    require(by, "propose_candidates", batch.facility_id)
    enough = [each.enrolment for each in suggestions(_locked(batch)) if each.is_enough]
    return complete(batch=batch, outcomes=dict.fromkeys(enough, Outcome()), by=by)


@act
def undo(*, enrolment, reason, by):
    """Take an outcome back, with a reason; the person is a participant again, or kept from class
    as before.

    Refused while a paper of the course stands, and when the person joined another batch of the
    same time since.
    """
    require(by, "correct_state", enrolment.facility_id)
    reason = reason.strip()
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    batch = _locked(enrolment.batch)
    row = (
        Enrolment.objects.select_for_update(no_key=True, of=["self"])
        .select_related("inmate")
        .get(pk=enrolment.pk)
    )
    if row.state in BLOCKS_OTHERS:
        return row
    if row.state not in SETTLED:
        raise _impossible(row)
    if batch.state not in (BatchState.RUNNING, BatchState.FINISHED):
        raise NotAllowed(
            _("Tidak bisa: angkatan ini %(state)s.") % {"state": batch.get_state_display().lower()}
        )
    paper = Certificate.objects.issued().filter(enrolment=row, kind__in=OF_THE_COURSE).first()
    if paper:
        raise _revoke_first(paper)
    _check_free(row)
    before = row.events.exclude(state__in=SETTLED).order_by("-pgh_id").first()
    with pghistory.context(reason=reason):
        _move(row, EnrolmentState.ENROLLED, cause="", reason="")
        if before and before.state == EnrolmentState.SUSPENDED:
            _move(row, before.state, cause=before.cause, reason=before.reason)
    return row


def _suggest(row, results, batch):
    problems, cause, attended = [], "", Attended.of(row)
    if results.evaluation and results.evaluation.result == Verdict.NOT_YET:
        problems.append(_("Evaluasi belum lulus."))
        cause = LeaveCause.NOT_PASSED
    if lacking := certificate_guards.too_little(attended, batch):
        problems.append(lacking)
        cause = LeaveCause.ABSENT
    if row.state == EnrolmentState.SUSPENDED:
        problems.append(_("Masih ditangguhkan."))
        cause = cause or row.cause
    return Suggestion(row, results, attended, problems, cause)


def _settle(row, outcome, paper):
    """Write the outcome; False if it is there already."""
    cause = "" if outcome.state == COMPLETED else outcome.cause
    reason = "" if outcome.state == COMPLETED else outcome.reason.strip()
    if row.state in SETTLED:
        if (row.state, row.cause, row.reason) == (outcome.state, cause, reason):
            return False
        raise AlreadyDone(
            _("%(code)s sudah tercatat %(state)s.")
            % {"code": row.participant_code, "state": row.get_state_display().lower()}
        )
    if outcome.state == NOT_COMPLETED and cause not in CAUSES:
        raise NotAllowed(_("Sebutkan sebab %(code)s tidak selesai.") % {"code": row})
    if outcome.state == NOT_COMPLETED and paper:
        raise _revoke_first(paper)
    if not allows(ENROLMENT_TRANSITIONS, row.state, outcome.state):
        raise _impossible(row)
    _move(row, outcome.state, cause=cause, reason=reason)
    return True


def _check_free(row):
    """Nobody is in two batches at once: name the other one instead of the database's error."""
    other = (
        Enrolment.objects.blocking()
        .filter(inmate=row.inmate_id, period__overlap=row.period)
        .exclude(pk=row.pk)
        .select_related("batch__course")
        .first()
    )
    if other:
        raise NotAllowed(
            _("Bentrok jadwal: %(name)s ikut %(batch)s.")
            % {"name": row.inmate, "batch": f"{other.batch.course} – {other.batch}"},
            people=[row.inmate],
        )


def _revoke_first(paper):
    return NotAllowed(
        _("Sertifikat nomor %(number)s sudah terbit; cabut dulu.") % {"number": paper.number}
    )


def _impossible(row):
    return NotAllowed(
        _("Tidak bisa: %(code)s %(state)s.")
        % {"code": row.participant_code, "state": row.get_state_display().lower()}
    )


def _move(row, state, **fields):
    fields |= {"state": state, "state_at": timezone.now()}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _locked(batch):
    return Batch.objects.select_for_update(no_key=True, of=["self"]).get(pk=batch.pk)
