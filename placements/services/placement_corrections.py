"""Work that was written down wrongly, of the wrong person or of work that never began: void.

The row and its history stay; it counts nowhere, and what it had taken is free again. The head's,
with a reason, and only while nothing hangs on it that is true of itself.
"""

import pghistory
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence.services import notices
from inmates.services.people import need_reason
from placements.employment import FollowUpState, PlacementState
from placements.models import Referral
from placements.services import follow_ups, job_seekers, referral_checks
from placements.services import placement_checks as checks
from placements.services import placement_news as tell
from placements.services import placement_rows as rows
from placements.services.placements import locked_referral


@act
def void(*, placement, reason, by):
    """Take back what was written down wrongly; returns the placement.

    Its place of the vacancy is free, its referral waits for work again, the card (AK-1) that it
    ended counts again, and what was asked before it goes on. Refused while anything hangs on it
    (`problem_of_voiding`).
    """
    require(by, "correct_state", placement.facility_id)
    rows.lock_person(placement.inmate)
    rows.locked_vacancy(placement.vacancy)
    referral = placement.referral and locked_referral(placement.referral)
    placement, records = rows.locked(placement)
    need_reason(reason)
    reason = reason.strip()[: checks.REASON_LENGTH]
    if placement.state == PlacementState.VOID:
        if (placement.state_by_id, placement.reason) == (by.pk, reason):
            return placement
        raise rows.voided_already(placement)
    problem = problem_of_voiding(placement) or _problem_of_referral(referral, records, by)
    if problem:
        raise NotAllowed(problem)
    with pghistory.context(reason=reason):
        _write(placement, reason, by)
        job_seekers.work_voided(inmate=placement.inmate, day=placement.starts_on, by=by)
        follow_ups.placement_voided(placement=placement, reason=reason, by=by)
    notices.close_for(placement)
    tell.voided(placement, referral, by)
    return placement


def problem_of_voiding(placement):
    """Why it cannot be void: what hangs on it, in a sentence; empty when nothing does."""
    days = placement.work_days.count()
    if days:
        return ngettext(
            "Buku pintu mencatat %(number)s hari keluar bekerja: pekerjaan ini diakhiri, bukan "
            "dibatalkan.",
            "Buku pintu mencatat %(number)s hari keluar bekerja: pekerjaan ini diakhiri, bukan "
            "dibatalkan.",
            days,
        ) % {"number": days}
    answers = placement.follow_ups.filter(state=FollowUpState.DONE).count()
    if answers:
        return ngettext(
            "Sudah ada %(number)s hasil pemantauan tentang pekerjaan ini; batalkan dulu hasil itu.",
            "Sudah ada %(number)s hasil pemantauan tentang pekerjaan ini; batalkan dulu hasil itu.",
            answers,
        ) % {"number": answers}
    return ""


def _problem_of_referral(referral, records, by):
    """The person would be accepted twice."""
    if referral is None:
        return ""
    other = Referral.objects.to_place().filter(inmate__in=records).exclude(pk=referral.pk).first()
    return referral_checks.taken(other, by) if other else ""


def _write(placement, reason, by):
    placement.state, placement.state_at, placement.state_by = (
        PlacementState.VOID,
        timezone.now(),
        by,
    )
    placement.referral, placement.ended_on, placement.reason = None, None, reason
    placement.save(
        update_fields=["state", "state_at", "state_by", "referral", "ended_on", "reason"]
    )
