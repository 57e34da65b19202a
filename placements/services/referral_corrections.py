"""Wrong clicks on referrals: the head takes them back, with a reason; both sides are told."""

from django.utils import timezone

from accounts.permissions import require
from accounts.refusals import act
from placements.employment import ReferralState
from placements.services import referral_checks as checks
from placements.services import referral_news as tell
from placements.services import referral_rows as rows
from placements.services.referral_answers import need_unplaced
from placements.services.referral_starts import needed_month
from placements.services.referrals import in_time, needed, wake


@act
def undo_accept(*, referral, reason, by):
    """Nobody was accepted: it lies with the employer again, and the place is free."""
    referral, is_done = _asked(
        referral, "undo_accept", ReferralState.FORWARDED, reason, by, vacancy=True
    )
    if is_done:
        return referral
    need_unplaced(referral)
    checks.all_well([referral], checks.needs_consent)
    _move(referral, ReferralState.FORWARDED, reason, by, answer_by=_later(referral))
    wake(referral=referral, by=by)
    return referral


@act
def undo_decline(*, referral, reason, by):
    """It was not declined: the agency has it again."""
    referral, is_done = _asked(referral, "undo_decline", ReferralState.RECEIVED, reason, by)
    if is_done:
        return referral
    checks.all_well([referral], checks.needs_consent)
    _move(
        referral,
        ReferralState.RECEIVED,
        reason,
        by,
        decline_reason="",
        answer_by=_later(referral),
    )
    return referral


@act
def undo_withdraw(*, referral, reason, by):
    """It should not have been withdrawn: a draft again, to be approved and sent anew."""
    referral, is_done = _asked(referral, "undo_withdraw", ReferralState.DRAFT, reason, by)
    if is_done:
        return referral
    checks.all_well([referral], checks.needs_consent, checks.needs_person, checks.needs_nobody_else)
    _move(
        referral,
        ReferralState.DRAFT,
        reason,
        by,
        available_from=needed_month(referral.inmate),
        letter=None,
        cover_letter=None,
        **dict.fromkeys(("approved_at", "approved_by", "sent_at", "answer_by")),
        **dict.fromkeys(("interview_at", "introduced_on")),
        introduction_number="",
    )
    return referral


def _asked(referral, act_name, end, reason, by, *, vacancy=False):
    require(by, "correct_state", referral.facility_id)
    reason = needed(reason)
    referral = rows.locked_with_vacancy(referral) if vacancy else rows.locked_one(referral)
    if rows.is_repeat(referral, end, by, reason=reason):
        return referral, True
    rows.need(referral, act_name, by)
    return referral, False


def _move(referral, state, reason, by, **fields):
    rows.move(referral, state, by, reason=reason.strip(), **fields)
    tell.both("referral_corrected", referral, by)


def _later(referral):
    """The day of the answer, not one that has passed."""
    is_past = referral.answer_by < timezone.localdate()
    return in_time() if is_past else referral.answer_by
