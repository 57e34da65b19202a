"""The figures of many participations at once: what `reports.paths` says of each, counted by sets.

A list asks the days of each row that it shows. For figures the database would ask them of a million
rows one after the other; here it joins once what happened to all of the people.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, CharField, DateField, F, Value, When
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
      JOIN inmates_inmate AS other ON other.merged_into_id = each.person),
paper AS (
    SELECT way.id, min(paper.day) AS day
      FROM way JOIN ({papers}) AS paper (way, day) ON paper.way = way.id
     WHERE way.finished GROUP BY way.id),
happened AS (
    SELECT way.id,
           min(event.day) FILTER (WHERE event.kind = 'referred') AS referred,
           min(event.day) FILTER (WHERE event.kind = 'placed') AS placed,
           bool_or(event.kind = 'due') AS due,
           bool_or(event.kind = 'reached') AS reached,
           bool_or(event.kind = 'working') AS working
      FROM way JOIN record ON record.person = way.person
      JOIN ({events}) AS event (kind, inmate, day)
        ON event.inmate = record.inmate AND event.day >= way.began
     WHERE way.finished GROUP BY way.id)"""
_WAITED = """,
waited AS (
    SELECT way.id, max(entry.day) AS day
      FROM way JOIN record ON record.person = way.person
      JOIN ({waiting}) AS entry (inmate, course, day)
        ON entry.inmate = record.inmate AND entry.course = way.course AND entry.day <= way.proposed
     GROUP BY way.id)"""
_JOINED = """
  FROM way LEFT JOIN paper ON paper.id = way.id LEFT JOIN happened ON happened.id = way.id"""
_STEPS = {
    Step.ENROLLED: "true",
    Step.FINISHED: "way.finished",
    Step.CERTIFIED: "paper.day IS NOT NULL",
    Step.REFERRED: "happened.referred IS NOT NULL",
    Step.PLACED: "happened.placed IS NOT NULL",
    Step.DUE: "happened.due",
    Step.REACHED: "happened.reached",
    Step.WORKING: "happened.working",
}
_TIMES = {
    Took.WAITING: "way.proposed - waited.day",
    Took.CHOOSING: "way.decreed - way.proposed",
    Took.STARTING: "way.began - way.decreed",
    Took.TEACHING: "CASE WHEN way.finished THEN way.ended - way.began END",
    Took.CERTIFYING: "paper.day - way.ended",
    Took.REFERRING: "happened.referred - paper.day",
    Took.PLACING: "happened.placed - happened.referred",
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
    sql += f" SELECT {', '.join(asked)} {_JOINED}"
    sql += f" GROUP BY {', '.join(groups)}" if groups else ""
    return [(row[: len(by)], _steps(row[len(by) :])) for row in _fetched(sql, params)]


def told(rows):
    """Of enrolments: `{Step: how many}`, and a `Time` for each `Took`; in one statement."""
    try:
        sql, params = _ways(rows)
    except EmptyResultSet:
        return dict.fromkeys(Step, 0), [Time(took, 0, None, None) for took in Took]
    waiting, more = _sql(WaitingEntry.objects.values_list("inmate_id", "course_id", "asked_on"))
    asked = list(_counts())
    for days in _TIMES.values():
        middle = f"floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY {days}))::int"
        asked += [f"count({days})", middle, f"max({days})"]
    sql += _WAITED.format(waiting=waiting)
    sql += f" SELECT {', '.join(asked)} {_JOINED} LEFT JOIN waited ON waited.id = way.id"
    ((*found,),) = _fetched(sql, (*params, *more))
    facts = iter(found[len(Step) :])
    times = [Time(took, next(facts), next(facts), next(facts)) for took in _TIMES]
    return _steps(found[: len(Step)]), times


def _ways(rows, by=()):
    columns = [*_COLUMNS, *(f"by_{place}" for place in range(len(by)))]
    own = rows.order_by().annotate(**_OWN).values_list("pk", *_OWN, *by)
    parts = [own, _papers(), _events()]
    (rows, own), (papers, of_papers), (events, of_events) = map(_sql, parts)
    sql = _WAYS.format(columns=", ".join(columns), rows=rows, papers=papers, events=events)
    return sql, (*own, *of_papers, *of_events)


def _papers():
    return Certificate.objects.certified().values_list("enrolment_id", "issued_on")


def _events():
    """(kind, record of a person, day) of all that may come after a batch began."""
    asked = FollowUp.objects.counted().filter(months=MONTHS)
    sent = Referral.objects.exclude(sent_at=None).annotate(day=TruncDate("sent_at"))
    found = {
        "referred": (sent, "day"),
        "placed": (Placement.objects.counted(), "starts_on"),
        "due": (asked, "counted_from"),
        "reached": (asked.reached(), "counted_from"),
        "working": (asked.working(), "counted_from"),
    }
    first, *others = (
        each.order_by()
        .annotate(event=Value(kind, output_field=CharField()))
        .values_list("event", "inmate_id", day)
        for kind, (each, day) in found.items()
    )
    return first.union(*others, all=True)


def _sql(queryset):
    return queryset.order_by().query.sql_with_params()


def _counts():
    return [f"count(*) FILTER (WHERE {condition})" for condition in _STEPS.values()]


def _steps(numbers):
    return dict(zip(_STEPS, numbers, strict=True))


def _fetched(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
