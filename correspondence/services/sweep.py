"""The reminders engine (design section 7): which offsets are due and not yet noticed?

The question is never "is it exactly N days?", so a day without a sweep heals. One statement a
source joins its open deadlines, the policy (the prison's own, else the national one), holidays
and audiences, and writes what is missing: the number of queries does not grow with the rows.

**When an offset is due.** Its send day is the last working day on or before (due - offset), and it
is due when that day has come. No working day lies between a send day and its target, so this is
the same as: the target comes before the first working day *after* today, the `HORIZON`. Of the
offsets whose target lies before it the smallest is raised.
"""

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils import timezone

from accounts.refusals import act
from correspondence import sources
from correspondence.models import Notice, SweepRun
from correspondence.states import NoticeState

LOCK = 7_301_001  # advisory lock: one sweep at a time, the next waits
FURTHEST = 60  # so many days without a working day are unthinkable

HORIZON = f"""
SELECT COALESCE(min(day)::date, (SELECT today FROM given) + {FURTHEST})
  FROM given, generate_series(given.today + 1, given.today + {FURTHEST}, interval '1 day') AS day
 WHERE EXTRACT(isodow FROM day) < 6
   AND NOT EXISTS (SELECT FROM accounts_holiday WHERE accounts_holiday.day = day.day::date)
"""

RAISE = """
WITH given (kind, object_type, today) AS (VALUES (%s, %s, %s::date)),
horizon (day) AS MATERIALIZED ({horizon}),
source (object_id, due, facility_id, agency_id, owner_role, data, link) AS ({source}),
audience (key, key_id, word, user_id) AS MATERIALIZED ({audiences}),
near AS (
    SELECT source.*, given.kind, given.object_type,
           CASE WHEN own.id IS NULL THEN nation.audience ELSE own.audience END AS words,
           (SELECT min(days)
              FROM unnest(CASE WHEN own.id IS NULL THEN nation.offsets ELSE own.offsets END) AS days
             WHERE source.due - days < horizon.day) AS offset_days
      FROM source
     CROSS JOIN given
     CROSS JOIN horizon
      LEFT JOIN correspondence_reminderpolicy own
             ON own.kind = given.kind AND own.facility_id = source.facility_id
      LEFT JOIN correspondence_reminderpolicy nation
             ON nation.kind = given.kind AND nation.facility_id IS NULL
)
INSERT INTO correspondence_notice
       (recipient_id, facility_id, kind, object_type, object_id, due, offset_days, data, link)
SELECT audience.user_id, near.facility_id, near.kind, near.object_type, near.object_id, near.due,
       near.offset_days, near.data, near.link
  FROM near
 CROSS JOIN LATERAL (VALUES ('facility', near.facility_id), ('agency', near.agency_id))
         AS reach (key, key_id)
  JOIN audience ON audience.key = reach.key AND audience.key_id = reach.key_id
 WHERE near.offset_days IS NOT NULL
   AND (audience.word = ANY (near.words)
        OR ('owner' = ANY (near.words) AND audience.word = near.owner_role))
   AND NOT EXISTS (
        SELECT FROM correspondence_notice told
         WHERE told.state = 'live'
           AND told.recipient_id = audience.user_id
           AND told.kind = near.kind
           AND told.object_type = near.object_type
           AND told.object_id = near.object_id
           AND told.due = near.due
           AND told.offset_days <= near.offset_days)
ON CONFLICT DO NOTHING
"""


def sweep(today=None):
    """Bring every deadline's notices up to date and record the run.

    Returns `{"created": n, "cancelled": n, "queries": n}`; `cancelled` counts all notices that
    stopped being live. Safe to run twice, by anybody, at once.
    """
    counter = _Counter()
    with connection.execute_wrapper(counter):
        counts = _sweep(today or timezone.localdate())
    return {**counts, "queries": counter.queries}


@act
def _sweep(today):
    created = cancelled = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for source in sources.all_sources():
            open_deadlines = source.rows(today)
            cancelled += _close_settled(source.kind, open_deadlines)
            created += _raise_due(cursor, source.kind, open_deadlines, today)
    SweepRun.objects.create(today=today, created=created, cancelled=cancelled)
    return {"created": created, "cancelled": cancelled}


def _close_settled(kind, open_deadlines):
    """Objects that are settled or have another date now: their old notices stop being live."""
    still_open = open_deadlines.filter(pk=OuterRef("object_id"), deadline_due=OuterRef("due"))
    told = Notice.objects.told().filter(pk=OuterRef("pk"))
    return (
        Notice.objects.live()
        .filter(~Exists(still_open), kind=kind)
        .update(
            state=Case(
                When(Exists(told), then=Value(NoticeState.SUPERSEDED)),
                default=Value(NoticeState.CANCELLED),
            )
        )
    )


def _raise_due(cursor, kind, open_deadlines, today):
    """Write the nearest due offset of each deadline to each person who has not got it yet."""
    source, source_values = _sql(open_deadlines.values_list("pk", *sources.COLUMNS))
    audiences, audience_values = [], []
    for audience in sources.all_audiences():
        people, values = _sql(audience.people(today))
        audiences.append(
            f"SELECT %s, people.key_id, people.word::text, people.user_id "
            f"FROM ({people}) AS people (word, key_id, user_id)"
        )
        audience_values += [audience.key, *values]
    cursor.execute(
        RAISE.format(horizon=HORIZON, source=source, audiences=" UNION ALL ".join(audiences)),
        [kind, open_deadlines.model._meta.label_lower, today, *source_values, *audience_values],
    )
    return cursor.rowcount


def _sql(queryset):
    return queryset.query.get_compiler(connection=connection).as_sql()


class _Counter:
    def __init__(self):
        self.queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)
