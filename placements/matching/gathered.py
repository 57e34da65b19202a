"""What the statement knows of jobs and people: one pass a table, for those who may match only.

A chain of parts of one `WITH`. Before it stand `t` (`today`), `jobs_given` and `people` (`id`,
`is_free`); after it `pairs` and what is known of each job and of each person of a pair.
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
PAPERS = tuple(kind for kind in DocumentKind.values if kind in Readiness.values)
REFERRED = (*REFERRAL_OPEN, ReferralState.ACCEPTED, ReferralState.DECLINED)


def listed(codes):
    return ", ".join(f"'{code}'" for code in codes)


def _years_before(day, years):
    return f"({day} - make_interval(years => {years}))::date"


# --- Who may match which job -------------------------------------------------------------------
JOBS = f"""
    levels (word, level) AS ({schooling.LEVELS_SQL}),
    jobs AS MATERIALIZED (
        SELECT g.id AS job, g.trade_id, lower(g.trade) AS trade, g.units, starts_on,
               coalesce(starts_on, g.closes_on) AS target, g.sex AS wants_sex,
               coalesce(starts_on, (g.closes_on + make_interval(months => {{patience}}))::date)
                   AS latest,
               g.openness = '{Openness.NO}' AS takes_nobody, g.closes_on, g.title,
               g.public_id AS job_public_id,
               regexp_replace(g.region_code, '[^0-9]', '', 'g') AS region,
               (SELECT count(DISTINCT code)::int FROM unnest(g.units) AS code) AS units_asked,
               {_years_before("coalesce(starts_on, t.today)", "g.age_from")} AS born_by,
               {_years_before("coalesce(starts_on, t.today)", "g.age_to + 1")} AS born_after,
               (SELECT {schooling.LEVEL_SQL} FROM (VALUES (g.education)) AS d (said)) AS schooled
          FROM jobs_given g, t, LATERAL (SELECT CASE WHEN g.starts IS NOT NULL
                                         THEN greatest(g.starts, t.today) END AS starts_on) AS s),
    wanted AS MATERIALIZED (SELECT DISTINCT job, unnest(units) AS code FROM jobs),
    units_wanted AS MATERIALIZED (
        SELECT u.id, u.code FROM training_competencyunit u
         WHERE u.code IN (SELECT code FROM wanted))"""

SKILLS = f"""
    records AS MATERIALIZED (
        SELECT id AS record, id AS person FROM people
        UNION ALL
        SELECT m.id, m.merged_into_id FROM inmates_inmate m JOIN people p ON p.id = m.merged_into_id
         WHERE m.merged_into_id IS NOT NULL),
    papers AS MATERIALIZED (
        SELECT r.person, c.enrolment_id, c.course_id,
               CASE c.kind WHEN '{CertificateKind.COMPETENCY}' THEN {COMPETENT}
                           WHEN '{CertificateKind.TRAINING}' THEN {TRAINED}
                           ELSE {FINISHED} END AS level
          FROM records r JOIN training_certificate c ON c.inmate_id = r.record, t
         WHERE c.state = '{CertificateState.ISSUED}'
           AND (c.valid_until IS NULL OR c.valid_until >= t.today)),
    courses AS MATERIALIZED (
        SELECT person, course_id, max(level) AS level FROM (
            SELECT person, course_id, level FROM papers
            UNION ALL
            SELECT r.person, b.course_id, {FINISHED}
              FROM records r JOIN training_enrolment e ON e.inmate_id = r.record
              JOIN training_batch b ON b.id = e.batch_id
             WHERE e.state = '{EnrolmentState.COMPLETED}') AS each GROUP BY 1, 2),
    trained AS MATERIALIZED (
        SELECT c.person, k.trade_id, max(c.level) AS level
          FROM courses c JOIN training_course k ON k.id = c.course_id GROUP BY 1, 2),
    examined AS (
        SELECT p.person, p.course_id, a.unit_id, a.result
          FROM papers p JOIN training_assessment a ON a.enrolment_id = p.enrolment_id
         WHERE p.level = {COMPETENT} AND a.kind = '{AssessmentKind.COMPETENCY}'
           AND a.unit_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM training_assessment n
                            WHERE n.enrolment_id = a.enrolment_id AND n.kind = a.kind
                              AND n.unit_id = a.unit_id AND n.attempt > a.attempt)),
    skilled AS MATERIALIZED (
        SELECT person, unit_id, max(level) AS level FROM (
            SELECT p.person, cu.unit_id, p.level
              FROM papers p JOIN training_courseunit cu ON cu.course_id = p.course_id
             WHERE cu.unit_id IN (SELECT id FROM units_wanted)
               AND (p.level = {TRAINED} OR p.level = {COMPETENT} AND NOT EXISTS (
                    SELECT 1 FROM training_assessment a
                     WHERE a.enrolment_id = p.enrolment_id AND a.unit_id IS NOT NULL
                       AND a.kind = '{AssessmentKind.COMPETENCY}'))
            UNION ALL
            SELECT person, unit_id, {COMPETENT} FROM examined
             WHERE result = '{Verdict.COMPETENT}'
               AND unit_id IN (SELECT id FROM units_wanted)) AS each
         GROUP BY 1, 2),
    wishes AS (
        SELECT DISTINCT r.person, lower(wish) AS trade
          FROM records r JOIN inmates_skillprofile s ON s.inmate_id = r.record,
               unnest(s.interests) AS wish
         WHERE lower(wish) IN (SELECT trade FROM jobs)
           AND r.person IN (SELECT person FROM courses))"""

PAIRS = f"""
    by_trade AS (
        SELECT j.job, s.person, s.level FROM jobs j JOIN trained s USING (trade_id)),
    by_unit AS (
        SELECT w.job, s.person,
               array_agg(u.code ORDER BY u.code) FILTER (WHERE s.level = {COMPETENT}) AS competent,
               array_agg(u.code ORDER BY u.code) FILTER (WHERE s.level = {TRAINED}) AS learnt
          FROM wanted w JOIN units_wanted u USING (code) JOIN skilled s ON s.unit_id = u.id
         GROUP BY 1, 2),
    by_wish AS (
        SELECT j.job, i.person FROM jobs j JOIN wishes i USING (trade)),
    pairs AS MATERIALIZED (
        SELECT coalesce(b.job, u.job, i.job) AS job, coalesce(b.person, u.person, i.person) AS
               person, coalesce(b.level, 0) AS level, u.competent, u.learnt,
               i.person IS NOT NULL AS interested
          FROM by_trade b FULL JOIN by_unit u ON u.job = b.job AND u.person = b.person
          FULL JOIN by_wish i ON i.job = coalesce(b.job, u.job)
                             AND i.person = coalesce(b.person, u.person)
        UNION ALL
        SELECT j.job, s.person, 0, NULL, NULL, false
          FROM jobs j CROSS JOIN (SELECT DISTINCT person FROM courses) AS s
         WHERE j.trade_id IS NULL AND j.units_asked = 0),
    matched AS MATERIALIZED (SELECT DISTINCT person FROM pairs),
    own AS MATERIALIZED (SELECT r.record, r.person FROM records r JOIN matched USING (person))"""

# --- What is known of those who may match ------------------------------------------------------
KNOWN = f"""
    towns (name, code) AS ({{towns}}),
    bodies AS MATERIALIZED (
        SELECT i.id AS person, i.public_id, i.name, i.birth_date, i.sex, i.education,
               {homes.bare_sql("i.return_city")} AS return_city,
               {homes.bare_sql("i.city")} AS city,
               regexp_replace(i.domicile_code, '[^0-9]', '', 'g') AS card
          FROM inmates_inmate i JOIN matched m ON m.person = i.id),
    schools AS MATERIALIZED (
        SELECT said, {schooling.LEVEL_SQL} AS level
          FROM (SELECT DISTINCT education AS said FROM bodies) AS d),
    releases (person, day) AS MATERIALIZED ({{releases}}),
    consented AS (
        SELECT DISTINCT o.person FROM own o JOIN inmates_consent c ON c.inmate_id = o.record, t
         WHERE c.purpose = '{ConsentPurpose.REFERRAL}' AND c.withdrawn_on IS NULL
           AND c.signed_on <= t.today AND (c.until IS NULL OR c.until >= t.today)),
    opposed AS (
        SELECT DISTINCT o.person FROM own o JOIN inmates_restriction x ON x.inmate_id = o.record, t
         WHERE x.kind = '{RestrictionKind.SECURITY}' AND x.voided_at IS NULL
           AND x.starts <= t.today AND (x.until IS NULL OR x.until >= t.today)),
    working AS (
        SELECT DISTINCT o.person FROM own o JOIN placements_placement p ON p.inmate_id = o.record
         WHERE p.state = '{PlacementState.RUNNING}'
           AND p.kind <> '{PlacementKind.WORK_RELEASE}'),
    referrals AS MATERIALIZED (
        SELECT o.person, f.id, f.vacancy_id, f.state, f.is_placed
          FROM own o JOIN placements_referral f ON f.inmate_id = o.record
         WHERE f.state IN ({listed(REFERRED)})),
    hired AS (
        SELECT DISTINCT person FROM referrals
         WHERE state = '{ReferralState.ACCEPTED}' AND NOT is_placed),
    referred AS (
        SELECT DISTINCT ON (person, vacancy_id) person, vacancy_id AS job, state FROM referrals
         WHERE vacancy_id IN (SELECT job FROM jobs) AND state <> '{ReferralState.ACCEPTED}'
         ORDER BY person, vacancy_id, id DESC),
    carded AS (
        SELECT DISTINCT o.person FROM own o JOIN placements_jobseekercard c
               ON c.inmate_id = o.record, t
         WHERE c.ended_on IS NULL AND c.expires_on >= t.today),
    ready AS (
        SELECT person, array_agg(DISTINCT kind::text) AS kinds FROM (
            SELECT o.person, x.kind FROM own o JOIN placements_readinessitem x
                   ON x.inmate_id = o.record WHERE x.done_on IS NOT NULL OR x.is_waived
            UNION ALL
            SELECT o.person, d.kind FROM own o JOIN inmates_document d ON d.inmate_id = o.record
             WHERE d.kind IN ({listed(PAPERS)})) AS each
         GROUP BY 1)"""

# As `training.attended` counts it, over all trainings that the person finished.
ATTENDED = f"""
    taken AS MATERIALIZED (
        SELECT o.person, e.id, e.batch_id, coalesce(e.dropped_on, 'infinity') AS until,
               CASE WHEN l.dated > (SELECT min(fl.dated) FROM training_decree fd
                                      JOIN correspondence_letter fl ON fl.id = fd.letter_id
                                     WHERE fd.batch_id = e.batch_id)
                    THEN greatest(l.dated, b.starts_on) ELSE b.starts_on END AS since
          FROM own o JOIN training_enrolment e ON e.inmate_id = o.record
          JOIN training_batch b ON b.id = e.batch_id
          JOIN training_decree d ON d.id = e.decree_id
          LEFT JOIN correspondence_letter l ON l.id = d.letter_id
         WHERE e.state = '{EnrolmentState.COMPLETED}'),
    attended AS (
        SELECT e.person, sum(m.jp) FILTER (WHERE a.code IS NULL OR a.code NOT IN ({{excused}}))
                         AS held, sum(a.jp) AS jp
          FROM taken e JOIN training_meeting m ON m.batch_id = e.batch_id
          LEFT JOIN training_attendance a ON a.meeting_id = m.id AND a.enrolment_id = e.id
         WHERE m.state = '{MeetingState.HELD}'
           AND (lower(m.during) AT TIME ZONE '{settings.TIME_ZONE}')::date
               BETWEEN e.since AND e.until
           AND (a.id IS NOT NULL OR coalesce((
                SELECT v.state FROM training_enrolmentevent v
                 WHERE v.pgh_obj_id = e.id AND v.state_at <= m.state_at
                 ORDER BY v.pgh_id DESC LIMIT 1), '') <> '{EnrolmentState.SUSPENDED}')
         GROUP BY 1)"""
