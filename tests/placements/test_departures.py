"""Somebody leaves: the stay ends and what ran here ends with it, in one act."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.kinds import sentence_of
from correspondence.models import Notice
from inmates.models import Absence, Circumstance
from inmates.states import AbsenceDecision, CircumstanceDecision
from placements.services import departures
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import absent_from, transfer_from
from tests.factories.partners import today
from tests.factories.training import CandidateFactory, confirmed_batch, enrolled
from tests.races import race
from training.states import CandidateState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def participant(facility, agency, liaison):
    """In the middle of a course."""
    batch = confirmed_batch(facility, agency, starts_on=today(-10), ends_on=today(30))
    return enrolled(batch)


def gone(inmate, facility, by, **said):
    said = {"how": "released", "on": today(-1), **said}
    return departures.leave(inmate=inmate, facility=facility, by=by, **said)


def test_what_ran_here_ends_at_once_and_is_said(facility, registrar, participant, liaison):
    circumstance = gone(participant.inmate, facility, registrar)
    participant.refresh_from_db()
    assert (participant.state, participant.dropped_on) == (EnrolmentState.DROPPED, today(-1))
    assert participant.reason.startswith("Bebas per ")
    assert circumstance.decision == CircumstanceDecision.ENDED
    assert circumstance.handled_by is None
    (line,) = circumstance.outcome
    assert (line["what"], line["code"]) == ("enrolment", participant.participant_code)
    told = Notice.objects.get(recipient=liaison)
    assert participant.participant_code in sentence_of(told)
    assert participant.inmate.name not in sentence_of(told)


def test_a_candidature_lapses(facility, agency, registrar):
    candidate = CandidateFactory(batch=confirmed_batch(facility, agency))
    gone(candidate.inmate, facility, registrar, how="transferred", moved_to="Lapas Ambon")
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.LAPSED


def test_twice_is_once(facility, registrar, participant):
    first = gone(participant.inmate, facility, registrar)
    assert gone(participant.inmate, facility, registrar) == first
    assert Circumstance.objects.count() == 1


def test_a_refused_departure_ends_nothing(facility, registrar, participant, head):
    with pytest.raises(NotAllowed):
        gone(participant.inmate, facility, registrar, on=today(1))
    with pytest.raises(Forbidden):
        gone(participant.inmate, facility, head)
    participant.refresh_from_db()
    assert participant.state == EnrolmentState.ENROLLED
    assert not Circumstance.objects.exists()


def test_an_accepted_transfer_ends_the_course_here(facility, registrar, participant):
    transfer = transfer_from(facility, inmate=participant.inmate)
    departures.accept(transfer=transfer, by=registrar)
    participant.refresh_from_db()
    assert (participant.state, participant.dropped_on) == (EnrolmentState.DROPPED, today(-3))
    assert participant.reason.startswith("Pindah lapas per ")
    assert departures.accept(transfer=transfer, by=registrar) == transfer


def test_sending_ends_the_course_here(facility, registrar, participant):
    departures.send(
        inmate=participant.inmate,
        origin=facility,
        destination=FacilityFactory(),
        moved_on=today(),
        by=registrar,
    )
    participant.refresh_from_db()
    assert participant.state == EnrolmentState.DROPPED


@pytest.mark.parametrize("how", ["transferred", "released", "died", "escaped"])
def test_who_stands_no_more_in_the_register_leaves_with_the_decision(facility, registrar, how):
    absence = absent_from(facility)
    decided = departures.decide_absence(
        absence=absence, decision=how, on=today(-1), by=registrar, moved_to="Lapas Ambon"
    )
    assert (decided.decision, decided.decided_by) == (how, registrar)
    stay = absence.inmate.custodies.get()
    assert (stay.ended_how, stay.until) == (how, today(-1))


def test_who_is_still_here_stays(facility, registrar):
    absence = absent_from(facility)
    said = {"absence": absence, "decision": AbsenceDecision.STILL_HERE, "by": registrar}
    decided = departures.decide_absence(**said)
    assert departures.decide_absence(**said) == decided
    assert absence.inmate.custodies.get().until is None
    with pytest.raises(AlreadyDone, match="Petugas Register"):
        departures.decide_absence(**said | {"decision": "released", "on": today()})


@pytest.mark.parametrize(
    ("decision", "on", "field"),
    [("released", None, "on"), ("", None, "decision"), ("back", None, "decision")],
)
def test_a_decision_that_says_too_little_is_refused(facility, registrar, decision, on, field):
    absence = absent_from(facility)
    with pytest.raises(NotAllowed) as refused:
        departures.decide_absence(absence=absence, decision=decision, on=on, by=registrar)
    assert set(refused.value.error_dict) == {field}


def test_only_the_registrar_decides(facility, head):
    with pytest.raises(Forbidden):
        departures.decide_absence(absence=absent_from(facility), decision="still_here", by=head)


def test_several_are_decided_each_for_itself(facility, registrar):
    well, wrong = absent_from(facility), absent_from(facility)
    decisions = [
        {"absence": wrong, "decision": "released", "on": today(1)},
        {"absence": well, "decision": "released", "on": today(-1)},
    ]
    answer = departures.decide_absences(decisions=decisions, by=registrar)
    assert answer.decided == [well]
    assert [absence for absence, _why in answer.refused] == [wrong]
    assert list(Absence.objects.open()) == [wrong]


def test_who_leaves_by_another_page_is_decided_with_it(facility, registrar):
    absence, moved = absent_from(facility), absent_from(facility)
    gone(absence.inmate, facility, registrar, how="escaped")
    departures.accept(transfer=transfer_from(facility, inmate=moved.inmate), by=registrar)
    assert dict(Absence.objects.values_list("pk", "decision")) == {
        absence.pk: "escaped",
        moved.pk: "transferred",
    }


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_registrars_let_the_same_person_go(facility, registrar, participant):
    other = staff(facility, "registrar", name="Register Kedua")
    outcomes = race(
        lambda: gone(participant.inmate, facility, registrar),
        lambda: gone(participant.inmate, facility, other, how="escaped"),
    )
    (loser,) = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(loser, AlreadyDone), loser
    assert Circumstance.objects.count() == 1
    participant.batch.refresh_from_db()
    assert participant.batch.seats_taken == 0
