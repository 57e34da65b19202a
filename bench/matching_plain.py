"""What one writes by hand for all vacancies and all people of the country, to compare with.

Whole tables joined and grouped, in the order in which one would do it; it leaves out what the
seeded country has not (merged records, unit by unit assessments, suspensions).
"""

PLAIN = """
WITH today AS (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS day),
consents AS (
    SELECT inmate_id, bool_or(purpose = 'referral') AS to_refer,
           bool_or(purpose = 'follow_up') AS to_call
      FROM inmates_consent, today
     WHERE withdrawn_on IS NULL AND signed_on <= day AND (until IS NULL OR until >= day)
     GROUP BY 1),
ways AS (
    SELECT s.inmate_id, s.expires,
           CASE WHEN c.register_class LIKE 'B%%' THEN greatest(s.two_thirds,
                (s.detained_since + interval '9 months')::date) END AS parole,
           CASE WHEN c.register_class LIKE 'B%%'
                 AND 30 * (12 * s.years + s.months) + s.days BETWEEN 1 AND 540
                THEN greatest(s.two_thirds, (s.expires - interval '6 months')::date) END AS leave
      FROM inmates_sentence s JOIN inmates_custody c
           ON c.inmate_id = s.inmate_id AND c.until IS NULL),
releases AS (
    SELECT inmate_id, CASE WHEN expires IS NOT NULL THEN coalesce(least(
               CASE WHEN parole < expires AND parole >= day THEN parole END,
               CASE WHEN leave < expires AND leave >= day THEN leave END,
               CASE WHEN expires >= day THEN expires END), day) END AS available
      FROM ways, today),
present AS (
    SELECT e.inmate_id, (sum(a.jp) * 100 / sum(m.jp))::int AS percent
      FROM training_enrolment e
      JOIN training_meeting m ON m.batch_id = e.batch_id AND m.state = 'held'
      LEFT JOIN training_attendance a ON a.meeting_id = m.id AND a.enrolment_id = e.id
     WHERE e.state = 'completed' GROUP BY 1),
levels AS (
    SELECT inmate_id, course_id, max(level) AS level FROM (
        SELECT inmate_id, course_id, CASE kind WHEN 'competency' THEN 3 WHEN 'training' THEN 2
                                               ELSE 1 END AS level
          FROM training_certificate, today
         WHERE state = 'issued' AND (valid_until IS NULL OR valid_until >= day)
        UNION ALL
        SELECT e.inmate_id, b.course_id, 1 FROM training_enrolment e
          JOIN training_batch b ON b.id = e.batch_id WHERE e.state = 'completed') l
     GROUP BY 1, 2),
people AS MATERIALIZED (
    SELECT i.id, i.birth_date,
           CASE i.education WHEN 'SD' THEN 1 WHEN 'SMP' THEN 2 WHEN 'S1' THEN 6 ELSE 3
                            END AS school,
           replace(i.domicile_code, '.', '') AS home,
           CASE WHEN i.prison_id IS NULL THEN day ELSE r.available END AS available,
           coalesce(c.to_refer, false) AS told,
           EXISTS (SELECT 1 FROM placements_placement w
                    WHERE w.inmate_id = i.id AND w.state = 'running'
                      AND w.kind <> 'work_release')
           OR EXISTS (SELECT 1 FROM placements_referral h
                       WHERE h.inmate_id = i.id AND h.state = 'accepted' AND NOT h.is_placed)
           OR i.prison_id IS NOT NULL AND EXISTS (
                   SELECT 1 FROM inmates_restriction o
                    WHERE o.inmate_id = i.id AND o.kind = 'security' AND o.voided_at IS NULL
                      AND o.starts <= day AND (o.until IS NULL OR o.until >= day)) AS kept_out,
           CASE WHEN p.percent >= 80 THEN 6 * (p.percent - 80) / 20 ELSE 0 END
           + CASE WHEN EXISTS (SELECT 1 FROM placements_jobseekercard k
                                WHERE k.inmate_id = i.id AND k.ended_on IS NULL
                                  AND k.expires_on >= day) THEN 6 ELSE 0 END
           + (SELECT count(*) FROM (
                 SELECT x.kind FROM placements_readinessitem x
                  WHERE x.inmate_id = i.id AND (x.done_on IS NOT NULL OR x.is_waived)
                 UNION
                 SELECT d.kind FROM inmates_document d
                  WHERE d.inmate_id = i.id AND d.kind IN ('identity', 'diploma', 'photo')
              ) ready)::int AS own_points
      FROM inmates_inmate i CROSS JOIN today
      LEFT JOIN consents c ON c.inmate_id = i.id
      LEFT JOIN releases r ON r.inmate_id = i.id
      LEFT JOIN present p ON p.inmate_id = i.id
     WHERE i.prison_id = ANY (%(prisons)s)
        OR (i.prison_id IS NULL AND c.to_call AND EXISTS (
               SELECT 1 FROM inmates_custody g WHERE g.inmate_id = i.id
                  AND g.facility_id = ANY (%(prisons)s) AND g.ended_how = 'released'))),
jobs AS MATERIALIZED (
    SELECT v.id, v.trade_id, lower(t.name) AS trade, v.units, cardinality(v.units) AS asks,
           replace(v.region_code, '.', '') AS region, v.starts_on,
           coalesce(v.starts_on, v.closes_on) AS target,
           coalesce(v.starts_on, (v.closes_on + interval '6 months')::date) AS latest,
           (coalesce(v.starts_on, day) - make_interval(years => v.age_from))::date AS born_by,
           (coalesce(v.starts_on, day) - make_interval(years => v.age_to + 1))::date AS born_after,
           CASE v.education WHEN 'SMP' THEN 2 END AS school
      FROM placements_vacancy v JOIN training_trade t ON t.id = v.trade_id, today
     WHERE v.state = 'open' AND v.closes_on >= day),
skills AS (
    SELECT l.inmate_id, k.trade_id, max(l.level) AS level
      FROM levels l JOIN training_course k ON k.id = l.course_id GROUP BY 1, 2),
units AS (
    SELECT l.inmate_id, u.code, max(l.level) AS level FROM levels l
      JOIN training_courseunit cu ON cu.course_id = l.course_id
      JOIN training_competencyunit u ON u.id = cu.unit_id
     WHERE l.level > 1 AND u.code IN (SELECT unnest(units) FROM jobs) GROUP BY 1, 2),
by_unit AS (
    SELECT j.id AS job, u.inmate_id, sum(CASE WHEN u.level = 3 THEN 100 ELSE 60 END) AS worth
      FROM jobs j CROSS JOIN unnest(j.units) AS code JOIN units u USING (code) GROUP BY 1, 2),
wishes AS (
    SELECT DISTINCT s.inmate_id, lower(wish) AS trade
      FROM inmates_skillprofile s, unnest(s.interests) AS wish
     WHERE s.inmate_id IN (SELECT inmate_id FROM levels)),
pairs AS (
    SELECT coalesce(t.job, u.job, w.job) AS job,
           coalesce(t.inmate_id, u.inmate_id, w.inmate_id) AS person, t.level, u.worth,
           w.job IS NOT NULL AS wants
      FROM (SELECT j.id AS job, s.inmate_id, s.level FROM jobs j JOIN skills s USING (trade_id)) t
      FULL JOIN by_unit u USING (job, inmate_id)
      FULL JOIN (SELECT j.id AS job, w.inmate_id FROM jobs j JOIN wishes w USING (trade)) w
           USING (job, inmate_id))
SELECT j.id, count(*) FILTER (WHERE p.told), count(*) FILTER (WHERE NOT p.told),
       max(p.own_points + CASE WHEN j.asks > 0 THEN 40 * coalesce(q.worth, 0) / (100 * j.asks)
                               ELSE 0 END
           + CASE q.level WHEN 3 THEN 20 WHEN 2 THEN 14 WHEN 1 THEN 8 ELSE 0 END
           + CASE WHEN q.wants THEN 6 ELSE 0 END
           + CASE WHEN p.home = '' THEN 0
                  WHEN length(j.region) = 6 AND p.home = j.region THEN 12
                  WHEN left(p.home, 4) = left(j.region, 4) THEN 9
                  WHEN left(p.home, 2) = left(j.region, 2) THEN 4 ELSE 0 END
           + coalesce(greatest(12 - 2 * greatest(
                 12 * (extract(year FROM p.available) - extract(year FROM j.target))
                 + extract(month FROM p.available) - extract(month FROM j.target), 0), 0)::int, 0)
          ) FILTER (WHERE p.told)
  FROM pairs q JOIN people p ON p.id = q.person JOIN jobs j ON j.id = q.job
 WHERE NOT p.kept_out AND NOT coalesce(p.available > j.latest, false)
   AND NOT coalesce(p.birth_date > j.born_by, false)
   AND NOT coalesce(p.birth_date <= j.born_after, false)
   AND NOT coalesce(p.school < j.school, false)
   AND NOT EXISTS (SELECT 1 FROM placements_referral f
                    WHERE f.inmate_id = q.person AND f.vacancy_id = q.job
                      AND f.state NOT IN ('accepted', 'withdrawn', 'lapsed'))
 GROUP BY 1
"""
