"""Workers killed with -9 in the middle of sending: nothing is lost, and a double shows as one."""

from collections import Counter
from contextlib import ExitStack

import pytest

from correspondence.models import Mail, Notice
from correspondence.services import mail
from correspondence.services.sweep import sweep
from correspondence.states import MailState
from tests import postmaster as smtp
from tests.drills.processes import kill, manage, wait_until
from tests.factories.accounts import staff
from tests.factories.partners import SignedAgreementFactory, today

PEOPLE, AGREEMENTS, WORKERS = 12, 5, 3
LEASE = 2


@pytest.mark.drill
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_killed_workers_lose_no_mail_and_doubles_share_a_message_id(facility, agency, drill):
    people = [staff(facility, "officer") for _ in range(PEOPLE)]
    for _ in range(AGREEMENTS):
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(100))
    sweep()
    told = Notice.objects.count()
    assert told >= PEOPLE * AGREEMENTS
    assert mail.queue_digests() == PEOPLE

    row = drill(
        2,
        "worker killed while mailing",
        f"`kill -9` of {WORKERS} senders between the mail server's answer and their mark; one new",
    )
    with row as found, smtp.running(pause=0.5) as (postmaster, port), ExitStack() as stack:
        environment = {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_LEASE_SECONDS": str(LEASE),
        }

        def worker():
            return stack.enter_context(
                manage("deliver_mail", "--loop", "--every", "0.2", **environment)
            )

        workers = [worker() for _ in range(WORKERS)]
        wait_until(lambda: len(postmaster.tried) >= 3)
        kill(*workers)
        found.breaks()
        cut = Mail.objects.filter(state=MailState.QUEUED, attempts=1).count()
        assert cut >= 1, "somebody was killed between the server's work and the mark"

        worker()
        wait_until(lambda: not Mail.objects.filter(state=MailState.QUEUED).exists())
        found.is_calm()
        found.sees(f"{cut} mails in the hands of the dead, taken over when their lease had run out")

    assert Mail.objects.filter(state=MailState.SENT).count() == PEOPLE
    handed = Counter(message["Message-ID"] for message in postmaster.mails)
    assert set(handed) == set(Mail.objects.values_list("message_id", flat=True))
    assert len({message["To"] for message in postmaster.mails}) == len(people)
    doubles = sum(handed.values()) - PEOPLE
    assert 1 <= doubles <= cut
    for message_id in handed:
        copies = [m.get_content() for m in postmaster.mails if m["Message-ID"] == message_id]
        assert len(set(copies)) == 1

    found.keeps(
        f"none of {PEOPLE} mails with {told} reminders lost; {doubles} handed over twice, under "
        "the same Message-ID and in the same words, which mail programs show once"
    )
    assert sweep()["created"] == 0
    assert Notice.objects.live().filter(mail__state=MailState.SENT).count() == told
