"""What teaching shows on the page of a batch (its meetings) and of a meeting (who came)."""

from collections import Counter

from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.permissions import may
from training import marks, meeting_sections, readings, sections
from training.models import Attendance, Enrolment, Meeting
from training.states import TAUGHT, BatchState
from training.teaching import AttendanceCode, MeetingState

SHOWN = 3


@sections.register(order=sections.TEACHING)
def teaching(batch, user):
    """The next meetings, how many were held, and those whose attendance is missing."""
    rows = Meeting.objects.visible_to(user).filter(batch=batch)
    is_held = Q(state=MeetingState.HELD)
    figures = rows.standing().aggregate(
        count=Count("pk"),
        held=Count("pk", filter=is_held),
        jp_held=Sum("jp", filter=is_held, default=0),
        jp=Sum("jp", default=0),
    )
    may_plan = may(user, "plan_batch", batch.facility_id)
    is_open = batch.state in TAUGHT
    if not figures["count"] and not (is_open and may_plan):
        return None
    ahead = rows.standing().filter(during__startswith__gt=timezone.now())
    return "training/_teaching.html", {
        **figures,
        "next": list(ahead.select_related("room", "instructor").order_by("during")[:SHOWN]),
        "to_mark": list(rows.to_mark().order_by("during")[: SHOWN + 1]),
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
