"""The attendance list that is signed by hand and written into the grid later."""

from django.conf import settings
from django.utils import formats, timezone, translation

from correspondence.documents import office
from training.timetable import local_day


def paper(batch, meetings, people, codes):
    """Data of `attendance_v1.typ`: one column to sign per meeting, one row per participant.

    `codes` are pairs of a code and its label, for the legend.
    """
    with translation.override("id"):
        return {
            **office(batch.facility),
            "course": batch.course.name,
            "batch": batch.name,
            "agency": batch.agency.name,
            "place": batch.place,
            "jp_minutes": settings.JP_MINUTES,
            "meetings": [_meeting(meeting) for meeting in meetings],
            "participants": [_person(person, meetings) for person in people],
            "codes": [f"{code} = {label}" for code, label in codes],
        }


def _meeting(meeting):
    starts, ends = (timezone.localtime(at) for at in (meeting.during.lower, meeting.during.upper))
    return {
        "number": meeting.number,
        "day": formats.date_format(starts, "l"),
        "on": formats.date_format(starts, "j F Y"),
        "hours": f"{starts:%H.%M}–{ends:%H.%M}",
        "jp": meeting.jp,
        "topic": meeting.topic,
        "room": meeting.room.name if meeting.room else "",
        "instructor": meeting.instructor.name if meeting.instructor else "",
    }


def _person(person, meetings):
    days = [local_day(meeting.during) for meeting in meetings]
    return {
        "code": person.code,
        "name": person.name,
        "suspended": person.is_suspended,
        "asked": [person.takes_part_on(day) for day in days],
    }
