"""Races and batches beside plain SQL, in a database of their own that is made anew each time.

Two hundred contenders for twelve seats, each a thread with a connection of its own, as each request
is; the import of a register. Plain: the rows that the acts leave, their numbers and notices with
them, by the best single transaction, and for contenders by one such transaction each.
"""

import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from datetime import date, timedelta

from bench.names import MEASURED

PEOPLE, SEATS, CROWD = 1_000, 12, 200
ROWS = (10_000, 100_000)
MOST_X = 3.0
NAME, TEMPLATE = "lapasprog", "prepared"


def prepared(server, say):
    """A database with a thousand people and today's tables, kept as what every part begins with."""
    from django.core.management import call_command
    from django.db import connections

    from accounts.models import Facility
    from bench import seed

    if server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
        anew(server)
        call_command("migrate", database="owner", verbosity=0)
        server.psql(f"DROP DATABASE {TEMPLATE}")
    if not Facility.objects.exists():
        seed.fill(PEOPLE, say=say)
    connections.close_all()
    server.psql(f"CREATE DATABASE {TEMPLATE} TEMPLATE {NAME}")


def anew(server):
    from django.db import connections

    connections.close_all()
    server.psql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    server.psql(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE} OWNER lapas_owner")


def measured(server, say):
    prepared(server, say)
    found = {}
    for what in (_enrol, _accept):
        anew(server)
        name = what.__doc__
        found[name] = what()
        say(f"  {name}: {found[name]['x_plain']} x plain SQL")
    found["imports"] = [_import(server, rows, say) for rows in ROWS]
    anew(server)
    return found


def _import(server, rows, say):
    told = {}
    for how in ("app", "plain"):
        anew(server)
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports", str(rows), how],
            check=True,
            stdout=subprocess.PIPE,
        )
        told[how] = json.loads(done.stdout)
    row = {**told["app"], "plain_s": told["plain"]["seconds"]}
    row["x_plain"] = round(row["seconds"] / row["plain_s"], 1)
    say(f"  import of {rows:,}: {row['ms_a_row']} ms a row, {row['x_plain']} x plain SQL")
    return row


def _enrol():
    """200 decrees for 12 seats"""
    from django.db import transaction

    from training.services import decrees

    batch, people, hearing, users = _crowd(CROWD)

    def get_in(candidate):
        with transaction.atomic():
            decree = decrees.prepare(
                batch=batch, hearing=hearing, candidates=[candidate], by=users["head"]
            )
            decrees.issue(decree=decree, by=users["warden"])

    ours = _raced([lambda person=person: get_in(person) for person in people])
    batch, people, hearing, users = _crowd(CROWD, after=300)
    plain = _raced(
        [lambda person=person: _seated(batch, hearing, person, users) for person in people]
    )
    return _compared(ours, plain)


def _accept():
    """200 answers to 12 offers of a seat"""
    from training.models import SeatOffer
    from training.services import seat_offers

    sets = []
    for _turn in range(2):
        batch, people, _hearing, users = _crowd(SEATS, is_reserve=True)
        until = date.today() + timedelta(days=9)
        offers = [
            SeatOffer.objects.create(
                batch=batch, facility=batch.facility, candidate=person, until=until
            )
            for person in people
        ]
        sets.append((offers, users["officer"]))
    (ours_offers, officer), (plain_offers, theirs) = sets
    ours = _raced(
        [
            lambda n=n: seat_offers.take(offer=ours_offers[n % SEATS], by=_somebody(officer, n))
            for n in range(CROWD)
        ]
    )
    plain = _raced(
        [lambda n=n: _taken(plain_offers[n % SEATS], _somebody(theirs, n)) for n in range(CROWD)]
    )
    return _compared(ours, plain)


def _somebody(officer, number):
    """The first to answer an offer twice is answered alike; each here is somebody else."""
    return officer[number]


def _crowd(count, *, after=200, **fields):
    """A confirmed batch of twelve seats with so many approved people, and who acts."""
    from django.urls import reverse

    from accounts.models import Facility, Posting
    from accounts.permissions import acts_of
    from correspondence.models import LetterSeries
    from inmates.models import Inmate
    from training.models import Batch, Candidate, Hearing
    from training.states import BatchState, CandidateState, HearingState

    prison = Facility.objects.get(code=MEASURED)
    first = Batch.objects.filter(facility=prison).order_by("pk")[0]
    LetterSeries.objects.get_or_create(
        facility=prison, kind="decree", defaults={"pattern": "UJI-{number:04d}/{year}"}
    )
    today = date.today()
    batch = Batch.objects.create(
        facility=prison,
        agency_id=first.agency_id,
        course_id=first.course_id,
        agreement_id=first.agreement_id,
        name="Angkatan Rebutan",
        starts_on=today + timedelta(days=after),
        ends_on=today + timedelta(days=after + 40),
        seats_confirmed=SEATS,
        state=BatchState.CONFIRMED,
        entered_afterwards=True,
    )
    hearing = Hearing.objects.create(
        batch=batch,
        facility=prison,
        held_on=today,
        number="BA-R",
        chair="Ketua",
        state=HearingState.HELD,
        entered_afterwards=True,
    )
    busy = Candidate.objects.filter(enrolment__state="enrolled").values("inmate")
    people = []
    chosen = Inmate.objects.filter(
        prison=prison, custodies__register_class__startswith="B", custodies__until=None
    )
    chosen = chosen.exclude(restrictions__isnull=False).exclude(pk__in=busy)
    for rank, inmate in enumerate(chosen.order_by("pk")[:count], 1):
        candidate = Candidate.objects.create(
            batch=batch,
            facility=prison,
            inmate=inmate,
            rank=rank,
            eligibility=[],
            state=CandidateState.APPROVED,
            entered_afterwards=True,
            **fields,
        )
        hearing.recommendations.create(candidate=candidate, result=CandidateState.APPROVED)
        people.append(candidate)
    assert len(people) == count, f"only {len(people)} people to compete"
    post = {
        held.role_id: held.user
        for held in Posting.objects.filter(facility=prison).select_related("user")
    }
    officers = _officers(prison)
    for user in (post["head"], post["warden"], *officers):
        acts_of(user)  # a page that lets somebody act has read their posts by then
    reverse("reports:home")  # and its process the addresses of all pages
    return batch, people, hearing, {**post, "officer": officers}


def _officers(prison):
    """Two hundred, the same for both sides: each is told of every seat."""
    from accounts.models import Posting, User

    emails = [f"o{n}@bench.test" for n in range(CROWD)]
    if not User.objects.filter(email=emails[0]).exists():
        users = User.objects.bulk_create(User(email=email, name=email) for email in emails)
        Posting.objects.bulk_create(
            Posting(user=user, facility=prison, role_id="officer", starts=date.today())
            for user in users
        )
    return list(User.objects.filter(email__in=emails))


LOCK = "SELECT seats_confirmed - seats_taken FROM training_batch WHERE id = %s FOR NO KEY UPDATE"
# The rows that the two acts leave, each written once: number, letter, decree, list, participant,
# and who was told what. Their history is written by the triggers.
SEAT = """
    WITH series AS (
        UPDATE correspondence_letterseries SET counter_year = 2026, counter = counter + 1
         WHERE facility_id = %(facility)s AND kind = 'decree' RETURNING id, counter),
    letter AS (
        INSERT INTO correspondence_letter (facility_id, kind, subject, data, signatory, series_id,
                number, sequence, year, dated, state, state_by_id, signed_by_id, signed_at, scan,
                entered_afterwards)
        SELECT %(facility)s, 'decree', 'SK', '{}', '{}', id, 'P-' || counter || '/2026', counter,
               2026, current_date, 'signed', %(warden)s, %(warden)s, now(), '', true
          FROM series RETURNING id),
    decree AS (
        INSERT INTO training_decree (facility_id, batch_id, hearing_id, letter_id, state, reason,
                created_by_id, entered_afterwards)
        SELECT %(facility)s, %(batch)s, %(hearing)s, id, 'issued', '', %(head)s, true FROM letter
        RETURNING id, public_id),
    entry AS (
        INSERT INTO training_decreeentry (decree_id, candidate_id, position, created_by_id)
        SELECT id, %(candidate)s, 1, %(head)s FROM decree),
    enrolment AS (
        INSERT INTO training_enrolment (facility_id, agency_id, batch_id, inmate_id, candidate_id,
                decree_id, participant_code, state, state_at, reason, created_by_id)
        SELECT %(facility)s, %(agency)s, %(batch)s, %(inmate)s, %(candidate)s, id, %(number)s,
               'enrolled', now(), '', %(warden)s FROM decree),
    told (kind, state, user_id) AS (
        SELECT 'decree_waiting', 'cancelled', user_id FROM accounts_posting
         WHERE facility_id = %(facility)s AND role_id = 'warden'
           AND starts <= %(today)s AND (until IS NULL OR until >= %(today)s)
        UNION
        SELECT 'decree_issued', 'live', user_id FROM accounts_posting
         WHERE facility_id = %(facility)s AND role_id IN ('officer', 'head')
           AND starts <= %(today)s AND (until IS NULL OR until >= %(today)s)
        UNION
        SELECT 'participants_listed', 'live', user_id FROM partners_liaison
         WHERE agency_id = %(agency)s AND until IS NULL
           AND suspended_at IS NULL)
    INSERT INTO correspondence_notice
           (recipient_id, facility_id, kind, object_type, object_id, due, data, link, state)
    SELECT told.user_id, %(facility)s, told.kind, 'training.decree', decree.id, current_date,
           '{"batch": "Angkatan Rebutan"}', '/decrees/' || decree.public_id || '/', told.state
      FROM told CROSS JOIN decree"""
TAKE = """
    UPDATE training_seatoffer SET state = 'taken', state_at = now(), state_by_id = %(by)s
     WHERE id = %(offer)s AND state = 'open'"""
TELL = """
    INSERT INTO correspondence_notice
           (recipient_id, facility_id, kind, object_type, object_id, due, data, link)
    SELECT DISTINCT user_id, facility_id, 'seat_taken', 'training.seatoffer', offer.id,
           %(today)s, '{"batch": "Angkatan Rebutan"}'::jsonb, '/seats/' || offer.public_id || '/'
      FROM training_seatoffer offer JOIN accounts_posting post USING (facility_id)
     WHERE offer.id = %(offer)s AND role_id IN ('officer', 'head') AND user_id <> %(by)s
       AND starts <= %(today)s AND (post.until IS NULL OR post.until >= %(today)s)"""


def _seated(batch, hearing, candidate, users):
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [batch.pk])
        (free,) = cursor.fetchone()
        if free <= 0:
            raise ValueError("full")
        cursor.execute(
            SEAT,
            {
                "facility": batch.facility_id,
                "agency": batch.agency_id,
                "batch": batch.pk,
                "hearing": hearing.pk,
                "candidate": candidate.pk,
                "inmate": candidate.inmate_id,
                "number": f"P{candidate.pk}",
                "head": users["head"].pk,
                "warden": users["warden"].pk,
                "today": date.today(),
            },
        )


def _taken(offer, by):
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [offer.batch_id])
        values = {"offer": offer.pk, "by": by.pk, "today": date.today()}
        cursor.execute(TAKE, values)
        if not cursor.rowcount:
            raise ValueError("taken by somebody else")
        cursor.execute(TELL, values)


def _raced(calls):
    """All at once: seconds until the last has its answer, and how many got what they wanted."""
    from django.db import connection, connections

    from accounts.refusals import NotAllowed

    start = threading.Barrier(len(calls) + 1)
    got, refused, failed, took = [], [], [], []

    def run(call):
        try:
            connection.ensure_connection()
        except Exception:
            start.abort()
            raise
        start.wait(120)
        began = time.monotonic()
        try:
            got.append(call())
        except (NotAllowed, ValueError) as refusal:
            refused.append(str(refusal))
        except Exception as problem:
            failed.append(repr(problem))
        finally:
            took.append(time.monotonic() - began)
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    start.wait(120)
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return {
        "seconds": time.monotonic() - began,
        "median_s": statistics.median(took),
        "won": len(got),
        "refused": len(refused),
        "failed": failed,
    }


def _compared(ours, plain):
    for each in (ours, plain):
        if (each["won"], each["refused"]) != (SEATS, CROWD - SEATS):
            raise SystemExit(f"not as it should be: {each}")
    return {
        "seconds": round(ours["seconds"], 2),
        "plain_s": round(plain["seconds"], 2),
        "x_plain": round(ours["seconds"] / plain["seconds"], 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
