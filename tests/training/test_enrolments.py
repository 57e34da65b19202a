"""After the decree: suspended, back, or out."""

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Restriction
from inmates.states import RestrictionKind
from tests.factories.partners import today
from tests.factories.results import attended, certificate_of
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled, hours
from tests.races import race
from tests.training.conftest import told
from training.models import Batch, Certificate
from training.services import candidates, enrolments
from training.states import CandidateState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-5), seats_confirmed=2)


@pytest.fixture
def enrolment(batch):
    return enrolled(batch)


def seats_taken(batch):
    return Batch.objects.get(pk=batch.pk).seats_taken


class TestDrop:
    def test_frees_the_seat_and_ends_the_period(self, enrolment, batch, officer):
        gone = enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="Pindah", by=officer)
        gone.refresh_from_db()
        assert (gone.state, seats_taken(batch)) == (EnrolmentState.DROPPED, 0)
        assert gone.period.upper == today(1)
        assert gone.candidate.state == CandidateState.LAPSED

    def test_the_person_may_be_proposed_again(self, enrolment, batch, officer):
        enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="Sakit", by=officer)
        answer = candidates.propose(batch=batch, inmates=[enrolment.inmate], by=officer)
        assert answer.proposed

    def test_twice_is_once_and_with_other_words_already_done(self, enrolment, officer):
        first = enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="X", by=officer)
        again = enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="X", by=officer)
        assert first == again
        with pytest.raises(AlreadyDone):
            enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="Y", by=officer)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [({"reason": " "}, "reason"), ({"dropped_on": today(1)}, "dropped_on")],
    )
    def test_day_and_reason_must_make_sense(self, enrolment, officer, changed, field):
        typed = {"dropped_on": today(), "reason": "Pindah"} | changed
        with pytest.raises(NotAllowed) as refusal:
            enrolments.drop(enrolment=enrolment, by=officer, **typed)
        assert field in refusal.value.error_dict

    def test_not_before_joining_or_the_last_day_in_class(self, enrolment, batch, officer):
        meeting = MeetingFactory(
            batch=batch, during=hours(today(-2), 8, 12), state="held", entered_afterwards=True
        )
        attended(meeting, enrolment)
        for day in (today(-6), today(-3)):
            with pytest.raises(NotAllowed) as refusal:
                enrolments.drop(enrolment=enrolment, dropped_on=day, reason="X", by=officer)
            assert set(refusal.value.error_dict) == {"dropped_on"}
        gone = enrolments.drop(enrolment=enrolment, dropped_on=today(-2), reason="X", by=officer)
        assert gone.dropped_on == today(-2)

    def test_before_the_training_begins_from_the_day_of_the_decree(self, facility, agency, officer):
        early = enrolled(confirmed_batch(facility, agency, starts_on=today(20), ends_on=today(40)))
        assert enrolments.drop(enrolment=early, dropped_on=today(), reason="X", by=officer)

    def test_a_paper_of_the_course_is_revoked_first(self, enrolment, officer):
        paper = certificate_of(enrolment)
        with pytest.raises(NotAllowed, match="cabut dulu"):
            enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="X", by=officer)
        Certificate.objects.filter(pk=paper.pk).update(state="revoked", reason="Salah")
        enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="X", by=officer)

    def test_whoever_leaves_the_prison_keeps_it_and_the_head_is_told(self, enrolment, head):
        paper = certificate_of(enrolment)
        enrolments.let_go(enrolment=enrolment, dropped_on=today(), reason="Bebas")
        assert told("paper_of_who_left") == {head}
        assert Certificate.objects.get(pk=paper.pk).state == "issued"

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, enrolment, role, request):
        by = request.getfixturevalue(role)
        with pytest.raises(Forbidden):
            enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="X", by=by)


class TestSuspend:
    def test_keeps_the_seat_and_comes_back(self, enrolment, batch, officer):
        enrolments.suspend(enrolment=enrolment, reason="Register F", by=officer)
        assert seats_taken(batch) == 1
        back = enrolments.resume(enrolment=enrolment, by=officer)
        assert (back.state, back.reason) == (EnrolmentState.ENROLLED, "")

    def test_twice_is_once(self, enrolment, officer):
        first = enrolments.suspend(enrolment=enrolment, reason="Sakit", by=officer)
        assert enrolments.suspend(enrolment=enrolment, reason="Sakit", by=officer) == first
        enrolments.resume(enrolment=enrolment, by=officer)
        assert enrolments.resume(enrolment=enrolment, by=officer) == first

    def test_not_without_a_reason(self, enrolment, officer):
        with pytest.raises(NotAllowed):
            enrolments.suspend(enrolment=enrolment, reason="", by=officer)

    def test_who_is_out_cannot_be_suspended(self, enrolment, officer):
        enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="X", by=officer)
        with pytest.raises(NotAllowed, match="berhenti"):
            enrolments.suspend(enrolment=enrolment, reason="Y", by=officer)


class TestRoster:
    def test_the_agency_reads_a_code_and_no_more_than_it_may_know(self, enrolment, batch, liaison):
        (row,) = enrolments.roster(batch, liaison)
        assert (row.code, row.name, row.fit) == (
            enrolment.participant_code,
            enrolment.inmate.name,
            True,
        )
        assert not {"register_number", "sentence", "nik"} & set(vars(row))

    def test_unfit_is_a_yes_or_no(self, enrolment, batch, facility, liaison):
        Restriction.objects.create(
            inmate=enrolment.inmate, facility=facility, kind=RestrictionKind.UNFIT, starts=today()
        )
        assert [row.fit for row in enrolments.roster(batch, liaison)] == [False]

    def test_another_agency_and_another_prison_read_nothing(
        self, enrolment, batch, other_liaison, outsider
    ):
        assert enrolments.roster(batch, other_liaison) == []
        assert enrolments.roster(batch, outsider) == []


def test_the_database_refuses_the_third_of_two_seats(batch):
    enrolled(batch)
    enrolled(batch)
    with pytest.raises(IntegrityError, match="batch_seats_not_over"), transaction.atomic():
        enrolled(batch)
    assert seats_taken(batch) == 2


def test_the_database_refuses_an_overlapping_enrolment(batch, facility, agency):
    person = enrolled(batch).inmate
    other = confirmed_batch(facility, agency, starts_on=batch.ends_on)
    with pytest.raises(IntegrityError, match="enrolment_no_overlap"), transaction.atomic():
        enrolled(other, person)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_take_the_last_seat(facility, agency):
    batch = confirmed_batch(facility, agency, seats_confirmed=1)
    outcomes = race(lambda: enrolled(batch), lambda: enrolled(batch))
    assert sorted(type(o).__name__ for o in outcomes) == ["Enrolment", "IntegrityError"]
    assert seats_taken(batch) == 1
