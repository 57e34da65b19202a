"""Certificates, consents, vacancies and what else matching reads, for a database of `bench.seed`.

By SQL, as the owner, with triggers off. Who took part in a training holds a paper of it. Vacancies
are reported, so that every prison reads all of them.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import Facility, Posting, User
from bench.seed import PASSWORD, _chance, _pick
from placements.models import Vacancy

TRADES = (
    "las garmen mebel pendingin listrik otomotif boga roti kopi pertanian perikanan cukur komputer "
    "desain bangunan plambing cuci sablon bambu kulit"
)
REGIONS = "36.72 36.72.01 36.72.02 36.04 36.04.01 36.73 32.73 31.74"
MEETINGS = 6
TABLES = (
    *("training_certificate", "training_meeting", "training_attendance", "inmates_consent"),
    *("placements_jobseekercard", "placements_readinessitem", "placements_placement"),
    *("placements_employer", "placements_vacancy", "inmates_skillprofile"),
)


def fill(vacancies, *, say=print):
    """Add what is missing; nothing where the vacancies are there already."""
    if Vacancy.objects.exists():
        return
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, statement in _statements(vacancies):
            cursor.execute(statement)
            say(f"  {name}: {cursor.rowcount:,}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    _officer_of_the_largest()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _officer_of_the_largest():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT prison_id FROM inmates_inmate WHERE prison_id IS NOT NULL"
            " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        (largest,) = cursor.fetchone()
    user = User.objects.using("owner").create(
        email="largest@bench.test", name="Uji largest", password=make_password(PASSWORD)
    )
    EmailAddress.objects.using("owner").create(
        user=user, email=user.email, verified=True, primary=True
    )
    Posting.objects.using("owner").create(
        user=user,
        facility=Facility.objects.using("owner").get(pk=largest),
        role_id="officer",
        starts=timezone.localdate() - timedelta(days=900),
    )


def _statements(vacancies):
    """(what, SQL) in the order of their references; `i` is the row's number in `_chance`."""
    trade = f"(string_to_array('{TRADES}', ' '))"
    yield (
        "trades",
        f"""INSERT INTO training_trade (name) SELECT initcap(n) FROM unnest({trade}) AS n
            ON CONFLICT DO NOTHING""",
    )
    yield (
        "courses by trade",
        """UPDATE training_course c SET trade_id = t.id
             FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM training_trade) t,
                  (SELECT id, row_number() OVER (ORDER BY id) AS n FROM training_course) k
            WHERE k.id = c.id AND t.n = k.n""",
    )
    yield (
        "units",
        """INSERT INTO training_competencyunit (code, name, standard)
           SELECT 'U.' || n, 'Unit ' || n, '' FROM generate_series(1, 80) n""",
    )
    yield (
        "units of courses",
        """INSERT INTO training_courseunit (course_id, unit_id, position)
           SELECT k.id, u.id, (u.n - 1) % 4 + 1
             FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM training_course) k
             JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM training_competencyunit) u
               ON (u.n - 1) / 4 + 1 = k.n""",
    )
    yield (
        "certificates",
        f"""INSERT INTO training_certificate (facility_id, agency_id, inmate_id, enrolment_id,
                course_id, kind, title, issuer, number, registration_number, scheme, issued_on,
                valid_until, override_reason, scan, state, state_at, reason, entered_afterwards)
            SELECT e.facility_id, e.agency_id, e.inmate_id, e.id, b.course_id,
                   CASE WHEN {_chance(31)} < 0.3 THEN 'competency'
                        WHEN {_chance(31)} < 0.9 THEN 'training' ELSE 'participation' END,
                   'Sertifikat', 'LSP Uji', 'S-' || e.id, '', '', b.ends_on + 14,
                   CASE WHEN {_chance(31)} < 0.3 THEN b.ends_on + 1100 END, '', '', 'issued',
                   now(), '', true
              FROM (SELECT *, inmate_id AS i FROM training_enrolment) e
              JOIN training_batch b ON b.id = e.batch_id""",
    )
    yield (
        "meetings",
        f"""INSERT INTO training_meeting (facility_id, agency_id, batch_id, number, during, jp,
                companions, state, state_at, topic, reason, entered_afterwards)
            SELECT b.facility_id, b.agency_id, b.id, n,
                   tstzrange(b.starts_on + n + time '08:00', b.starts_on + n + time '14:00'), 8,
                   '', 'held', now(), '', '', true
              FROM training_batch b, generate_series(1, {MEETINGS}) n WHERE b.state = 'closed'""",
    )
    yield (
        "attendances",
        f"""INSERT INTO training_attendance (facility_id, agency_id, meeting_id, enrolment_id,
                code, jp, note, changed_at)
            SELECT facility_id, agency_id, meeting_id, i, CASE WHEN there THEN 'H' ELSE 'A' END,
                   CASE WHEN there THEN 8 ELSE 0 END, '', now()
              FROM (SELECT m.facility_id, m.agency_id, m.id AS meeting_id, i,
                           {_chance(32)} + m.number * 0.02 > 0.1 AS there
                      FROM (SELECT id AS i, batch_id FROM training_enrolment) e
                      JOIN training_meeting m ON m.batch_id = e.batch_id) a""",
    )
    yield from _people()
    yield from _jobs(vacancies)


def _people():
    lot = "(SELECT id AS i, prison_id, prisons[1] AS facility_id FROM inmates_inmate) p"
    yield (
        "interests",
        f"""UPDATE inmates_skillprofile s SET interests = ARRAY[initcap({_pick(TRADES, 33)})]
              FROM {lot} WHERE p.i = s.inmate_id""",
    )
    for purpose, share, who in (
        ("referral", 0.7, "true"),
        ("follow_up", 0.2, "prison_id IS NULL"),
    ):
        yield (
            f"consents: {purpose}",
            f"""INSERT INTO inmates_consent (inmate_id, facility_id, purpose, signed_on, scan,
                    withdrawn_why)
                SELECT i, facility_id, '{purpose}', current_date - 90, 'consents/uji.pdf', ''
                  FROM {lot} WHERE {who} AND {_chance(len(purpose))} < {share}""",
        )
    yield (
        "job-seeker cards",
        f"""INSERT INTO placements_jobseekercard (facility_id, agency_id, inmate_id, number,
                issued_on, expires_on, ended_why, scan)
            SELECT facility_id, (SELECT min(id) FROM partners_agency), i, 'AK-' || i,
                   current_date - 30, current_date + 700, '', ''
              FROM {lot} WHERE {_chance(35)} < 0.2""",
    )
    yield (
        "readiness",
        f"""INSERT INTO placements_readinessitem (facility_id, inmate_id, kind, done_on, note)
            SELECT facility_id, i, kind, current_date - 9, ''
              FROM {lot}, unnest(ARRAY['identity', 'diploma', 'bank', 'photo']) AS kind
             WHERE {_chance(36)} < 0.4""",
    )
    yield (
        "work that goes on",
        f"""INSERT INTO placements_placement (facility_id, inmate_id, kind, job, pay_band,
                starts_on, decree_number, decree_scan, family_guarantee, institution_guarantee,
                weekdays, state, state_at, reason, entered_afterwards)
            SELECT facility_id, i, 'self_employed', 'Bengkel', 'unknown', current_date - 30, '',
                   '', '', '', '{{}}', 'running', now(), '', true
              FROM {lot} WHERE prison_id IS NULL AND {_chance(37)} < 0.1""",
    )


def _jobs(vacancies):
    yield (
        "employers",
        """INSERT INTO placements_employer (facility_id, kind, name, identity_number, sector, size,
                region_code, address, contact_name, phone, email, openness, conditions)
           SELECT (SELECT min(id) FROM accounts_facility), 'company', 'PT Uji ' || n, '', '', '',
                  '36.72', '', '', '', '', 'yes', '' FROM generate_series(1, 200) n""",
    )
    yield (
        "vacancies",
        f"""INSERT INTO placements_vacancy (facility_id, employer_id, title, trade_id, units,
                places, region_code, place, education, sex, age_from, age_to, experience,
                starts_on, closes_on, report_number, conditions, state, state_at, reason,
                entered_afterwards)
            SELECT (SELECT min(id) FROM accounts_facility),
                   (SELECT min(id) FROM placements_employer) + i % 200, 'Pekerjaan ' || i,
                   k.trade_id, CASE WHEN i % 3 = 0 THEN '{{}}' ELSE (
                       SELECT array_agg(u.code ORDER BY u.code) FROM training_courseunit cu
                         JOIN training_competencyunit u ON u.id = cu.unit_id
                        WHERE cu.course_id = k.id AND cu.position <= 3) END,
                   5, {_pick(REGIONS, 38)}, '',
                   CASE WHEN i % 2 = 0 THEN 'SMP' ELSE '' END, '',
                   CASE WHEN i % 4 = 0 THEN 18 END, CASE WHEN i % 4 = 0 THEN 40 END, '',
                   CASE WHEN i % 2 = 0 THEN current_date + 90 + (i % 200)::int END,
                   current_date + 10 + (i % 50)::int, 'LAP-' || i, '', 'open', now(), '', true
              FROM generate_series(1, {vacancies}) AS v (i)
              JOIN (SELECT id, trade_id, row_number() OVER (ORDER BY id) AS n
                      FROM training_course) k ON k.n = 1 + i % 20""",
    )
