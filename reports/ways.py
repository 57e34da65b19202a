"""The figures of many participations at once: what `reports.paths` says of each, counted by sets.

A list asks the days of each row that it shows. For figures the database would ask them of a million
rows one after the other; here it joins once what happened to all of the people.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, DateField, F, When
from django.db.models.functions import Coalesce, TruncDate

from placements.models import FollowUp, Placement, Referral
from reports.paths import MONTHS, Step, Time, Took
from training.models import Certificate, WaitingEntry
from training.states import EnrolmentState

_OWN = {
    "way_person": Coalesce("inmate__merged_into_id", "inmate_id"),
    "way_finished": Case(
        When(state=EnrolmentState.COMPLETED, then=True), default=False, output_field=BooleanField()
    ),
    "way_began": F("batch__starts_on"),
    "way_ended": F("batch__ends_on"),
    "way_decreed": F("decree__letter__dated"),
    # When somebody was proposed whose candidature was entered afterwards, nobody knows.
    "way_proposed": Case(
        When(candidate__entered_afterwards=False, then=TruncDate("candidate__created_at")),
        output_field=DateField(),
    ),
    "way_course": F("batch__course_id"),
}
_COLUMNS = ("id", "person", "finished", "began", "ended", "decreed", "proposed", "course")
_WAYS = """
WITH way ({columns}) AS MATERIALIZED ({rows}),
record AS (
    SELECT person, person AS inmate FROM (SELECT DISTINCT person FROM way) AS each
    UNION ALL
    SELECT each.person, other.id FROM (SELECT DISTINCT person FROM way) AS each
      JOIN inmates_inmate AS other ON other.merged_into_id = each.person)"""
_PAPER = """,
certified AS (
    SELECT way.id, min(paper.day) AS day
      FROM way JOIN ({sql}) AS paper (way, day) ON paper.way = way.id
     WHERE way.finished GROUP BY way.id)"""
# A part for each kind: over all of them in one the database would read every row of the country.
_EVENT = """,
{name} AS (
    SELECT way.id, min(event.day) AS day
      FROM way JOIN record ON record.person = way.person
      JOIN ({sql}) AS event (inmate, day)
        ON event.inmate = record.inmate AND event.day >= way.began
     WHERE way.finished GROUP BY way.id)"""
_WAITED = """,
waited AS (
    SELECT way.id, max(entry.day) AS day
      FROM way JOIN record ON record.person = way.person
      JOIN ({waiting}) AS entry (inmate, course, day)
        ON entry.inmate = record.inmate AND entry.course = way.course AND entry.day <= way.proposed
     GROUP BY way.id)"""


def _join(name):
    return f"LEFT JOIN {name} ON {name}.id = way.id"


_JOINED = " ".join(map(_join, list(Step)[2:]))
_STEPS = {
    Step.ENROLLED: "true",
    Step.FINISHED: "way.finished",
    **{step: f"{step}.day IS NOT NULL" for step in list(Step)[2:]},
}
_TIMES = {
    Took.WAITING: "way.proposed - waited.day",
    Took.CHOOSING: "way.decreed - way.proposed",
    Took.STARTING: "way.began - way.decreed",
    Took.TEACHING: "CASE WHEN way.finished THEN way.ended - way.began END",
    Took.CERTIFYING: "certified.day - way.ended",
    Took.REFERRING: "referred.day - certified.day",
    Took.PLACING: "placed.day - referred.day",
}


def counted(rows, *by):
    """`[(values, {Step: how many})]` of enrolments, a row for each group of equal values of the
    columns or annotations `by`; without any the one of them all."""
    try:
        sql, params = _ways(rows, by)
    except EmptyResultSet:
        return [] if by else [((), dict.fromkeys(Step, 0))]
    groups = [f"by_{place}" for place in range(len(by))]
    asked = [*groups, *_counts()]
    sql += f" SELECT {', '.join(asked)} FROM way {_JOINED}"
    sql += f" GROUP BY {', '.join(groups)}" if groups else ""
    return [(row[: len(by)], _steps(row[len(by) :])) for row in _fetched(sql, params)]


def lengths(rows, *by):
    """`[(values, took, days, how many)]` of enrolments: what the times of `told` are made of, a row
    for each group of equal values of the columns or annotations `by` and each number of days."""
    try:
        sql, params = _ways(rows, by)
    except EmptyResultSet:
        return []
    waiting, more = _waiting()
    groups = [f"by_{place}" for place in range(len(by))]
    each = ", ".join(f"('{took}', {days})" for took, days in _TIMES.items())
    asked = ", ".join([*groups, "each.took", "each.days"])
    sql += _WAITED.format(waiting=waiting)
    sql += f" SELECT {asked}, count(*) FROM way {_JOINED} {_join('waited')}"
    sql += f" CROSS JOIN LATERAL (VALUES {each}) AS each (took, days)"
    sql += f" WHERE each.days IS NOT NULL GROUP BY {asked}"
    found = _fetched(sql, (*params, *more))
    return [(row[: len(by)], Took(row[-3]), *row[-2:]) for row in found]


def told(rows):
    """Of enrolments: `{Step: how many}`, and a `Time` for each `Took`; in one statement."""
    try:
        sql, params = _ways(rows)
    except EmptyResultSet:
        return dict.fromkeys(Step, 0), [Time(took, 0, None, None) for took in Took]
    waiting, more = _waiting()
    asked = list(_counts())
    for days in _TIMES.values():
        middle = f"floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY {days}))::int"
        asked += [f"count({days})", middle, f"max({days})"]
    sql += _WAITED.format(waiting=waiting)
    sql += f" SELECT {', '.join(asked)} FROM way {_JOINED} {_join('waited')}"
    ((*found,),) = _fetched(sql, (*params, *more))
    facts = iter(found[len(Step) :])
    times = [Time(took, next(facts), next(facts), next(facts)) for took in _TIMES]
    return _steps(found[: len(Step)]), times


def _ways(rows, by=()):
    columns = [*_COLUMNS, *(f"by_{place}" for place in range(len(by)))]
    made, params = _made(rows.annotate(**_OWN).values_list("pk", *_OWN, *by))
    sql = _WAYS.format(columns=", ".join(columns), rows=made)
    papers = Certificate.objects.certified().values_list("enrolment_id", "issued_on")
    for name, part, asked in ((Step.CERTIFIED, _PAPER, papers), *_events()):
        made, more = _made(asked)
        sql += part.format(name=name, sql=made)
        params += more
    return sql, params


def _events():
    """Of all that may come after a batch began: the record of a person, and the day."""
    asked = FollowUp.objects.counted().filter(months=MONTHS)
    sent = Referral.objects.exclude(sent_at=None).annotate(day=TruncDate("sent_at"))
    found = {
        Step.REFERRED: sent.values_list("inmate_id", "day"),
        Step.PLACED: Placement.objects.counted().values_list("inmate_id", "starts_on"),
        Step.DUE: asked.values_list("inmate_id", "counted_from"),
        Step.REACHED: asked.reached().values_list("inmate_id", "counted_from"),
        Step.WORKING: asked.working().values_list("inmate_id", "counted_from"),
    }
    return [(step, _EVENT, rows) for step, rows in found.items()]


def _waiting():
    return _made(WaitingEntry.objects.values_list("inmate_id", "course_id", "asked_on"))


def _made(queryset):
    return queryset.order_by().query.sql_with_params()


def _counts():
    return [f"count(*) FILTER (WHERE {condition})" for condition in _STEPS.values()]


def _steps(numbers):
    return dict(zip(_STEPS, numbers, strict=True))


def _fetched(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
