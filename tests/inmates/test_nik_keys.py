"""Rotating the keys of NIKs: everything stays readable, whatever happens in between."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from inmates import nik
from inmates.models import ImportRow, ImportRun, Inmate
from inmates.services import nik_keys
from inmates.states import RowOutcome
from tests.factories.inmates import InmateFactory
from tests.factories.partners import today

HOUSE = Path(__file__).parent.parent.parent
NEWER = "newer:" + "A" * 43 + "="
pytestmark = pytest.mark.django_db


def number(n):
    return f"36720115089{n:05d}"


def sealed_people(count):
    people = []
    for n in range(1, count + 1):
        sealed = nik.seal(number(n))
        people.append(
            InmateFactory(
                nik_cipher=sealed["cipher"].encode(),
                nik_key=sealed["key"],
                nik_digest=sealed["digest"],
                nik_last4=sealed["last4"],
            )
        )
    return people


def read_row(facility, n, **more):
    run = ImportRun.objects.create(facility=facility, file_name="register.xlsx", as_of=today())
    values = {"inmate": {"nik": nik.seal(number(n))} | more, "custody": {}, "sentence": {}}
    return ImportRow.objects.create(run=run, number=n, outcome=RowOutcome.NEW, values=values)


def stored(people):
    rows = Inmate.objects.in_bulk([person.pk for person in people])
    return [(rows[person.pk].nik_key, nik.reveal(rows[person.pk].nik_cipher)) for person in people]


def rotate(capsys, **options):
    call_command("rotate_nik_keys", **options)
    return capsys.readouterr().out.strip()


def test_all_people_and_waiting_imports_get_the_newest_key(settings, facility, capsys):
    people, row = sealed_people(5), read_row(facility, 9, name="ANI")
    InmateFactory()
    old = settings.NIK_KEYS
    settings.NIK_KEYS = [NEWER, *old]
    assert rotate(capsys, batch=2) == "renewed: 6, left: 0, unreadable: 0"
    settings.NIK_KEYS = [NEWER]
    assert stored(people) == [("newer", number(n)) for n in range(1, 6)]
    row.refresh_from_db()
    held = row.values["inmate"]["nik"]
    assert (held["key"], nik.reveal(held["cipher"].encode())) == ("newer", number(9))
    assert row.values["inmate"]["name"] == "ANI"


def test_digests_and_history_stay_as_they_were(settings, capsys):
    (person,) = sealed_people(1)
    settings.NIK_KEYS = [NEWER, *settings.NIK_KEYS]
    before = Inmate.pgh_event_model.objects.count()
    rotate(capsys)
    again = Inmate.objects.get(pk=person.pk)
    assert (again.nik_digest, again.nik_last4) == (person.nik_digest, person.nik_last4)
    assert Inmate.pgh_event_model.objects.count() == before


def test_a_second_run_has_nothing_to_do(settings, capsys):
    people = sealed_people(2)
    settings.NIK_KEYS = [NEWER, *settings.NIK_KEYS]
    rotate(capsys)
    ciphers = set(Inmate.objects.values_list("nik_cipher", flat=True))
    assert rotate(capsys) == "renewed: 0, left: 0, unreadable: 0"
    assert set(Inmate.objects.values_list("nik_cipher", flat=True)) == ciphers
    assert len(ciphers) == len(people)


def test_what_no_key_opens_is_told_and_left(settings, capsys):
    lost = InmateFactory(nik_cipher=b"gAAAA-not-ours", nik_key="lost", nik_digest="x")
    people = sealed_people(2)
    settings.NIK_KEYS = [NEWER, *settings.NIK_KEYS]
    with pytest.raises(CommandError, match="none of NIK_KEYS"):
        call_command("rotate_nik_keys", batch=1)
    assert "renewed: 2, left: 0, unreadable: 1" in capsys.readouterr().out
    assert [key for key, _nik in stored(people)] == ["newer", "newer"]
    assert bytes(Inmate.objects.get(pk=lost.pk).nik_cipher) == b"gAAAA-not-ours"


def test_new_digests_after_the_digest_key_has_leaked(settings, facility, capsys):
    (person,), row = sealed_people(1), read_row(facility, 9)
    settings.NIK_DIGEST_KEY = "another"
    rotate(capsys, digests=True)
    person.refresh_from_db()
    row.refresh_from_db()
    assert person.nik_digest == nik.digest(number(1))
    assert row.values["inmate"]["nik"]["digest"] == nik.digest(number(9))
    assert stored([person]) == [(person.nik_key, number(1))]


def test_a_batch_that_does_not_end_changes_nothing(settings):
    people = sealed_people(4)
    old_key = people[0].nik_key
    settings.NIK_KEYS = [NEWER, *settings.NIK_KEYS]
    done = nik_keys.renew_people(size=2)
    assert (done.renewed, done.last) == (2, people[1].pk)
    with transaction.atomic():
        nik_keys.renew_people(after=done.last, size=1)
        transaction.set_rollback(True)
    assert stored(people) == [
        *(("newer", number(1)), ("newer", number(2))),
        *((old_key, number(3)), (old_key, number(4))),
    ]
    assert nik_keys.left() == 2


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_whoever_is_being_worked_on_is_left_for_later(settings):
    people = sealed_people(2)
    settings.NIK_KEYS = [NEWER, *settings.NIK_KEYS]
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM inmates_inmate WHERE id = %s FOR UPDATE", [people[0].pk])
        assert nik_keys.renew_people().renewed == 1
        other.rollback()
    finally:
        other.close()
    assert nik_keys.renew_people().renewed == 1
    assert [key for key, _nik in stored(people)] == ["newer", "newer"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_killed_in_the_middle_everything_is_readable_and_the_next_run_ends_it(settings, capsys):
    people = sealed_people(300)
    settings.NIK_KEYS = [NEWER, *settings.NIK_KEYS]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_nik_keys", "--batch", "1"],
        cwd=HOUSE,
        env=os.environ | {"NIK_KEYS": ",".join(settings.NIK_KEYS), "DATABASE_URL": _address()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and nik_keys.left() == len(people):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    keys = [key for key, _nik in stored(people)]
    assert [plain for _key, plain in stored(people)] == [number(n) for n in range(1, 301)]
    assert {"newer"} < set(keys), "killed too late to show anything"
    rotate(capsys)
    assert {key for key, _nik in stored(people)} == {"newer"}


def _address():
    """The test's database as a URL that a process of its own understands."""
    told = connection.settings_dict
    return f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"
