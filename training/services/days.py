"""Who meets where on a day, with whom who comes in, and which tools: what security must know."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.permissions import may
from accounts.prepared import among
from accounts.prepared import asked_often as asked_by_ids
from accounts.stand_ins import asked_often
from training.models import CourseTool, Enrolment, Meeting, ToolCheck
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
    sessions = {meeting.pk: Session(meeting) for meeting in _meetings_on(user, day)}
    if sessions:
        _add_what_belongs_to(sessions, day)
    return list(sessions.values())


@asked_often
def _meetings_on(reader, day):
    related = ("batch__course", "agency", "room", "instructor", "facility")
    return _meetings(reader).on(day).select_related(*related)


def _add_what_belongs_to(sessions, day):
    batches = {each.meeting.batch_id for each in sessions.values()}
    courses = {each.meeting.batch.course_id for each in sessions.values()}
    checks, enrolled, usual = _beside(list(sessions), batches, courses, day)
    for check in checks:
        sessions[check.meeting_id].checks.append(check)
    of_batch, of_course = {}, {}
    for enrolment in enrolled:
        of_batch.setdefault(enrolment.batch_id, []).append(enrolment)
    for tool in usual:
        of_course.setdefault(tool.course_id, []).append((tool.name, tool.quantity))
    for session in sessions.values():
        batch = session.meeting.batch
        session.people = of_batch.get(batch.pk, [])
        session.tools = [(check.name, check.quantity_out) for check in session.checks]
        session.tools = session.tools or of_course.get(batch.course_id, [])


@asked_by_ids
def _beside(meetings, batches, courses, day):
    """Tools out, who is to come with their register number, and the tools that a course uses."""
    enrolled = Enrolment.objects.blocking().filter(among("batch", batches), period__contains=day)
    enrolled = enrolled.select_related("inmate").with_register_number()
    return (
        ToolCheck.objects.filter(among("meeting", meetings)),
        enrolled.order_by("inmate__name", "pk"),
        CourseTool.objects.filter(among("course", courses)),
    )


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
