"""What the reminders engine will raise in the days ahead, if nothing changes until then.

Each source, and each audience, is asked for every day of the period at once: its function gets
the day as an SQL expression. A deadline that opens, a posting that ends, a holiday that comes are
seen on their day. The preview is therefore what the sweeps will do, not a second opinion of it;
only escalation is left out, because it depends on who takes note until then.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import DateField
from django.db.models.expressions import RawSQL

from accounts.models import User
from correspondence import deadlines, kinds, sources
from correspondence.models import Silence

PERIOD_DAYS = 90

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

FORESEE = """
WITH {given},
days (day) AS MATERIALIZED (
    SELECT day::date FROM generate_series(%s::date, %s::date, interval '1 day') AS day
),
horizons AS MATERIALIZED ({horizons}),
source (object_id, due, facility_id, agency_id, owner_role, data, link, day) AS MATERIALIZED (
    SELECT opened.*, days.day FROM days CROSS JOIN LATERAL ({source}) AS opened
),
audience (key, key_id, word, user_id, day) AS MATERIALIZED (
    SELECT people.*, days.day
      FROM days CROSS JOIN LATERAL ({people}) AS people (key, key_id, word, user_id)
     WHERE (people.key = 'facility' AND people.key_id = %s)
        OR (people.key = 'agency' AND people.key_id IN (SELECT agency_id FROM source))
),
ruled AS ({ruled}),
wanted AS (
    SELECT DISTINCT ON (audience.user_id, ruled.object_id, ruled.due, ruled.day)
           ruled.*, audience.user_id, audience.word,
           (SELECT min(days) FROM unnest(ruled.offsets) AS days
             WHERE ruled.due - days < horizons.horizon) AS offset_days
      FROM ruled {to_people} AND audience.day = ruled.day AND audience.word = ANY (ruled.words)
      JOIN horizons ON horizons.day = ruled.day
     ORDER BY audience.user_id, ruled.object_id, ruled.due, ruled.day,
              array_position(ruled.words, audience.word)
),
-- Days in a row form an island; between two islands the notices were closed.
islands AS (
    SELECT *, day - (row_number() OVER (PARTITION BY user_id, object_id, due ORDER BY day))::int
              AS island
      FROM wanted WHERE offset_days IS NOT NULL
),
steps AS (
    SELECT islands.*, min(day) OVER island_so_far AS begins,
           min(offset_days) OVER (island_so_far ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
               AS before
      FROM islands
    WINDOW island_so_far AS (PARTITION BY user_id, object_id, due, island ORDER BY day)
),
told AS (
    SELECT recipient_id, object_id, due, min(offset_days) AS offset_days
      FROM correspondence_notice notice JOIN given USING (kind, object_type)
     WHERE state = 'live' GROUP BY recipient_id, object_id, due
)
SELECT steps.day, steps.user_id, steps.word, steps.object_id, steps.due, steps.offset_days,
       steps.data::text, steps.link
  FROM steps
 CROSS JOIN given
  LEFT JOIN told ON told.recipient_id = steps.user_id AND told.object_id = steps.object_id
                AND told.due = steps.due AND steps.begins = given.today
 WHERE steps.offset_days < COALESCE(LEAST(steps.before, told.offset_days), 32767)
"""


class Day(RawSQL):
    """The day of the period, as a source or an audience gets it in place of `today`."""

    def __init__(self):
        super().__init__("days.day", [], DateField())


@dataclass(frozen=True)
class Foreseen:
    """One notice that will be raised on `day`."""

    day: date
    recipient: User
    word: str
    kind: str
    object_id: int
    due: date
    offset_days: int
    data: dict
    link: str
    by_mail: bool

    @property
    def label(self):
        return kinds.get(self.kind).label

    @property
    def sentence(self):
        return kinds.words_of(self.kind, self.due, self.data)

    @property
    def told_as(self):
        return sources.words().get(self.word, self.word)


def foresee(facility_id, today, days=PERIOD_DAYS, kind=None):
    """`Foreseen` notices about one prison from `today` on, by day; one statement a source."""
    rows = [
        (source.kind, *row)
        for source in sources.all_sources()
        if kind in (None, source.kind)
        for row in _of_source(source, facility_id, today, today + timedelta(days=days))
    ]
    people = User.objects.in_bulk({row[2] for row in rows})
    silenced = set(Silence.objects.filter(user__in=people).values_list("user_id", "kind"))
    foreseen = [
        Foreseen(
            day=day,
            recipient=people[user],
            word=word,
            kind=code,
            object_id=object_id,
            due=due,
            offset_days=offset,
            data=json.loads(data),
            link=link,
            by_mail=(user, code) not in silenced or not kinds.get(code).may_be_silenced,
        )
        for code, day, user, word, object_id, due, offset, data, link in rows
    ]
    return sorted(foreseen, key=lambda one: (one.day, one.due, one.recipient.name, one.kind))


def _of_source(source, facility_id, first, last):
    given, given_values = deadlines.given(source, first)
    opened, source_values = deadlines.opened(source, Day(), deadline_facility_id=facility_id)
    people, people_values = deadlines.people(Day())
    statement = FORESEE.format(
        given=given,
        horizons=HORIZONS,
        source=opened,
        people=people,
        ruled=deadlines.RULED,
        to_people=deadlines.PEOPLE,
    )
    values = [*given_values, first, last, *source_values, *people_values, facility_id]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
