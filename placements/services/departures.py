"""Somebody leaves a prison: the stay ends, and what hangs on it there is settled with it.

Everything that ends a stay from a page goes through here, in one transaction: the stay, the
circumstance, and what the prison's policy ends because of it.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Absence, Circumstance
from inmates.services import custodies, transfers
from inmates.states import LEAVES, AbsenceDecision, TransferState
from placements.services import circumstances, follow_ups


@act
def leave(*, inmate, facility, how, on, by, moved_to=""):
    """The person left the prison; returns the `Circumstance` with what was ended for it.

    The other prison of a transfer is named by `moved_to`, if known; one that works with the app is
    reached by `send`.
    """
    custody = custodies.end(
        inmate=inmate, facility=facility, how=how, on=on, by=by, moved_to=moved_to
    )
    return _settle(custody.inmate, custody.facility_id, how, custody.until, by)


@act
def reopen(*, custody, reason, by):
    """As `custodies.reopen`, and nobody is asked after a release that did not take place."""
    custody = custodies.reopen(custody=custody, reason=reason, by=by)
    follow_ups.release_undone(
        inmate=custody.inmate, starts=custody.starts, reason=custody.reopened_why, by=by
    )
    return custody


@act
def come_back(*, inmate, by, **stay):
    """As `custodies.begin`, and what was to be asked of the person as a free one is called off."""
    custody = custodies.begin(inmate=inmate, by=by, **stay)
    follow_ups.returned(inmate=inmate, by=by)
    return custody


@act
def send(*, by, **move):
    """As `transfers.send`, and what ran at the prison of origin is settled."""
    return _settled(transfers.send(by=by, **move), by)


@act
def accept(*, transfer, by, moved_on=None):
    """As `transfers.accept`, and what ran at the prison of origin is settled."""
    return _settled(transfers.accept(transfer=transfer, by=by, moved_on=moved_on), by)


@dataclass
class Decided:
    """What became of several absences: decided, and refused with the sentences why."""

    decided: list = field(default_factory=list)
    refused: list = field(default_factory=list)


def decide_absences(*, decisions, by):
    """Decide several, each for itself: dicts of the arguments of `decide_absence`."""
    answer = Decided()
    for said in sorted(decisions, key=lambda said: said["absence"].inmate_id):
        try:
            answer.decided.append(decide_absence(by=by, **said))
        except NotAllowed as refusal:
            answer.refused.append((said["absence"], refusal.messages))
    return answer


@act
def decide_absence(*, absence, decision, by, on=None, moved_to=""):
    """Say what became of somebody whom the register lists no more; who left, leaves with it."""
    require(by, "import_register", absence.facility_id)
    custodies.locked_stay(absence.inmate)
    absence = (
        Absence.objects.select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "facility", "decided_by")
        .get(pk=absence.pk)
    )
    if absence.decision:
        if (absence.decision, absence.decided_by) == (decision, by):
            return absence
        raise AlreadyDone(
            _("Sudah diputuskan: %(decision)s (%(who)s).")
            % {
                "decision": absence.get_decision_display().lower(),
                "who": absence.decided_by or _("impor register"),
            }
        )
    if decision in LEAVES:
        if on is None:
            raise NotAllowed({"on": ValidationError(_("Isi tanggal keluarnya."))})
        leave(
            inmate=absence.inmate,
            facility=absence.facility,
            how=decision,
            on=on,
            by=by,
            moved_to=moved_to,
        )
        absence.refresh_from_db()
        return absence
    if decision != AbsenceDecision.STILL_HERE:
        raise NotAllowed({"decision": ValidationError(_("Pilih keputusan."))})
    absence.decision, absence.decided_at, absence.decided_by = decision, timezone.now(), by
    absence.save(update_fields=["decision", "decided_at", "decided_by"])
    return absence


def latest(inmate, facility_id):
    """The change by which the person last left the prison, or None: it says what was ended."""
    return (
        Circumstance.objects.filter(inmate=inmate, facility=facility_id, kind__in=LEAVES)
        .select_related("created_by")
        .first()
    )


def _settled(transfer, by):
    if transfer.state == TransferState.ACCEPTED:
        _settle(
            transfer.inmate,
            transfer.origin_id,
            AbsenceDecision.TRANSFERRED,
            transfer.moved_on,
            by,
        )
    return transfer


def _settle(inmate, facility_id, how, day, by):
    """End what ran at the prison, and answer the question what became of the person there.

    Whoever was trained and is free now is asked later on how it goes.
    """
    Absence.objects.open().filter(inmate=inmate, facility=facility_id).update(
        decision=how, decided_at=timezone.now(), decided_by=by
    )
    circumstance = latest(inmate, facility_id)
    if circumstance and circumstance.is_open:
        circumstances.settle(circumstances=[circumstance], by=by)
        circumstance.refresh_from_db()
    if how == AbsenceDecision.RELEASED:
        follow_ups.plan_for_release(inmate=inmate, day=day, by=by)
    else:
        follow_ups.leave_unfree(inmate=inmate, facility_id=facility_id, how=how, day=day, by=by)
    return circumstance
