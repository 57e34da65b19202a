"""Attendance as it is written down: by whom, until when, over whose entry."""

from datetime import timedelta

import pytest
import time_machine

from accounts.refusals import Forbidden, NotAllowed
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled
from tests.races import race
from training.models import Attendance, Batch, Enrolment, Meeting
from training.services import attendance, meetings
from training.services.attendance import EMPTY, Entry
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db
real_races = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-3), ends_on=today(30))


@pytest.fixture
def people(batch):
    return [enrolled(batch) for _n in range(3)]


@pytest.fixture
def meeting(batch, people):
    """Three days ago, eight JP, three participants."""
    return MeetingFactory(batch=batch)


def put(meeting, person, code, by, **fields):
    reason = fields.pop("reason", "")
    entry = Entry(code=code, **fields)
    return attendance.mark(meeting=meeting, enrolment=person, entry=entry, by=by, reason=reason)


def state_of(meeting):
    return Meeting.objects.get(pk=meeting.pk).state


class TestOneEntry:
    @pytest.mark.parametrize(
        ("code", "jp", "counted"),
        [("H", None, 8), ("H", 3, 8), ("T", None, 7), ("T", 5, 5), ("T", 0, 0), ("S", 4, 0)],
    )
    def test_the_jp_that_count(self, meeting, people, officer, code, jp, counted):
        assert put(meeting, people[0], code, officer, jp=jp).jp == counted

    @pytest.mark.parametrize("jp", [9, -1])
    def test_no_more_jp_than_the_meeting_has(self, meeting, people, officer, jp):
        with pytest.raises(NotAllowed, match="JP antara 0 dan 8"):
            put(meeting, people[0], "T", officer, jp=jp)

    def test_the_same_again_is_once_and_writes_no_history(self, meeting, people, officer):
        one = put(meeting, people[0], "I", officer, note="Ibu sakit")
        again = put(meeting, people[0], "I", officer)
        assert (again, again.note) == (one, "Ibu sakit")
        assert one.events.count() == 1

    def test_a_changed_entry_keeps_both_in_history(self, meeting, people, officer, head):
        put(meeting, people[0], "A", officer)
        row = put(meeting, people[0], "S", head)
        assert list(row.events.order_by("pgh_id").values_list("code", flat=True)) == ["A", "S"]

    def test_an_empty_code_takes_it_back_until_the_meeting_is_held(self, meeting, people, officer):
        put(meeting, people[0], "A", officer)
        assert put(meeting, people[0], "", officer) is None
        assert put(meeting, people[0], "", officer) is None
        attendance.mark_all_present(meeting=meeting, by=officer)
        with pytest.raises(NotAllowed, match="ganti kodenya"):
            put(meeting, people[0], "", officer)


class TestComplete:
    def test_the_last_entry_makes_the_meeting_held(self, meeting, people, officer):
        for person in people[:2]:
            put(meeting, person, "H", officer)
        assert state_of(meeting) == MeetingState.PLANNED
        put(meeting, people[2], "A", officer)
        assert state_of(meeting) == MeetingState.HELD

    def test_all_present_fills_only_what_is_empty(self, meeting, people, officer):
        put(meeting, people[0], "S", officer)
        assert attendance.mark_all_present(meeting=meeting, by=officer) == 2
        assert sorted(Attendance.objects.values_list("code", "jp")) == [
            ("H", 8),
            ("H", 8),
            ("S", 0),
        ]
        assert attendance.mark_all_present(meeting=meeting, by=officer) == 0
        assert state_of(meeting) == MeetingState.HELD

    def test_suspended_people_are_skipped_but_may_get_a_reason(self, meeting, people, officer):
        Enrolment.objects.filter(pk=people[0].pk).update(state="suspended")
        assert attendance.mark_all_present(meeting=meeting, by=officer) == 2
        assert state_of(meeting) == MeetingState.HELD
        assert put(meeting, people[0], "X", officer).code == "X"

    def test_a_whole_meeting_at_once(self, meeting, people, officer):
        entries = dict(
            zip(people, [Entry(code="H"), Entry(code="T", jp=6), Entry(code="K")], strict=True)
        )
        attendance.record(meeting=meeting, entries=entries, by=officer)
        assert state_of(meeting) == MeetingState.HELD
        assert attendance.record(meeting=meeting, entries=entries, by=officer)

    def test_one_bad_line_saves_none_and_is_named(self, meeting, people, officer):
        entries = {people[0]: Entry(code="H"), people[1]: Entry(code="T", jp=99)}
        with pytest.raises(NotAllowed) as refusal:
            attendance.record(meeting=meeting, entries=entries, by=officer)
        assert set(refusal.value.error_dict) == {f"code-{people[1].public_id.hex}"}
        assert not Attendance.objects.exists()


class TestWho:
    def test_the_liaison_of_the_agency_and_nobody_else_from_outside(
        self, meeting, people, liaison, other_liaison
    ):
        assert put(meeting, people[0], "H", liaison).created_by == liaison
        with pytest.raises(Forbidden):
            put(meeting, people[1], "H", other_liaison)

    @pytest.mark.parametrize("user", ["warden", "registrar", "secretariat", "outsider"])
    def test_not_who_does_not_keep_attendance(self, meeting, people, user, request):
        with pytest.raises(Forbidden):
            put(meeting, people[0], "H", request.getfixturevalue(user))

    def test_somebody_of_another_batch(self, meeting, officer, facility, agency):
        stranger = enrolled(confirmed_batch(facility, agency))
        with pytest.raises(NotAllowed, match="Bukan peserta"):
            put(meeting, stranger, "H", officer)

    def test_before_joining_and_after_leaving_nothing_is_asked(
        self, meeting, people, batch, officer
    ):
        with time_machine.travel(today(3)):
            later = enrolled(batch)
        with pytest.raises(NotAllowed, match="baru menjadi peserta"):
            put(meeting, later, "H", officer)
        Enrolment.objects.filter(pk=people[0].pk).update(
            state="dropped", dropped_on=today(-4), reason="Mundur"
        )
        with pytest.raises(NotAllowed, match="sudah keluar"):
            put(meeting, people[0], "H", officer)


class TestWhen:
    def test_not_before_it_began(self, batch, people, officer):
        with time_machine.travel(today(-10)):
            meeting = MeetingFactory(batch=batch)
            with pytest.raises(NotAllowed, match="belum dimulai"):
                put(meeting, people[0], "H", officer)

    @pytest.mark.parametrize(("days", "user"), [(7, "officer"), (7, "liaison"), (7, "head")])
    def test_freely_until_the_last_day(self, meeting, people, days, user, request):
        with time_machine.travel(meeting.during.upper + timedelta(days=days)):
            assert put(meeting, people[0], "H", request.getfixturevalue(user))

    @pytest.mark.parametrize("user", ["officer", "liaison"])
    def test_later_only_the_head(self, meeting, people, user, request):
        with (
            time_machine.travel(meeting.during.upper + timedelta(days=8)),
            pytest.raises(NotAllowed, match="Kepala Seksi"),
        ):
            put(meeting, people[0], "H", request.getfixturevalue(user))

    def test_the_head_says_why_and_the_history_keeps_it(self, meeting, people, head):
        with time_machine.travel(meeting.during.upper + timedelta(days=8)):
            with pytest.raises(NotAllowed) as refusal:
                put(meeting, people[0], "H", head)
            assert set(refusal.value.error_dict) == {"reason"}
            row = put(meeting, people[0], "H", head, reason="Daftar kertas baru ditemukan")
        assert row.events.get().pgh_context["reason"] == "Daftar kertas baru ditemukan"

    def test_how_many_days_is_a_setting(self, meeting, people, officer, settings):
        settings.ATTENDANCE_EDIT_DAYS = 2
        with pytest.raises(NotAllowed, match="Batas pengisian"):
            put(meeting, people[0], "H", officer)

    def test_nothing_in_a_closed_batch(self, meeting, people, batch, head):
        for state in ("running", "finished", "closed"):
            Batch.objects.filter(pk=batch.pk).update(state=state)
        with pytest.raises(NotAllowed, match="ditutup"):
            put(meeting, people[0], "H", head, reason="Terlambat")

    def test_nothing_at_a_meeting_that_was_called_off(self, meeting, people, officer):
        meetings.cancel(meeting=meeting, reason="Listrik padam", by=officer)
        with pytest.raises(NotAllowed, match="batal"):
            put(meeting, people[0], "H", officer)


class TestConflict:
    def test_who_typed_over_a_changed_entry_is_told_what_stands_there(
        self, meeting, people, officer, head
    ):
        put(meeting, people[0], "S", head)
        with pytest.raises(attendance.Changed) as refusal:
            put(meeting, people[0], "A", officer, seen=EMPTY)
        assert "kini Sakit" in " ".join(refusal.value.messages)
        assert refusal.value.entry.code == "S"
        assert Attendance.objects.get().code == "S"
        assert put(meeting, people[0], "A", officer, seen="S").code == "A"

    def test_the_same_answer_from_both_is_no_conflict(self, meeting, people, officer, head):
        one = put(meeting, people[0], "S", head)
        assert put(meeting, people[0], "S", officer, seen=EMPTY) == one

    def test_an_entry_that_was_taken_back_meanwhile(self, meeting, people, officer, head):
        put(meeting, people[0], "S", officer)
        put(meeting, people[0], "", head)
        with pytest.raises(attendance.Changed, match="kosong"):
            put(meeting, people[0], "A", officer, seen="S")

    @real_races
    def test_two_at_the_same_moment_one_wins_and_the_meeting_is_held_once(
        self, facility, agency, officer, head
    ):
        batch = confirmed_batch(facility, agency, starts_on=today(-3), ends_on=today(30))
        person = enrolled(batch)
        meeting = MeetingFactory(batch=batch)
        outcomes = race(
            lambda: put(meeting, person, "H", officer, seen=EMPTY),
            lambda: put(meeting, person, "A", head, seen=EMPTY),
        )
        lost = [one for one in outcomes if isinstance(one, Exception)]
        assert [type(one) for one in lost] == [attendance.Changed]
        assert Attendance.objects.get().code in "HA"
        assert state_of(meeting) == MeetingState.HELD
