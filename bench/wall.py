"""What the second wall costs: a liaison's pages with and without it, staff's with row policies off.

`python -m bench.wall [PEOPLE]` prints a table, over the database of that size.
"""

import statistics
import sys
import time
from contextlib import contextmanager
from unittest import mock

from bench import site

ROUNDS = 15
LIAISON_PAGES = ("/", "/batches/", "/slots/", "/certificates/", "/agreements/", "BATCH", "ROSTER")
STAFF_PAGES = ("/inmates/", "/batches/", "/search/?q=saputra", "BATCH")


def liaisons():
    """`{name: (user, batch)}` of the liaison of one prison's agency."""
    from accounts.models import User
    from training.models import Batch

    user = User.objects.get(email="liaison@bench.test")
    batch = Batch.objects.filter(facility__code="B001", state="running").first()
    return {"own prison": (user, batch)}


@contextmanager
def no_wall():
    with mock.patch("partners.middleware.WallMiddleware.process_view", return_value=None):
        yield


@contextmanager
def no_policies():
    tables = _with_policies("DISABLE")
    try:
        yield
    finally:
        _with_policies("ENABLE", tables)


def _with_policies(word, tables=None):
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        if tables is None:
            cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")
            tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")
    return tables


def compared(client, address, without):
    """Medians in milliseconds `(with, without)`; taken in turns."""
    taken = {True: [], False: []}
    for turn in range(2 * ROUNDS):
        walled = turn % 2 == 0
        if walled:
            taken[walled].append(_milliseconds(client, address))
        else:
            with without():
                client.get(address)  # plans anew
                taken[walled].append(_milliseconds(client, address))
            client.get(address)
    return tuple(round(statistics.median(taken[each]), 1) for each in (True, False))


def _milliseconds(client, address):
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - began) * 1000


def measure(people):
    from django.test import Client, override_settings

    from accounts.models import User
    from bench.run import filled

    filled(people)
    found = liaisons()
    print("| reader | page | with, ms | without, ms |\n|---|---|---:|---:|")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        readers = [(name, *row, LIAISON_PAGES, no_wall) for name, row in found.items()]
        officer = User.objects.get(email="officer@bench.test")
        readers.append(("officer", officer, found["own prison"][1], STAFF_PAGES, no_policies))
        for name, user, batch, pages, without in readers:
            client = Client()
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
            for page in pages:
                address = {
                    "BATCH": f"/batches/{batch.public_id}/",
                    "ROSTER": f"/batches/{batch.public_id}/participants/",
                }.get(page, page)
                walled, bare = compared(client, address, without)
                shown = address.replace(str(batch.public_id), "…")
                print(f"| {name} | {shown} | {walled} | {bare} |", flush=True)


def main():
    people = int(sys.argv[1]) if sys.argv[1:] else 100_000
    site.settle(f"country-{people}")
    with site.services():
        measure(people)


if __name__ == "__main__":
    main()
