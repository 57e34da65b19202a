"""Sweeps over many agreements: the first one, the next, and the first one's writes by plain SQL;
turn by turn, and of each the median: what the machine does meanwhile, it does to all.

`python -m bench.reminders NUMBER` prints JSON; each number has a database of its own.
"""

import json
import resource
import statistics
import sys
import time
from datetime import timedelta

from bench import site

NUMBERS = (200, 20_000)
PER_PRISON = 100
ROLES = ("officer", "head", "warden")
MOST_X = 3.0
TURNS = 5


def prepare(number):
    """Tables and agreements whose ends lie from last month to three years ahead."""
    from django.db import connections
    from django.utils import timezone

    from accounts.models import Facility, Posting, User
    from partners.models import Agency, Agreement, Partnership
    from partners.states import AgreementState

    if Agreement.objects.count() == number:
        return
    today = timezone.localdate()
    prisons = Facility.objects.using("owner").bulk_create(
        Facility(code=f"R{n:04d}", name=f"Lapas Uji {n}", city=f"Kota {n}")
        for n in range(max(1, number // PER_PRISON))
    )
    agencies = [
        Agency.objects.using("owner").create(name=f"BLK Uji {n}", kind="blk") for n in range(20)
    ]
    Partnership.objects.using("owner").bulk_create(
        Partnership(facility=prison, agency=agency) for prison in prisons for agency in agencies
    )
    for role in ROLES:
        users = User.objects.using("owner").bulk_create(
            User(email=f"{role}-{prison.code}@bench.test", name=f"{role} {prison.code}")
            for prison in prisons
        )
        Posting.objects.using("owner").bulk_create(
            Posting(user=user, facility=prison, role_id=role, starts=today - timedelta(days=900))
            for user, prison in zip(users, prisons, strict=True)
        )
    Agreement.objects.using("owner").bulk_create(
        (
            Agreement(
                facility=prisons[n % len(prisons)],
                agency=agencies[n % len(agencies)],
                title=f"PKS {n}",
                state=AgreementState.SIGNED,
                entered_afterwards=True,
                our_number=f"W.{n}",
                their_number=f"560/{n}",
                signed_on=today - timedelta(days=700),
                starts_on=today - timedelta(days=700),
                ends_on=today + timedelta(days=n % 1_100 - 30),
                signed_scan="agreements/uji.pdf",
            )
            for n in range(number)
        ),
        batch_size=2_000,
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measured():
    """One sweep: what it did, and how long it took, in a process that knows the addresses of all
    pages, as a worker does from its start."""
    from django.urls import reverse

    from correspondence.services import sweep

    reverse("reports:home")
    began = time.monotonic()
    counts = sweep.sweep()
    return counts | {"seconds": round(time.monotonic() - began, 2)}


def emptied(cursor):
    cursor.execute("DELETE FROM correspondence_notice")
    cursor.execute("VACUUM correspondence_notice")


def plain(cursor):
    """Seconds in which one transaction writes the notices that the sweep has just written."""
    from django.db import transaction

    cursor.execute("DROP TABLE IF EXISTS kept")
    cursor.execute("CREATE TEMP TABLE kept AS SELECT * FROM correspondence_notice")
    emptied(cursor)
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
        " WHERE attrelid = 'correspondence_notice'::regclass AND attnum > 0"
        "   AND NOT attisdropped AND attname <> 'id'"
    )
    (columns,) = cursor.fetchone()
    began = time.monotonic()
    with transaction.atomic(using="owner"):
        cursor.execute(f"INSERT INTO correspondence_notice ({columns}) SELECT {columns} FROM kept")
    return round(time.monotonic() - began, 2)


def turn():
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        emptied(cursor)
        first, again = measured(), measured()
        return first, again, plain(cursor)


def main(number):
    site.settle(f"agreements-{number}")
    with site.services():
        prepare(number)
        turns = [turn() for _n in range(TURNS)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    firsts, agains, plains = zip(*turns, strict=True)
    runs = {
        "first": _median(firsts),
        "again": _median(agains),
        "plain_s": statistics.median(plains),
    }
    x_plain = round(runs["first"]["seconds"] / runs["plain_s"], 1)
    json.dump({"agreements": number, **runs, "x_plain": x_plain, "peak_mb": peak}, sys.stdout)


def _median(sweeps):
    """Of sweeps that did the same; the first of them is the first of its process, too."""
    if len({(each["created"], each["queries"]) for each in sweeps}) > 1:
        raise SystemExit(f"sweeps over the same rows did not do the same: {sweeps}")
    return sweeps[0] | {"seconds": statistics.median(each["seconds"] for each in sweeps)}


if __name__ == "__main__":
    main(int(sys.argv[1]))
