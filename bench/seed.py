"""Fills an empty database with a country's worth of synthetic people, by SQL, as its owner.

The first prison has 500 people, whatever the size: it is where pages are measured. The others
share the rest by a skewed share, so that the largest is many times the median. Triggers are off
while rows go in, so what they would have kept is written here; `check_integrity` says whether that
was done right.
"""

import sys
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import Facility, Posting, User
from partners.models import Agency, Agreement, Partnership
from partners.states import AgencyKind, AgreementState
from training.models import Course, Trade

PASSWORD = "bench-only-password"
MEASURED = "B001"
MEASURED_PEOPLE = 500
PEOPLE_PER_PRISON = 1_887  # 1,000,000 people make 530 prisons
IN_CUSTODY = 0.28
BATCHES_PER_THOUSAND = 60
SEATS = 16
TABLES = (
    *("inmates_inmate", "inmates_custody", "inmates_sentence", "inmates_restriction"),
    *("inmates_registerentry", "training_batch", "training_hearing", "training_candidate"),
    *("training_recommendation", "training_decree", "training_decreeentry", "training_enrolment"),
    *("training_waitingentry", "correspondence_letter", "inmates_skillprofile"),
)
FIRST = (
    "ade agung ahmad aldi andri anwar arif asep bagas bambang budi cecep dadang dani darma "
    "deden didin dodi edi eko endang fajar faisal galih gilang hadi haris herman ilham imam "
    "iwan jajang joko kurnia lukman maman mulyadi nanang oman panji rahmat rian rizki rohman "
    "rudi samsul saepul sandi slamet subur tatang teguh toni udin ujang usman wawan yadi "
    "yusuf zaenal"
)
SECOND = (
    "abdullah adiputra alamsyah anggara ardiansyah budiman cahyadi darmawan effendi "
    "firmansyah gumilar gunawan hakim hermawan hidayat irawan iskandar jaelani junaedi "
    "komarudin kusnadi laksana mahendra maulana mustofa nugraha nurdin permana pramono "
    "purnama ramdani ridwan rukmana saputra setiawan sobari solihin sudrajat suhendar sukmana "
    "supriatna suryana syahputra tarmizi wahyudi wibowo wijaya yuliansyah zulkarnaen"
)
THIRD = "bin alias putra jaya sakti lesmana utama perkasa sejati mulia santosa kencana"


def fill(inmates, *, say=print):
    """Seed the database that settings name; it must hold no prison yet."""
    if Facility.objects.exists():
        raise ValueError("this database holds a prison already; seeding needs an empty one")
    prisons = min(530, max(2, inmates // PEOPLE_PER_PRISON))
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        _offices(prisons)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, statement in _statements(inmates, prisons):
            cursor.execute(statement)
            say(f"  {name}: {cursor.rowcount:,}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    call_command("check_integrity", stdout=sys.stderr)


def _offices(prisons):
    facilities = Facility.objects.using("owner").bulk_create(
        Facility(
            code=f"B{n:03d}",
            name=f"Lapas Uji {n}",
            city="Cilegon" if n == 1 else f"Kota {n}",
            residence_code="36.72" if n == 1 else "",
        )
        for n in range(1, prisons + 1)
    )
    agency = Agency.objects.using("owner").create(name="UPTD Latihan Uji", kind=AgencyKind.BLK)
    trade = Trade.objects.using("owner").create(name="Las")
    Course.objects.using("owner").bulk_create(
        Course(trade=trade, code=f"BENCH-{n}", name=f"Program {n}", jp=240) for n in range(1, 21)
    )
    today = timezone.localdate()
    Partnership.objects.using("owner").bulk_create(
        Partnership(facility=facility, agency=agency) for facility in facilities
    )
    Agreement.objects.using("owner").bulk_create(
        Agreement(
            facility=facility,
            agency=agency,
            title=f"PKS {facility.code}",
            state=AgreementState.SIGNED,
            entered_afterwards=True,
            our_number=f"W.{facility.code}",
            their_number=f"560/{facility.code}",
            signed_on=today - timedelta(days=700),
            starts_on=today - timedelta(days=700),
            ends_on=today + timedelta(days=700),
            signed_scan="agreements/uji.pdf",
        )
        for facility in facilities
    )
    for role in ("officer", "head", "registrar"):
        user = User.objects.using("owner").create(
            email=f"{role}@bench.test", name=f"Uji {role}", password=make_password(PASSWORD)
        )
        EmailAddress.objects.using("owner").create(
            user=user, email=user.email, verified=True, primary=True
        )
        Posting.objects.using("owner").create(
            user=user, facility=facilities[0], role_id=role, starts=today - timedelta(days=900)
        )


def _pick(words, salt):
    """One of the words (a text with blanks between them), by the row's number."""
    count = len(words.split())
    place = f"1 + (hashint8(i * 31 + {salt}) & 2147483647) % {count}"
    return f"(string_to_array('{words}', ' '))[{place}]"


def _chance(salt):
    """A number of [0, 1) that depends on the row's number alone."""
    return f"((hashint8(i * 31 + {salt}) & 2147483647) / 2147483648.0)"


def _statements(inmates, prisons):
    """(what, SQL) in the order of their references. Names of temporary tables begin with `b_`."""
    former = min(inmates // 10, 1_300)
    here = MEASURED_PEOPLE
    yield (
        "prisons by share",
        """CREATE TEMP TABLE b_prison ON COMMIT DROP AS
           SELECT n, f.id,
                  (SELECT id FROM partners_agreement a WHERE a.facility_id = f.id) AS agreement_id,
                  sum(CASE WHEN n = 1 THEN 0 ELSE 1 / power(n, 0.8) END) OVER (ORDER BY n) AS upto
             FROM (SELECT id, row_number() OVER (ORDER BY code) AS n FROM accounts_facility) f""",
    )
    yield (
        "lots",
        f"""CREATE TEMP TABLE b_lot ON COMMIT DROP AS
            SELECT i,
                   CASE WHEN i <= {here + former} THEN 1
                        ELSE 2 + coalesce(width_bucket(
                             {_chance(1)} * (SELECT max(upto) FROM b_prison),
                             (SELECT array_agg(upto::float8 ORDER BY n) FROM b_prison
                               WHERE n > 1 AND n < {prisons})::float8[]), 0) END AS prison,
                   CASE WHEN i <= {here} THEN true WHEN i <= {here + former} THEN false
                        ELSE {_chance(2)} < {IN_CUSTODY} END AS inside,
                   1 + ({_chance(3)} * 1400)::int AS served,
                   5 + ({_chance(4)} * 1400)::int AS remains
              FROM generate_series(1, {inmates}) i""",
    )
    yield "lots by number", "CREATE UNIQUE INDEX ON b_lot (i)"
    yield "lots counted", "ANALYZE b_lot"
    name = f"{_pick(FIRST, 5)} || ' ' || {_pick(SECOND, 6)} || ' ' || {_pick(THIRD, 7)}"
    yield (
        "people",
        f"""INSERT INTO inmates_inmate (id, person_key, name, search_name, birth_date, sex,
                education, city, domicile_code, nik_digest, nik_last4, prison_id, prisons)
            SELECT i, 'B' || lpad(i::text, 9, '0'), upper({name}), {name},
                   current_date - 7300 - ({_chance(8)} * 14000)::int,
                   CASE WHEN {_chance(9)} < 0.06 THEN 'P' ELSE 'L' END,
                   {_pick("SD SMP SMA SMK S1", 10)},
                   CASE WHEN {_chance(11)} < 0.3 THEN 'Kota Cilegon' ELSE 'Kab. Serang' END,
                   CASE WHEN {_chance(11)} < 0.3 THEN '36.72.01' ELSE '36.04.01' END,
                   CASE WHEN {_chance(12)} < 0.85 THEN md5(i::text) || md5(i::text) ELSE '' END,
                   CASE WHEN {_chance(12)} < 0.85 THEN lpad((i % 9999 + 1)::text, 4, '0')
                        ELSE '' END,
                   CASE WHEN inside THEN p.id END, ARRAY[p.id]
              FROM b_lot JOIN b_prison p ON p.n = prison""",
    )
    yield (
        "custodies",
        f"""INSERT INTO inmates_custody (id, inmate_id, facility_id, register_number,
                register_class, starts, until, ended_how)
            SELECT i, i, p.id, 'B.I ' || i || '/2025',
                   CASE WHEN {_chance(13)} < 0.12 THEN 'A.III' WHEN {_chance(13)} < 0.2
                        THEN 'B.IIa' ELSE 'B.I' END,
                   current_date - served - (CASE WHEN inside THEN 0 ELSE remains END),
                   CASE WHEN inside THEN NULL ELSE current_date - remains END,
                   CASE WHEN inside THEN '' ELSE 'released' END
              FROM b_lot JOIN b_prison p ON p.n = prison""",
    )
    yield (
        "register entries",
        """INSERT INTO inmates_registerentry (custody_id, register_number, register_class)
           SELECT id, register_number, register_class FROM inmates_custody""",
    )
    yield (
        "sentences",
        """INSERT INTO inmates_sentence (inmate_id, as_of, detained_since, years, months, days,
                remission_months, remission_days, one_third, one_half, two_thirds, expires)
            SELECT i, current_date - 3, since, total / 365, (total % 365) / 30, 0, 0, 0,
                   since + total / 3, since + total / 2, since + total * 2 / 3, since + total
              FROM (SELECT i, served + remains AS total, CASE WHEN inside
                           THEN current_date - served ELSE current_date - served - 2 * remains END
                           AS since FROM b_lot) s""",
    )
    yield (
        "restrictions",
        f"""INSERT INTO inmates_restriction (inmate_id, facility_id, kind, starts)
            SELECT i, p.id, {_pick("discipline security unfit", 14)}, current_date - 20
              FROM b_lot JOIN b_prison p ON p.n = prison WHERE inside AND {_chance(15)} < 0.05""",
    )
    yield (
        "skills",
        f"""INSERT INTO inmates_skillprofile (inmate_id, interests, languages, earlier_work, note)
            SELECT i, ARRAY['Las'], ARRAY['Indonesia'], '', '' FROM b_lot
             WHERE inside AND {_chance(16)} < 0.4""",
    )
    yield from _training(inmates)


def _training(inmates):
    """Old batches with their people, by a decree each; and whom a course keeps waiting."""
    batches = inmates * BATCHES_PER_THOUSAND // 1_000
    yield (
        "batches",
        f"""INSERT INTO training_batch (id, facility_id, agency_id, course_id, agreement_id,
                exception, name, starts_on, ends_on, place, seats_confirmed, seats_taken, state,
                state_at, reason, entered_afterwards)
            SELECT k, p.id, (SELECT min(id) FROM partners_agency),
                   (SELECT min(id) FROM training_course) + k % 20, p.agreement_id, '',
                   'Angkatan ' || k, current_date - 60 - (k % 600), current_date - 20 - (k % 600),
                   '', {SEATS}, 0, 'closed', now(), '', true
              FROM generate_series(1, {batches}) k
              JOIN LATERAL (SELECT * FROM b_prison WHERE n = (SELECT prison FROM b_lot
                    WHERE i = 1 + (k * 16 % {inmates}))) p ON true""",
    )
    yield (
        "a batch to fill at the measured prison",
        f"""INSERT INTO training_batch (id, facility_id, agency_id, course_id, agreement_id,
                exception, name, starts_on, ends_on, place, seats_confirmed, seats_taken, state,
                state_at, reason, entered_afterwards)
            SELECT {batches} + 1, p.id, (SELECT min(id) FROM partners_agency),
                   (SELECT min(id) FROM training_course), p.agreement_id, '', 'Angkatan Baru',
                   current_date + 30, current_date + 60, '', {SEATS}, 0, 'confirmed', now(), '',
                   true
              FROM b_prison p WHERE p.n = 1""",
    )
    yield (
        "hearings",
        f"""INSERT INTO training_hearing (id, facility_id, batch_id, held_on, number, chair,
                members, state, entered_afterwards)
            SELECT id, facility_id, id, starts_on - 10, 'BA-' || id, 'Ketua', '', 'held', true
              FROM training_batch WHERE id <= {batches}""",
    )
    yield (
        "letters",
        f"""INSERT INTO correspondence_letter (id, facility_id, kind, subject, data, signatory,
                number, year, dated, state, scan, entered_afterwards)
            SELECT id, facility_id, 'decree', 'SK ' || name, '{{}}', '{{}}', 'SK-' || id,
                   extract(year FROM starts_on), starts_on - 7, 'signed', '', true
              FROM training_batch WHERE id <= {batches}""",
    )
    yield (
        "decrees",
        f"""INSERT INTO training_decree (id, facility_id, batch_id, hearing_id, letter_id, state,
                reason, entered_afterwards)
            SELECT id, facility_id, id, id, id, 'issued', '', true
              FROM training_batch WHERE id <= {batches}""",
    )
    yield (
        "participants' lots",
        f"""CREATE TEMP TABLE b_seat ON COMMIT DROP AS
            SELECT (row_number() OVER ())::int AS id, b.id AS batch_id, b.facility_id,
                   b.agency_id, lot.i AS inmate_id, lot.rank, b.starts_on, b.ends_on
              FROM (SELECT i, 1 + (i - 1) / {SEATS} AS k,
                           (1 + (i - 1) % {SEATS})::int AS rank FROM b_lot) lot
              JOIN training_batch b ON b.id = lot.k AND b.id <= {batches}""",
    )
    yield (
        "candidates",
        """INSERT INTO training_candidate (id, facility_id, batch_id, inmate_id, rank,
                eligibility, override_reason, state, state_at, note, entered_afterwards)
           SELECT id, facility_id, batch_id, inmate_id, rank, '[]', '', 'approved', now(), '', true
             FROM b_seat""",
    )
    yield (
        "recommendations",
        """INSERT INTO training_recommendation (hearing_id, candidate_id, result, is_reserve, note)
           SELECT batch_id, id, 'approved', false, '' FROM b_seat""",
    )
    yield (
        "decree entries",
        """INSERT INTO training_decreeentry (decree_id, candidate_id, position)
           SELECT batch_id, id, rank FROM b_seat""",
    )
    yield (
        "enrolments",
        """INSERT INTO training_enrolment (facility_id, agency_id, batch_id, inmate_id,
                candidate_id, decree_id, participant_code, period, state, state_at, reason,
                entered_afterwards)
           SELECT facility_id, agency_id, batch_id, inmate_id, id, batch_id,
                  'P-' || lpad(id::text, 7, '0'), daterange(starts_on, ends_on, '[]'),
                  'completed', now(), '', true
             FROM b_seat""",
    )
    yield (
        "seats taken",
        """UPDATE training_batch b SET seats_taken = s.taken
             FROM (SELECT batch_id, count(*) AS taken FROM training_enrolment GROUP BY 1) s
            WHERE s.batch_id = b.id""",
    )
    yield (
        "waiting entries",
        f"""INSERT INTO training_waitingentry (facility_id, inmate_id, course_id, asked_on,
                asked_by, state_at, reason)
            SELECT p.id, i, (SELECT min(id) FROM training_course) + i % 20,
                   current_date - (i % 500)::int, 'self', now(), ''
              FROM b_lot JOIN b_prison p ON p.n = prison WHERE inside AND {_chance(17)} < 0.3""",
    )
