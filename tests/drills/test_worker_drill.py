"""Workers killed with -9 in the middle of long work: `make drill` only, leases take minutes."""

import json
import shelve
from collections import Counter
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.drills.processes import wait_until
from tests.drills.site import SLOW
from tests.inmates.register_files import as_csv, people

pytestmark = pytest.mark.long
PEOPLE = 4000
LEASES = 900  # seconds: a lease of up to two minutes, a beat each minute, the work itself
CALM = "tidak ada yang hilang, tidak perlu dikirim ulang"
NUMBER = "SELECT count(*) FROM inmates_inmate"
DOUBLES = (
    "SELECT count(*) FROM (SELECT person_key FROM inmates_inmate WHERE person_key <> ''"
    " GROUP BY 1 HAVING count(*) > 1) doubled"
)


@pytest.fixture(scope="session")
def django_db_setup():
    """These drills use a site of their own, never the test database."""


def test_worker_killed_while_it_imports(site, drill):
    registrar, before = site.clerk("registrar@cilegon.test"), int(site.ask(NUMBER))
    with drill(
        5,
        "worker killed while importing",
        f"a register of {PEOPLE:,} people; `kill -9` of the worker while it reads and once more "
        "while it writes; a new worker each time",
    ) as found:
        file = as_csv(people(PEOPLE, start=50_000)).getvalue()
        answer = registrar.send_form("/inmates/import/", {"file": ("register.csv", file)})
        assert answer.status_code == 302, answer.text[:500]
        page = answer.headers["Location"]
        run = page.strip("/").rpartition("/")[2]

        def state(*states, seconds=SLOW):
            asked = f"SELECT state FROM inmates_importrun WHERE public_id = '{run}'"
            wait_until(lambda: site.ask(asked) in states, seconds)

        def rows(column, seconds=SLOW):
            asked = f"SELECT {column} FROM inmates_importrun WHERE public_id = '{run}'"
            wait_until(lambda: int(site.ask(asked)) > 0, seconds)

        rows("rows_done")
        site.kill_worker()
        found.breaks()
        assert CALM in registrar.get_page(page).text
        assert site.ask(f"SELECT state FROM inmates_importrun WHERE public_id = '{run}'") == (
            "reading"
        )
        site.worker_again()
        state("ready", seconds=LEASES)
        found.is_calm()
        found.sees(
            "the page said that it goes on by itself and nothing need be sent again; the next "
            "worker read the file anew when the lease had run out"
        )

        assert registrar.send_form(f"{page}apply/").status_code == 302
        rows("rows_applied")
        site.kill_worker()
        found.breaks()
        assert int(site.ask(NUMBER)) == before
        assert CALM in registrar.get_page(page).text
        found.sees("of the half that was written nothing was to be seen")
        site.worker_again()
        state("applied", seconds=LEASES)
        found.is_calm()
        assert int(site.ask(NUMBER)) == before + PEOPLE
        assert site.ask(DOUBLES) == "0"
        site.is_whole()
        found.keeps(f"all {PEOPLE:,} there, each once")


def test_worker_killed_while_it_makes_a_report(site, drill):
    """A table is held so that the worker dies in the middle of its counting.

    No beat runs meanwhile: the sweeps would wait for the table, too, and take the worker's hands.
    """
    head = site.clerk("head@cilegon.test")
    site.stop_beats()
    wait_until(site.is_idle, SLOW)
    with drill(
        6,
        "worker killed while making a report",
        "`kill -9` of the worker in the middle of counting a monthly report; a new worker",
    ) as found:
        with closing(site.connection()) as holder, holder.cursor() as cursor:
            cursor.execute("LOCK TABLE training_enrolment IN ACCESS EXCLUSIVE MODE")
            answer = head.send_form("/reports/new/", facility="CLG", month="2026-03")
            assert answer.status_code == 302, answer.text[:500]
            page = answer.headers["Location"]
            report = page.strip("/").rpartition("/")[2]
            asked = f"SELECT state FROM reports_report WHERE public_id = '{report}'"
            wait_until(lambda: site.ask(asked) == "counting", SLOW)
            site.kill_worker()
            found.breaks()
        assert CALM in head.get_page(page).text
        site.worker_again()
        site.beats_again()
        wait_until(lambda: site.ask(asked) == "ready", LEASES)
        found.is_calm()
        assert site.ask("SELECT count(*) FROM reports_report WHERE starts_on = '2026-03-01'") == "1"
        assert head.get_page(page).status_code == 200
        site.is_whole()
        found.sees(
            "the page said that it goes on by itself; counted anew when the lease had run out"
        )
        found.keeps("one report, with all its figures")


def test_two_beats(site, drill):
    """A second clock runs beside the first for a while; the sweep is asked for twice each time."""
    with drill(
        7,
        "two beats",
        "a second beat beside the first, both asking every three seconds for a sweep and every two "
        "for mail, while an officer records visits",
    ) as found:
        second = site.beat("beat-two")
        officer = site.clerk("officer@cilegon.test")
        asked = "SELECT count(*) FROM correspondence_sweeprun"
        before = int(site.ask(asked))
        visits = 0
        while int(site.ask(asked)) < before + 12:
            assert officer.record_visit(f"Dua beat {uuid4().hex}").status_code == 302
            visits += 1
        doubled = site.ask(
            "SELECT count(*) FROM (SELECT 1 FROM correspondence_notice WHERE state = 'live'"
            " GROUP BY recipient_id, kind, object_type, object_id, due, offset_days"
            " HAVING count(*) > 1) twice"
        )
        assert doubled == "0"
        ids = Counter(mail["Message-ID"] for mail in site.postmaster.mails)
        assert not [message_id for message_id, copies in ids.items() if copies > 1]
        site.is_whole()
        site.kill(second)
        found.sees(f"{int(site.ask(asked)) - before} sweeps in a row, pages as ever")
        found.keeps(f"no notice and no mail twice, all {visits} visits there")


def test_clock_that_jumps(site, drill):
    """The machine's clock cannot be moved here: what it would have left behind is written down."""
    with drill(
        8,
        "clock set ahead and back (simulated)",
        "no process can be given another clock here, so: a sweep as if it were in three weeks, "
        "then today's; leases of mails and of an import, and the schedule's last runs, moved a "
        "year ahead; a worker and a beat started on that",
    ) as found:
        site.stop_beats()
        in_three_weeks = site.ask("SELECT current_date + 21")

        def swept(*day):
            return json.loads(site.manage("sweep_reminders", "--json", *day))["created"]

        ahead, again = swept("--today", in_three_weeks), swept("--today", in_three_weeks)
        assert again == 0
        today = swept()
        admin = site.ask("SELECT id FROM accounts_user WHERE kind = 'admin' LIMIT 1")
        site.ask(
            "INSERT INTO correspondence_mail (recipient_id, claimed_until, not_before)"
            f" VALUES ({admin}, now() + interval '1 year', now() + interval '1 year')"
        )
        set_schedule_ahead(site.folder / "beat-one")
        sweeps = int(site.ask("SELECT count(*) FROM correspondence_sweeprun"))
        found.breaks()
        site.beats_again()
        asked = "SELECT count(*) FROM correspondence_sweeprun"
        wait_until(lambda: int(site.ask(asked)) > sweeps, SLOW)
        waiting = "SELECT count(*) FROM correspondence_mail WHERE state = 'queued'"
        wait_until(lambda: site.ask(waiting) == "0", SLOW)
        found.is_calm()
        site.is_whole()
        found.sees(
            f"the sweep three weeks ahead told {ahead} things, asked again none, today's {today}; "
            "the beat and the mail with a lease of next year went on at once"
        )
        found.keeps("no notice twice, no mail left behind")


def set_schedule_ahead(path):
    """As if each of beat's tasks had last been asked for in a year from now."""
    with shelve.open(str(path)) as schedule:  # noqa: S301 - beat's own file
        entries = schedule["entries"]
        for entry in entries.values():
            entry.last_run_at += timedelta(days=365)
        schedule["entries"] = entries
