"""Attendance as it is written down: a cell, a whole meeting, everybody present.

The batch is locked, so a meeting that becomes complete is held exactly once. Who types over an
entry that changed meanwhile is told what stands there now.
"""

from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from training import marks, readings
from training.models import Attendance, Enrolment, Meeting
from training.services import meetings, tools
from training.states import EnrolmentState
from training.teaching import ATTENDED, AttendanceCode, MeetingState
from training.timetable import local_day

ANY = None  # `Entry.seen` of who did not look at what was there
EMPTY = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is typed about one participant; an empty code takes an entry back.

    `jp` None means all of the meeting's JP for who came (one less for who came late), `note` None
    leaves the note as it is. `seen` is the code that stood there when it was typed (`EMPTY` for
    none, `ANY` if nobody looked), as its reader reads it. Notes are the prison's: a liaison's is
    left out.
    """

    code: str
    jp: int | None = None
    note: str | None = None
    seen: str | None = ANY


class Changed(AlreadyDone):
    """Somebody else changed the entry meanwhile; `entry` is what stands there now, or None."""

    def __init__(self, message, entry):
        super().__init__(message)
        self.entry = entry


@act
def mark(*, meeting, enrolment, entry, by, reason=""):
    """Write down one participant's attendance. Returns the `Attendance`, or None if taken back."""
    meeting, rows = _prepared(meeting, by, reason, [enrolment.pk])
    found = _write(meeting, enrolment.pk, entry, rows, by, reason)
    _hold_when_complete(meeting, by)
    return found


@act
def record(*, meeting, entries, by, reason=""):
    """Write down a whole meeting at once: `{enrolment: Entry}`. All of it, or nothing.

    An enrolment may be anything with its `pk` and `public_id`. Raises `NotAllowed` with a dict of
    `code-<public_id as hex>` to sentence.
    """
    meeting, rows = _prepared(meeting, by, reason, [enrolment.pk for enrolment in entries])
    problems = {}
    for enrolment, entry in entries.items():
        try:
            _write(meeting, enrolment.pk, entry, rows, by, reason)
        except NotAllowed as refusal:
            problems[f"code-{enrolment.public_id.hex}"] = ValidationError(refusal.messages)
    if problems:
        raise NotAllowed(problems)
    _hold_when_complete(meeting, by)
    return meeting


@act
def mark_all_present(*, meeting, by, reason=""):
    """Everybody of whom nothing is written yet was there. Returns how many that were."""
    meeting, _rows = _prepared(meeting, by, reason, [])
    missing = Enrolment.objects.without_entry_at(meeting).values_list("pk", flat=True)
    made = [_new(meeting, pk, AttendanceCode.PRESENT, meeting.jp, "", by) for pk in missing]
    with _told_why(reason):
        Attendance.objects.bulk_create(made)
    _hold_when_complete(meeting, by)
    return len(made)


def _prepared(meeting, by, reason, enrolment_ids):
    """The meeting with its batch locked, and the entries that stand, by enrolment id."""
    if not marks.keeps_attendance(by, meeting):
        raise Forbidden(_("Kehadiran pertemuan ini bukan wewenang Anda."))
    batch = meetings.locked(meeting.batch)
    meeting = Meeting.objects.get(pk=meeting.pk)
    meeting.batch = batch
    _check_open(meeting, by, reason)
    rows = {
        row.enrolment_id: row
        for row in Attendance.objects.select_for_update(no_key=True).filter(
            meeting=meeting, enrolment__in=enrolment_ids
        )
    }
    return meeting, rows


def _check_open(meeting, by, reason):
    how = marks.how_may_mark(by, meeting)
    if how is None:
        raise NotAllowed(_why_closed(meeting))
    if how == marks.WITH_REASON and not reason.strip():
        raise NotAllowed(
            {"reason": ValidationError(_("Batas pengisian sudah lewat: sebutkan alasannya."))}
        )


def _why_closed(meeting):
    if meeting.state == MeetingState.CANCELLED:
        return _("Pertemuan ini batal.")
    if not marks.has_begun(meeting):
        return _("Pertemuan ini belum dimulai.")
    if not marks.is_open(meeting):
        return _("Angkatan ini %(state)s; kehadirannya tidak bisa diubah lagi.") % {
            "state": meeting.batch.get_state_display().lower()
        }
    return _("Batas pengisian lewat pada %(day)s. Mintalah Kepala Seksi membetulkannya.") % {
        "day": formats.date_format(marks.last_day_to_mark(meeting), "j F Y")
    }


def _write(meeting, enrolment_id, entry, rows, by, reason):
    row = rows.get(enrolment_id)
    code, jp = entry.code, _jp_of(entry, meeting)
    note = entry.note
    if note is None or by.is_liaison:
        note = row.note if row else ""
    wanted = (code, jp, note) if code else None
    standing = (row.code, row.jp, row.note) if row else None
    if wanted == standing:
        return row
    stands = readings.code_for(row.code, by) if row else EMPTY
    if entry.seen is not ANY and entry.seen != stands:
        raise Changed(_who_changed(meeting, enrolment_id, stands), row)
    if by.is_liaison and readings.OF_THE_PRISON.intersection({code, row and row.code}):
        raise NotAllowed(_("Urusan lapas dicatat dan diubah oleh lapas."))
    if not code:
        return _take_back(meeting, row, reason)
    _check_takes_part(meeting, enrolment_id)
    with _told_why(reason):
        if row is None:
            row = _new(meeting, enrolment_id, code, jp, note, by)
            row.save()
        else:
            row.code, row.jp, row.note, row.changed_at = code, jp, note, timezone.now()
            row.save(update_fields=["code", "jp", "note", "changed_at"])
    return row


def _jp_of(entry, meeting):
    if entry.code not in ATTENDED:
        return 0
    if entry.code == AttendanceCode.PRESENT:
        return meeting.jp
    jp = max(meeting.jp - 1, 0) if entry.jp is None else entry.jp
    if not 0 <= jp <= meeting.jp:
        raise NotAllowed(_("JP antara 0 dan %(most)s.") % {"most": meeting.jp})
    return jp


def _take_back(meeting, row, reason):
    if meeting.state == MeetingState.HELD:
        raise NotAllowed(_("Pertemuan ini sudah terlaksana: ganti kodenya, jangan dikosongkan."))
    with _told_why(reason):
        row.delete()


def _check_takes_part(meeting, enrolment_id):
    """A suspended participant is not asked, but what is known (sick, in isolation) is kept."""
    day = local_day(meeting.during)
    person = (
        Enrolment.objects.with_joined_on().filter(pk=enrolment_id, batch=meeting.batch_id).first()
    )
    if person is None:
        raise NotAllowed(_("Bukan peserta angkatan ini."))
    if person.joined_on > day:
        raise NotAllowed(
            _("%(code)s baru menjadi peserta pada %(day)s.")
            % {"code": person, "day": formats.date_format(person.joined_on, "j F Y")}
        )
    if person.state == EnrolmentState.DROPPED and person.dropped_on < day:
        raise NotAllowed(
            _("%(code)s sudah keluar pada %(day)s.")
            % {"code": person, "day": formats.date_format(person.dropped_on, "j F Y")}
        )


def _new(meeting, enrolment_id, code, jp, note, by):
    return Attendance(
        facility_id=meeting.facility_id,
        agency_id=meeting.agency_id,
        meeting=meeting,
        enrolment_id=enrolment_id,
        code=code,
        jp=jp,
        note=note,
        created_by=by,
    )


def _told_why(reason):
    """The history of what is written inside says why, when a reason was given."""
    return pghistory.context(reason=reason) if reason else pghistory.context()


def _who_changed(meeting, enrolment_id, code):
    events = Attendance.pgh_event_model.objects.filter(meeting=meeting, enrolment=enrolment_id)
    latest = events.filter(pgh_id=events.aggregate(last=Max("pgh_id"))["last"]).first()
    stands = readings.label_of(code) if code else _("kosong")
    if latest is None:
        return _("Sementara itu isian ini berubah; kini %(code)s.") % {"code": stands}
    return _("%(who)s sudah mengubah isian ini pada %(when)s; kini %(code)s.") % {
        "who": (latest.pgh_context or {}).get("name") or _("Orang lain"),
        "when": formats.date_format(timezone.localtime(latest.pgh_created_at), "DATETIME_FORMAT"),
        "code": stands,
    }


def _hold_when_complete(meeting, by):
    """The last missing entry makes the meeting held; its JP count from then on.

    While tools are out or missing it is not: it is called held once they are accounted for.
    """
    if meeting.state != MeetingState.PLANNED:
        return
    is_complete = not Enrolment.objects.without_entry_at(meeting).exists()
    if is_complete and not tools.problem_of_gate(meeting):
        meeting.state = meetings.hold(meeting=meeting, by=by).state
