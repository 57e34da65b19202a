"""Referrals put right by the head, lapsed by the day and sent again."""

import pytest

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Consent
from placements.employment import DeclineReason, ReferralState
from placements.models import Vacancy
from placements.services import referral_answers, referral_corrections, referral_upkeep, referrals
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import PartnershipFactory, today
from tests.placements.changes import told
from tests.placements.referring import Desk, now_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(facility):
    return Desk(facility)


@pytest.fixture
def second(facility):
    """Another Disnaker that works with the same prison."""
    other = Desk(FacilityFactory(code="TNG", city="Tangerang"))
    PartnershipFactory(facility=facility, agency=other.disnaker)
    return other


class TestCorrections:
    def test_an_acceptance_is_undone_and_the_place_is_free(self, desk):
        vacancy = desk.vacancy(places=1)
        row = desk.referral(ReferralState.ACCEPTED, vacancy=vacancy)
        row = referral_corrections.undo_accept(referral=row, reason="Salah orang", by=desk.head)
        assert row.state == ReferralState.FORWARDED
        assert Vacancy.objects.get(pk=vacancy.pk).places_filled == 0
        assert told(desk.liaison, "referral_corrected")
        again = referral_corrections.undo_accept(referral=row, reason="Salah orang", by=desk.head)
        assert again == row

    def test_a_refusal_is_undone(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        referral_answers.decline(referral=row, decline_reason=DeclineReason.SKILL, by=desk.liaison)
        row.answer_by = today(-2)
        row.save(update_fields=["answer_by"])
        row = referral_corrections.undo_decline(referral=row, reason="Salah klik", by=desk.head)
        assert (row.state, row.decline_reason) == (ReferralState.RECEIVED, "")
        assert row.answer_by == today(30)

    def test_a_withdrawal_is_undone_to_a_draft_that_needs_the_warden_again(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        referrals.withdraw(referral=row, reason="Salah", by=desk.officer)
        row = referral_corrections.undo_withdraw(referral=row, reason="Salah orang", by=desk.head)
        assert row.state == ReferralState.DRAFT
        assert (row.letter, row.sent_at, row.approved_by) == (None, None, None)
        for state in ("submitted", "approved", "sent"):
            desk.step(row, ReferralState(state))
        assert now_of(row).letter

    @pytest.mark.parametrize("undo", ["undo_accept", "undo_decline", "undo_withdraw"])
    def test_only_by_the_head_with_a_reason_and_from_that_state(self, desk, undo):
        service = getattr(referral_corrections, undo)
        row = desk.referral(ReferralState.RECEIVED)
        for by in (desk.officer, desk.warden, desk.liaison):
            with pytest.raises(Forbidden):
                service(referral=row, reason="X", by=by)
        with pytest.raises(NotAllowed):
            service(referral=row, reason="", by=desk.head)
        with pytest.raises(NotAllowed, match="Diterima Disnaker"):
            service(referral=row, reason="X", by=desk.head)

    def test_nothing_comes_back_without_consent(self, desk):
        row = desk.referral(ReferralState.SENT)
        referral_answers.decline(referral=row, decline_reason=DeclineReason.SKILL, by=desk.liaison)
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed, match="Persetujuan"):
            referral_corrections.undo_decline(referral=row, reason="Salah", by=desk.head)

    def test_a_place_referred_to_anew_is_not_referred_to_twice(self, desk):
        vacancy = desk.vacancy()
        row = desk.referral(ReferralState.SENT, vacancy=vacancy)
        referrals.withdraw(referral=row, reason="Salah", by=desk.officer)
        desk.draft(row.inmate, vacancy=vacancy)
        with pytest.raises(NotAllowed, match="sudah dirujuk"):
            referral_corrections.undo_withdraw(referral=row, reason="Salah", by=desk.head)


class TestTime:
    def test_lapses_the_day_after_and_both_sides_are_told(self, desk):
        row = desk.referral(ReferralState.RECEIVED)
        assert referral_upkeep.lapse_overdue(today=today(30)) == 0
        assert referral_upkeep.lapse_overdue(today=today(31)) == 1
        assert referral_upkeep.lapse_overdue(today=today(31)) == 0
        assert now_of(row).state == ReferralState.LAPSED
        assert told(desk.officer, "referral_lapsed")
        assert told(desk.liaison, "referral_lapsed")

    def test_is_sent_again_with_a_new_day(self, desk):
        row = desk.referral(ReferralState.RECEIVED)
        referral_upkeep.lapse(referral=row, today=today(31))
        row = referrals.resume(referral=row, by=desk.officer, answer_by=today(10))
        assert (row.state, row.answer_by) == (ReferralState.SENT, today(10))
        assert told(desk.liaison, "referral_resumed")[0].mail
        assert not told(desk.officer, "referral_lapsed")

    def test_not_without_consent(self, desk):
        row = desk.referral(ReferralState.SENT)
        referral_upkeep.lapse(referral=row, today=today(31))
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed, match="Persetujuan"):
            referrals.resume(referral=row, by=desk.officer)
