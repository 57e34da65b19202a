"""The reminders engine (design section 7): which offsets are due and not yet noticed?

The question is never "is it exactly N days?", so a day without a sweep heals. Of each source that
a rule tells anybody of, two statements join the open deadlines, the policy (the prison's own, else
the national one), holidays and audiences: one closes what no longer holds, one writes what is
missing. The number of queries does not grow with the rows. What they share stands in
`correspondence.deadlines`.

**Escalation.** A rule may name an order of roles and a number of days. The roles of the audience
are told first. When nobody of the prison has acknowledged a live notice of the deadline for so
many days after the last role was told, the next role of the order is told too that is held by
somebody who was not told yet (one person may hold two posts).
All of it follows from the live notices, so it heals like the rest, and a successor is found the
same way. Liaisons do not count: that an agency knows does not mean that the prison does.
"""

from django.db import connection
from django.utils import timezone

from accounts.refusals import act
from correspondence import deadlines, sources
from correspondence.models import Notice, ReminderPolicy, SweepRun
from correspondence.services import notices

LOCK = 7_301_001  # advisory lock: one sweep at a time, the next waits

# A live notice stays while its deadline is open with that date, its kind is not switched off, and
# its recipient still belongs to those who are told.
CLOSE = f"""
, entitled AS MATERIALIZED (
    SELECT ruled.object_id, ruled.due, audience.user_id,
           audience.word = ANY (ruled.words) AS is_first
      FROM {deadlines.TO_PEOPLE.format(rows="ruled")}
     WHERE cardinality(ruled.offsets) > 0
       AND (audience.word = ANY (ruled.words)
            OR (ruled.escalate_after IS NOT NULL AND audience.word = ANY (ruled.escalation)))
)
UPDATE correspondence_notice notice
   SET state = {notices.ENDED}
  FROM given
 WHERE notice.state = 'live'
   AND notice.kind = given.kind
   AND NOT EXISTS (
        SELECT FROM entitled
         WHERE entitled.object_id = notice.object_id
           AND entitled.due = notice.due
           AND entitled.user_id = notice.recipient_id
           AND (entitled.is_first OR notice.escalated_from <> ''))
"""

RAISE = f"""
, held AS (
    SELECT key_id AS facility_id, array_agg(DISTINCT word) AS roles
      FROM audience WHERE key = 'facility' GROUP BY key_id
),
told AS (
    SELECT object_id, due, bool_or(is_known) AS is_known, max(since) AS since,
           array_agg(lifted_to) AS lifted
      FROM (SELECT object_id, due, min(COALESCE(told_on, created_at::date)) AS since,
                   bool_or(acknowledged_at IS NOT NULL) AS is_known,
                   CASE WHEN escalated_from = '' THEN '' ELSE told_as END AS lifted_to
              FROM correspondence_notice notice
              JOIN given USING (kind, object_type)
             WHERE state = 'live' AND told_as <> '{sources.AGENCY}'
             GROUP BY object_id, due, lifted_to) AS tiers
     GROUP BY object_id, due
),
near AS (
    SELECT ruled.*, given.today, COALESCE(held.roles, '{{}}') AS held, told.since,
           COALESCE(told.lifted, '{{}}') AS lifted,
           ruled.escalate_after IS NOT NULL AND NOT COALESCE(told.is_known, false) AS may_lift,
           (SELECT min(days) FROM unnest(ruled.offsets) AS days
             WHERE ruled.due - days < horizon.day) AS offset_days
      FROM ruled
     CROSS JOIN given
     CROSS JOIN horizon
      LEFT JOIN held ON held.facility_id = ruled.facility_id
      LEFT JOIN told ON told.object_id = ruled.object_id AND told.due = ruled.due
),
reached AS (
    SELECT near.*, step.first, GREATEST(step.first, step.lifted) AS top,
           CASE WHEN near.since + near.escalate_after <= near.today
                  OR (near.since IS NULL AND NOT near.words && near.held
                      AND near.words <> '{{{sources.AGENCY}}}')
                THEN (SELECT min(position)
                        FROM unnest(near.escalation) WITH ORDINALITY AS later (role, position)
                       WHERE position > GREATEST(step.first, step.lifted)
                         AND role = ANY (near.held)
                         AND EXISTS (
                             SELECT FROM audience holder
                              WHERE holder.key = 'facility' AND holder.key_id = near.facility_id
                                AND holder.word = role
                                AND NOT EXISTS (
                                     SELECT FROM correspondence_notice notice
                                      WHERE notice.state = 'live'
                                        AND notice.recipient_id = holder.user_id
                                        AND notice.kind = near.kind
                                        AND notice.object_type = near.object_type
                                        AND notice.object_id = near.object_id
                                        AND notice.due = near.due))) END AS next
      FROM near
     CROSS JOIN LATERAL (
        SELECT COALESCE(max(position) FILTER (WHERE role = ANY (near.words)), 0) AS first,
               COALESCE(max(position) FILTER (WHERE role = ANY (near.lifted)), 0) AS lifted
          FROM unnest(near.escalation) WITH ORDINALITY AS told_to (role, position)) AS step
     WHERE near.offset_days IS NOT NULL
),
called AS (
    SELECT reached.*, word, position, '' AS escalated_from
      FROM reached, unnest(words) WITH ORDINALITY AS first (word, position)
    UNION ALL
    SELECT reached.*, word, position + 1000,
           COALESCE(escalation[LEAST(top, position - 1)], words[1], '-')
      FROM reached, unnest(escalation) WITH ORDINALITY AS later (word, position)
     WHERE may_lift AND position > first AND (position <= top OR position = next)
       AND NOT word = ANY (words)
)
INSERT INTO correspondence_notice
       (recipient_id, facility_id, kind, object_type, object_id, due, offset_days, data, link,
        told_on, told_as, escalated_from)
SELECT DISTINCT ON (audience.user_id, ruled.object_id, ruled.due)
       audience.user_id, ruled.facility_id, ruled.kind, ruled.object_type, ruled.object_id,
       ruled.due, ruled.offset_days, ruled.data, ruled.link,
       ruled.today, audience.word, ruled.escalated_from
  FROM {deadlines.TO_PEOPLE.format(rows="called")} AND audience.word = ruled.word
 WHERE NOT EXISTS (
        SELECT FROM correspondence_notice told
         WHERE told.state = 'live'
           AND told.recipient_id = audience.user_id
           AND told.kind = ruled.kind
           AND told.object_type = ruled.object_type
           AND told.object_id = ruled.object_id
           AND told.due = ruled.due
           AND told.offset_days <= ruled.offset_days)
 ORDER BY audience.user_id, ruled.object_id, ruled.due, ruled.position
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
        asked_people = deadlines.people(today)
        for source in _alive():
            statement, values = deadlines.head(source, today, asked_people)
            cursor.execute(statement + CLOSE, values)
            cancelled += cursor.rowcount
            cursor.execute(statement + RAISE, values)
            created += cursor.rowcount
    SweepRun.objects.create(today=today, created=created, cancelled=cancelled)
    return {"created": created, "cancelled": cancelled}


def _alive():
    """The sources of which a rule tells anybody, or of which a live notice is left."""
    told = set(ReminderPolicy.objects.exclude(offsets=[]).values_list("kind", flat=True))
    asked = [source for source in sources.all_sources() if source.kind not in told]
    if asked:
        silent = Notice.objects.live().filter(kind__in=[source.kind for source in asked])
        told.update(silent.order_by().values_list("kind", flat=True).distinct())
    return [source for source in sources.all_sources() if source.kind in told]


class _Counter:
    def __init__(self):
        self.queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)
