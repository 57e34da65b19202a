"""Batches of before the program: entered with their people and the decree of then."""

from dataclasses import replace

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Letter, Mail, Notice
from correspondence.states import LetterState, SeriesMode
from inmates.models import Custody
from reports import integrity
from tests.factories.accounts import staff
from tests.factories.inmates import CustodyFactory, inmate_at, merged_pair
from tests.factories.partners import SignedAgreementFactory, scan_file, today
from tests.factories.training import (
    CourseFactory,
    WaitingEntryFactory,
    confirmed_batch,
    decree_series,
    enrolled,
)
from training.models import Batch, Enrolment
from training.services import existing_batches, existing_people
from training.services.existing_batches import Paper
from training.services.existing_people import Took
from training.states import BatchState, EnrolmentState, WaitingState

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(
        facility=facility, agency=agency, starts_on=today(-600), ends_on=today(300)
    )


@pytest.fixture
def people(facility):
    return [inmate_at(facility) for _n in range(3)]


@pytest.fixture
def facts(facility, agency, agreement, people):
    """A closed batch of last year; `record` enters it."""
    return {
        "facility": facility,
        "course": CourseFactory(),
        "agency": agency,
        "agreement": agreement,
        "name": "Las I",
        "starts_on": today(-100),
        "ends_on": today(-60),
        "state": BatchState.CLOSED,
        "paper": Paper(
            number="SK-7 TAHUN LALU",
            dated=today(-105),
            signed_by="Kalapas Lama",
            scan=scan_file(),
            hearing_number="BA-3/TPP",
            heard_on=today(-110),
        ),
        "people": [Took(inmate=person) for person in people],
    }


def record(facts, by, **changed):
    return existing_batches.record(by=by, **(facts | changed))


def running(facts):
    return facts | {
        "starts_on": today(-10),
        "ends_on": today(30),
        "state": BatchState.RUNNING,
        "paper": replace(facts["paper"], dated=today(-12), heard_on=today(-14)),
    }


class TestWhatIsWritten:
    def test_the_batch_stands_in_its_state_with_people_and_decree(self, facts, head):
        batch = record(facts, head)
        assert (batch.state, batch.seats_confirmed, batch.seats_taken) == ("closed", 3, 3)
        assert set(batch.enrolments.values_list("state", flat=True)) == {"completed"}
        letter = batch.decrees.get().letter
        assert (letter.number, letter.state) == ("SK-7 TAHUN LALU", LetterState.SIGNED)
        assert letter.series.mode == SeriesMode.BOOK
        assert letter.scan
        assert letter.signatory["name"] == "Kalapas Lama"
        assert batch.hearings.get().number == "BA-3/TPP"

    def test_all_is_marked_and_nobody_is_told(self, facts, head, officer, warden, liaison):
        batch = record(facts, head)
        rows = (batch, batch.hearings.get(), batch.decrees.get(), batch.enrolments.first())
        assert all(row.entered_afterwards for row in rows)
        assert not Notice.objects.exists()
        assert not Mail.objects.exists()

    def test_what_must_be_true_is_true(self, facts, head, facility):
        decree_series(facility)
        record(facts, head)
        record(running(facts), head, name="Las II", paper=replace(
            running(facts)["paper"], number="SK-8"))  # fmt: skip
        assert [(check, ids) for check, ids in integrity.differences() if ids] == []

    def test_a_running_one_holds_its_people_and_ends_their_waiting(self, facts, head, people):
        waits = WaitingEntryFactory(
            facility=facts["facility"], inmate=people[0], course=facts["course"]
        )
        batch = record(running(facts), head)
        assert set(batch.enrolments.values_list("state", flat=True)) == {"enrolled"}
        waits.refresh_from_db()
        assert waits.state == WaitingState.ENROLLED

    def test_each_person_has_the_outcome_that_is_stated(self, facts, head, people):
        took = [
            Took(
                inmate=people[0],
                outcome=EnrolmentState.NOT_COMPLETED,
                cause="absent",
                reason="Sering sidang",
            ),
            Took(
                inmate=people[1],
                outcome=EnrolmentState.DROPPED,
                left_on=today(-80),
                cause="sick",
                reason="Dirawat",
            ),
            Took(inmate=people[2]),
        ]
        batch = record(facts, head, people=took, seats=12)
        found = {row.inmate_id: row for row in batch.enrolments.all()}
        failed = found[people[0].pk]
        assert (failed.state, failed.cause) == ("not_completed", "absent")
        assert failed.reason == "Sering sidang"
        gone = found[people[1].pk]
        assert (gone.dropped_on, gone.cause, gone.reason) == (today(-80), "sick", "Dirawat")
        assert (batch.seats_taken, batch.seats_confirmed) == (2, 12)

    def test_the_secretariats_own_book_is_used_where_there_is_one(self, facts, head, facility):
        book = decree_series(facility, mode=SeriesMode.BOOK)
        assert record(facts, head).decrees.get().letter.series == book

    def test_twice_by_the_same_is_once_by_another_already_done(self, facts, head, facility):
        first = record(facts, head)
        assert record(facts, head) == first
        other = staff(facility, "head", name="Kasi Dua")
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            record(facts, other)

    @pytest.mark.parametrize("role", ["officer", "warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, facts, role, request):
        with pytest.raises(Forbidden):
            record(facts, request.getfixturevalue(role))


class TestWhatIsRefused:
    def refused(self, facts, by, **changed):
        with pytest.raises(NotAllowed) as refusal:
            record(facts, by, **changed)
        assert not Batch.objects.exists()
        assert not Letter.objects.exists()
        return {name: errors[0].messages for name, errors in refusal.value.error_dict.items()}

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"state": BatchState.CONFIRMED}, "state"),
            ({"starts_on": today(1), "ends_on": today(9)}, "starts_on"),
            ({"ends_on": today(9)}, "ends_on"),
            ({"ends_on": today(-101)}, "ends_on"),
            ({"agreement": None}, "agreement"),
            ({"starts_on": today(-700)}, "agreement"),
            ({"name": " "}, "name"),
            ({"people": []}, "people"),
            ({"seats": 2}, "seats"),
        ],
    )
    def test_facts_that_the_state_does_not_allow(self, facts, head, changed, field):
        assert field in self.refused(facts, head, **changed)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"number": ""}, "number"),
            ({"dated": today(1)}, "dated"),
            ({"signed_by": " "}, "signed_by"),
            ({"hearing_number": ""}, "hearing_number"),
            ({"heard_on": today(-104)}, "heard_on"),
            ({"scan": None}, "scan"),
        ],
    )
    def test_a_decree_that_lacks_something(self, facts, head, changed, field):
        paper = replace(facts["paper"], **changed)
        assert field in self.refused(facts, head, paper=paper)

    def test_a_number_that_is_taken(self, facts, head):
        record(facts, head)
        with pytest.raises(NotAllowed) as refusal:
            record(facts, head, name="Las II")
        assert "number" in refusal.value.error_dict

    def test_who_was_not_here_then_is_named(self, facts, head, facility):
        late = inmate_at(facility, name="DATANG LAMBAT")
        Custody.objects.filter(inmate=late).update(starts=today(-5))
        problems = self.refused(facts, head, people=[Took(inmate=late)])
        assert "DATANG LAMBAT: Tidak tercatat di lapas ini" in problems["people"][0]

    def test_who_has_left_is_not_in_class(self, facts, head, people):
        Custody.objects.filter(inmate=people[1]).update(until=today(-2), ended_how="released")
        assert "Tidak lagi di lapas ini" in self.refused(running(facts), head)["people"][0]

    def test_who_is_in_another_batch_is_named_with_it(self, facts, head, people, facility, agency):
        other = confirmed_batch(facility, agency, starts_on=today(), name="Jahit")
        enrolled(other, people[0])
        with pytest.raises(NotAllowed, match="Jahit pada waktu yang sama"):
            record(running(facts), head)

    def test_the_same_person_twice(self, facts, head, people):
        problems = self.refused(facts, head, people=[Took(inmate=people[0])] * 2)
        assert "sudah tercantum" in problems["people"][0]

    def test_an_outcome_that_does_not_fit_the_state(self, facts, head, people):
        took = [Took(inmate=people[0], outcome=EnrolmentState.COMPLETED)]
        assert "tidak bisa" in self.refused(running(facts), head, people=took)["people"][0]
        took = [Took(inmate=people[0], outcome=EnrolmentState.DROPPED)]
        assert "tanggal dan sebab" in self.refused(facts, head, people=took)["people"][0]


class TestWhomANumberMeans:
    def test_register_number_in_any_writing_or_person_key(self, facility, people):
        number = Custody.objects.get(inmate=people[0]).register_number
        spaced = f" {number.lower().replace('/', ' / ')} "
        found = existing_people.found(facility, [spaced, people[1].person_key])
        assert found == {spaced: people[0], people[1].person_key: people[1]}

    def test_unknown_and_of_another_prison_are_the_same_sentence(self, facility, outsider):
        elsewhere = inmate_at(outsider.facility)
        found = existing_people.found(facility, ["B.I 999/1999", elsewhere.person_key])
        assert all("tidak dikenal di lapas ini" in answer for answer in found.values())

    def test_a_number_that_several_had_asks_for_the_key(self, facility, people):
        Custody.objects.filter(inmate__in=people[:2]).update(register_number="B.I 5/2020")
        assert "beberapa orang" in existing_people.found(facility, ["BI 5/2020"])["BI 5/2020"]

    def test_a_merged_record_means_its_person(self, facility):
        merge = merged_pair(facility)
        number = "B.I 77/2020"
        CustodyFactory(
            inmate=merge.loser, facility=facility, register_number=number, until=today(-400)
        )
        assert existing_people.found(facility, [number]) == {number: merge.winner}


def test_the_agency_sees_codes_of_a_past_batch_and_no_one_else(facts, head, liaison, other_liaison):
    batch = record(facts, head)
    assert Enrolment.objects.visible_to(liaison).filter(batch=batch).count() == 3
    assert not Enrolment.objects.visible_to(other_liaison).exists()
