"""Meetings made from weekly slots: previewed, applied, made again, and following the dates."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Holiday
from accounts.refusals import Forbidden, NotAllowed
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import today
from tests.factories.training import (
    InstructorFactory,
    MeetingFactory,
    RoomFactory,
    confirmed_batch,
    enrolled,
    hours,
)
from tests.training.conftest import change, now_of, told
from training.models import Meeting
from training.services import attendance, batches, meetings, schedule, slots
from training.services.schedule import Slot
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    """Eight weeks from a coming Monday; 240 JP."""
    monday = today(7 - today().weekday())
    return confirmed_batch(
        facility, agency, starts_on=monday, ends_on=monday + timedelta(days=55), name="Angkatan I"
    )


def weekdays(*numbers, jp=8, **fields):
    return [Slot(weekday=n, starts_at=time(8), jp=jp, **fields) for n in numbers]


def made(batch, by, slots):
    schedule.set_slots(batch=batch, slots=slots, by=by)
    return schedule.generate(batch=batch, by=by)


def days_of(batch):
    rows = batch.meetings.standing().order_by("during")
    return [timezone.localdate(row.during.lower) for row in rows]


class TestSlots:
    def test_lines_that_stay_the_same_keep_their_row(self, batch, officer):
        first = schedule.set_slots(batch=batch, slots=weekdays(1, 3), by=officer)
        again = schedule.set_slots(batch=batch, slots=weekdays(1, 4), by=officer)
        assert {row.pk for row in first} & {row.pk for row in again}
        assert [row.weekday for row in again] == [1, 4]
        assert not batch.meetings.exists()

    def test_two_at_once_are_refused(self, batch, officer):
        both = [*weekdays(1), Slot(weekday=1, starts_at=time(10), jp=2)]
        with pytest.raises(NotAllowed, match="bertumpuk"):
            schedule.set_slots(batch=batch, slots=both, by=officer)

    def test_past_midnight_is_refused(self, batch, officer):
        late = [Slot(weekday=1, starts_at=time(20), jp=8)]
        with pytest.raises(NotAllowed, match="hari yang sama"):
            schedule.set_slots(batch=batch, slots=late, by=officer)

    def test_a_room_of_another_prison_and_a_stranger_are_refused(self, batch, officer):
        room = RoomFactory(facility=FacilityFactory())
        with pytest.raises(NotAllowed, match="lapas lain"):
            schedule.set_slots(batch=batch, slots=weekdays(1, room=room), by=officer)
        stranger = InstructorFactory()
        with pytest.raises(NotAllowed, match="instansi lain"):
            schedule.set_slots(batch=batch, slots=weekdays(1, instructor=stranger), by=officer)

    def test_who_may_not_plan_is_refused(self, batch, liaison, registrar):
        for user in (liaison, registrar):
            with pytest.raises(Forbidden):
                schedule.set_slots(batch=batch, slots=weekdays(1), by=user)
            with pytest.raises(Forbidden):
                schedule.generate(batch=batch, by=user)


class TestGenerate:
    def test_the_jp_of_the_course_in_numbered_meetings(self, batch, officer, liaison):
        plan = made(batch, officer, weekdays(1, 2, 3, 4, 5))
        rows = list(batch.meetings.order_by("during"))
        assert (len(rows), plan.left) == (30, 0)
        assert [row.number for row in rows] == list(range(1, 31))
        assert {timezone.localtime(row.during.lower).time() for row in rows} == {time(8)}
        assert told("schedule_set") == {liaison}

    def test_holidays_are_skipped_and_what_does_not_fit_is_said(self, batch, officer):
        Holiday.objects.update_or_create(day=batch.starts_on, defaults={"name": "Libur"})
        free = Holiday.objects.between(batch.starts_on, batch.ends_on)
        plan = made(batch, officer, weekdays(1))
        mondays = sum(day.isoweekday() == 1 for day in free)
        assert plan.left == 240 - 8 * (8 - mondays)
        assert batch.starts_on not in days_of(batch)
        assert "Libur" in plan.holidays.values()

    def test_again_changes_nothing_and_tells_nobody_twice(self, batch, officer, liaison):
        made(batch, officer, weekdays(1, 2))
        before = list(Meeting.objects.values())
        plan = schedule.generate(batch=batch, by=officer)
        assert not plan.changes_something
        assert list(Meeting.objects.values()) == before
        assert len(told("schedule_set")) == 1

    def test_what_began_stays_and_its_jp_count(self, batch, officer):
        made(batch, officer, weekdays(1, 2, 3, 4, 5))
        first = list(batch.meetings.order_by("during")[:3])
        person = enrolled(batch)
        middle = first[1].during.lower + timedelta(hours=1)
        with time_machine.travel(middle):
            attendance.mark_all_present(meeting=first[0], by=officer)
            plan = made(batch, officer, weekdays(6))
        rows = {row.pk: row for row in batch.meetings.standing()}
        assert rows[first[0].pk].state == MeetingState.HELD
        assert [rows[row.pk].during for row in first[:2]] == [row.during for row in first[:2]]
        assert plan.kept == 16
        assert {row.number for row in rows.values()} == set(range(1, len(rows) + 1))
        later = [row for row in rows.values() if row.during.lower > middle]
        assert {timezone.localdate(row.during.lower).isoweekday() for row in later} == {6}
        assert person.attendances.count() == 1

    def test_what_is_too_much_is_called_off_with_a_reason(self, batch, officer):
        made(batch, officer, weekdays(1, 2, 3, 4, 5))
        made(batch, officer, weekdays(1))
        gone = batch.meetings.filter(state=MeetingState.CANCELLED)
        assert gone.count() == 30 - len(days_of(batch))
        assert {(row.number, row.reason) for row in gone} == {(0, "Jadwal disusun ulang")}

    def test_the_preview_that_was_looked_at_is_what_is_applied(self, batch, officer):
        schedule.set_slots(batch=batch, slots=weekdays(1), by=officer)
        seen = schedule.preview(batch).seal
        schedule.set_slots(batch=batch, slots=weekdays(1, 2), by=officer)
        with pytest.raises(NotAllowed, match="Periksa lagi"):
            schedule.generate(batch=batch, by=officer, seen=seen)
        assert not batch.meetings.exists()
        schedule.generate(batch=batch, by=officer, seen=schedule.preview(batch).seal)
        assert batch.meetings.exists()

    def test_a_taken_room_or_instructor_is_left_out_and_named(self, batch, facility, officer):
        room = RoomFactory(facility=facility, name="Bengkel Las")
        teacher = InstructorFactory(agency=batch.agency, name="Pak Rudi")
        other = confirmed_batch(facility, batch.agency, name="Angkatan Lain")
        day = batch.starts_on + timedelta(days=7)
        MeetingFactory(batch=other, during=hours(day, 9, 11), room=room, instructor=teacher)
        plan = made(batch, officer, weekdays(1, room=room, instructor=teacher))
        (step,) = plan.clashes
        assert "Pak Rudi sudah mengajar" in step.clash
        assert "Bengkel Las sudah dipakai" in step.clash
        assert "Angkatan Lain" in step.clash
        found = batch.meetings.get(during__startswith__date=day)
        assert (found.room, found.instructor) == (None, None)
        assert batch.meetings.filter(room=room, instructor=teacher).count() == 7

    def test_without_slots_or_before_confirmation_there_is_nothing_to_make(
        self, batch, planned, officer
    ):
        with pytest.raises(NotAllowed, match="Isi dahulu"):
            schedule.generate(batch=batch, by=officer)
        with pytest.raises(NotAllowed, match="direncanakan"):
            schedule.set_slots(batch=planned, slots=weekdays(1), by=officer)

    def test_swapping_the_hours_of_one_day_needs_no_free_hour_between(self, batch, officer):
        halves = [(time(8), 4), (time(11), 4)]
        made(batch, officer, [Slot(weekday=1, starts_at=at, jp=jp) for at, jp in halves])
        later = [(time(9), 4), (time(12), 4)]
        made(batch, officer, [Slot(weekday=1, starts_at=at, jp=jp) for at, jp in later])
        assert not batch.meetings.filter(state=MeetingState.CANCELLED).exists()
        assert {timezone.localtime(row.during.lower).time() for row in batch.meetings.all()} == {
            time(9),
            time(12),
        }


def at(meeting, days, **fields):
    """So many days later, at the same hour."""
    starts = timezone.localtime(meeting.during.lower) + timedelta(days=days)
    return {"day": starts.date(), "starts_at": starts.time(), "jp": meeting.jp, **fields}


class TestByHand:
    """What somebody set for one meeting is left by a schedule that is made anew."""

    @pytest.fixture
    def rows(self, batch, officer):
        made(batch, officer, weekdays(1, 2, 3))
        return list(batch.meetings.order_by("during"))

    def test_another_time_and_another_room_stay(self, batch, rows, facility, officer):
        room = RoomFactory(facility=facility)
        meetings.move(meeting=rows[2], by=officer, reason="Ujian", **at(rows[2], days=2))
        meetings.move(meeting=rows[4], by=officer, reason="Bor", **at(rows[4], days=0, room=room))
        before = list(Meeting.objects.values())
        assert not schedule.generate(batch=batch, by=officer).changes_something
        assert list(Meeting.objects.values()) == before

    def test_one_that_was_called_off_does_not_come_back(self, batch, rows, officer):
        meetings.cancel(meeting=rows[2], reason="Libur kantor", by=officer)
        schedule.generate(batch=batch, by=officer)
        assert timezone.localdate(rows[2].during.lower) not in days_of(batch)

    def test_an_extra_one_stays(self, batch, rows, officer):
        day = batch.starts_on + timedelta(days=5)
        extra = meetings.add(batch=batch, day=day, starts_at=time(8), jp=4, by=officer)
        made(batch, officer, weekdays(1, 2))
        assert batch.meetings.standing().filter(pk=extra.pk, during=extra.during).exists()

    def test_but_not_outside_new_dates(self, batch, rows, officer):
        meetings.move(meeting=rows[0], by=officer, reason="Ujian", **at(rows[0], days=3))
        batch.starts_on += timedelta(days=14)
        batch.save()
        schedule.follow(batch=batch, by=officer)
        assert min(days_of(batch)) >= batch.starts_on


class TestDates:
    def test_an_accepted_change_round_moves_what_is_still_planned(self, batch, officer, liaison):
        made(batch, officer, weekdays(1, 2, 3, 4, 5))
        starts = batch.starts_on + timedelta(days=14)
        ends = batch.ends_on + timedelta(days=14)
        proposal = change(batch, officer, seats=12, starts_on=starts, ends_on=ends)
        slots.accept(proposal=proposal, by=liaison)
        found = days_of(batch)
        assert (min(found) >= starts, max(found) <= ends) == (True, True)
        assert len(found) == 30

    def test_a_round_about_seats_alone_changes_no_meeting(self, batch, officer, liaison):
        made(batch, officer, weekdays(1, 2))
        moved = batch.meetings.order_by("during")[3]
        meetings.move(meeting=moved, by=officer, reason="Ujian", **at(moved, days=3))
        before = list(Meeting.objects.values())
        dates = {"starts_on": batch.starts_on, "ends_on": batch.ends_on}
        slots.accept(
            proposal=change(batch, officer, seats=10, respond_by=today(), **dates), by=liaison
        )
        assert list(Meeting.objects.values()) == before

    def test_what_was_put_off_is_laid_anew_once_it_is_confirmed(self, batch, officer, liaison):
        made(batch, officer, weekdays(1, 2, 3, 4, 5))
        batches.postpone(batch=batch, reason="Dana", by=officer)
        dates = {"starts_on": batch.starts_on, "ends_on": batch.ends_on}
        batches.resume(batch=batch, by=officer, agreement=batch.agreement, **dates)
        slots.accept(
            proposal=change(batch, officer, seats=12, respond_by=today(), **dates), by=liaison
        )
        assert len(days_of(batch)) == 30

    def test_without_weekly_slots_only_what_lies_outside_is_called_off(self, batch, officer):
        inside, outside = (
            MeetingFactory(batch=batch, during=hours(batch.starts_on + timedelta(days=n), 8, 14))
            for n in (20, 0)
        )
        batch.starts_on += timedelta(days=10)
        batch.save()
        schedule.follow(batch=batch, by=officer)
        states = dict(batch.meetings.values_list("pk", "state"))
        assert states == {inside.pk: "planned", outside.pk: "cancelled"}

    def test_a_batch_that_is_called_off_keeps_only_what_was_held(self, batch, officer):
        made(batch, officer, weekdays(1, 2, 3, 4, 5))
        enrolled(batch)
        first = batch.meetings.order_by("during").first()
        with time_machine.travel(first.during.upper):
            attendance.mark_all_present(meeting=first, by=officer)
            count = meetings.cancel_future(batch=now_of(batch), reason="Batal", by=officer)
        assert count == 29
        assert list(batch.meetings.standing()) == [first]
