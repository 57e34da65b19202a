"""What a change of circumstances does to somebody's referrals, at once."""

import pytest

from correspondence.states import LetterState
from inmates.models import Custody, Sentence
from inmates.services.circumstances import note
from inmates.states import CircumstanceDecision, CircumstanceKind, ConsentPurpose, CustodyEnd
from placements.employment import ReferralState
from placements.models import Vacancy
from placements.services import circumstances, consents, departures, referral_upkeep
from placements.states import Effect
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import confirmed_batch, enrolled
from tests.placements.changes import policy, settled, told
from tests.placements.referring import Desk, now_of

pytestmark = pytest.mark.django_db

OUTSIDE = (ReferralState.SENT, ReferralState.FORWARDED, ReferralState.INTERVIEW)
INSIDE = (ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.APPROVED)
KEPT, ENDED = CircumstanceDecision.KEPT, CircumstanceDecision.ENDED


@pytest.fixture
def desk(facility):
    return Desk(facility)


def decide(circumstance, decision, by):
    return circumstances.decide(
        circumstance=circumstance, decision=decision, reason="Sudah dibicarakan", by=by
    )


class TestConsent:
    @pytest.mark.parametrize("state", [*INSIDE, *OUTSIDE])
    @pytest.mark.parametrize("effect", [Effect.IGNORE, Effect.ASK, Effect.SUSPEND])
    def test_ends_what_is_open_whatever_the_policy(self, desk, state, effect):
        policy(CircumstanceKind.CONSENT, effect, desk.facility)
        row = desk.referral(state)
        (consent,) = row.inmate.consents.all()
        done = consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=desk.officer)
        row = now_of(row)
        assert row.state == ReferralState.WITHDRAWN
        assert row.reason.startswith("Persetujuan ditarik per ")
        assert (done.changed, done.waiting) == (1, 0)
        assert done.circumstance.decision == ENDED
        assert bool(told(desk.liaison, "referral_withdrawn")) == (state in OUTSIDE)

    def test_a_letter_that_was_not_sent_is_void(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        (consent,) = row.inmate.consents.all()
        consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=desk.officer)
        assert now_of(row).letter.state == LetterState.VOID

    def test_who_was_accepted_waits_for_a_decision(self, desk):
        row = desk.referral(ReferralState.ACCEPTED, vacancy=desk.vacancy())
        (consent,) = row.inmate.consents.all()
        done = consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=desk.officer)
        assert (done.changed, done.waiting) == (0, 1)
        assert now_of(row).state == ReferralState.ACCEPTED
        decide(done.circumstance, ENDED, desk.head)
        assert now_of(row).state == ReferralState.WITHDRAWN
        assert Vacancy.objects.get().places_filled == 0

    def test_open_ones_end_and_the_accepted_one_waits(self, desk):
        person = desk.person()
        accepted = desk.referral(ReferralState.INTERVIEW, person, vacancy=desk.vacancy())
        other = desk.referral(ReferralState.SENT, person, vacancy=desk.vacancy())
        desk.step(accepted, ReferralState.ACCEPTED)
        (consent,) = person.consents.all()
        done = consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=desk.officer)
        assert now_of(other).state == ReferralState.WITHDRAWN
        assert (done.changed, done.waiting) == (1, 1)
        (leg,) = circumstances.touches(done.circumstance)
        assert leg.row == accepted
        done = decide(done.circumstance, KEPT, desk.officer)
        assert [line["to"] for line in done.outcome] == ["withdrawn", "accepted"]

    def test_of_another_purpose_touches_none(self, desk):
        row = desk.referral(ReferralState.SENT)
        circumstance = settled(row, CircumstanceKind.CONSENT, new=ConsentPurpose.PROFILE)
        assert circumstance.decision == CircumstanceDecision.NOTHING
        assert row.state == ReferralState.SENT

    def test_reaches_what_another_prison_sent(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        elsewhere = FacilityFactory()
        Custody.objects.filter(inmate=row.inmate).update(until=today(-1), ended_how="transferred")
        Custody.objects.create(inmate=row.inmate, facility=elsewhere, starts=today(-1))
        (consent,) = row.inmate.consents.all()
        consents.withdraw(
            consent=consent, on=today(), why="Tidak mau", by=staff(elsewhere, "officer")
        )
        assert now_of(row).state == ReferralState.WITHDRAWN
        assert told(desk.officer, "referral_ended")

    def test_one_that_ran_out_ends_them_with_the_day(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        row.inmate.consents.update(signed_on=today(-9), until=today(-1))
        assert referral_upkeep.end_without_consent() == 1
        assert referral_upkeep.end_without_consent() == 0
        assert now_of(row).state == ReferralState.WITHDRAWN


class TestLeaving:
    @pytest.mark.parametrize("state", [*INSIDE, *OUTSIDE])
    def test_release_is_the_aim(self, desk, state):
        row = desk.referral(state)
        circumstance = departures.leave(
            inmate=row.inmate,
            facility=desk.facility,
            how=CustodyEnd.RELEASED,
            on=today(),
            by=staff(desk.facility, "registrar"),
        )
        row = now_of(row)
        assert row.state == state
        assert circumstance.decision == CircumstanceDecision.NOTHING
        assert row.available_from == today().replace(day=1)
        assert bool(told(desk.liaison, "referral_month")) == (state in OUTSIDE)

    @pytest.mark.parametrize("kind", [CircumstanceKind.DIED, CircumstanceKind.ESCAPED])
    def test_death_and_escape_end_all_and_give_the_place_back(self, desk, kind):
        row = desk.referral(ReferralState.ACCEPTED, vacancy=desk.vacancy(places=1))
        circumstance = settled(row, kind)
        assert (row.state, circumstance.decision) == (ReferralState.WITHDRAWN, ENDED)
        assert Vacancy.objects.get().places_filled == 0
        assert told(desk.liaison, "referral_withdrawn")

    def test_death_at_another_prison_ends_them_too(self, desk):
        row = desk.referral(ReferralState.SENT)
        Custody.objects.filter(inmate=row.inmate).update(until=today(-3), ended_how="transferred")
        Custody.objects.create(
            inmate=row.inmate,
            facility=FacilityFactory(),
            starts=today(-3),
            until=today(),
            ended_how=CustodyEnd.DIED,
        )
        assert referral_upkeep.end_of_the_gone() == 1
        assert referral_upkeep.end_of_the_gone() == 0
        assert now_of(row).state == ReferralState.WITHDRAWN

    @pytest.mark.parametrize("state", OUTSIDE)
    def test_a_transfer_asks_about_what_an_agency_has(self, desk, state):
        row = desk.referral(state)
        circumstance = settled(row, CircumstanceKind.TRANSFERRED)
        assert circumstance.is_open
        assert circumstances.decisions_for(
            circumstance.kind, circumstances.touches(circumstance)
        ) == (KEPT, ENDED)
        decide(circumstance, KEPT, desk.officer)
        assert now_of(row).state == state

    @pytest.mark.parametrize("state", INSIDE)
    def test_and_ends_what_the_warden_may_not_recommend_any_more(self, desk, state):
        row = desk.referral(state)
        assert settled(row, CircumstanceKind.TRANSFERRED).decision == ENDED
        assert row.state == ReferralState.WITHDRAWN

    def test_a_transfer_ends_the_training_and_asks_about_the_referral(self, desk, agency, head):
        batch = confirmed_batch(desk.facility, agency, starts_on=today(-5), ends_on=today(30))
        person = desk.person()
        enrolment = enrolled(batch, person)
        row = desk.referral(ReferralState.SENT, person)
        circumstance = settled(row, CircumstanceKind.TRANSFERRED)
        enrolment.refresh_from_db()
        assert enrolment.state == "dropped"
        assert circumstance.is_open
        assert [line["what"] for line in circumstance.outcome] == ["enrolment"]
        circumstance = decide(circumstance, ENDED, desk.head)
        assert [line["what"] for line in circumstance.outcome] == ["enrolment", "referral"]


class TestRestrictions:
    def test_discipline_suspends_the_training_and_asks_about_the_referral(self, desk, agency):
        batch = confirmed_batch(desk.facility, agency, starts_on=today(-5), ends_on=today(30))
        person = desk.person()
        enrolment = enrolled(batch, person)
        row = desk.referral(ReferralState.SENT, person)
        circumstance = settled(row, CircumstanceKind.DISCIPLINE)
        enrolment.refresh_from_db()
        assert (enrolment.state, row.state) == ("suspended", "sent")
        (leg,) = circumstances.touches(circumstance)
        assert leg.code == row.person_code
        circumstance = decide(circumstance, KEPT, desk.officer)
        enrolment.refresh_from_db()
        assert (enrolment.state, now_of(row).state) == ("suspended", "sent")
        assert circumstance.decision == KEPT

    def test_a_decision_taken_back_asks_about_all_of_it_again(self, desk, agency):
        batch = confirmed_batch(desk.facility, agency, starts_on=today(-5), ends_on=today(30))
        person = desk.person()
        enrolment = enrolled(batch, person)
        row = desk.referral(ReferralState.SENT, person)
        circumstance = settled(row, CircumstanceKind.DISCIPLINE)
        decide(circumstance, KEPT, desk.officer)
        circumstances.undo(circumstance=circumstance, reason="Keliru", by=desk.head)
        circumstance.refresh_from_db()
        enrolment.refresh_from_db()
        assert enrolment.state == "enrolled"
        assert {leg.what for leg in circumstances.touches(circumstance)} == {
            "enrolment",
            "referral",
        }

    def test_a_prison_may_want_them_ended(self, desk):
        policy(CircumstanceKind.SECURITY, Effect.END, desk.facility)
        row = desk.referral(ReferralState.FORWARDED)
        assert settled(row, CircumstanceKind.SECURITY).decision == ENDED
        assert row.state == ReferralState.WITHDRAWN
        assert not told(desk.liaison, "referral_withdrawn")[0].data.get("reason")

    def test_the_end_of_a_restriction_touches_no_referral(self, desk):
        row = desk.referral(ReferralState.SENT)
        settled(row, CircumstanceKind.LIFTED, old="discipline")
        assert row.state == ReferralState.SENT


class TestDates:
    def moved_to(self, row, day):
        Sentence.objects.filter(inmate=row.inmate).update(expires=day, two_thirds=day)
        return settled(row, CircumstanceKind.DATES, new=day.isoformat())

    @pytest.mark.parametrize("state", [ReferralState.DRAFT, ReferralState.INTERVIEW])
    def test_a_moved_release_moves_the_month_and_an_agency_learns_it(self, desk, state):
        row = desk.referral(state)
        circumstance = self.moved_to(row, today(100))
        assert row.available_from == today(100).replace(day=1)
        assert row.state == state
        assert circumstance.decision == CircumstanceDecision.NOTHING
        notices = told(desk.liaison, "referral_month")
        assert len(notices) == (state == ReferralState.INTERVIEW)
        for notice in notices:
            assert notice.data["month"] == today(100).replace(day=1).isoformat()

    def test_another_day_of_the_same_month_says_nothing(self, desk):
        row = desk.referral(ReferralState.SENT)
        month = row.available_from
        self.moved_to(row, month.replace(day=15))
        assert not told(desk.liaison, "referral_month")

    def test_a_release_that_is_not_known_any_more_leaves_the_month(self, desk):
        row = desk.referral(ReferralState.SENT)
        month = row.available_from
        Sentence.objects.filter(inmate=row.inmate).update(expires=None, two_thirds=None)
        settled(row, CircumstanceKind.DATES)
        assert row.available_from == month

    def test_of_somebody_held_at_another_prison_by_the_sweep(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        Custody.objects.filter(inmate=row.inmate).update(until=today(-3), ended_how="transferred")
        Custody.objects.create(
            inmate=row.inmate, facility=FacilityFactory(), starts=today(-3), register_class="B.I"
        )
        assert referral_upkeep.follow_dates() == 0
        Sentence.objects.filter(inmate=row.inmate).update(two_thirds=today(90))
        assert referral_upkeep.follow_dates() == 1
        assert referral_upkeep.follow_dates() == 0
        assert now_of(row).available_from == today(90).replace(day=1)


def test_other_people_are_not_touched(desk):
    row = desk.referral(ReferralState.SENT)
    stranger = inmate_at(desk.facility)
    change = note(
        inmate=stranger,
        facility_id=desk.facility.pk,
        kind=CircumstanceKind.DIED,
        effective=today(),
        source="test",
        by=None,
    )
    circumstances.settle(circumstances=[change])
    assert now_of(row).state == ReferralState.SENT


def test_all_of_it_in_one_sweep(desk):
    lapsing, losing = desk.referral(ReferralState.SENT), desk.referral(ReferralState.SENT)
    losing.inmate.consents.update(withdrawn_on=today())
    assert referral_upkeep.keep(today=today(31)) == 2
    assert now_of(lapsing).state == ReferralState.LAPSED
    assert now_of(losing).state == ReferralState.WITHDRAWN
    assert referral_upkeep.keep(today=today(31)) == 0
