"""How much of a training each participant attended, counted by the database.

A held meeting counts for whoever was a participant on its day. JP attended are those that were
written down; absences with a code of `settings.ATTENDANCE_EXCUSED_CODES` leave both sides of the
fraction; a held meeting without an entry counts as missed, unless the person was suspended when it
was called held (nobody asked for them); entries of other days count nowhere. Whoever was named by a
later decree than the batch's first takes part from the date of that decree.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import Exact

from training.states import EnrolmentState
from training.teaching import MeetingState
from training.timetable import local_day

NEVER = date(9999, 12, 31)
FINE, DANGER, LOST = "fine", "danger", "lost"


@dataclass(frozen=True)
class Attended:
    """One participant's JP: `held` are those that count so far, without the excused ones."""

    attended: int
    held: int
    excused: int
    ahead: int
    minimum: int

    @classmethod
    def of(cls, row):
        """From an enrolment read `with_attendance()`."""
        return cls(
            attended=row.jp_attended,
            held=row.jp_held - row.jp_excused,
            excused=row.jp_excused,
            ahead=row.jp_ahead,
            minimum=row.minimum_percent,
        )

    @property
    def percent(self):
        """Whole, rounded down; None until a meeting counts."""
        return self.attended * 100 // self.held if self.held > 0 else None

    @property
    def is_enough(self):
        """Whether the share that the course asks was attended so far; None like `percent`."""
        return None if self.percent is None else self.percent >= self.minimum

    def prospect(self, longest):
        """`LOST`: the minimum is out of reach. `DANGER`: below it now, or by one more absence.

        `longest` are the JP of a usual meeting.
        """
        missed = self.held - self.attended
        may_miss = (self.held + self.ahead) * (100 - self.minimum) // 100
        if missed > may_miss:
            return LOST
        if missed and (not self.is_enough or may_miss - missed < min(longest, self.ahead)):
            return DANGER
        return FINE


class CountsAttendance(models.QuerySet):
    """For `EnrolmentQuerySet`: annotations, all in the one query of the rows themselves."""

    def with_joined_on(self):
        """Each row with `joined_on`, the first day on which the person takes part."""
        first = (
            self._rows_of("decree")
            .filter(batch=OuterRef("batch"), letter__dated__isnull=False)
            .order_by("letter__dated")
            .values("letter__dated")[:1]
        )
        return self.annotate(
            joined_on=Case(
                When(
                    decree__letter__dated__gt=Subquery(first),
                    then=Greatest("decree__letter__dated", "batch__starts_on"),
                ),
                default=F("batch__starts_on"),
            ),
        )

    def with_attendance(self):
        """Each row with its sums of JP: `Attended.of(row)` reads them.

        `jp_held` of the held meetings of the person's time, `jp_attended`, `jp_excused`,
        `jp_ahead` of planned meetings, and `minimum_percent`, which the course asks.
        """
        last = Coalesce(OuterRef("dropped_on"), Value(NEVER))
        entries = self._rows_of("attendances").filter(
            enrolment=OuterRef("pk"),
            meeting__state=MeetingState.HELD,
            meeting__during__startswith__date__gte=OuterRef("joined_on"),
            meeting__during__startswith__date__lte=last,
        )
        excused = entries.filter(code__in=settings.ATTENDANCE_EXCUSED_CODES)
        meetings = self._rows_of("batch", "meetings").filter(batch=OuterRef("batch"))
        held = meetings.filter(
            state=MeetingState.HELD,
            during__startswith__date__gte=OuterRef("joined_on"),
            during__startswith__date__lte=last,
        ).filter(self._is_written() | ~self._was_suspended())
        planned = meetings.filter(state=MeetingState.PLANNED)
        return self.with_joined_on().annotate(
            minimum_percent=Coalesce(
                "batch__course__minimum_attendance", Value(settings.MINIMUM_ATTENDANCE_PERCENT)
            ),
            jp_held=_sum(held, "batch", "jp"),
            jp_attended=_sum(entries, "enrolment", "jp"),
            jp_excused=_sum(excused, "enrolment", "meeting__jp"),
            jp_ahead=_sum(planned, "batch", "jp"),
        )

    def asked_at(self, meeting):
        """Whose attendance a meeting asks: participants on its day, unless suspended now."""
        day = local_day(meeting.during)
        return (
            self.with_joined_on()
            .filter(batch=meeting.batch_id, joined_on__lte=day)
            .filter(Q(dropped_on=None) | Q(dropped_on__gte=day))
            .exclude(state=EnrolmentState.SUSPENDED)
        )

    def without_entry_at(self, meeting):
        """Those asked of whom nothing is written down yet."""
        written = self._rows_of("attendances").filter(meeting=meeting, enrolment=OuterRef("pk"))
        return self.asked_at(meeting).filter(~Exists(written))

    def _is_written(self):
        """Of a meeting, in a query about enrolments: there is an entry about the person."""
        rows = self._rows_of("attendances")
        return Exists(rows.filter(meeting=OuterRef("pk"), enrolment=OuterRef(OuterRef("pk"))))

    def _was_suspended(self):
        """Of a meeting: the person was kept from class when it was called held."""
        events = self.model.pgh_event_model.objects.filter(
            pgh_obj=OuterRef(OuterRef("pk")), state_at__lte=OuterRef("state_at")
        )
        state = Subquery(events.order_by("-pgh_id").values("state")[:1])
        return Q(Exact(Coalesce(state, Value("")), Value(EnrolmentState.SUSPENDED.value)))

    def _rows_of(self, *path):
        model = self.model
        for name in path:
            model = model._meta.get_field(name).related_model
        return model._base_manager.all()


def _sum(rows, group, field):
    total = rows.order_by().values(group).annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(total, output_field=models.IntegerField()), 0)
