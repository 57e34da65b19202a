"""Single meetings: an extra one, another time or room, called off, held.

Whoever changes meetings of a batch, or their attendance, locks the batch first. An instructor or
a room that is taken is refused with a sentence that names the other meeting; the database's
exclusion constraints stand behind that.
"""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from psycopg2.extras import DateTimeTZRange

from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from accounts.states import allows
from correspondence.services import notices
from partners.rules import is_liaison_of
from partners.services import liaisons
from training import marks, timetable
from training.models import Batch, Enrolment, Meeting, ToolCheck
from training.services import clashes, tools
from training.states import TAUGHT, BatchState
from training.teaching import MEETING_TRANSITIONS, MeetingState

NEWS = ("meeting_added", "meeting_moved", "meeting_cancelled")
SCHEDULED = (BatchState.CONFIRMED, BatchState.RUNNING)


@act
def add(*, batch, day, starts_at, jp, by, room=None, instructor=None, topic="", companions=""):
    """One more meeting of a confirmed or running batch. The agency is told."""
    require(by, "plan_batch", batch.facility_id)
    batch = locked(batch)
    check_scheduled(batch)
    starts, ends = timetable.span(day, starts_at, jp)
    during = DateTimeTZRange(starts, ends, "[)")
    known = batch.meetings.standing().filter(during=during, created_by=by, jp=jp).first()
    if known:
        return known
    _check_time(batch, day, starts_at, jp)
    check_people_and_room(batch, room, instructor)
    meeting = Meeting(
        facility_id=batch.facility_id,
        agency_id=batch.agency_id,
        batch=batch,
        during=during,
        jp=jp,
        room=room,
        instructor=instructor,
        topic=topic,
        companions=companions,
        instead_of=starts,
        created_by=by,
    )
    clashes.check_free(meeting)
    with clashes.named(meeting):
        meeting.save()
    renumber(batch)
    _tell("meeting_added", meeting, by)
    return Meeting.objects.get(pk=meeting.pk)


@act
def move(*, meeting, day, starts_at, jp, reason, by, room=None, instructor=None):
    """Another time, length, room or instructor for a meeting that was not held yet."""
    require(by, "plan_batch", meeting.facility_id)
    batch = locked(meeting.batch)
    meeting = _fresh(meeting)
    starts, ends = timetable.span(day, starts_at, jp)
    changed = {
        "during": DateTimeTZRange(starts, ends, "[)"),
        "jp": jp,
        "room": room,
        "instructor": instructor,
    }
    if all(getattr(meeting, name) == value for name, value in changed.items()):
        return meeting
    _check_planned(meeting)
    check_scheduled(batch)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if meeting.attendances.exists():
        raise NotAllowed(_("Kehadiran pertemuan ini sudah dicatat; waktunya tidak bisa diubah."))
    if problem := tools.problem_of_gate(meeting):
        raise NotAllowed(problem)
    _check_time(batch, day, starts_at, jp)
    check_people_and_room(batch, room, instructor)
    changed |= {"reason": reason, "instead_of": meeting.instead_of or meeting.during.lower}
    for name, value in changed.items():
        setattr(meeting, name, value)
    clashes.check_free(meeting)
    with clashes.named(meeting):
        meeting.save(update_fields=list(changed))
    renumber(batch)
    _tell("meeting_moved", meeting, by)
    return meeting


@act
def describe(*, meeting, topic, companions, by):
    """What is taught and who else comes in; also the agency's liaison may say it."""
    if not (may(by, "plan_batch", meeting.facility_id) or is_liaison_of(by, meeting.agency_id)):
        raise Forbidden(_("Pertemuan ini bukan wewenang Anda."))
    locked(meeting.batch)
    meeting = _fresh(meeting)
    if (meeting.topic, meeting.companions) == (topic, companions):
        return meeting
    if meeting.state == MeetingState.CANCELLED:
        raise NotAllowed(_("Pertemuan ini batal."))
    meeting.topic, meeting.companions = topic, companions
    meeting.save(update_fields=["topic", "companions"])
    return meeting


@act
def cancel(*, meeting, reason, by):
    """Call a meeting off. The agency is told."""
    require(by, "plan_batch", meeting.facility_id)
    batch = locked(meeting.batch)
    meeting = _fresh(meeting)
    if meeting.state == MeetingState.CANCELLED:
        return _same(meeting, by, meeting.reason == reason)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if meeting.attendances.exists():
        raise NotAllowed(_("Kehadiran pertemuan ini sudah dicatat; kosongkan dahulu."))
    if problem := tools.problem_of_gate(meeting):
        raise NotAllowed(problem)
    by_hand = meeting.instead_of or meeting.during.lower
    call_off(meeting, reason, by, instead_of=by_hand)
    renumber(batch)
    _tell("meeting_cancelled", meeting, by)
    return meeting


@act
def restore(*, meeting, by):
    """A meeting that was called off takes place after all, if nothing else took its time."""
    require(by, "plan_batch", meeting.facility_id)
    batch = locked(meeting.batch)
    meeting = _fresh(meeting)
    if meeting.state == MeetingState.PLANNED:
        return _same(meeting, by)
    check_scheduled(batch)
    starts = timezone.localtime(meeting.during.lower)
    _check_time(batch, starts.date(), starts.time(), meeting.jp)
    clashes.check_free(meeting)
    with clashes.named(meeting):
        by_hand = meeting.instead_of or meeting.during.lower
        _to(meeting, MeetingState.PLANNED, by, reason="", instead_of=by_hand)
    renumber(batch)
    _tell("meeting_added", meeting, by)
    return _fresh(meeting)


@act
def cancel_future(*, batch, reason, by):
    """Call off every meeting that has not begun: the batch is over, or was postponed.

    For services that locked the batch and asked for a permission of their own, and that tell
    people themselves. What has tools out stays until they are back. Returns how many.
    """
    to_come = batch.meetings.filter(during__startswith__gt=timezone.now())
    return _call_off_all(batch, to_come, reason, by)


@act
def cancel_unmarked(*, batch, reason, by):
    """As `cancel_future`, with those that began but of which nothing was written down.

    For a batch that is called off. What has an attendance or tools out stays for the record.
    """
    unmarked = batch.meetings.filter(attendances=None, tool_checks=None)
    return _call_off_all(batch, unmarked, reason, by)


def _call_off_all(batch, meetings, reason, by):
    tied = ToolCheck.objects.unsettled().filter(meeting__batch=batch).values("meeting_id")
    rows = list(meetings.filter(state=MeetingState.PLANNED).exclude(pk__in=tied))
    for row in rows:
        call_off(row, reason, by)
    renumber(batch)
    return len(rows)


@act
def hold(*, meeting, by):
    """The meeting took place: everybody who is asked has an entry, and all tools are accounted for.

    Its JP count from now on.
    """
    if not marks.keeps_attendance(by, meeting):
        raise Forbidden(_("Kehadiran pertemuan ini bukan wewenang Anda."))
    batch = locked(meeting.batch)
    meeting = _fresh(meeting)
    if meeting.state == MeetingState.HELD:
        return _same(meeting, by)
    if batch.state not in TAUGHT:
        raise NotAllowed(_closed(batch))
    if not marks.has_begun(meeting):
        raise NotAllowed(_("Pertemuan ini belum dimulai."))
    missing = Enrolment.objects.without_entry_at(meeting).count()
    if missing:
        raise NotAllowed(_("Kehadiran %(count)s peserta belum dicatat.") % {"count": missing})
    if problem := tools.problem_of_gate(meeting):
        # What is out or missing is the prison's security.
        known = _("Lapas belum dapat menutup pertemuan ini.") if by.is_liaison else problem
        raise NotAllowed(known)
    _to(meeting, MeetingState.HELD, by)
    notices.close_for(meeting, "attendance_missing")
    return meeting


@act
def undo_hold(*, meeting, reason, by):
    """It did not take place, or not so: the head sets it back, with a reason."""
    require(by, "correct_state", meeting.facility_id)
    batch = locked(meeting.batch)
    meeting = _fresh(meeting)
    if meeting.state == MeetingState.PLANNED:
        return _same(meeting, by, meeting.reason == reason)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if batch.state not in TAUGHT:
        raise NotAllowed(_closed(batch))
    _to(meeting, MeetingState.PLANNED, by, reason=reason)
    return meeting


def call_off(meeting, reason, by, instead_of=None):
    """For services that locked the batch, and number its meetings and tell people themselves.

    Without `instead_of` a schedule made anew may use its time again.
    """
    notices.close_for(meeting, *NEWS)
    _to(meeting, MeetingState.CANCELLED, by, reason=reason, number=0, instead_of=instead_of)


def locked(batch):
    """The batch, locked: everything about its meetings happens one after the other."""
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course", "facility", "agency")
        .get(pk=batch.pk)
    )


def check_scheduled(batch):
    if batch.state not in SCHEDULED:
        raise NotAllowed(
            _("Jadwal hanya disusun untuk angkatan yang dikonfirmasi atau berjalan; ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )


def renumber(batch):
    """Count the meetings that stand, in the order of their time."""
    changed = []
    for number, meeting in enumerate(batch.meetings.standing().order_by("during", "pk"), start=1):
        if meeting.number != number:
            meeting.number = number
            changed.append(meeting)
    Meeting.objects.bulk_update(changed, ["number"])


def _check_time(batch, day, starts_at, jp):
    problems = {}
    if not batch.starts_on <= day <= batch.ends_on:
        problems["day"] = _("Di luar masa pelatihan, %(first)s sampai %(last)s.") % {
            "first": formats.date_format(batch.starts_on, "j F Y"),
            "last": formats.date_format(batch.ends_on, "j F Y"),
        }
    if not timetable.ends_on_its_day(starts_at, jp):
        problems["jp"] = _("Pertemuan harus selesai pada hari yang sama.")
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def check_people_and_room(batch, room, instructor):
    """The room is of the batch's prison, the instructor of its agency (or of the one above)."""
    problems = {}
    if room and room.facility_id != batch.facility_id:
        problems["room"] = _("Ruang ini milik lapas lain.")
    if instructor and instructor.agency_id not in (batch.agency_id, batch.agency.parent_id):
        problems["instructor"] = _("Instruktur ini dari instansi lain.")
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})


def _check_planned(meeting):
    if meeting.state != MeetingState.PLANNED:
        raise NotAllowed(
            _("Tidak bisa: pertemuan ini %(state)s.")
            % {"state": meeting.get_state_display().lower()}
        )


def _fresh(meeting):
    return Meeting.objects.select_related(
        "batch__course", "batch__agency", "facility", "room", "instructor", "state_by"
    ).get(pk=meeting.pk)


def _same(meeting, by, same_words=True):
    if meeting.state_by == by and same_words:
        return meeting
    raise AlreadyDone(
        _("Pertemuan ini sudah %(state)s: oleh %(who)s pada %(when)s.")
        % {
            "state": meeting.get_state_display().lower(),
            "who": meeting.state_by or "—",
            "when": formats.date_format(timezone.localtime(meeting.state_at), "DATETIME_FORMAT"),
        }
    )


def _to(meeting, state, by, **fields):
    if not allows(MEETING_TRANSITIONS, meeting.state, state):
        raise NotAllowed(
            _("Tidak bisa: pertemuan ini %(state)s.")
            % {"state": meeting.get_state_display().lower()}
        )
    meeting.state, meeting.state_at, meeting.state_by = state, timezone.now(), by
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=["state", "state_at", "state_by", *fields])


def _closed(batch):
    return _("Angkatan ini %(state)s; kehadirannya tidak bisa diubah lagi.") % {
        "state": batch.get_state_display().lower()
    }


def _tell(kind, meeting, by):
    """Tell the agency of what is still to come; newer words replace what was told before."""
    notices.close_for(meeting, *NEWS)
    if marks.has_begun(meeting):
        return
    notices.tell(
        kind=kind,
        obj=meeting,
        recipients=[person for person in liaisons.of(meeting.agency_id) if person != by],
        data={
            "batch": clashes.name_of(meeting.batch),
            "when": timetable.when_in_words(meeting.during),
        },
        link=meeting.get_absolute_url(),
        facility_id=meeting.facility_id,
    )
