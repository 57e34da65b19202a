"""Sweeps over many agreements: statements and seconds of the first one and of the next.

`python -m bench.reminders [AGREEMENTS ...]` prints JSON; each number has a database of its own.
"""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from lapasprog import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")
NUMBERS = (200, 20_000)
PER_PRISON = 100
ROLES = ("officer", "head", "warden")


def prepare(number):
    """Tables and agreements whose ends lie from last month to three years ahead."""
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from accounts.models import Facility, Posting, User
    from partners.models import Agency, Agreement, Partnership
    from partners.states import AgreementState

    call_command("createcachetable", database="owner", verbosity=0)
    call_command("migrate", database="owner", verbosity=0)
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
    """One sweep: what it did, and how long it took."""
    from correspondence.services import sweep

    began = time.monotonic()
    counts = sweep.sweep()
    return counts | {"seconds": round(time.monotonic() - began, 2)}


def main(number):
    with embedded.running():
        import django

        django.setup()
        prepare(number)
        from correspondence.models import Notice

        Notice.objects.all().delete()
        runs = {"first": measured(), "again": measured()}
    json.dump({"agreements": number, **runs}, sys.stdout)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main(int(sys.argv[1]))
