"""Who is where, and who does what: what the rows of all tables are made from.

Tables of the schema `bench`, which goes when all is filled: `prison`, `lot` (a person), `batch`
and `seat` (a person in a batch), `agreement`, `vacancy`, `referral`, `placement`.
"""

from bench.seed.words import chance

IN_CUSTODY = 0.28
SEATS = 16
HEARD = 20  # people whom a hearing that comes is about
# Open vacancies of the prison that is measured: one in fifteen suits a person of one trade, and a
# page of 25 is as full in a small country as in a large one.
OFFERED = 600
AT_LEAST_HERE = "greatest(CASE WHEN n = 1 THEN 1 END,"
# Batches of a prison: SQL over `people` and `inside`, its people of all years and of today.
BATCHES = {
    "closed": "people * 60 / 1000",
    "finished": "inside / 250",
    "running": "inside / 100",
    "heard": f"{AT_LEAST_HERE} inside / 250)",  # confirmed, its hearing is planned
    "confirmed": f"{AT_LEAST_HERE} inside / 500)",
    "negotiating": "CASE WHEN n = 1 THEN 30 ELSE people * 8 / 1000 END",
    "planned": "people * 4 / 1000",
}
BEGINS = {
    "closed": "-60 - (nth * 41 + n * 7) % 1800",
    "finished": "-50",
    "running": "-15",
    "heard": "30",
    "confirmed": "40",
    "negotiating": "60 + nth % 30",
    "planned": "90 + nth % 60",
}


def draw(load, inmates, prisons):
    here, former = min(500, inmates // 2), min(300, inmates * 3 // 10)
    load.lay(
        "share",
        """SELECT n, f.id,
                  sum(CASE WHEN n = 1 THEN 0 ELSE 1 / power(n, 0.8) END) OVER (ORDER BY n) AS upto
             FROM (SELECT id, row_number() OVER (ORDER BY code) AS n FROM accounts_facility) f""",
    )
    load.lay(
        "drawn",
        f"""SELECT i,
                   CASE WHEN i <= {here + former} THEN 1
                        ELSE 2 + coalesce(width_bucket(
                             {chance(1)} * (SELECT max(upto) FROM bench.share),
                             (SELECT array_agg(upto::float8 ORDER BY n) FROM bench.share
                               WHERE n > 1 AND n < {prisons})::float8[]), 0) END AS n,
                   CASE WHEN i <= {here} THEN true WHEN i <= {here + former} THEN false
                        ELSE {chance(2)} < {IN_CUSTODY} END AS inside,
                   60 + ({chance(3)} * 1400)::int AS served,
                   5 + ({chance(4)} * 1400)::int AS remains
              FROM generate_series(1::bigint, {inmates}) i""",
    )
    load.lay(
        "lot",
        f"""SELECT d.*, s.id AS facility_id, CASE WHEN {chance(5)} < 0.03 AND n > 2
                        THEN (SELECT id FROM bench.share o WHERE o.n = d.n - 1) END AS origin_id,
                   row_number() OVER (PARTITION BY n ORDER BY i) AS nth,
                   CASE WHEN inside THEN
                        row_number() OVER (PARTITION BY n, inside ORDER BY i DESC) END AS last
              FROM bench.drawn d JOIN bench.share s USING (n)""",
        "i",
    )
    load.lay(
        "prison",
        """SELECT n, s.id, count(i)::int AS people, (count(i) FILTER (WHERE inside))::int AS inside,
                  a.min + 3 * (n - 1) AS blk, a.min + 3 * (n - 1) + 1 AS disnaker,
                  a.min + 3 * (n - 1) + 2 AS bapas,
                  sum(count(i)) OVER (ORDER BY n) - count(i) AS before
             FROM bench.share s LEFT JOIN bench.lot l USING (n),
                  (SELECT min(id) FROM partners_agency) a GROUP BY n, s.id, a.min""",
    )
    _agreements(load)
    _batches(load)
    _work(load)


def _agreements(load):
    """The first of a prison is with its BLK and in force, the second with its Disnaker."""
    load.lay(
        "agreement",
        """SELECT row_number() OVER (ORDER BY n, nth) AS id, n, p.id AS facility_id, nth,
                  CASE WHEN nth % 3 = 1 THEN blk WHEN nth % 3 = 2 THEN disnaker
                       ELSE bapas END AS agency_id,
                  CASE WHEN nth <= 2 THEN 'signed' ELSE coalesce((ARRAY['exploring', 'draft',
                       'review', 'ready', 'terminated', 'cancelled'])[nth % 20 + 1], 'signed')
                       END AS state,
                  CASE WHEN nth <= 2 THEN current_date - 700
                       ELSE current_date - 30 - (nth * 97 % 2500) END AS starts_on
             FROM bench.prison p,
                  generate_series(1, CASE WHEN n = 1 THEN 60
                                          ELSE greatest(2, people * 20 / 1000) END) nth""",
        "n, nth",
    )


def _batches(load):
    kinds = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, n, id, blk, nth, current_date + ({BEGINS[kind]})::int AS begins"
        f"  FROM bench.prison, generate_series(1, {count}) nth"
        for kind, count in BATCHES.items()
    )
    load.lay(
        "batch",
        f"""SELECT row_number() OVER (ORDER BY k.begins, k.n, k.nth) AS id, kind, k.n, k.nth,
                   k.id AS facility_id, blk AS agency_id, a.id AS agreement_id,
                   (SELECT min(id) FROM training_course) + (k.nth + k.n) % 20 AS course_id,
                   begins AS starts_on, begins + 40 AS ends_on
              FROM ({kinds}) k JOIN bench.agreement a ON a.n = k.n AND a.nth = 1""",
        "n, kind, nth",
    )
    load.lay(
        "seat",
        f"""SELECT row_number() OVER (ORDER BY b.id, i) AS id, b.id AS batch_id, kind, n, nth, i,
                   facility_id, agency_id, agreement_id, course_id, starts_on, ends_on,
                   (row_number() OVER (PARTITION BY b.id ORDER BY i))::int AS rank,
                   CASE WHEN kind IN ('finished', 'running') THEN 'enrolled'
                        WHEN kind = 'heard' THEN '' WHEN {chance(61)} < 0.85 THEN 'completed'
                        WHEN {chance(61)} < 0.9 THEN 'not_completed' ELSE 'dropped' END AS became
              FROM (SELECT n, i, 'closed' AS kind, 1 + (nth - 1) / {SEATS} AS nth FROM bench.lot
                    UNION ALL
                    SELECT l.n, i, CASE WHEN w <= f THEN 'finished' WHEN w <= f + r THEN 'running'
                                        ELSE 'heard' END,
                           CASE WHEN w <= f THEN w WHEN w <= f + r THEN w - f
                                ELSE 1 + (last - 1 - {SEATS} * (f + r)) / {HEARD} END
                      FROM (SELECT n, i, last, 1 + (last - 1) / {SEATS} AS w FROM bench.lot
                             WHERE inside) l
                      JOIN (SELECT n, {BATCHES["finished"]} AS f, {BATCHES["running"]} AS r
                              FROM bench.prison) p USING (n)) s
              JOIN (SELECT id, kind, n, nth, facility_id, agency_id, agreement_id, course_id,
                           starts_on, ends_on FROM bench.batch) b USING (n, kind, nth)""",
        "batch_id",
    )


def _work(load):
    load.lay(
        "employer",
        """SELECT row_number() OVER (ORDER BY n, nth) AS id, n, p.id AS facility_id, nth
             FROM bench.prison p, generate_series(1, 2 + people / 100) nth""",
        "n, id",
    )
    load.lay(
        "vacancy",
        f"""SELECT row_number() OVER (ORDER BY n, nth) AS i, n, p.id AS facility_id, nth,
                  nth > of AS is_open, of,
                  (SELECT min(id) FROM bench.employer e WHERE e.n = p.n)
                  + nth % (2 + people / 100) AS employer_id
             FROM (SELECT *, 1 + people * 18 / 1000 AS of FROM bench.prison) p,
                  generate_series(1, of + CASE WHEN n = 1 THEN {OFFERED}
                                               ELSE (people + id * 7 % 1000) / 1000 END) nth""",
        "n, nth",
    )
    load.lay(
        "referral",
        f"""SELECT r.*, vacancy_id,
                   coalesce(offered_by, (SELECT min(id) FROM bench.employer e WHERE e.n = r.n))
                   AS employer_id, state = 'accepted' AND NOT inside AND {chance(43)} < 0.8
                   AS is_placed
              FROM (SELECT i, l.n, facility_id, disnaker AS agency_id, l.inside, remains,
                           60 + ({chance(42)} * 900)::int AS days,
                           CASE WHEN i % 2 = 0 THEN 1 + i % (1 + people * 18 / 1000) END AS nth,
                           (ARRAY['draft', 'submitted', 'approved', 'sent', 'sent', 'received',
                                  'forwarded', 'forwarded', 'interview', 'accepted', 'accepted',
                                  'accepted', 'accepted', 'accepted', 'declined', 'declined',
                                  'declined', 'declined', 'withdrawn', 'lapsed'])[
                                  1 + ({chance(41)} * 20)::int % 20] AS state
                      FROM bench.lot l JOIN bench.prison p USING (n)
                     WHERE {chance(40)} < 0.08) r
              LEFT JOIN (SELECT n, nth, i AS vacancy_id, employer_id AS offered_by
                           FROM bench.vacancy) v USING (n, nth)""",
        "i",
        "vacancy_id",
    )
    load.lay(
        "placement",
        f"""SELECT r.i, r.facility_id, r.n, 'after_release' AS kind, r.i AS referral_id,
                   r.employer_id, current_date - (1 + (r.remains * 0.8)::int) AS starts_on,
                   CASE WHEN {chance(44).replace("(i ", "(r.i ")} < 0.6 THEN 'running'
                        ELSE 'ended' END AS state
              FROM bench.referral r WHERE is_placed
            UNION ALL
            SELECT i, facility_id, n, CASE WHEN inside THEN 'work_release' ELSE 'self_employed' END,
                   NULL, CASE WHEN inside THEN (SELECT min(id) FROM bench.employer e
                                                 WHERE e.n = l.n) END,
                   current_date - 60 - (i % 90)::int, 'running'
              FROM bench.lot l
             WHERE {chance(45)} < CASE WHEN inside THEN 0.01 ELSE 0.06 END
               AND NOT EXISTS (SELECT FROM bench.referral r WHERE r.i = l.i)""",
    )
