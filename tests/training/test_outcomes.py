"""Who completed a training: what speaks for it, the decision, and taking it back."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.results import attended, certificate_series, finished_batch
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled
from training.models import Assessment, Batch, Enrolment
from training.services import certificates, enrolments, outcomes
from training.services.outcomes import Outcome
from training.states import BatchState, EnrolmentState
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db
ABSENT = Outcome(EnrolmentState.NOT_COMPLETED, "absent", "Sering dipanggil sidang")


@pytest.fixture
def finished(facility, agency):
    return finished_batch(facility, agency)


def now_of(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk)


def failed(enrolment):
    return Assessment.objects.create(
        facility=enrolment.facility,
        agency=enrolment.agency,
        enrolment=enrolment,
        kind="evaluation",
        result="BK",
        knowledge=50,
        skill=80,
        assessor="Asesor",
        assessed_on=today(-6),
    )


class TestSuggestions:
    def test_whoever_lacks_nothing_is_enough(self, finished):
        batch, (_one, other) = finished
        failed(other)
        first, second = sorted(outcomes.suggestions(batch), key=lambda each: each.enrolment.pk)
        assert (first.is_enough, first.attended.percent) == (True, 100)
        assert (second.is_enough, second.cause) == (False, "not_passed")

    def test_too_little_attendance_is_named(self, finished):
        batch, (one, other) = finished
        meeting = MeetingFactory(
            batch=batch, number=2, state=MeetingState.HELD, entered_afterwards=True
        )
        attended(meeting, one)
        by_person = {each.enrolment.pk: each for each in outcomes.suggestions(batch)}
        assert by_person[one.pk].is_enough
        assert "50%" in by_person[other.pk].problems[0]
        assert by_person[other.pk].cause == "absent"

    def test_as_many_queries_for_six_as_for_two(self, facility, agency, django_assert_num_queries):
        for people in (2, 6):
            batch, _rows = finished_batch(facility, agency, people=people)
            with django_assert_num_queries(2):
                assert len(outcomes.suggestions(batch)) == people


class TestComplete:
    def test_each_with_state_cause_and_words(self, finished, officer):
        batch, (one, other) = finished
        outcomes.complete(batch=batch, outcomes={one: Outcome(), other: ABSENT}, by=officer)
        assert now_of(one).state == EnrolmentState.COMPLETED
        row = now_of(other)
        assert (row.state, row.cause) == (EnrolmentState.NOT_COMPLETED, "absent")
        assert row.reason == "Sering dipanggil sidang"
        assert Batch.objects.get(pk=batch.pk).seats_taken == 2

    def test_all_for_whom_nothing_lacks(self, finished, head):
        batch, (one, other) = finished
        failed(other)
        assert outcomes.complete_suggested(batch=batch, by=head) == [one]
        assert now_of(other).state == EnrolmentState.ENROLLED

    def test_not_before_the_batch_is_finished(self, facility, agency, head):
        batch, (one,) = finished_batch(facility, agency, people=1, state=BatchState.RUNNING)
        with pytest.raises(NotAllowed, match="berjalan"):
            outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head)

    def test_not_completing_has_a_cause(self, finished, head):
        batch, (one, _other) = finished
        with pytest.raises(NotAllowed, match="sebab"):
            outcomes.complete(
                batch=batch, outcomes={one: Outcome(EnrolmentState.NOT_COMPLETED)}, by=head
            )

    def test_the_same_again_is_once_the_other_way_is_told(self, finished, head):
        batch, (one, _other) = finished
        outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head)
        assert outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head) == []
        with pytest.raises(AlreadyDone, match=one.participant_code):
            outcomes.complete(batch=batch, outcomes={one: ABSENT}, by=head)

    def test_one_refusal_leaves_all_as_they_were(self, finished, head):
        batch, (one, other) = finished
        outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head)
        with pytest.raises(AlreadyDone):
            outcomes.complete(batch=batch, outcomes={other: Outcome(), one: ABSENT}, by=head)
        assert now_of(other).state == EnrolmentState.ENROLLED

    def test_nobody_with_a_standing_paper_fails(self, finished, head, liaison):
        batch, (one, other) = finished
        paper = certificates.record(
            enrolment=one, kind="training", number="BLK-1", issued_on=today(-3), by=liaison
        )
        with pytest.raises(NotAllowed, match=r"BLK-1.*cabut dulu"):
            outcomes.complete(batch=batch, outcomes={one: ABSENT, other: Outcome()}, by=head)
        assert now_of(other).state == EnrolmentState.ENROLLED
        certificates.revoke(certificate=paper, reason="Salah orang", by=liaison)
        outcomes.complete(batch=batch, outcomes={one: ABSENT}, by=head)
        assert now_of(one).state == EnrolmentState.NOT_COMPLETED

    def test_not_by_others(self, finished, warden, liaison, registrar):
        batch, (one, _other) = finished
        for user in (warden, liaison, registrar):
            with pytest.raises(Forbidden):
                outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=user)


class TestUndo:
    @pytest.fixture
    def settled(self, finished, head):
        batch, (one, _other) = finished
        outcomes.complete(batch=batch, outcomes={one: ABSENT}, by=head)
        return now_of(one)

    def test_by_the_head_with_a_reason_in_the_history(self, settled, head):
        row = outcomes.undo(enrolment=settled, reason="Salah orang", by=head)
        assert (row.state, row.cause, row.reason) == (EnrolmentState.ENROLLED, "", "")
        assert row.events.order_by("-pgh_id").first().pgh_context["reason"] == "Salah orang"
        assert outcomes.undo(enrolment=row, reason="Salah orang", by=head).state == row.state

    def test_who_was_kept_from_class_is_so_again(self, finished, officer, head):
        batch, (one, _other) = finished
        enrolments.suspend(enrolment=one, reason="Register F", cause="discipline", by=officer)
        outcomes.complete(batch=batch, outcomes={one: ABSENT}, by=head)
        row = outcomes.undo(enrolment=now_of(one), reason="Salah orang", by=head)
        assert (row.state, row.cause, row.reason) == ("suspended", "discipline", "Register F")
        assert outcomes.undo(enrolment=row, reason="Salah orang", by=head).state == row.state

    def test_not_by_the_officer_and_not_without_a_reason(self, settled, officer, head):
        with pytest.raises(Forbidden):
            outcomes.undo(enrolment=settled, reason="Salah", by=officer)
        with pytest.raises(NotAllowed):
            outcomes.undo(enrolment=settled, reason=" ", by=head)

    def test_not_while_a_paper_of_the_course_stands(self, facility, finished, head, warden):
        certificate_series(facility)
        batch, (one, _other) = finished
        outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head)
        paper = certificates.issue(enrolment=one, by=head)
        with pytest.raises(NotAllowed, match=paper.number):
            outcomes.undo(enrolment=one, reason="Salah", by=head)
        certificates.revoke(certificate=paper, reason="Salah orang", by=head)
        assert outcomes.undo(enrolment=one, reason="Salah", by=head).state == "enrolled"

    def test_not_when_the_person_joined_another_batch_of_the_time(
        self, facility, agency, settled, head
    ):
        other = confirmed_batch(
            facility, agency, starts_on=today(-20), ends_on=today(20), state=BatchState.RUNNING
        )
        enrolled(other, settled.inmate)
        with pytest.raises(NotAllowed, match=settled.inmate.name) as refusal:
            outcomes.undo(enrolment=settled, reason="Salah", by=head)
        assert refusal.value.people == [settled.inmate]

    def test_not_of_who_dropped_out(self, facility, finished, head):
        batch, _rows = finished
        gone = enrolled(batch, inmate_at(facility))
        Enrolment.objects.filter(pk=gone.pk).update(
            state=EnrolmentState.DROPPED, dropped_on=today(-9), reason="Sakit"
        )
        with pytest.raises(NotAllowed, match="berhenti"):
            outcomes.undo(enrolment=now_of(gone), reason="Salah", by=head)
