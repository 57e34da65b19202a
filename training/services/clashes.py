"""Who and what is taken at a time: the sentence that names the other meeting."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from training.models import Meeting
from training.timetable import when_in_words

WALLS = ("meeting_instructor_free", "meeting_room_free", "meeting_batch_once_at_a_time")


def at(during, *, room_id, instructor_id, batch_id=None, without=()):
    """Meetings that stand and use the room or the instructor (or are the batch's) at that time."""
    taken = Q(instructor=instructor_id) if instructor_id else Q()
    if room_id:
        taken |= Q(room=room_id)
    if batch_id:
        taken |= Q(batch=batch_id)
    if not taken:
        return Meeting.objects.none()
    return (
        Meeting.objects.standing()
        .filter(taken, during__overlap=during)
        .exclude(pk__in=without)
        .select_related("batch__course", "facility", "room", "instructor")
        .order_by("during")
    )


def of_these(span, rooms, instructors):
    """Meetings that stand and use one of the rooms or instructors (ids) within the span."""
    return (
        Meeting.objects.standing()
        .filter(Q(room__in=rooms) | Q(instructor__in=instructors), during__overlap=span)
        .select_related("batch__course", "facility", "room", "instructor")
        .order_by("during")
    )


def in_words(other, *, room_id, instructor_id, facility_id):
    """(field, sentence) that names the other meeting; of another prison's only the time."""
    when = when_in_words(other.during)
    if instructor_id and other.instructor_id == instructor_id:
        if other.facility_id != facility_id:
            return "instructor", _("%(who)s mengajar di lapas lain pada %(when)s.") % {
                "who": other.instructor,
                "when": when,
            }
        return "instructor", _("%(who)s sudah mengajar %(batch)s pada %(when)s.") % {
            "who": other.instructor,
            "batch": name_of(other.batch),
            "when": when,
        }
    if room_id and other.room_id == room_id:
        return "room", _("%(room)s sudah dipakai %(batch)s pada %(when)s.") % {
            "room": other.room,
            "batch": name_of(other.batch),
            "when": when,
        }
    return "starts_at", _("Angkatan ini sudah punya pertemuan pada %(when)s.") % {"when": when}


def name_of(batch):
    return f"{batch.course.name} – {batch.name}"


@contextmanager
def named(meeting):
    """A double booking that only the database noticed becomes the sentence of the service."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") in WALLS:
            check_free(meeting)
        raise


def check_free(meeting):
    """Raise `NotAllowed` beside the field whose choice is taken at the meeting's time."""
    other = at(
        meeting.during,
        room_id=meeting.room_id,
        instructor_id=meeting.instructor_id,
        batch_id=meeting.batch_id,
        without=[meeting.pk] if meeting.pk else [],
    ).first()
    if other:
        field, sentence = in_words(
            other,
            room_id=meeting.room_id,
            instructor_id=meeting.instructor_id,
            facility_id=meeting.facility_id,
        )
        raise NotAllowed({field: ValidationError(sentence)})
