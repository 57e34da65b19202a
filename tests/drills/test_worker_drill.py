"""Workers killed with -9 in the middle of long work: `make drill` only, leases take minutes."""

import shelve
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.drills.processes import wait_until
from tests.drills.site import SLOW
from tests.inmates.register_files import as_csv, people

pytestmark = pytest.mark.long
PEOPLE = 4000
LEASES = 300  # seconds: a lease of up to two minutes, a beat each minute, the work itself
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
        assert registrar.get_page(page).status_code == 200
        assert site.ask(f"SELECT state FROM inmates_importrun WHERE public_id = '{run}'") == (
            "reading"
        )
        site.worker_again()
        state("ready", seconds=LEASES)
        found.finds("read again by the next worker when the lease had run out")

        assert registrar.send_form(f"{page}apply/").status_code == 302
        rows("rows_applied")
        site.kill_worker()
        assert int(site.ask(NUMBER)) == before
        found.finds("nobody was there by the half that was written")
        site.worker_again()
        state("applied", seconds=LEASES)
        assert int(site.ask(NUMBER)) == before + PEOPLE
        assert site.ask(DOUBLES) == "0"
        site.is_whole()
        found.finds(f"then all {PEOPLE:,}, each once")


def test_worker_killed_while_it_makes_a_report(site, drill):
    """A table is held so that the worker dies in the middle of its counting."""
    head = site.clerk("head@cilegon.test")
    with drill(
        6,
        "worker killed while making a report",
        "`kill -9` of the worker in the middle of counting a monthly report; a new worker",
    ) as found:
        holder = site.connection()
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE training_enrolment IN ACCESS EXCLUSIVE MODE")
            answer = head.send_form("/reports/new/", facility="CLG", month="2026-03")
            assert answer.status_code == 302, answer.text[:500]
            page = answer.headers["Location"]
            report = page.strip("/").rpartition("/")[2]
            asked = f"SELECT state FROM reports_report WHERE public_id = '{report}'"
            wait_until(lambda: site.ask(asked) == "counting", SLOW)
            site.kill_worker()
            holder.rollback()
        holder.close()
        assert head.get_page(page).status_code == 200
        site.worker_again()
        wait_until(lambda: site.ask(asked) == "ready", LEASES)
        assert site.ask("SELECT count(*) FROM reports_report WHERE starts_on = '2026-03-01'") == "1"
        assert head.get_page(page).status_code == 200
        site.is_whole()
        found.finds("the page went on showing progress; counted anew after the lease, one report")


def test_two_beats(site, drill):
    """A second clock runs beside the first for a while; the sweep is asked for twice each time."""
    with drill(
        7, "two beats", "a second beat beside the first while people sign agreements off"
    ) as found:
        site.beat("beat-two")
        officer = site.clerk("officer@cilegon.test")
        for _ in range(3):
            assert officer.get_page(f"/agreements/?q={uuid4().hex[:4]}").status_code == 200
        asked = "SELECT count(*) FROM correspondence_sweeprun"
        before = int(site.ask(asked))
        wait_until(lambda: int(site.ask(asked)) >= before + 8, SLOW * 2)
        doubled = site.ask(
            "SELECT count(*) FROM (SELECT 1 FROM correspondence_notice WHERE state = 'live'"
            " GROUP BY recipient_id, kind, object_type, object_id, due, offset_days"
            " HAVING count(*) > 1) twice"
        )
        assert doubled == "0"
        site.is_whole()
        found.finds(f"{int(site.ask(asked)) - before} sweeps, no notice twice")


def test_clock_that_jumps(site, drill):
    """The machine's clock cannot be moved here: what it would have left behind is written down."""
    with drill(
        8,
        "clock set ahead and back (simulated)",
        "no process can be given another clock here, so: a sweep as if it were in three weeks, "
        "then today's; leases of mails and of an import, and the schedule's last runs, moved a "
        "year ahead; a worker and a beat started on that",
    ) as found:
        ahead = site.manage("sweep_reminders", "--today", site.ask("SELECT current_date + 21"))
        twice = site.manage("sweep_reminders", "--today", site.ask("SELECT current_date + 21"))
        site.manage("sweep_reminders")
        assert "0" in twice
        admin = site.ask("SELECT id FROM accounts_user WHERE kind = 'admin' LIMIT 1")
        site.ask(
            "INSERT INTO correspondence_mail (recipient_id, claimed_until, not_before)"
            f" VALUES ({admin}, now() + interval '1 year', now() + interval '1 year')"
        )
        for beat in site.beats:
            site.kill(beat)
        set_schedule_ahead(site.folder / "beat-one")
        sweeps = int(site.ask("SELECT count(*) FROM correspondence_sweeprun"))
        site.beats = [site.beat("beat-one")]
        asked = "SELECT count(*) FROM correspondence_sweeprun"
        wait_until(lambda: int(site.ask(asked)) > sweeps, SLOW)
        waiting = "SELECT count(*) FROM correspondence_mail WHERE state = 'queued'"
        wait_until(lambda: site.ask(waiting) == "0", SLOW)
        site.is_whole()
        found.finds(
            f"a sweep ahead told what it had to ({ahead.strip()}), the same day again nothing; "
            "the beat went on at once, the mail with a lease of next year was settled"
        )


def set_schedule_ahead(path):
    """As if each of beat's tasks had last been asked for in a year from now."""
    with shelve.open(str(path)) as schedule:  # noqa: S301 - beat's own file
        entries = schedule["entries"]
        for entry in entries.values():
            entry.last_run_at += timedelta(days=365)
        schedule["entries"] = entries
