"""What the statement knows of jobs and people: by index, for those who may match only.

A chain of parts of one `WITH`. Before it stand `t` (`today`) and `people` (`id`, `is_free`, and in
`records` the keys of the person's own record and those merged into it), before `ASKED` also
`jobs_given`; after `PAIRS` comes `matched`, those of the people who are in a pair and are looked
for, and at the end `persons`. Papers are looked up by the keys of all people at
once, the rest for one person of `matched` at a time (`LATERAL`, and `OFFSET 0` against joining a
table as a whole), so that the size of the tables is of no matter.
"""

from django.conf import settings

from inmates.states import ConsentPurpose, DocumentKind, RestrictionKind
from placements.employment import (
    REFERRAL_OPEN,
    Openness,
    PlacementKind,
    PlacementState,
    Readiness,
    ReferralState,
    VacancyState,
)
from placements.matching import homes, schooling
from training.states import EnrolmentState
from training.teaching import (
    AssessmentKind,
    CertificateKind,
    CertificateState,
    MeetingState,
    Verdict,
)

# How much a paper says of its holder. A course that was finished counts without any paper.
FINISHED, TRAINED, COMPETENT = 1, 2, 3
# Who was declined here is not sent here again.
REFERRED_HERE = (*REFERRAL_OPEN, ReferralState.DECLINED)
PAPERS = tuple(kind for kind in DocumentKind.values if kind in Readiness.values)


def month_of(day):
    """A day's month as a number that counts on over the years."""
    return f"(12 * extract(year FROM {day}) + extract(month FROM {day}))::int"


def listed(codes):
    return ", ".join(f"'{code}'" for code in codes) or "NULL"


# --- Who may match which job -------------------------------------------------------------------
PAPERS_HELD = f"""
    records AS MATERIALIZED (SELECT id AS person, unnest(records) AS record FROM people),
    papers AS MATERIALIZED (
        SELECT r.person, c.enrolment_id, c.course_id,
               CASE c.kind WHEN '{CertificateKind.COMPETENCY}' THEN {COMPETENT}
                           WHEN '{CertificateKind.TRAINING}' THEN {TRAINED}
                           ELSE {FINISHED} END AS level
          FROM records r JOIN training_certificate c ON c.inmate_id = r.record CROSS JOIN t
         WHERE {{among_c}} c.state = '{CertificateState.ISSUED}'
           AND (c.valid_until IS NULL OR c.valid_until >= t.today)),
    courses AS MATERIALIZED (
        SELECT person, course_id, max(level) AS level FROM (
            SELECT person, course_id, level FROM papers
            UNION ALL
            SELECT unnest(g.people), b.course_id, {FINISHED}
              FROM (SELECT e.batch_id, array_agg(r.person) AS people
                      FROM records r JOIN training_enrolment e ON e.inmate_id = r.record
                     WHERE {{among_e}} e.state = '{EnrolmentState.COMPLETED}' GROUP BY 1) AS g
              JOIN training_batch b ON b.id = g.batch_id) AS found GROUP BY 1, 2),
    trained AS MATERIALIZED (
        SELECT c.person, k.trade_id, max(c.level) AS level
          FROM courses c JOIN training_course k ON k.id = c.course_id GROUP BY 1, 2)"""

# Of few people: open jobs that ask nothing which any of them could have are not read at all, for
# there are those of the whole country. Each way to match has an index of its own.
_OPEN = f"SELECT id FROM placements_vacancy WHERE state = '{VacancyState.OPEN}'"
COULD_MATCH = f"""id = ANY (ARRAY(
    {_OPEN} AND trade_id = ANY (ARRAY(
       SELECT trade_id FROM trained
       UNION ALL
       SELECT w.id FROM records r JOIN inmates_skillprofile s ON s.inmate_id = r.record
        CROSS JOIN LATERAL unnest(s.interests) AS wish
         JOIN training_trade w ON lower(w.name) = lower(wish)))
    UNION ALL {_OPEN} AND units && ARRAY(
       SELECT u.code FROM courses c JOIN training_courseunit cu USING (course_id)
         JOIN training_competencyunit u ON u.id = cu.unit_id
       UNION ALL
       SELECT u.code FROM papers p JOIN training_assessment a USING (enrolment_id)
         JOIN training_competencyunit u ON u.id = a.unit_id WHERE p.level = {COMPETENT})
    UNION ALL {_OPEN} AND trade_id IS NULL AND units = '{{}}'))"""

ASKED = """
    asked AS MATERIALIZED (
        SELECT id AS job, trade_id, lower(trade) AS trade, units FROM jobs_given),
    wanted AS MATERIALIZED (
        SELECT DISTINCT a.job, u.id AS unit_id
          FROM asked a, unnest(a.units) AS asks JOIN training_competencyunit u ON u.code = asks),
    units_wanted AS MATERIALIZED (SELECT array_agg(DISTINCT unit_id) AS units FROM wanted)"""

SKILLS = f"""
    taught AS MATERIALIZED (
        SELECT cu.course_id, cu.unit_id FROM training_courseunit cu
         WHERE cu.unit_id = ANY ((SELECT units FROM units_wanted)::bigint[])),
    assessed AS MATERIALIZED (
        SELECT DISTINCT ON (a.enrolment_id, a.unit_id) a.enrolment_id, a.unit_id,
               a.result = '{Verdict.COMPETENT}' AS is_passed
          FROM training_assessment a
         WHERE {{among_a}} a.kind = '{AssessmentKind.COMPETENCY}' AND a.unit_id IS NOT NULL
           AND a.enrolment_id IN (SELECT enrolment_id FROM papers WHERE level = {COMPETENT})
           AND (SELECT units FROM units_wanted) IS NOT NULL
         ORDER BY a.enrolment_id, a.unit_id, a.attempt DESC),
    skilled AS MATERIALIZED (
        SELECT person, unit_id, max(level) AS level FROM (
            SELECT p.person, u.unit_id, p.level FROM papers p JOIN taught u USING (course_id)
             WHERE p.level = {TRAINED} OR p.level = {COMPETENT} AND NOT EXISTS (
                   SELECT 1 FROM assessed a WHERE a.enrolment_id = p.enrolment_id)
            UNION ALL
            SELECT p.person, a.unit_id, p.level FROM papers p JOIN assessed a USING (enrolment_id)
             WHERE p.level = {COMPETENT} AND a.is_passed
               AND a.unit_id = ANY ((SELECT units FROM units_wanted)::bigint[])) AS found
         GROUP BY 1, 2),
    wishes AS (
        SELECT DISTINCT r.person, lower(wish) AS trade
          FROM records r JOIN inmates_skillprofile s ON s.inmate_id = r.record
          CROSS JOIN LATERAL unnest(s.interests) AS wish
         WHERE {{among_s}} lower(wish) IN (SELECT trade FROM asked)
           AND r.person IN (SELECT person FROM courses))"""

PAIRS = f"""
    by_trade AS (
        SELECT j.job, s.person, s.level FROM asked j JOIN trained s USING (trade_id)),
    by_unit AS (
        SELECT w.job, s.person, count(*) FILTER (WHERE s.level = {COMPETENT})::int AS competent,
               count(*) FILTER (WHERE s.level = {TRAINED})::int AS learnt
          FROM wanted w JOIN skilled s USING (unit_id) GROUP BY 1, 2),
    by_wish AS (
        SELECT j.job, i.person FROM asked j JOIN wishes i USING (trade)),
    pairs AS MATERIALIZED (
        SELECT coalesce(b.job, u.job, i.job) AS job, coalesce(b.person, u.person, i.person) AS
               person, coalesce(b.level, 0) AS level, coalesce(u.competent, 0) AS competent,
               coalesce(u.learnt, 0) AS learnt, i.person IS NOT NULL AS interested
          FROM by_trade b FULL JOIN by_unit u ON u.job = b.job AND u.person = b.person
          FULL JOIN by_wish i ON i.job = coalesce(b.job, u.job)
                             AND i.person = coalesce(b.person, u.person)
        UNION ALL
        SELECT j.job, s.person, 0, 0, 0, false
          FROM asked j CROSS JOIN (SELECT DISTINCT person FROM courses) AS s
         WHERE j.trade_id IS NULL AND j.units = '{{}}')"""


# --- What is known of the jobs and the people of the pairs ----------------------------------------
def jobs():
    born = "(coalesce(starts_on, t.today) - make_interval(years => {}))::date"
    return f"""
    levels (word, level) AS MATERIALIZED (SELECT * FROM {schooling.LEVELS_SQL}),
    schools AS MATERIALIZED (
        SELECT said, {schooling.LEVEL_SQL} AS level
          FROM (SELECT education AS said FROM bodies
                UNION SELECT education FROM jobs_given) AS d),
    jobs AS MATERIALIZED (
        SELECT g.id AS job, g.trade_id, g.units, starts_on,
               coalesce(starts_on, g.closes_on) AS target, g.sex AS wants_sex,
               {month_of("coalesce(starts_on, g.closes_on)")} AS target_month,
               coalesce(starts_on, (g.closes_on + make_interval(
                   months => {int(settings.REFERRAL_BEGINS_MONTHS)}))::date) AS latest,
               w.openness = '{Openness.NO}' AS takes_nobody, g.closes_on, g.title,
               g.public_id AS job_public_id,
               regexp_replace(g.region_code, '[^0-9]', '', 'g') AS region,
               (SELECT count(DISTINCT code)::int FROM unnest(g.units) AS code) AS units_asked,
               {born.format("g.age_from")} AS born_by, {born.format("g.age_to + 1")} AS born_after,
               e.level AS schooled
          FROM jobs_given g JOIN placements_employer w ON w.id = g.employer CROSS JOIN t
          CROSS JOIN LATERAL (SELECT CASE WHEN g.starts IS NOT NULL
                                          THEN greatest(g.starts, t.today) END AS starts_on) AS s
          LEFT JOIN schools e ON e.said = g.education
         WHERE g.id IN (SELECT job FROM pairs))"""


# Columns of `persons`, asked of the records of `m`.
HOLDS = {
    "has_consented": f"""inmates_consent c WHERE c.inmate_id = ANY (m.records)
        AND c.purpose = '{ConsentPurpose.REFERRAL}' AND c.withdrawn_on IS NULL
        AND c.signed_on <= t.today AND (c.until IS NULL OR c.until >= t.today)""",
    "is_opposed": f"""inmates_restriction x WHERE x.inmate_id = ANY (m.records)
        AND x.kind = '{RestrictionKind.SECURITY}' AND x.voided_at IS NULL
        AND x.starts <= t.today AND (x.until IS NULL OR x.until >= t.today)""",
    "is_working": f"""placements_placement w WHERE w.inmate_id = ANY (m.records)
        AND w.state = '{PlacementState.RUNNING}' AND w.kind <> '{PlacementKind.WORK_RELEASE}'""",
    "is_hired": f"""placements_referral h WHERE h.inmate_id = ANY (m.records)
        AND h.state = '{ReferralState.ACCEPTED}' AND NOT h.is_placed""",
    "has_card": """placements_jobseekercard k WHERE k.inmate_id = ANY (m.records)
        AND k.ended_on IS NULL AND k.expires_on >= t.today""",
}
READY = f"""ARRAY(
    SELECT x.kind::text FROM placements_readinessitem x
     WHERE x.inmate_id = ANY (m.records) AND (x.done_on IS NOT NULL OR x.is_waived)
    UNION
    SELECT d.kind::text FROM inmates_document d
     WHERE d.inmate_id = ANY (m.records) AND d.kind IN ({listed(PAPERS)}))"""


def attended():
    """As `training.attended` counts it, over all trainings that the person finished."""
    return f"""(
    SELECT CASE WHEN sum(b.held) > 0 THEN (sum(b.jp) * 100 / sum(b.held))::int END
      FROM training_enrolment e JOIN training_decree d ON d.id = e.decree_id
      LEFT JOIN correspondence_letter l ON l.id = d.letter_id
      CROSS JOIN LATERAL (
           SELECT sum(n.jp) FILTER (
                      WHERE a.code IS NULL
                         OR a.code NOT IN ({listed(settings.ATTENDANCE_EXCUSED_CODES)})) AS held,
                  sum(a.jp) AS jp
             FROM training_meeting n
             JOIN training_batch b ON b.id = n.batch_id
             LEFT JOIN training_attendance a ON a.meeting_id = n.id AND a.enrolment_id = e.id
            WHERE n.batch_id = e.batch_id AND n.state = '{MeetingState.HELD}'
              AND (lower(n.during) AT TIME ZONE '{settings.TIME_ZONE}')::date BETWEEN
                  CASE WHEN l.dated > (SELECT min(fl.dated) FROM training_decree fd
                                         JOIN correspondence_letter fl ON fl.id = fd.letter_id
                                        WHERE fd.batch_id = e.batch_id)
                       THEN greatest(l.dated, b.starts_on) ELSE b.starts_on END
                  AND coalesce(e.dropped_on, 'infinity')
              AND (a.id IS NOT NULL OR coalesce((
                   SELECT v.state FROM training_enrolmentevent v
                    WHERE v.pgh_obj_id = e.id AND v.state_at <= n.state_at
                    ORDER BY v.pgh_id DESC LIMIT 1), '') <> '{EnrolmentState.SUSPENDED}')) AS b
     WHERE e.inmate_id = ANY (m.records) AND e.state = '{EnrolmentState.COMPLETED}')"""


def persons(releases):
    """`releases` is SQL of (person, expected release) for the people of `matched`."""
    holds = ", ".join(f"EXISTS (SELECT 1 FROM {rows}) AS {name}" for name, rows in HOLDS.items())
    return f"""
    releases (person, day) AS MATERIALIZED ({releases}),
    bodies AS MATERIALIZED (
        SELECT i.id AS person, i.public_id, i.name, i.birth_date, i.sex, i.education,
               CASE WHEN i.return_city <> '' THEN
                   {homes.town_sql(homes.bare_sql("i.return_city"))} END AS stated, i.city,
               regexp_replace(i.domicile_code, '[^0-9]', '', 'g') AS card,
               m.records, m.is_free
          FROM matched m CROSS JOIN LATERAL (
               SELECT * FROM inmates_inmate i WHERE i.id = m.id {{fence}}) AS i),
    {jobs()},
    homes AS MATERIALIZED (
        SELECT m.person, m.public_id, m.name, m.birth_date, m.sex, s.level AS school, m.is_free,
               CASE WHEN m.stated IS NOT NULL THEN CASE WHEN starts_with(m.card, m.stated)
                                                        THEN m.card ELSE m.stated END
                    WHEN m.card <> '' THEN m.card
                    ELSE coalesce({homes.town_sql(homes.bare_sql("m.city"))}, '') END AS home,
               CASE WHEN m.is_free THEN t.today
                    WHEN e.day IS NOT NULL THEN greatest(e.day, t.today) END AS available,
               m.records
          FROM bodies m CROSS JOIN t LEFT JOIN schools s ON s.said = m.education
          LEFT JOIN releases e ON e.person = m.person),
    persons AS MATERIALIZED (
        SELECT m.person, m.public_id, m.name, m.birth_date, m.sex, m.school, m.is_free, m.home,
               m.available, {month_of("m.available")} AS available_month,
               {holds}, {READY} AS ready, {attended()} AS percent
          FROM homes m CROSS JOIN t),
    referred AS MATERIALIZED (
        SELECT DISTINCT ON (m.id, f.vacancy_id) m.id AS person, f.vacancy_id AS job, f.state
          FROM matched m CROSS JOIN LATERAL (
               SELECT f.vacancy_id, f.state, f.id FROM placements_referral f
                WHERE f.inmate_id = ANY (m.records) AND f.state IN ({listed(REFERRED_HERE)})
                  AND f.vacancy_id IN (SELECT job FROM asked) {{fence}}) AS f
         ORDER BY m.id, f.vacancy_id, f.id DESC)"""
