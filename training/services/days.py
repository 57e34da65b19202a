"""Who meets where on a day, with whom who comes in, and which tools: what security must know."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.permissions import may
from training.models import CourseTool, Enrolment, Meeting, ToolCheck
from training.services.eligible import with_register_numbers
from training.states import EnrolmentState


@dataclass
class Session:
    """A meeting of the day. `tools` are pairs of a name and how many: out, or meant to go out."""

    meeting: Meeting
    checks: list = field(default_factory=list)
    tools: list = field(default_factory=list)
    people: list = field(default_factory=list)

    @property
    def short(self):
        return [check for check in self.checks if check.keeps_gate_closed]

    @property
    def present(self):
        """Participants who are to come: those kept from class stay in their block."""
        return [each for each in self.people if each.state == EnrolmentState.ENROLLED]


def day_of(user, day):
    """The sessions of a day that the user may see, by time; a fixed number of queries."""
    meetings = (
        _meetings(user)
        .on(day)
        .select_related("batch__course", "agency", "room", "instructor", "facility")
    )
    sessions = {meeting.pk: Session(meeting) for meeting in meetings}
    for check in ToolCheck.objects.filter(meeting__in=sessions):
        sessions[check.meeting_id].checks.append(check)
    _add_people(sessions.values(), day)
    _add_tools(sessions.values())
    return list(sessions.values())


def gates_closed(user):
    """The checks that keep a gate closed at the user's prisons, the oldest first."""
    return (
        ToolCheck.objects.visible_to(user)
        .short()
        .select_related("meeting__batch__course")
        .order_by("in_at", "pk")
    )


def next_day_after(user, day):
    """The next day with a meeting, or None."""
    start = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    found = _meetings(user).filter(during__startswith__gte=start)
    found = found.order_by("during").values_list("during", flat=True).first()
    return timezone.localdate(found.lower) if found else None


def _meetings(user):
    """Those of prisons where the user counts tools: the list names people."""
    prisons = [pk for pk in user.facility_ids if may(user, "check_tools", pk)]
    return Meeting.objects.visible_to(user).standing().filter(facility__in=prisons)


def _add_people(sessions, day):
    enrolled = (
        Enrolment.objects.blocking()
        .filter(batch__in=[each.meeting.batch_id for each in sessions], period__contains=day)
        .select_related("inmate")
        .order_by("inmate__name", "pk")
    )
    of_batch = {}
    for enrolment in with_register_numbers(list(enrolled)):
        of_batch.setdefault(enrolment.batch_id, []).append(enrolment)
    for session in sessions:
        session.people = of_batch.get(session.meeting.batch_id, [])


def _add_tools(sessions):
    courses = {each.meeting.batch.course_id for each in sessions if not each.checks}
    usual = {}
    for tool in CourseTool.objects.filter(course__in=courses):
        usual.setdefault(tool.course_id, []).append((tool.name, tool.quantity))
    for session in sessions:
        session.tools = [(check.name, check.quantity_out) for check in session.checks]
        session.tools = session.tools or usual.get(session.meeting.batch.course_id, [])
