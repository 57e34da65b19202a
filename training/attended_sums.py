"""The attendance of many participants at once: what `with_attendance` says of each, by sets.

A list sums the meetings of each row that it shows. For figures the database would look up the
meetings and entries of each participant one after the other; here it reads those of all of them
once. Pairs of a participant and a meeting, and the entries about them, are grouped and not joined:
a join is planned for as many rows as the database expects, which may be ten of ten thousand. Dates
of decrees are read once for each decree; FULL JOIN gives what LEFT JOIN would, because each names
somebody, but is never made by comparing each row with each.
"""

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.statements import Written
from training.states import EnrolmentState
from training.teaching import MeetingState

SUMS = ("jp_attended", "jp_held", "jp_excused", "minimum_percent")
_SQL = """
WITH part ({columns}) AS MATERIALIZED ({rows}),
decreed AS MATERIALIZED (
    SELECT decree, dated, earliest
      FROM (SELECT decree.id AS decree, letter.dated,
                   min(letter.dated) OVER (PARTITION BY decree.batch_id) AS earliest
              FROM training_decree AS decree
              JOIN correspondence_letter AS letter ON letter.id = decree.letter_id
             WHERE decree.batch_id = ANY (ARRAY(SELECT DISTINCT batch FROM part))) AS each
     WHERE decree = ANY (ARRAY(SELECT DISTINCT decree FROM part))),
went AS MATERIALIZED (
    SELECT id, batch, coalesce(last, 'infinity') AS last,
           CASE WHEN dated > earliest THEN greatest(dated, began) ELSE began END AS first
      FROM part FULL JOIN decreed USING (decree)),
meeting AS MATERIALIZED (
    SELECT id, batch_id AS batch, jp, state_at, (lower(during) AT TIME ZONE %s)::date AS day
      FROM training_meeting
     WHERE state = %s AND batch_id = ANY (ARRAY(SELECT DISTINCT batch FROM part))),
asked AS (
    SELECT id, any_value(held) AS held, any_value(asked_at) AS asked_at,
           any_value(jp) AS jp, any_value(code) AS code
      FROM (SELECT went.id, meeting.id, meeting.jp, meeting.state_at, NULL::int, NULL::text
              FROM went JOIN meeting ON meeting.batch = went.batch
               AND meeting.day BETWEEN went.first AND went.last
             UNION ALL
            SELECT enrolment_id, meeting_id, NULL, NULL, jp, code
              FROM training_attendance
             WHERE enrolment_id = ANY (ARRAY(SELECT id FROM part))
           ) AS each (id, meeting, held, asked_at, jp, code)
     GROUP BY id, meeting HAVING any_value(held) IS NOT NULL),
known AS (
    SELECT {groups} sum(jp) AS jp_attended, sum(held) AS jp_held, sum(excused) AS jp_excused,
           any_value(minimum) AS minimum_percent
      FROM (SELECT id, {named} minimum, 0, 0, 0 FROM part
             UNION ALL
            SELECT id, {nulls} NULL, coalesce(jp, 0),
                   CASE WHEN code IS NULL AND %s = (
                          SELECT event.state FROM training_enrolmentevent AS event
                           WHERE event.pgh_obj_id = asked.id AND event.state_at <= asked.asked_at
                           ORDER BY event.pgh_id DESC LIMIT 1)
                        THEN 0 ELSE held END,
                   CASE WHEN code = ANY (%s) THEN held ELSE 0 END
              FROM asked
           ) AS each (id, {named} minimum, jp, held, excused)
     GROUP BY id)
SELECT {asked}, count(*) FROM known GROUP BY {asked}"""


def sums(rows, *by):
    """Of enrolments: the columns or annotations `by`, `SUMS`, and how many have just these."""
    names = [f"by_{place}" for place in range(len(by))]
    asked = [*names, *SUMS]
    own = _own()
    try:
        found = rows.annotate(**own).order_by().values_list("pk", *own, *by)
        part, params = found.query.sql_with_params()
    except EmptyResultSet:
        made = None
    else:
        zone = timezone.get_current_timezone_name()
        sql = _SQL.format(
            columns=", ".join(["id", "batch", "began", "decree", "last", "minimum", *names]),
            rows=part,
            groups="".join(f"any_value({name}) AS {name}, " for name in names),
            named="".join(f"{name}, " for name in names),
            nulls="NULL, " * len(names),
            asked=", ".join(asked),
        )
        more = (zone, MeetingState.HELD.value, EnrolmentState.SUSPENDED.value)
        made = sql, (*params, *more, list(settings.ATTENDANCE_EXCUSED_CODES))
    return Written(made, width=len(asked) + 1, about="sums of attendance")


def _own():
    minimum = Value(settings.MINIMUM_ATTENDANCE_PERCENT)
    return {
        "sums_batch": F("batch_id"),
        "sums_began": F("batch__starts_on"),
        "sums_decree": F("decree_id"),
        "sums_last": F("dropped_on"),
        "sums_minimum": Coalesce("batch__course__minimum_attendance", minimum),
    }
