"""The SQL that reminders, their preview and calendars share: open deadlines, rules, people.

Each piece is the body of common table expressions. They read `given (kind, object_type, today)`;
`source` holds the open deadlines of one kind, `audience` who may be told today, `ruled` each
deadline with the rule of its prison (else of the nation) and the words of whom it reaches.

**When an offset is due.** Its send day is the last working day on or before (due - offset), and it
is due when that day has come. No working day lies between a send day and its target, so this is
the same as: the target comes before the first working day *after* today, the `HORIZON`. Of the
offsets whose target lies before it the smallest is raised.
"""

from functools import cache

from django.db import connection
from django.utils import timezone

from correspondence import sources

FURTHEST = 60  # so many days without a working day are unthinkable

HORIZON = f"""
SELECT COALESCE(min(day)::date, (SELECT today FROM given) + {FURTHEST})
  FROM given, generate_series(given.today + 1, given.today + {FURTHEST}, interval '1 day') AS day
 WHERE EXTRACT(isodow FROM day) < 6
   AND NOT EXISTS (SELECT FROM accounts_holiday WHERE accounts_holiday.day = day.day::date)
"""

# Of one kind; who opens several at once adds a condition.
RULED = """
SELECT source.*, given.kind, given.object_type,
       COALESCE(own.offsets, nation.offsets) AS offsets,
       array_replace(COALESCE(own.audience, nation.audience)::text[], 'owner', source.owner_role)
           AS words,
       COALESCE(own.escalate_after, nation.escalate_after) AS escalate_after,
       COALESCE(own.escalation, nation.escalation)::text[] AS escalation
  FROM source
 CROSS JOIN given
  LEFT JOIN correspondence_reminderpolicy own
         ON own.kind = given.kind AND own.facility_id = source.facility_id
  LEFT JOIN correspondence_reminderpolicy nation
         ON nation.kind = given.kind AND nation.facility_id IS NULL AND own.id IS NULL
"""

# Joins deadlines, as `ruled`, to the people of their prison and of their agency. Each deadline is
# there once for either before it is joined, so that one hash over place and post finds the people;
# else the planner pairs it with the same posts of all prisons first.
TO_PEOPLE = """
(SELECT rows.*, unnest(ARRAY['facility', 'agency']) AS reach,
        unnest(ARRAY[rows.facility_id, rows.agency_id]) AS reach_id
   FROM {rows} AS rows) AS ruled
  JOIN audience ON audience.key = ruled.reach AND audience.key_id = ruled.reach_id
"""


def given(today, *asked):
    """SQL and values of the CTE `given`, a row for each source."""
    rows = ", ".join(["(%s, %s, %s::date)"] * len(asked))
    values = [value for source in asked for value in (source.kind, _object_type(source), today)]
    return f"given (kind, object_type, today) AS (VALUES {rows})", values


@cache
def _object_type(source):
    return source.rows(timezone.localdate()).model._meta.label_lower


def opened(source, today, **only):
    """SQL and values of the query of open deadlines: `source (object_id, due, ...)`."""
    rows = source.rows(today).filter(**only)
    return compiled(rows.values_list("pk", *sources.COLUMNS))


def people(today):
    """SQL and values of the query of all who may be told: `(key, key_id, word, user_id)`."""
    statements, values = [], []
    for audience in sources.all_audiences():
        statement, parameters = compiled(audience.people(today))
        statements.append(
            "SELECT %s::text, people.key_id, people.word::text, people.user_id "
            f"FROM ({statement}) AS people (word, key_id, user_id)"
        )
        values += [audience.key, *parameters]
    return " UNION ALL ".join(statements), values


def head(source, today, asked_people):
    """SQL and values of `WITH given, horizon, source, audience, ruled`: where a sweep begins.

    `asked_people` is what `people(today)` gave: the same for all sources.
    """
    given_sql, given_values = given(today, source)
    source_sql, source_values = opened(source, today)
    people_sql, people_values = asked_people
    return (
        f"WITH {given_sql}, horizon (day) AS MATERIALIZED ({HORIZON}), "
        "source (object_id, due, facility_id, agency_id, owner_role, data, link) "
        f"AS MATERIALIZED ({source_sql}), "
        f"audience (key, key_id, word, user_id) AS MATERIALIZED ({people_sql}), "
        f"ruled AS ({RULED}) ",
        [*given_values, *source_values, *people_values],
    )


def compiled(queryset):
    """SQL and values of a queryset."""
    return queryset.query.get_compiler(connection=connection).as_sql()
