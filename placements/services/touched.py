"""Which of a person's legs a change of circumstances touches: one function a kind of change."""

from inmates.models import Circumstance
from inmates.states import LEAVES, CircumstanceKind, ConsentPurpose
from training.states import EnrolmentState


def by(circumstance, of_person):
    """Those of the legs of one person at one prison that the change touches."""
    running = [
        each
        for each in of_person
        if each.still_runs
        and each.heeds(circumstance.kind)
        and (each.outlives(circumstance.effective) or _is_late(circumstance, each))
    ]
    return _TOUCHES[circumstance.kind](circumstance, running) if running else []


def _is_late(circumstance, each):
    """Who has left is proposed for nothing any more, whatever became of the batch."""
    return circumstance.kind in LEAVES and each.what == "candidate"


def _all(circumstance, running):
    return running


def _of_the_restriction(circumstance, running):
    """Those that a restriction of the kind which ended (`old`) has paused."""
    lines = Circumstance.objects.filter(
        inmate__in={each.row.inmate_id for each in running} | {circumstance.inmate_id},
        facility=circumstance.facility_id,
        kind=circumstance.old,
    ).values_list("outcome", flat=True)
    paused = {
        line["row"]
        for outcome in lines
        for line in outcome
        if line["to"] == EnrolmentState.SUSPENDED
    }
    return [each for each in running if each.is_paused and str(each.row.public_id) in paused]


def _out_of_time(circumstance, running):
    """Those that no longer fit the person's dates."""
    return _broken(running, lambda each: each.problems_of_dates(circumstance.inmate))


def _no_longer_sentenced(circumstance, running):
    """All, unless the new class is one of those who are trained and work (register B)."""
    return _broken(running, lambda each: each.problems_of_register(circumstance.inmate))


def _broken(running, problems):
    """Those that have problems, with their sentences as their `why`."""
    for each in running:
        each.why = problems(each)
    return [each for each in running if each.why]


def _without_consent(circumstance, running):
    """Those that need the consent which was withdrawn."""
    purposes = {circumstance.old, circumstance.new} & set(ConsentPurpose.values)
    return [each for each in running if each.purpose in purposes]


_TOUCHES = {
    **dict.fromkeys(LEAVES, _all),
    CircumstanceKind.DISCIPLINE: _all,
    CircumstanceKind.SECURITY: _all,
    CircumstanceKind.UNFIT: _all,
    CircumstanceKind.LIFTED: _of_the_restriction,
    CircumstanceKind.DATES: _out_of_time,
    CircumstanceKind.REGISTER: _no_longer_sentenced,
    CircumstanceKind.CONSENT: _without_consent,
}
