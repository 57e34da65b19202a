"""What the reminders engine will raise in the days ahead, if nothing changes until then.

All sources, and all audiences, are asked for every day of the period at once: their functions get
the day as an SQL expression. A deadline that opens, a posting that ends, a holiday that comes are
seen on their day. What follows from that day by day, escalation included, `replay` tells: the
preview is what the sweeps will do as long as nobody takes note.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import connection
from django.db.models import DateField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import User
from correspondence import deadlines, kinds, sources
from correspondence.models import Notice, Silence
from correspondence.replay import People, Span, Told, replay

PERIOD_DAYS = 90

DAYS = """
days (day) AS MATERIALIZED (
    SELECT day::date FROM generate_series(%s::date, %s::date, interval '1 day') AS day
)
"""

# As in `deadlines.HORIZON`, for each day of the period.
HORIZONS = f"""
SELECT days.day, COALESCE(min(later.day)::date, days.day + {deadlines.FURTHEST}) AS horizon
  FROM days
 CROSS JOIN generate_series(days.day + 1, days.day + {deadlines.FURTHEST}, interval '1 day')
         AS later (day)
 WHERE EXTRACT(isodow FROM later.day) < 6
   AND NOT EXISTS (SELECT FROM accounts_holiday WHERE accounts_holiday.day = later.day::date)
 GROUP BY days.day
"""

# Days in a row on which a deadline says the same are one row.
SPANS = f"""
WITH {{given}}, {DAYS},
horizons AS MATERIALIZED ({HORIZONS}),
source (of_kind, object_id, due, facility_id, agency_id, owner_role, data, link, day)
AS MATERIALIZED ({{sources}}),
ruled AS ({deadlines.RULED} WHERE given.kind = source.of_kind),
near AS (
    SELECT ruled.*,
           (SELECT min(days) FROM unnest(ruled.offsets) AS days
             WHERE ruled.due - days < horizons.horizon) AS offset_days
      FROM ruled JOIN horizons ON horizons.day = ruled.day
     WHERE cardinality(ruled.offsets) > 0
),
told AS (
    SELECT DISTINCT kind, object_id, due
      FROM correspondence_notice notice JOIN given USING (kind, object_type)
     WHERE state = 'live'
),
same AS (
    SELECT near.*, day - (row_number() OVER (
               PARTITION BY kind, object_id, due, agency_id, words, escalate_after,
                            escalation, offset_days, data, link ORDER BY day))::int AS island
      FROM near LEFT JOIN told USING (kind, object_id, due)
     WHERE near.offset_days IS NOT NULL OR told.object_id IS NOT NULL
)
SELECT kind, min(day) AS first, max(day), object_id, due, agency_id, words, escalate_after,
       escalation, offset_days, data::text, link
  FROM same
 GROUP BY kind, object_id, due, agency_id, words, escalate_after, escalation, offset_days, data,
          link, island
 ORDER BY kind, object_id, due, first
"""

OPENED = """
SELECT %s::text, opened.*, days.day FROM days CROSS JOIN LATERAL ({source}) AS opened
"""

AUDIENCE = f"""
WITH {DAYS},
audience (key, key_id, word, user_id, day) AS (
    SELECT DISTINCT people.*, days.day
      FROM days CROSS JOIN LATERAL ({{people}}) AS people (key, key_id, word, user_id)
     WHERE (people.key = '{sources.FACILITY}' AND people.key_id = %s)
        OR (people.key = '{sources.AGENCY}' AND people.key_id = ANY (%s))
),
same AS (
    SELECT audience.*, day - (row_number() OVER (
               PARTITION BY key, key_id, word, user_id ORDER BY day))::int AS island
      FROM audience
)
SELECT min(day), max(day), key, key_id, word, user_id
  FROM same
 GROUP BY key, key_id, word, user_id, island
"""


class Day(RawSQL):
    """The day of the period, as a source or an audience gets it in place of `today`."""

    def __init__(self):
        super().__init__("days.day", [], DateField())


@dataclass(frozen=True)
class Foreseen:
    """One notice that will be raised on `day`; `if_unmarked`: unless somebody takes note first."""

    day: date
    recipient: User
    word: str
    kind: str
    object_id: int
    due: date
    offset_days: int
    escalated_from: str
    if_unmarked: bool
    data: dict
    link: str
    by_mail: bool

    @property
    def label(self):
        return kinds.get(self.kind).label

    @property
    def sentence(self):
        return kinds.sentence_of(self)

    @property
    def told_as(self):
        return sources.words().get(self.word, self.word)


def foresee(facility_id, today, days=PERIOD_DAYS, kind=None):
    """`Foreseen` notices about one prison from `today` on, by day; all sources in one statement."""
    last = today + timedelta(days=days)
    asked = [source for source in sources.all_sources() if kind in (None, source.kind)]
    spans = _spans(asked, facility_id, today, last)
    agencies = {span.agency_id for span in spans} - {None}
    people = _people(facility_id, agencies, today, last)
    live = _live(facility_id, [source.kind for source in asked])
    raised = [
        (span, told)
        for key, of_deadline in groupby(spans, lambda row: (row.kind, row.object_id, row.due))
        for span, told in replay(of_deadline, live[key], people, today)
    ]
    return _described(raised)


def _described(raised):
    people = User.objects.in_bulk({told.user_id for _span, told in raised})
    silenced = set(Silence.objects.filter(user__in=people).values_list("user_id", "kind"))
    foreseen = [
        Foreseen(
            day=told.day,
            recipient=people[told.user_id],
            word=told.word,
            kind=span.kind,
            object_id=span.object_id,
            due=span.due,
            offset_days=told.offset_days,
            escalated_from=told.escalated_from,
            if_unmarked=told.if_unmarked,
            data=json.loads(span.data),
            link=span.link,
            by_mail=(told.user_id, span.kind) not in silenced
            or not kinds.get(span.kind).may_be_silenced,
        )
        for span, told in raised
    ]
    return sorted(foreseen, key=lambda one: (one.day, one.due, one.recipient.name, one.kind))


def _spans(asked, facility_id, first, last):
    given, values = deadlines.given(first, *asked)
    values += [first, last]
    opened = []
    for source in asked:
        sql, of_source = deadlines.opened(source, Day(), deadline_facility_id=facility_id)
        opened.append(OPENED.format(source=sql))
        values += [source.kind, *of_source]
    statement = SPANS.format(given=given, sources=" UNION ALL ".join(opened))
    return [Span(*row) for row in _rows(statement, values)]


def _people(facility_id, agencies, first, last):
    people, values = deadlines.people(Day())
    statement = AUDIENCE.format(people=people)
    return People(_rows(statement, [first, last, *values, facility_id, list(agencies)]))


def _live(facility_id, codes):
    """The live notices of the prison's deadlines: `{(kind, object, due): [Told, ...]}`."""
    found = defaultdict(list)
    for notice in Notice.objects.live().filter(facility=facility_id, kind__in=codes):
        found[notice.kind, notice.object_id, notice.due].append(
            Told(
                day=notice.told_on or timezone.localdate(notice.created_at),
                user_id=notice.recipient_id,
                word=notice.told_as,
                offset_days=notice.offset_days,
                escalated_from=notice.escalated_from,
                is_known=notice.acknowledged_at is not None,
            )
        )
    return found


def _rows(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
