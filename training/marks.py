"""Who may write down attendance, and until when."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.permissions import may
from partners.rules import is_liaison_of
from training.states import TAUGHT
from training.teaching import MeetingState

FREELY, WITH_REASON = "freely", "with_reason"


def keeps_attendance(user, meeting):
    """Whether attendance of this meeting is the user's at all: staff there, or who teaches it."""
    return may(user, "keep_attendance", meeting.facility_id) or is_liaison_of(
        user, meeting.agency_id
    )


def last_day_to_mark(meeting):
    """Until this day, it included, attendance is written down and corrected freely."""
    return timezone.localdate(meeting.during.upper) + timedelta(days=settings.ATTENDANCE_EDIT_DAYS)


def has_begun(meeting, now=None):
    return meeting.during.lower <= (now or timezone.now())


def is_open(meeting):
    """Whether attendance can be written down now by anybody: it began, and nothing closed it."""
    return (
        has_begun(meeting)
        and meeting.state != MeetingState.CANCELLED
        and meeting.batch.state in TAUGHT
    )


def how_may_mark(user, meeting):
    """`FREELY`, `WITH_REASON` (the head, after the last day) or None."""
    return how(
        meeting,
        keeps=keeps_attendance(user, meeting),
        corrects=may(user, "correct_state", meeting.facility_id),
    )


def how(meeting, *, keeps, corrects):
    """`how_may_mark` for many meetings of one batch, of which the user's part is known."""
    if not keeps or not is_open(meeting):
        return None
    if timezone.localdate() <= last_day_to_mark(meeting):
        return FREELY
    return WITH_REASON if corrects else None
