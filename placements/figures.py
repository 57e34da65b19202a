"""What became of those who were trained: due, reached, working. Never the best share alone.

Of everybody who was to be asked by a day (*due*), of how many was something learned (*reached*),
and how many of those have work (*working*). Both shares of work are told: of those reached, and
of all due (field notes 5.4).
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from placements.employment import REACHED, WORKING, FollowUpState
from placements.models import FollowUp
from placements.querysets import DETAINED_AGAIN
from training.models import Certificate, Enrolment
from training.states import EnrolmentState

FACILITY, MONTHS, COURSE = "facility", "months", "course"
IS_REACHED = Q(state=FollowUpState.DONE, outcome__in=REACHED) | DETAINED_AGAIN
IS_WORKING = Q(state=FollowUpState.DONE, outcome__in=WORKING)
COLUMNS = {
    FACILITY: "counted.facility_id",
    MONTHS: "counted.months",
    COURSE: "trained.course_id",
}


@dataclass(frozen=True)
class Reach:
    """Numerators and denominators; what divides them is left to whoever shows it."""

    due: int = 0
    reached: int = 0
    working: int = 0

    @property
    def missed(self):
        """Of whom nothing is known."""
        return self.due - self.reached


def reach(rows=None, *, by=(), on=None):
    """`{key: Reach}` of follow-ups by a day (default today), in one statement.

    `rows` is a queryset (default: all), `by` names what the key is made of, in order: `FACILITY`
    and `COURSE` as ids, `MONTHS` as a number. Without `by` there is the key `()` alone. By course,
    whoever learned two counts under both, and whoever was trained in none does not count.
    """
    on = on or timezone.localdate()
    rows = FollowUp.objects.all() if rows is None else rows
    counted, values = _sql(
        rows.counted(on)
        .of_person()
        .order_by()
        .annotate(
            is_reached=_flag(IS_REACHED),
            is_working=_flag(IS_WORKING),
            person=F("root"),
        )
        .values_list("facility_id", "months", "is_reached", "is_working", "person")
    )
    statement = f"WITH counted (facility_id, months, is_reached, is_working, person) AS ({counted})"
    joined = ""
    if COURSE in by:
        taught, more = _sql(trained())
        statement += f", trained (person, course_id) AS MATERIALIZED ({taught})"
        values += more
        joined = " JOIN trained USING (person)"
    keys = ", ".join(COLUMNS[name] for name in by)
    statement += (
        f" SELECT {keys + ', ' if keys else ''}count(*), sum(is_reached), sum(is_working)"
        f" FROM counted{joined}{' GROUP BY ' + keys if keys else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    return {row[: len(by)]: Reach(*(number or 0 for number in row[len(by) :])) for row in found}


def by_months(rows, on=None):
    """Month, due, reached and working of follow-ups by a day, as `reach` counts them: a queryset,
    whose SQL may be made once."""
    counted = rows.counted(on).order_by("months").values("months")
    return counted.annotate(
        due=Count("pk"),
        reached=Count("pk", filter=IS_REACHED),
        working=Count("pk", filter=IS_WORKING),
    ).values_list("months", "due", "reached", "working")


def total(reaches):
    """The sum of several that count different follow-ups."""
    reaches = list(reaches)
    return Reach(
        sum(one.due for one in reaches),
        sum(one.reached for one in reaches),
        sum(one.working for one in reaches),
    )


def trained(courses=None):
    """Pairs (person, course) of everybody who completed a training or was certified by one.

    A merged record counts as the person it stands for. `courses` narrows it (ids).
    """
    completed = Enrolment.objects.filter(state=EnrolmentState.COMPLETED)
    certified = Certificate.objects.certified().filter(course__isnull=False)
    if courses is not None:
        completed = completed.filter(batch__course__in=courses)
        certified = certified.filter(course__in=courses)
    return _pairs(completed, "batch__course").union(_pairs(certified, "course"))


def is_trained(records):
    """Whether one person, by all records of theirs, completed a training or was certified."""
    completed = Enrolment.objects.filter(inmate__in=records, state=EnrolmentState.COMPLETED)
    return completed.exists() or Certificate.objects.certified().filter(inmate__in=records).exists()


def of_course(rows, course):
    """Those of these rows about people (a queryset) whose person was trained in the course."""
    completed = Enrolment.objects.filter(state=EnrolmentState.COMPLETED, batch__course=course)
    certified = Certificate.objects.certified().filter(course=course)
    rows = rows.alias(root=Coalesce("inmate__merged_into", "inmate"))
    return rows.filter(Q(root__in=_people(completed)) | Q(root__in=_people(certified)))


def _pairs(rows, course):
    return (
        rows.order_by()
        .annotate(person=Coalesce("inmate__merged_into", "inmate"), learned=F(course))
        .values_list("person", "learned")
    )


def _people(rows):
    return rows.order_by().values(person=Coalesce("inmate__merged_into", "inmate"))


def _flag(condition):
    return Case(When(condition, then=Value(1)), default=Value(0))


def _sql(rows):
    statement, values = rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    return statement, list(values)
