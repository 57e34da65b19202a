"""Everything that can break breaks while 300 reminders are sent: none is lost, none is told twice.

Workers die by -9 at random moments, the mail server refuses some for a while, the broker forgets
everything once, two beats run, and the database loses its power once.
"""

import random
import time
from collections import Counter

import pytest

from correspondence.models import ReminderPolicy
from tests import postmaster as smtp
from tests.drills.house import House
from tests.drills.processes import wait_until
from tests.factories.accounts import staff
from tests.factories.partners import SignedAgreementFactory, today

PEOPLE, AGREEMENTS = 100, 3
REMINDERS = PEOPLE * AGREEMENTS
WORKERS, AT_ONCE, KILLS = 3, 2, 8  # each worker sends two mails at once
REFUSED = 20
LEASE = 3
ONCE_EACH = """
SELECT count(*) || ' ' || count(DISTINCT (recipient_id, kind, object_type, object_id, due))
  FROM correspondence_notice WHERE state = 'live' AND kind = 'agreement_end'
"""
UNTOLD = """
SELECT count(*) FROM correspondence_notice n
  LEFT JOIN correspondence_mail m ON m.id = n.mail_id AND m.state = 'sent'
 WHERE n.state = 'live' AND m.id IS NULL
"""


@pytest.fixture
def house(facility, agency, tmp_path_factory, monkeypatch):
    """A prison with so many officers and agreements that 300 reminders are due today."""
    ReminderPolicy.objects.exclude(kind="agreement_end").update(offsets=[])
    ReminderPolicy.objects.update(audience=["officer"])
    for _ in range(PEOPLE):
        staff(facility, "officer")
    for _ in range(AGREEMENTS):
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(100))
    folder = tmp_path_factory.mktemp("house", numbered=True)
    for place in (folder, *folder.parents[:2]):
        place.chmod(0o755)
    monkeypatch.setenv("LAPASPROG_VAR", str(folder))
    return folder


@pytest.mark.drill
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_due_reminder_is_told_once_whatever_breaks(house, drill):
    chance = random.Random(20_261_126)  # noqa: S311 - a drill that can be repeated
    row = drill(
        14,
        "everything at once",
        f"{KILLS} workers killed while {REMINDERS} reminders are mailed, the broker wiped, the "
        "database without power, one of two beats killed, the mail server refusing every other "
        "mail for a while",
    )
    with row as found, smtp.running(pause=0.15) as (postmaster, port):
        postmaster.answers = ["250 OK", "451 try again later"] * REFUSED
        environment = {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_LEASE_SECONDS": str(LEASE),
            "MAIL_PAUSE_SECONDS": "1",
            "SWEEP_SECONDS": "2",
            "DELIVER_SECONDS": "1",
        }
        with House(house, **environment).open() as broken:
            workers = [broken.worker() for _ in range(WORKERS)]
            beats = [broken.beat("one"), broken.beat("two")]
            wait_until(lambda: postmaster.tried, seconds=300)
            for kill in range(KILLS):
                time.sleep(chance.uniform(0.2, 1.5))
                victim = workers.pop(chance.randrange(len(workers)))
                broken.kill(victim)
                workers.append(broken.worker())
                if kill == 2:
                    broken.broker.flushall()
                if kill == 4:
                    broken.restart_database()
                if kill == 6:
                    broken.kill(beats.pop())
                    beats.append(broken.beat("three"))
            found.breaks()
            wait_until(lambda: broken.ask(UNTOLD) == "0", seconds=600)
            found.is_calm()
            time.sleep(2 * LEASE)  # a lease that a killed worker left would run out now

            assert broken.ask(ONCE_EACH) == f"{REMINDERS} {REMINDERS}"
            assert broken.ask(UNTOLD) == "0"
            states = broken.ask("SELECT DISTINCT state FROM correspondence_mail")
            assert states == "sent"
            known = set(broken.ask("SELECT message_id FROM correspondence_mail").split("\n"))

    handed = Counter(mail["Message-ID"] for mail in postmaster.mails)
    assert set(handed) == known
    doubles = sum(handed.values()) - len(known)
    found.sees(f"{len(known)} mails, {doubles} of them handed over again under one Message-ID")
    found.keeps(f"all {REMINDERS} reminders told, none twice")
    assert doubles <= KILLS * AT_ONCE + WORKERS * AT_ONCE  # and all at once without power
    for message_id, copies in handed.items():
        words = {m.get_content() for m in postmaster.mails if m["Message-ID"] == message_id}
        assert len(words) == 1, f"{copies} copies of one mail differ"
    told = Counter(
        (mail["To"], line)
        for mail in {m["Message-ID"]: m for m in postmaster.mails}.values()
        for line in mail.get_content().splitlines()
        if "/agreements/" in line
    )
    assert len(told) == REMINDERS
    assert set(told.values()) == {1}
