"""Classes of the demo: rooms and instructors, schedules, and who came to what was held."""

import random
from datetime import time, timedelta

from accounts.models import Holiday
from reports.demo.acting import acting, day, did
from training import timetable
from training.models import Attendance, Batch, Meeting
from training.services import attendance, instructors, meetings, rooms, schedule
from training.services.attendance import Entry
from training.services.schedule import Slot
from training.teaching import AttendanceCode, MeetingState

ROOMS = (("Bengkel Las", 20), ("Ruang Komputer", 16), ("Dapur Pelatihan", 16), ("Aula", 40))
INSTRUCTORS = (
    ("Rudi Hartono", "Las"),
    ("Siti Aminah", "Aplikasi perkantoran"),
    ("Agus Salim", "Pendingin dan otomotif"),
    ("Dewi Lestari", "Tata boga"),
)
# Codes of who did not simply come, and how often in a hundred entries.
ABSENCES = {"T": 4, "I": 3, "S": 4, "D": 1, "K": 2, "A": 2}
TRUANT = 5  # every so many participants one comes rarely


def create(office):
    """Taught batches of the first prison: past, running with gaps to fill, and to come."""
    places = {
        name: did(
            rooms.add,
            by=office["officer"],
            facility=office.prison.facility,
            name=name,
            capacity=capacity,
        )
        for name, capacity in ROOMS
    }
    blk = office.agreements["blk"].agency
    teachers = {
        field: did(
            instructors.add, by=office.liaisons["blk"], agency=blk, name=name, expertise=field
        )
        for name, field in INSTRUCTORS
    }
    welding, cooling = places["Bengkel Las"], teachers["Pendingin dan otomotif"]
    for name, room, teacher in (
        ("Las I", welding, teachers["Las"]),
        ("AC I", places["Aula"], cooling),
        ("Motor I", places["Aula"], cooling),
    ):
        _taught(office, _batch(office, name), _week(range(1, 7), room, teacher))
    _running(office, _batch(office, "Las II"), _week((1, 2, 4), welding, teachers["Las"]))
    computers = _week(
        range(1, 6), places["Ruang Komputer"], teachers["Aplikasi perkantoran"], at=time(8)
    )
    _schedule(office, _batch(office, "Perkantoran I"), computers)
    baking = _week(range(1, 6), places["Dapur Pelatihan"], teachers["Tata boga"], at=time(8), jp=6)
    _schedule(office, _batch(office, "Roti II"), baking)


def _batch(office, name):
    rows = Batch.objects.select_related("course", "agency", "facility")
    return rows.get(facility=office.prison.facility, name=name)


def _week(weekdays, room, instructor, at=time(7, 30), jp=8):
    return [
        Slot(weekday=number, starts_at=at, jp=jp, room=room, instructor=instructor)
        for number in weekdays
    ]


def _schedule(office, batch, slots):
    did(schedule.set_slots, by=office["officer"], batch=batch, slots=slots)
    did(schedule.generate, by=office["officer"], batch=batch)


def _running(office, batch, slots):
    """Held until yesterday, but two lists are missing; one to come is moved, one called off."""
    _taught(office, batch, slots, open_ones=2)
    _schedule(office, batch, slots)
    off, *ahead = batch.meetings.standing().filter(during__startswith__date__gt=day(3))
    did(meetings.cancel, by=office["officer"], meeting=off, reason="Pemadaman listrik bergilir")
    by_day = {timetable.local_day(each.during): each for each in ahead}
    later, moved = next(
        (date + timedelta(days=1), each)
        for date, each in by_day.items()
        if date + timedelta(days=1) not in by_day
    )
    did(
        meetings.move,
        by=office["officer"],
        meeting=moved,
        day=later,
        starts_at=time(8),
        jp=moved.jp,
        room=moved.room,
        instructor=moved.instructor,
        reason="Instruktur mengikuti rapat dinas",
    )
    last = batch.meetings.to_mark().order_by("-during").first()
    people = batch.enrolments.asked_at(last).order_by("participant_code")
    for person, code in zip(people, ("H", "H", "S", "T"), strict=False):
        entry = Entry(code=code, note="Demam" if code == "S" else "")
        did(
            attendance.mark,
            by=office.liaisons["blk"],
            meeting=last,
            enrolment=person,
            entry=entry,
        )


def _taught(office, batch, slots, open_ones=0):
    """Meetings that were held before the office used the program, with their attendance."""
    found, _left = timetable.sessions(
        slots,
        jp=batch.course.jp,
        first=batch.starts_on,
        last=min(batch.ends_on, day(-1)),
        holidays=Holiday.objects.between(batch.starts_on, batch.ends_on),
    )
    with acting(office["officer"]):
        rows = Meeting.objects.bulk_create(
            _meeting(office, batch, session, number, is_held=number <= len(found) - open_ones)
            for number, session in enumerate(found, start=1)
        )
        held = [row for row in rows if row.state == MeetingState.HELD]
        chance = random.Random(batch.pk)  # noqa: S311 - the same at every load
        Attendance.objects.bulk_create(
            entry for row in held for entry in _entries(office, batch, row, chance)
        )


def _meeting(office, batch, session, number, *, is_held):
    return Meeting(
        facility=batch.facility,
        agency=batch.agency,
        batch=batch,
        number=number,
        during=session.during,
        jp=session.jp,
        room=session.slot.room,
        instructor=session.slot.instructor,
        state=MeetingState.HELD if is_held else MeetingState.PLANNED,
        state_at=session.ends,
        state_by=office["officer"],
        created_by=office["officer"],
        entered_afterwards=is_held,
    )


def _entries(office, batch, meeting, chance):
    for place, person in enumerate(batch.enrolments.asked_at(meeting).order_by("pk")):
        code = _code(chance, rarely=place % TRUANT == TRUANT - 1)
        jp = {AttendanceCode.PRESENT: meeting.jp, AttendanceCode.LATE: meeting.jp - 2}
        yield Attendance(
            facility=batch.facility,
            agency=batch.agency,
            meeting=meeting,
            enrolment=person,
            code=code,
            jp=max(jp.get(code, 0), 0),
            created_by=office["officer"],
        )


def _code(chance, *, rarely):
    if rarely and chance.random() < 0.25:
        return AttendanceCode.ABSENT
    drawn = chance.random() * 100
    for code, share in ABSENCES.items():
        drawn -= share
        if drawn < 0:
            return AttendanceCode(code)
    return AttendanceCode.PRESENT
