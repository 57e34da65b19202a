"""Single meetings: added, moved, called off, held; nobody and nothing twice at a time."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import (
    ConfirmedBatchFactory,
    InstructorFactory,
    MeetingFactory,
    RoomFactory,
    confirmed_batch,
    enrolled,
    hours,
)
from tests.races import race
from tests.training.conftest import told
from training.models import Attendance, Batch, Meeting
from training.services import attendance, meetings
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db
real_races = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, name="Las I")


def place(batch, days=5, at=8, jp=8, **fields):
    """Arguments of `add`: so many days after the batch began."""
    day = batch.starts_on + timedelta(days=days)
    return {"batch": batch, "day": day, "starts_at": time(at), "jp": jp, **fields}


def moved(meeting, **fields):
    """Arguments of `move` that change only what is named."""
    starts = timezone.localtime(meeting.during.lower)
    same = {
        "meeting": meeting,
        "day": starts.date(),
        "starts_at": starts.time(),
        "jp": meeting.jp,
        "room": meeting.room,
        "instructor": meeting.instructor,
        "reason": "Instruktur berhalangan",
    }
    return same | fields


class TestAdd:
    def test_it_is_numbered_in_the_order_of_time_and_the_agency_is_told(
        self, batch, officer, liaison
    ):
        later = meetings.add(by=officer, **place(batch, 9))
        first = meetings.add(by=officer, **place(batch, 5))
        assert [first.number, Meeting.objects.get(pk=later.pk).number] == [1, 2]
        assert told("meeting_added") == {liaison}

    def test_a_second_click_is_once(self, batch, officer):
        one = meetings.add(by=officer, **place(batch))
        assert meetings.add(by=officer, **place(batch)) == one

    @pytest.mark.parametrize(
        ("field", "fields"),
        [("day", {"days": -1}), ("day", {"days": 41}), ("jp", {"at": 20})],
    )
    def test_outside_the_batch_or_past_midnight(self, batch, officer, field, fields):
        with pytest.raises(NotAllowed) as refusal:
            meetings.add(by=officer, **place(batch, **fields))
        assert set(refusal.value.error_dict) == {field}

    @pytest.mark.parametrize("user", ["liaison", "registrar", "outsider"])
    def test_only_who_plans_may(self, batch, user, request):
        with pytest.raises(Forbidden):
            meetings.add(by=request.getfixturevalue(user), **place(batch))


class TestDoubleBooking:
    def refused(self, field, words, **arguments):
        with pytest.raises(NotAllowed) as refusal:
            meetings.add(**arguments)
        (sentence,) = refusal.value.message_dict[field]
        assert words in sentence

    def test_the_sentence_names_the_other_meeting(self, batch, facility, officer):
        teacher = InstructorFactory(agency=batch.agency, name="Pak Rudi")
        room = RoomFactory(facility=facility, name="Bengkel Las")
        other = confirmed_batch(facility, batch.agency, name="Las II")
        meetings.add(by=officer, **place(other, instructor=teacher, room=room))
        who = f"Pak Rudi sudah mengajar {other.course.name} – Las II"
        self.refused("instructor", who, by=officer, **place(batch, at=9, instructor=teacher))
        what = f"Bengkel Las sudah dipakai {other.course.name} – Las II"
        self.refused("room", what, by=officer, **place(batch, at=13, room=room))
        meetings.add(by=officer, **place(batch, at=14, jp=4, room=room, instructor=teacher))

    def test_the_batch_itself_meets_once_at_a_time(self, batch, officer):
        meetings.add(by=officer, **place(batch))
        self.refused("starts_at", "sudah punya pertemuan", by=officer, **place(batch, at=10))

    def test_of_another_prison_only_the_time_is_said(self, batch, agency, officer):
        teacher = InstructorFactory(agency=agency, name="Pak Rudi")
        agreement = SignedAgreementFactory(facility=FacilityFactory(), agency=agency)
        elsewhere = ConfirmedBatchFactory(agreement=agreement, name="Rahasia")
        day = batch.starts_on + timedelta(days=5)
        MeetingFactory(batch=elsewhere, during=hours(day, 8, 14), instructor=teacher)
        with pytest.raises(NotAllowed) as refusal:
            meetings.add(by=officer, **place(batch, instructor=teacher))
        sentence = " ".join(refusal.value.messages)
        assert "lapas lain" in sentence
        assert "Rahasia" not in sentence

    def test_a_meeting_that_was_called_off_takes_nothing(self, batch, officer):
        first = meetings.add(by=officer, **place(batch))
        meetings.cancel(meeting=first, reason="Listrik padam", by=officer)
        meetings.add(by=officer, **place(batch, at=9))
        with pytest.raises(NotAllowed, match="sudah punya pertemuan"):
            meetings.restore(meeting=first, by=officer)

    @real_races
    def test_of_two_at_the_same_moment_one_is_told_of_the_other(self, facility, agency, officer):
        teacher = InstructorFactory(agency=agency, name="Pak Rudi")
        pair = [confirmed_batch(facility, agency, name=name) for name in ("Las I", "Las II")]
        calls = [
            lambda each=each: meetings.add(by=officer, **place(each, instructor=teacher))
            for each in pair
        ]
        outcomes = race(*calls)
        lost = [one for one in outcomes if isinstance(one, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], NotAllowed)
        assert "Pak Rudi sudah mengajar" in " ".join(lost[0].messages)
        assert Meeting.objects.count() == 1


class TestMove:
    def test_another_day_with_a_reason(self, batch, officer, liaison):
        first, second = (meetings.add(by=officer, **place(batch, n)) for n in (3, 5))
        day = batch.starts_on + timedelta(days=9)
        found = meetings.move(by=officer, **moved(first, day=day))
        assert timezone.localdate(found.during.lower) == day
        numbers = dict(batch.meetings.values_list("pk", "number"))
        assert numbers == {second.pk: 1, first.pk: 2}
        assert found.reason == "Instruktur berhalangan"
        assert told("meeting_moved") == {liaison}

    def test_nothing_new_is_nothing_done(self, batch, officer):
        meeting = meetings.add(by=officer, **place(batch))
        assert meetings.move(by=officer, **moved(meeting, reason="")).reason == ""
        assert told("meeting_moved") == set()

    def test_a_reason_is_needed(self, batch, officer):
        meeting = meetings.add(by=officer, **place(batch))
        with pytest.raises(NotAllowed, match="alasannya"):
            meetings.move(by=officer, **moved(meeting, jp=4, reason=" "))

    def test_not_once_attendance_was_written_down(self, batch, officer):
        enrolled(batch)
        enrolled(batch)
        meeting = meetings.add(by=officer, **place(batch))
        with time_machine.travel(meeting.during.upper):
            person = batch.enrolments.first()
            entry = attendance.Entry(code="H")
            attendance.mark(meeting=meeting, enrolment=person, entry=entry, by=officer)
            with pytest.raises(NotAllowed, match="sudah dicatat"):
                meetings.move(by=officer, **moved(meeting, jp=4))
            with pytest.raises(NotAllowed, match="sudah dicatat"):
                meetings.cancel(meeting=meeting, reason="Batal", by=officer)


class TestCancel:
    def test_the_others_are_counted_again(self, batch, officer, liaison):
        first, second = (meetings.add(by=officer, **place(batch, n)) for n in (3, 5))
        meetings.cancel(meeting=first, reason="Listrik padam", by=officer)
        rows = dict(batch.meetings.values_list("pk", "number"))
        assert rows == {first.pk: 0, second.pk: 1}
        assert told("meeting_cancelled") == {liaison}

    def test_twice_is_once_and_somebody_else_learns_who(self, batch, officer, head):
        meeting = meetings.add(by=officer, **place(batch))
        cancelled = meetings.cancel(meeting=meeting, reason="Listrik padam", by=officer)
        assert meetings.cancel(meeting=meeting, reason="Listrik padam", by=officer) == cancelled
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            meetings.cancel(meeting=meeting, reason="Hujan", by=head)

    def test_back_again(self, batch, officer):
        meeting = meetings.add(by=officer, **place(batch))
        meetings.cancel(meeting=meeting, reason="Listrik padam", by=officer)
        assert meetings.restore(meeting=meeting, by=officer).number == 1


class TestHold:
    @pytest.fixture
    def meeting(self, facility, agency):
        batch = confirmed_batch(facility, agency, starts_on=today(-3), ends_on=today(20))
        enrolled(batch)
        return MeetingFactory(batch=batch)

    def test_only_when_everybody_has_an_entry(self, meeting, officer):
        with pytest.raises(NotAllowed, match="1 peserta belum dicatat"):
            meetings.hold(meeting=meeting, by=officer)

    def test_not_before_it_began(self, batch, officer):
        meeting = meetings.add(by=officer, **place(batch))
        with pytest.raises(NotAllowed, match="belum dimulai"):
            meetings.hold(meeting=meeting, by=officer)

    def test_with_nobody_left_to_ask_it_is_said_by_hand(self, meeting, officer, liaison):
        meeting.batch.enrolments.update(state="suspended")
        assert meetings.hold(meeting=meeting, by=liaison).state == MeetingState.HELD
        with pytest.raises(AlreadyDone, match="Narahubung"):
            meetings.hold(meeting=meeting, by=officer)

    def test_the_head_sets_it_back_with_a_reason(self, meeting, officer, head):
        attendance.mark_all_present(meeting=meeting, by=officer)
        with pytest.raises(Forbidden):
            meetings.undo_hold(meeting=meeting, reason="Salah hari", by=officer)
        with pytest.raises(NotAllowed, match="alasannya"):
            meetings.undo_hold(meeting=meeting, reason="", by=head)
        found = meetings.undo_hold(meeting=meeting, reason="Salah hari", by=head)
        assert (found.state, found.reason) == (MeetingState.PLANNED, "Salah hari")
        assert Attendance.objects.count() == 1

    def test_not_in_a_closed_batch(self, meeting, officer, head):
        attendance.mark_all_present(meeting=meeting, by=officer)
        for state in ("running", "finished", "closed"):
            Batch.objects.filter(pk=meeting.batch_id).update(state=state)
        with pytest.raises(NotAllowed, match="ditutup"):
            meetings.undo_hold(meeting=meeting, reason="Salah hari", by=head)


def test_a_meeting_outside_of_the_batchs_days_does_not_come_back(batch, officer):
    meeting = meetings.add(**place(batch), by=officer)
    meetings.cancel(meeting=meeting, reason="Libur", by=officer)
    Batch.objects.filter(pk=batch.pk).update(starts_on=batch.starts_on + timedelta(days=9))
    with pytest.raises(NotAllowed) as refusal:
        meetings.restore(meeting=meeting, by=officer)
    assert "day" in refusal.value.error_dict
    assert Meeting.objects.get().state == MeetingState.CANCELLED


def test_the_liaison_says_what_is_taught_and_who_comes_in(batch, officer, liaison, other_liaison):
    meeting = meetings.add(by=officer, **place(batch))
    words = {"topic": "Las datar", "companions": "2 asisten, mobil A 1234 BC"}
    found = meetings.describe(meeting=meeting, by=liaison, **words)
    assert (found.topic, found.companions) == tuple(words.values())
    with pytest.raises(Forbidden):
        meetings.describe(meeting=meeting, by=other_liaison, **words)
