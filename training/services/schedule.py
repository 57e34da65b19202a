"""The schedule of a batch: its weekly slots, and the meetings that are made from them.

Meetings that began or were held stay as they are, and so does what somebody added, moved or
called off by hand. Those still planned keep their day where the schedule still has it, move where
it has another, are added, or are called off.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import time

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.extras import DateTimeTZRange

from accounts.models import Holiday
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence.services import notices
from partners.services import liaisons
from training import timetable
from training.models import Instructor, Meeting, Room, ToolCheck, WeeklySlot
from training.services import clashes, meetings
from training.teaching import MeetingState

STAYS, MOVES, CHANGES, COMES, GOES = "stays", "moves", "changes", "comes", "goes"
FIELDS = ("weekday", "starts_at", "jp", "room", "instructor")


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A weekly time as it is typed; `WeeklySlot` is how it is stored."""

    weekday: int
    starts_at: time
    jp: int
    room: Room | None = None
    instructor: Instructor | None = None


@dataclass
class Step:
    """What becomes of one meeting. `clash` says why it gets no room or no instructor."""

    kind: str
    meeting: Meeting | None
    session: timetable.Session | None = None
    room: Room | None = None
    instructor: Instructor | None = None
    clash: str = ""

    @property
    def fields(self):
        return {
            "during": self.session.during,
            "jp": self.session.jp,
            "room": self.room,
            "instructor": self.instructor,
        }


@dataclass
class Preview:
    """What `generate` would do now. `left` are the JP that do not fit, `kept` those that stand."""

    steps: list = field(default_factory=list)
    left: int = 0
    kept: int = 0
    holidays: dict = field(default_factory=dict)

    @property
    def changes_something(self):
        return any(step.kind != STAYS for step in self.steps)

    @property
    def sessions(self):
        return [step for step in self.steps if step.session]

    @property
    def clashes(self):
        return [step for step in self.steps if step.clash]

    @property
    def seal(self):
        """The same for the same steps: who applies a preview applies what was shown."""
        said = [
            (
                step.kind,
                step.meeting and step.meeting.pk,
                step.session and (step.session.starts.isoformat(), step.session.jp),
                step.room and step.room.pk,
                step.instructor and step.instructor.pk,
            )
            for step in self.steps
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@act
def set_slots(*, batch, slots, by):
    """Replace the weekly times of the batch by `slots` (each a `Slot`). No meeting changes yet."""
    require(by, "plan_batch", batch.facility_id)
    batch = meetings.locked(batch)
    meetings.check_scheduled(batch)
    _check_slots(batch, slots)
    wanted = {tuple(getattr(slot, name) for name in FIELDS) for slot in slots}
    for row in batch.weekly_slots.select_related("room", "instructor"):
        known = tuple(getattr(row, name) for name in FIELDS)
        if known in wanted:
            wanted.remove(known)
        else:
            row.delete()
    for values in sorted(wanted, key=lambda values: values[:2]):
        WeeklySlot.objects.create(
            batch=batch, created_by=by, **dict(zip(FIELDS, values, strict=True))
        )
    return list(batch.weekly_slots.all())


def preview(batch):
    """What `generate` would do now, without doing it; the same few queries for any number."""
    now = timezone.now()
    slots = list(batch.weekly_slots.select_related("room", "instructor"))
    standing = list(
        batch.meetings.standing().select_related("room", "instructor").order_by("during", "pk")
    )
    tied = _with_tools_out(batch)
    movable = [row for row in standing if _may_move(row, now) and not _is_by_hand(row, batch)]
    movable = [row for row in movable if row.pk not in tied]
    kept = [row for row in standing if row not in movable]
    called_off = batch.meetings.filter(state=MeetingState.CANCELLED, instead_of__isnull=False)
    holidays = Holiday.objects.between(batch.starts_on, batch.ends_on)
    done = sum(row.jp for row in kept)
    wanted, left = timetable.sessions(
        slots,
        jp=batch.course.jp - done,
        first=max(batch.starts_on, timezone.localdate(now)),
        last=batch.ends_on,
        holidays=holidays,
        not_before=now,
        taken=_taken([*kept, *called_off]),
    )
    others = _others_at(batch, slots, wanted)
    steps = [
        _step(row, session, others, batch) for row, session in timetable.matched(movable, wanted)
    ]
    skipped = {
        day: name
        for day, name in holidays.items()
        if day.isoweekday() in {slot.weekday for slot in slots}
    }
    return Preview(steps, left, done, skipped)


@act
def generate(*, batch, by, seen=None):
    """Make the meetings that the weekly slots give. Doing it again changes nothing.

    `seen` is the `seal` of the preview that was looked at: when something else changed meanwhile
    nothing is done. Returns the `Preview` that was applied.
    """
    require(by, "plan_batch", batch.facility_id)
    batch = meetings.locked(batch)
    meetings.check_scheduled(batch)
    if not batch.weekly_slots.exists():
        raise NotAllowed(_("Isi dahulu hari dan jam pelatihan."))
    plan = preview(batch)
    if seen is not None and seen != plan.seal:
        raise NotAllowed(_("Jadwal berubah sejak pratinjau ini dibuat. Periksa lagi."))
    if plan.changes_something:
        _apply(batch, plan, by, _("Jadwal disusun ulang"))
        _tell(batch, by)
    return plan


@act
def follow(*, batch, by):
    """The dates of the batch changed: meetings still planned follow them.

    For services that locked the batch and asked for a permission of their own. Without weekly
    slots, only what now lies outside the dates is called off.
    """
    reason = _("Tanggal angkatan berubah")
    if batch.weekly_slots.exists():
        plan = preview(batch)
    else:
        outside = batch.meetings.standing().exclude(
            during__startswith__date__range=(batch.starts_on, batch.ends_on)
        )
        now, tied = timezone.now(), _with_tools_out(batch)
        gone = [row for row in outside if _may_move(row, now) and row.pk not in tied]
        plan = Preview([Step(GOES, row) for row in gone])
    if batch.meetings.exists() and plan.changes_something:
        _apply(batch, plan, by, reason)
        _tell(batch, by)
    return plan


def _may_move(meeting, now):
    return meeting.state == MeetingState.PLANNED and meeting.during.lower > now


def _with_tools_out(batch):
    """Ids of meetings that stay where they are until their tools are accounted for."""
    rows = ToolCheck.objects.unsettled().filter(meeting__batch=batch)
    return set(rows.values_list("meeting_id", flat=True))


def _is_by_hand(meeting, batch):
    """Somebody gave it its time or place, within the dates that the batch has now."""
    day = timetable.local_day(meeting.during)
    return meeting.instead_of is not None and batch.starts_on <= day <= batch.ends_on


def _taken(rows):
    """Spans where nothing is laid: of these meetings, and of the time that they had before."""
    spans = [(row.during.lower, row.during.upper) for row in rows]
    before = [row for row in rows if row.instead_of]
    return spans + [(row.instead_of, row.instead_of + timetable.lasts(row.jp)) for row in before]


def _check_slots(batch, slots):
    for slot in slots:
        if not timetable.ends_on_its_day(slot.starts_at, slot.jp):
            raise NotAllowed(_("Pertemuan harus selesai pada hari yang sama."))
        meetings.check_people_and_room(batch, slot.room, slot.instructor)
    both = timetable.first_overlap(slots)
    if both:
        raise NotAllowed(
            _("Dua jadwal pada hari yang sama bertumpuk: %(one)s dan %(other)s.")
            % {"one": f"{both[0].starts_at:%H.%M}", "other": f"{both[1].starts_at:%H.%M}"}
        )


def _others_at(batch, slots, wanted):
    """Meetings of other batches that use one of the rooms or instructors in these weeks."""
    rooms = {slot.room_id for slot in slots if slot.room_id}
    instructors = {slot.instructor_id for slot in slots if slot.instructor_id}
    if not wanted or not (rooms or instructors):
        return []
    span = DateTimeTZRange(wanted[0].starts, max(session.ends for session in wanted), "[)")
    return list(clashes.of_these(span, rooms, instructors).exclude(batch=batch))


def _step(meeting, session, others, batch):
    if session is None:
        return Step(GOES, meeting)
    slot = session.slot
    step = Step(STAYS, meeting, session, slot.room, slot.instructor)
    for name in ("instructor", "room"):
        wanted = getattr(step, name)
        other = wanted and next((o for o in others if _uses(o, name, wanted, session)), None)
        if other:
            _field, sentence = clashes.in_words(
                other,
                room_id=wanted.pk if name == "room" else None,
                instructor_id=wanted.pk if name == "instructor" else None,
                facility_id=batch.facility_id,
            )
            setattr(step, name, None)
            step.clash = f"{step.clash} {sentence}".strip()
    if meeting is None:
        step.kind = COMES
    elif meeting.during != step.fields["during"]:
        step.kind = MOVES
    elif (meeting.room, meeting.instructor) != (step.room, step.instructor):
        step.kind = CHANGES
    return step


def _uses(other, name, wanted, session):
    return (
        getattr(other, f"{name}_id") == wanted.pk
        and session.starts < other.during.upper
        and other.during.lower < session.ends
    )


def _apply(batch, plan, by, reason):
    moving = [(step.meeting, step.session) for step in plan.steps if step.kind in (MOVES, CHANGES)]
    ordered, circular = timetable.in_safe_order(moving)
    steps = {step.meeting.pk: step for step in plan.steps if step.meeting}
    gone = [step.meeting for step in plan.steps if step.kind == GOES]
    for row in [*gone, *(row for row, _session in circular)]:
        meetings.call_off(row, reason, by)
    for row, _session in ordered:
        _write(row, steps[row.pk])
    new = [step for step in plan.steps if step.kind == COMES]
    for step in [*new, *(steps[row.pk] for row, _session in circular)]:
        meeting = Meeting(
            facility_id=batch.facility_id,
            agency_id=batch.agency_id,
            batch=batch,
            created_by=by,
            **step.fields,
        )
        with clashes.named(meeting):
            meeting.save()
    meetings.renumber(batch)


def _write(meeting, step):
    written = {**step.fields, "reason": "", "instead_of": None}
    for name, value in written.items():
        setattr(meeting, name, value)
    with clashes.named(meeting):
        meeting.save(update_fields=list(written))


def _tell(batch, by):
    """Tell the agency how the schedule stands now."""
    standing = batch.meetings.standing().order_by("during")
    first = standing.filter(during__startswith__gt=timezone.now()).first()
    notices.close_for(batch, "schedule_set")
    if first is None:
        return
    notices.tell(
        kind="schedule_set",
        obj=batch,
        recipients=[person for person in liaisons.of(batch.agency_id) if person != by],
        data={
            "batch": clashes.name_of(batch),
            "meetings": standing.count(),
            "first": timetable.when_in_words(first.during),
        },
        link=first.get_absolute_url(),
        facility_id=batch.facility_id,
    )
