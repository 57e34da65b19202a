"""The demo prison at work while its parts die: nothing lost, nothing doubled, pages stay calm."""

import hashlib
import shutil
import threading
import time
from collections import Counter
from uuid import uuid4

import pytest
import requests

from lapasprog.backups import archive
from tests.drills.processes import wait_until
from tests.drills.site import SLOW, Site, manage_in, reachable
from tests.first_start import first_start

pytestmark = [pytest.mark.drill, pytest.mark.long]
PREPARED = "SELECT public_id FROM training_decree WHERE state = 'prepared'"
ISSUED = "SELECT public_id FROM training_decree WHERE state = 'issued'"
UNTOLD = """
SELECT count(*) FROM correspondence_mail WHERE state = 'queued'
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
 WHERE wait_event_type = 'Lock' AND query LIKE '%correspondence_letterseries%'
"""
UNKNOWN = """
SELECT count(*) FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples < 0
"""  # tables of which the planner knows nothing


@pytest.fixture(scope="session")
def django_db_setup():
    """These drills use a site of their own, never the test database."""


def enrolled(site, decree):
    return int(
        site.ask(
            "SELECT count(*) FROM training_enrolment e JOIN training_decree d"
            f" ON d.id = e.decree_id WHERE d.public_id = '{decree}'"
        )
    )


def test_web_killed_while_it_enrols_and_no_broker(site, drill):
    """The decree's last step is held back until the web is dead in the middle of it."""
    decree = site.ask(PREPARED)
    listed = int(
        site.ask(
            "SELECT count(*) FROM training_decreeentry e JOIN training_decree d"
            f" ON d.id = e.decree_id WHERE d.public_id = '{decree}'"
        )
    )
    warden = site.clerk("warden@cilegon.test")
    with drill(
        1,
        "web killed while enrolling",
        "the warden issues a decree; `kill -9` of the whole web when all are enrolled and the "
        "number is about to be taken; web started, button pressed again, twice",
    ) as found:
        holder = site.connection()
        with holder.cursor() as cursor:
            cursor.execute("SELECT 1 FROM correspondence_letterseries FOR UPDATE")
            pressing = threading.Thread(target=press, args=(warden, decree))
            pressing.start()
            wait_until(lambda: site.ask(WAITING) != "0", SLOW)
            site.kill_web()
            found.breaks()
        holder.rollback()
        holder.close()
        pressing.join(SLOW)
        assert site.readiness()[0] == 0
        wait_until(lambda: site.ask(WAITING) == "0", SLOW)
        assert enrolled(site, decree) == 0
        found.sees("nobody was enrolled by the half, no number was used; `/readyz` did not answer")

        site.web_again()
        found.is_calm()
        with without_broker(site, drill):
            answers = [warden.send_form(f"/decrees/{decree}/issue/") for _ in range(2)]
            assert [answer.status_code for answer in answers] == [302, 302]
        assert enrolled(site, decree) == listed
        letters = site.ask(
            "SELECT count(*) || ' ' || count(DISTINCT number) FROM correspondence_letter"
            " WHERE kind = 'decree' AND number <> ''"
        )
        assert len(set(letters.split())) == 1, letters
        site.is_whole()
        found.keeps(f"all {listed} enrolled, once, with one number")


def press(clerk, decree):
    try:
        clerk.send_form(f"/decrees/{decree}/issue/")
    except requests.ConnectionError:
        return


class without_broker:
    """Inside, Valkey is wiped and dead; afterwards it comes back and the mails go out."""

    def __init__(self, site, drill):
        self.site = site
        self.row = drill(
            4,
            "broker wiped and stopped",
            "`FLUSHALL`, then `kill -9` of Valkey; people go on; Valkey started again",
        )

    def __enter__(self):
        self.found = self.row.__enter__()
        self.site.broker.flushall()
        self.site.valkey.process.kill()
        self.site.valkey.process.wait(10)
        self.found.breaks()
        status, checks = self.site.readiness()
        assert status == 503
        assert checks["database"] is True
        assert checks["broker"] is not True
        began = time.monotonic()
        officer = self.site.clerk("officer@cilegon.test")
        pages = ("/", "/batches/", "/inmates/", "/agreements/", "/notices/")
        answers = {path: officer.get_page(path).status_code for path in pages}
        assert set(answers.values()) == {200}, answers
        self.found.sees(
            f"sign-in, {len(pages)} pages and the act itself answered as ever (sign-in and pages "
            f"{time.monotonic() - began:.1f} s in all); `/readyz` named the broker"
        )
        return self

    def __exit__(self, kind, *rest):
        if kind is not None:
            return
        told = self.site.ask("SELECT count(*) FROM correspondence_notice WHERE state = 'live'")
        self.site.valkey.start()
        self.site.wait_until_ready()
        unmailed = (
            "SELECT count(*) FROM correspondence_notice n JOIN accounts_user u"
            " ON u.id = n.recipient_id AND u.is_active"
            " LEFT JOIN correspondence_mail m ON m.id = n.mail_id"
            " WHERE n.kind = 'decree_issued' AND n.state = 'live' AND (m.id IS NULL"
            " OR m.state = 'queued')"
        )
        before = self.site.worker_process
        self.site.wait_as_supervisor(lambda: self.site.ask(unmailed) == "0", 3 * SLOW)
        self.site.wait_as_supervisor(lambda: self.site.ask(UNTOLD) == "0", 3 * SLOW)
        if self.site.worker_process is not before:
            self.found.sees("a worker ended with the broker and was started again, as by systemd")
        self.found.is_calm()
        ids = Counter(mail["Message-ID"] for mail in self.site.postmaster.mails)
        doubles = [message_id for message_id, copies in ids.items() if copies > 1]
        assert doubles == []
        self.found.keeps(
            f"what was told meanwhile was mailed afterwards, each mail once ({told} live notices)"
        )
        self.row.__exit__(None, None, None)


def test_database_restarted_under_load(site, drill):
    """People read and write while PostgreSQL loses its power and comes back."""
    clerks = [site.clerk(f"{who}@cilegon.test") for who in ("officer", "head")]
    answers, said, stop = Counter(), {}, threading.Event()
    kept, calm = set(), []

    def work(clerk):
        while not stop.is_set():
            purpose = f"Latihan {uuid4().hex}"
            answer = clerk.record_visit(purpose)
            answers[answer.status_code] += 1
            said[purpose] = answer.status_code
            if answer.status_code == 302:
                kept.add(purpose)
            else:
                calm.append(answer.text)

    with drill(
        3,
        "database restarted under load",
        "four people write without a pause; PostgreSQL loses its power (`SIGQUIT`) and comes back "
        "when everybody has met it",
    ) as found:
        for clerk in clerks:
            assert clerk.record_visit("Sebelum latihan").status_code == 302
        people = [threading.Thread(target=work, args=(clerk,)) for clerk in clerks for _ in "ab"]
        for person in people:
            person.start()
        wait_until(lambda: answers[302] >= 12, SLOW)
        site.crash_database()
        found.breaks()
        status, checks = site.readiness()
        assert status == 503
        assert checks["database"] is not True
        wait_until(lambda: answers[503] >= 4, SLOW)
        site.postgres.start()
        before = answers[302]
        wait_until(lambda: answers[302] >= before + 12, SLOW)
        found.is_calm()
        stop.set()
        for person in people:
            person.join(SLOW)
        assert set(answers) == {302, 503}, answers
        assert all("basis data sedang tidak menjawab" in text for text in calm)
        rows = Counter(
            site.ask(
                "SELECT purpose FROM partners_engagement WHERE purpose LIKE 'Latihan %'"
            ).split("\n")
        )
        assert kept <= set(rows)
        assert set(rows) <= set(said)
        assert set(rows.values()) == {1}
        site.is_whole()
        found.sees(
            f"{answers[503]} times a calm page (503) that said what to do; `/readyz` named the "
            "database"
        )
        found.keeps(f"all {len(kept)} visits answered as saved are there, none twice")


def test_a_lost_machine_comes_back_elsewhere(site, drill, tmp_path_factory):
    """The last one: the site's folder is gone afterwards."""
    elsewhere = reachable(tmp_path_factory.mktemp("elsewhere"))
    public, secret = archive.new_key()
    key_file, target = elsewhere / "key", elsewhere / "backup.tar.age"
    key_file.write_text(secret)
    officer, stop, saved = site.clerk("officer@cilegon.test"), threading.Event(), {}

    def work():
        while not stop.is_set():
            purpose, scan = f"Sebelum hilang {uuid4().hex}", b"%PDF-" + uuid4().bytes * 500
            answer = officer.record_visit(purpose, scan)
            assert answer.status_code == 302
            saved[purpose] = (time.monotonic(), hashlib.sha256(scan).hexdigest())

    with drill(
        9,
        "machine lost",
        "a sealed backup is taken while people record visits with scans; all processes killed, "
        "the data folder deleted; `restore` into an empty folder, with the key only",
    ) as found:
        person = threading.Thread(target=work)
        person.start()
        wait_until(lambda: len(saved) >= 5, SLOW)
        began = time.monotonic()
        said = site.manage("backup", str(target), BACKUP_KEY=public)
        stop.set()
        person.join(SLOW)
        letters = dict(
            line.split("|")
            for line in site.ask("SELECT pdf, sha256 FROM correspondence_letterfile").split("\n")
        )
        site.is_whole()
        assert target.stat().st_mode & 0o777 == 0o600
        assert b"%PDF" not in target.read_bytes()
        site.close()
        shutil.rmtree(site.folder)
        found.breaks()

        new = elsewhere / "var"
        restored = manage_in(new, "restore", str(target), "--key-file", str(key_file))
        assert "all is as it was" in restored, restored
        for name, sha256 in letters.items():
            assert hashlib.sha256((new / "files" / name).read_bytes()).hexdigest() == sha256
        shutil.copytree(first_start().folder / "static", new / "static")
        with Site(new).open() as again:
            again.web_process = again.web()
            again.is_whole()
            found.is_calm()
            assert int(again.ask(UNKNOWN)) == 0
            visits = dict(
                line.split("|")
                for line in again.ask(
                    "SELECT e.purpose, a.file FROM partners_engagement e JOIN partners_attachment"
                    " a ON a.engagement_id = e.id WHERE e.purpose LIKE 'Sebelum hilang %'"
                ).split("\n")
            )
            before = {purpose for purpose, (moment, _sum) in saved.items() if moment < began}
            assert len(before) >= 5
            assert before <= set(visits) <= set(saved)
            for purpose, name in visits.items():
                content = (new / "files" / name).read_bytes()
                assert hashlib.sha256(content).hexdigest() == saved[purpose][1]
            reader = again.clerk("warden@cilegon.test")
            decree = again.ask(
                "SELECT public_id FROM training_decree WHERE state = 'issued' LIMIT 1"
            )
            page = reader.get_page(f"/decrees/{decree}/")
            assert page.status_code == 200
        assert "sealed" in said
        found.sees(f"people sign in and read; {len(letters)} letters are there byte for byte")
        found.keeps(
            f"all {len(before)} visits saved before the backup are there with their scans; of "
            f"{len(saved) - len(before)} saved while it was taken {len(visits) - len(before)}, "
            "each with its scan"
        )
