"""What teaching shows on the page of a batch (its meetings) and of a meeting (who came)."""

from collections import Counter

from django.db.models import Count

from accounts.permissions import may
from training import marks, meeting_sections, readings, sections
from training.models import Attendance, Enrolment
from training.services.batch_page import SHOWN
from training.states import TAUGHT, BatchState
from training.teaching import AttendanceCode, MeetingState


@sections.register(order=sections.TEACHING)
def teaching(batch, user, rows):
    """The next meetings, how many were held, and those whose attendance is missing."""
    held = [jp for _during, state, jp in rows.meetings if state == MeetingState.HELD]
    may_plan = may(user, "plan_batch", batch.facility_id)
    is_open = batch.state in TAUGHT
    if not rows.meetings and not (is_open and may_plan):
        return None
    return "training/_teaching.html", {
        "count": len(rows.meetings),
        "held": len(held),
        "jp_held": sum(held),
        "jp": sum(jp for _during, _state, jp in rows.meetings),
        "next": rows.ahead,
        "to_mark": rows.to_mark,
        "shown": SHOWN,
        "may_plan": may_plan and batch.state in (BatchState.CONFIRMED, BatchState.RUNNING),
        "reads_class": user.is_liaison or may(user, "see_people", batch.facility_id),
        "course_jp": batch.course.jp,
    }


@meeting_sections.register(order=meeting_sections.ATTENDANCE)
def who_came(meeting, user):
    """How many came and why others did not, in numbers."""
    if meeting.state == MeetingState.CANCELLED or not marks.has_begun(meeting):
        return None
    entries = Attendance.objects.visible_to(user).filter(meeting=meeting)
    counted = dict(entries.values_list("code").annotate(count=Count("pk")).order_by())
    missing = Enrolment.objects.visible_to(user).without_entry_at(meeting).count()
    keeps = marks.is_open(meeting) and marks.keeps_attendance(user, meeting)
    return "training/_who_came.html", {
        "counts": _by_label(counted, user),
        "missing": missing,
        "reads_class": user.is_liaison or may(user, "see_people", meeting.facility_id),
        "keeps": keeps,
        "may_hold": keeps and not missing and meeting.state == MeetingState.PLANNED,
    }


def _by_label(counted, user):
    """Pairs of a label and how many, in the order of the codes."""
    found = Counter()
    for code in AttendanceCode:
        if code in counted:
            found[readings.label_of(readings.code_for(code, user))] += counted[code]
    return list(found.items())
