"""A change of circumstances: what it touches, and what a policy does about it."""

import pytest

from inmates.models import Circumstance, Custody, Inmate, Sentence
from inmates.services.circumstances import note
from inmates.states import (
    LEAVES,
    CircumstanceDecision,
    CircumstanceKind,
    ConsentPurpose,
    RegisterClass,
)
from placements.services import circumstances
from placements.states import Effect
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    approved,
    confirmed_batch,
    enrolled,
)
from tests.placements.changes import happened, policy, settled, told
from training.models import Batch
from training.services import candidates, decrees
from training.states import CandidateState, DecreeState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-5), ends_on=today(30))


@pytest.fixture
def enrolment(batch):
    return enrolled(batch)


class TestLeaving:
    @pytest.mark.parametrize("kind", LEAVES)
    def test_ends_the_enrolment_and_frees_the_seat(self, enrolment, batch, kind):
        circumstance = settled(enrolment, kind)
        assert circumstance.decision == CircumstanceDecision.ENDED
        assert circumstance.handled_by is None
        assert (enrolment.state, enrolment.dropped_on) == (EnrolmentState.DROPPED, today())
        assert Batch.objects.get(pk=batch.pk).seats_taken == 0
        assert circumstance.outcome == [
            {
                "what": "enrolment",
                "row": str(enrolment.public_id),
                "batch": batch.name,
                "code": enrolment.participant_code,
                "was": "enrolled",
                "to": "dropped",
            }
        ]

    def test_says_why_in_words(self, enrolment):
        settled(enrolment, CircumstanceKind.TRANSFERRED, effective=today(-1))
        assert enrolment.reason.startswith("Pindah lapas per ")
        assert enrolment.dropped_on == today(-1)

    def test_a_candidature_lapses(self, batch):
        candidate = CandidateFactory(batch=batch)
        settled(candidate, CircumstanceKind.RELEASED)
        assert candidate.state == CandidateState.LAPSED
        assert candidate.note.startswith("Bebas per ")

    def test_a_decree_that_waits_is_taken_back_and_the_head_prepares_it_anew(
        self, batch, head, warden
    ):
        (stays, leaves), hearing = approved(batch, 2)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=[stays, leaves], by=head)
        settled(leaves, CircumstanceKind.TRANSFERRED)
        decree.refresh_from_db()
        assert leaves.state == CandidateState.LAPSED
        assert decree.state == DecreeState.RETURNED
        assert "gugur" in decree.reason
        assert leaves.inmate.name not in decree.reason
        assert told(head, "decree_withdrawn")
        assert told(warden, "decree_withdrawn")
        again = decrees.prepare(batch=batch, hearing=hearing, candidates=[stays], by=head)
        assert [entry.candidate for entry in again.entries.all()] == [stays]

    def test_two_of_one_decree_leave_at_once(self, batch, head):
        both, hearing = approved(batch, 2)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=both, by=head)
        changes = [happened(one, CircumstanceKind.RELEASED) for one in both]
        assert len(circumstances.settle(circumstances=changes)) == 2
        decree.refresh_from_db()
        assert decree.state == DecreeState.RETURNED
        assert not batch.candidates.open().exists()

    def test_another_prison_is_not_touched(self, enrolment, outsider):
        elsewhere = note(
            inmate=enrolment.inmate,
            facility_id=outsider.facility.pk,
            kind=CircumstanceKind.TRANSFERRED,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle(circumstances=[elsewhere])
        enrolment.refresh_from_db()
        elsewhere.refresh_from_db()
        assert enrolment.state == EnrolmentState.ENROLLED
        assert elsewhere.decision == CircumstanceDecision.NOTHING

    @pytest.mark.parametrize("fields", [{"ends_on": today(-1)}, {"state": "finished"}])
    def test_who_left_after_the_last_day_keeps_the_training(self, facility, agency, fields):
        batch = confirmed_batch(facility, agency, starts_on=today(-40), **fields)
        row = enrolled(batch)
        circumstance = settled(row, CircumstanceKind.RELEASED)
        assert row.state == EnrolmentState.ENROLLED
        assert circumstance.decision == CircumstanceDecision.NOTHING

    def test_a_postponed_training_is_still_to_come_after_its_old_dates(self, facility, agency):
        batch = confirmed_batch(facility, agency, starts_on=today(-40), ends_on=today(-1))
        row = enrolled(batch)
        Batch.objects.filter(pk=batch.pk).update(state="postponed")
        assert settled(row, CircumstanceKind.RELEASED).decision == CircumstanceDecision.ENDED
        assert row.state == EnrolmentState.DROPPED

    def test_before_its_day_nothing_happens(self, enrolment):
        circumstance = settled(enrolment, CircumstanceKind.RELEASED, effective=today(3))
        assert circumstance.is_open
        assert enrolment.state == EnrolmentState.ENROLLED

    def test_what_runs_under_a_merged_record_ends_too(self, enrolment, facility):
        kept = inmate_at(facility)
        Inmate.objects.filter(pk=enrolment.inmate_id).update(merged_into=kept)
        change = note(
            inmate=kept,
            facility_id=facility.pk,
            kind=CircumstanceKind.RELEASED,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle(circumstances=[change])
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.DROPPED

    def test_the_agency_learns_the_code_and_no_more(self, enrolment, liaison, officer, head):
        settled(enrolment, CircumstanceKind.DIED)
        (notice,) = told(liaison, "participant_left")
        assert notice.data == {"code": enrolment.participant_code, "batch": enrolment.batch.name}
        assert told(officer, "circumstance_settled")
        assert told(head, "circumstance_settled")

    def test_whoever_reports_it_is_not_told(self, enrolment, officer):
        change = happened(enrolment, CircumstanceKind.DIED)
        circumstances.settle(circumstances=[change], by=officer)
        assert not told(officer, "circumstance_settled")

    def test_twice_is_once(self, enrolment):
        change = happened(enrolment, CircumstanceKind.RELEASED)
        assert circumstances.settle(circumstances=[change]) == [change]
        assert circumstances.settle(circumstances=[change]) == []


class TestPolicy:
    def test_nothing_touched_is_closed_at_once(self, facility):
        change = note(
            inmate=inmate_at(facility),
            facility_id=facility.pk,
            kind=CircumstanceKind.UNFIT,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle(circumstances=[change])
        change.refresh_from_db()
        assert (change.decision, change.outcome) == (CircumstanceDecision.NOTHING, [])

    def test_suspends_a_participant_who_keeps_the_seat(self, enrolment, batch, liaison):
        circumstance = settled(enrolment, CircumstanceKind.DISCIPLINE)
        assert circumstance.decision == CircumstanceDecision.SUSPENDED
        assert enrolment.state == EnrolmentState.SUSPENDED
        assert enrolment.reason.startswith("Masuk Register F per ")
        assert Batch.objects.get(pk=batch.pk).seats_taken == 1
        assert told(liaison, "participant_paused")

    def test_suspending_leaves_a_candidate_on_the_list_and_shows_it(self, batch):
        candidate = CandidateFactory(batch=batch)
        circumstance = settled(candidate, CircumstanceKind.SECURITY)
        assert candidate.state == CandidateState.PROPOSED
        assert [(line["what"], line["to"]) for line in circumstance.outcome] == [
            ("candidate", "proposed")
        ]

    def test_asks_officer_and_head_once_and_waits(self, enrolment, officer, head, liaison):
        circumstance = settled(enrolment, CircumstanceKind.UNFIT)
        assert circumstance.is_open
        assert circumstance.asked_at
        assert told(officer, "circumstance_waiting")
        assert told(head, "circumstance_waiting")
        assert not told(liaison, "participant_paused")
        assert circumstances.settle_all() == 0

    def test_a_prison_has_its_own(self, enrolment, facility):
        policy(CircumstanceKind.UNFIT, Effect.IGNORE, facility)
        circumstance = settled(enrolment, CircumstanceKind.UNFIT)
        assert circumstance.decision == CircumstanceDecision.KEPT
        assert enrolment.state == EnrolmentState.ENROLLED

    def test_the_sweep_settles_all_and_goes_on_after_a_failure(self, batch, enrolment):
        candidate = CandidateFactory(batch=batch)
        wrong = happened(candidate, CircumstanceKind.DISCIPLINE)
        Circumstance.objects.filter(pk=wrong.pk).update(kind="unheard")
        right = happened(enrolment, CircumstanceKind.RELEASED)
        assert circumstances.settle_all() == 1
        right.refresh_from_db()
        assert right.decision == CircumstanceDecision.ENDED


class TestDates:
    """`facts_for` reads the dates as they are now; the change only says that they changed."""

    def moved_to(self, row, day):
        Sentence.objects.filter(inmate=row.inmate).update(expires=day, two_thirds=day)
        return settled(row, CircumstanceKind.DATES, old=today(760).isoformat(), new=day.isoformat())

    def test_a_participant_who_still_fits_is_not_touched(self, enrolment):
        circumstance = self.moved_to(enrolment, today(100))
        assert circumstance.decision == CircumstanceDecision.NOTHING

    def test_a_participant_who_goes_home_before_the_end_waits_for_a_decision(self, enrolment):
        circumstance = self.moved_to(enrolment, today(40))
        assert circumstance.is_open
        (leg,) = circumstances.touches(circumstance)
        assert leg.code == enrolment.participant_code
        assert leg.why

    def test_a_candidate_whose_window_broke_waits_for_a_decision(self, batch):
        candidate = CandidateFactory(batch=batch)
        assert self.moved_to(candidate, today(40)).is_open

    def test_a_candidate_let_in_by_an_override_is_not_asked_for_it_again(self, batch, head):
        person = inmate_at(batch.facility, sentence={"expires": today(40), "two_thirds": today(40)})
        answer = candidates.propose(batch=batch, inmates=[person], override_reason="PB", by=head)
        (candidate,) = answer.proposed
        assert self.moved_to(candidate, today(39)).decision == CircumstanceDecision.NOTHING


class TestRegister:
    @pytest.mark.parametrize(
        ("new", "waits"), [(RegisterClass.B2A, False), (RegisterClass.A3, True)]
    )
    def test_only_whoever_is_no_longer_sentenced_is_touched(self, enrolment, new, waits):
        Custody.objects.filter(inmate=enrolment.inmate).update(register_class=new)
        circumstance = settled(enrolment, CircumstanceKind.REGISTER, old="B.I", new=new)
        assert circumstance.is_open == waits


class TestConsent:
    @pytest.mark.parametrize(
        ("purpose", "waits"),
        [(ConsentPurpose.TRAINING, True), (ConsentPurpose.FOLLOW_UP, False)],
    )
    def test_touches_what_hangs_on_that_purpose(self, enrolment, purpose, waits):
        circumstance = settled(enrolment, CircumstanceKind.CONSENT, new=purpose)
        assert circumstance.is_open == waits
