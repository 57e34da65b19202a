"""The attendance of a batch as a table: participants down, meetings across."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.permissions import may
from training import marks, readings
from training.attended import FINE
from training.models import Attendance
from training.teaching import AttendanceCode, MeetingState
from training.timetable import local_day

OUT = "out"  # the participant took no part on that day


@dataclass(frozen=True)
class Cell:
    text: str = ""
    css: str = ""
    note: str = ""


@dataclass
class Column:
    """One meeting. `how` is how the reader may write there now (`training.marks`)."""

    meeting: object
    how: str | None
    missing: int = 0

    @property
    def is_held(self):
        return self.meeting.state == MeetingState.HELD


@dataclass
class Row:
    person: object
    cells: list
    prospect: str


class Grid:
    """`people` as `class_list` gives them, `meetings` in order, `entries` of attendance.

    `suspensions` are those that `attendance_figures.suspensions_of` the batch gives.
    """

    def __init__(self, batch, people, meetings, entries, user, suspensions):
        keeps = bool(meetings) and marks.keeps_attendance(user, meetings[0])
        corrects = may(user, "correct_state", batch.facility_id)
        self.columns = [
            Column(meeting, marks.how(meeting, keeps=keeps, corrects=corrects))
            for meeting in meetings
        ]
        known = {(row.enrolment_id, row.meeting_id): readings.read(row, user) for row in entries}
        days = [local_day(meeting.during) for meeting in meetings]
        longest = max((meeting.jp for meeting in meetings), default=0)
        self.rows = []
        for person in people:
            cells = []
            for column, day in zip(self.columns, days, strict=True):
                row = known.get((person.pk, column.meeting.pk))
                takes_part = person.takes_part_on(day)
                kept = takes_part and _is_kept(column, person, suspensions.get(person.pk, ()))
                if row is None and takes_part and not kept:
                    column.missing += marks.has_begun(column.meeting)
                cells.append(_cell(row, takes_part, kept))
            has_left = person.dropped_on is not None
            prospect = FINE if has_left else person.attended.prospect(longest)
            self.rows.append(Row(person, cells, prospect))

    @cached_property
    def may_mark(self):
        return any(column.how for column in self.columns)

    @cached_property
    def needs_reason(self):
        return any(column.how == marks.WITH_REASON for column in self.columns)

    @property
    def in_danger(self):
        return [row for row in self.rows if row.prospect != FINE]

    @property
    def held(self):
        return sum(column.is_held for column in self.columns)


def _is_kept(column, person, states):
    """Suspended when the meeting was called held; until it is, suspended now."""
    if not column.is_held:
        return person.is_suspended and marks.has_begun(column.meeting)
    before = [kept for since, kept in states if since <= column.meeting.state_at]
    return bool(before) and before[-1]


def _cell(row, takes_part, kept):
    if row is None and kept:
        return KEPT
    if row is None:
        return EMPTY if takes_part else NOT_THERE
    is_late = row.code == AttendanceCode.LATE
    return Cell(f"{row.code}{row.jp}" if is_late else row.code, f"c{row.code}", row.note)


EMPTY, NOT_THERE, KEPT = Cell(), Cell("·", OUT), Cell("–", "kept")


@dataclass(frozen=True)
class Change:
    """One time that somebody wrote about one participant; empty `new`: it was taken back."""

    at: datetime
    who: str
    person: object
    old: str
    new: str
    note: str
    why: str


def changes(meeting, people, user):
    """`Change`s of these people's attendance at a meeting, the newest first; one query.

    A liaison reads neither reasons nor what is the same to them.
    """
    by_enrolment = {person.pk: person for person in people}
    events = Attendance.pgh_event_model.objects.filter(meeting=meeting, enrolment__in=by_enrolment)
    found, last = [], {}
    for event in events.order_by("pgh_id"):
        gone = event.pgh_label == "delete"
        said = event.pgh_context or {}
        reading = readings.read(event, user)
        new, old = "" if gone else reading.label, last.get(event.enrolment_id, "")
        last[event.enrolment_id] = new
        if user.is_liaison and new == old:
            continue
        found.append(
            Change(
                at=event.pgh_created_at,
                who=said.get("name", ""),
                person=by_enrolment[event.enrolment_id],
                old=old,
                new=new,
                note="" if gone else reading.note,
                why="" if user.is_liaison else said.get("reason", ""),
            )
        )
    return found[::-1]
