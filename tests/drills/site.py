"""The demo prison to break: PostgreSQL, broker, web, worker and beat as separate processes."""

import os
import re
import signal
import subprocess
import sys
import time

import psycopg2
import pytest
import requests

from lapasprog.management.commands.up import WEB_OPTIONS
from reports import integrity
from tests.browser.product import PASSWORD, free_port
from tests.drills.house import House
from tests.drills.processes import wait_until
from tests.first_start import first_start

ASKING = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'lapas_app' AND state <> 'idle'"
SLOW = 300  # seconds; the machine may be busy with other tests


def reachable(folder):
    """The folder, and PostgreSQL's own user may pass down to it."""
    for place in (folder, *folder.parents[:2]):
        place.chmod(0o755)
    return folder


def manage_in(folder, *arguments, **environment):
    """What a command prints on another machine: nothing of this one is known there."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**kept, "LAPASPROG_VAR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def copied_first_start(folder):
    """The data that a first start left, in `folder`, reachable by PostgreSQL's own user."""
    folder.chmod(0o755)
    subprocess.run(["cp", "-a", f"{first_start().folder}/.", folder], check=True)


class Site(House):
    """On the data in `folder`; `environment` is what its processes get besides."""

    def __init__(self, folder, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with pytest.MonkeyPatch.context() as there:
            there.setenv("LAPASPROG_VAR", str(folder))
            super().__init__(folder, LAPASPROG_VAR=str(folder), PORT=str(self.port), **environment)

    def fill(self):
        """What is in the folder already."""

    def begin(self):
        self.web_process, self.worker_process = self.web(), self.worker()
        self.beats_again()
        self.wait_until_ready()

    def web(self):
        bind = ("--bind", f"127.0.0.1:{self.port}")
        return self.start("web", "-m", "gunicorn", "lapasprog.wsgi", *WEB_OPTIONS, *bind)

    def kill_web(self):
        self.kill(self.web_process)

    def kill_worker(self):
        self.kill(self.worker_process)

    def web_again(self):
        self.web_process = self.web()
        self.wait_until_ready()

    def worker_again(self):
        self.worker_process = self.worker()

    def stop_beats(self):
        for beat in self.beats:
            self.kill(beat)

    def beats_again(self):
        self.beats = [self.beat("beat-one")]

    def wait_as_supervisor(self, condition, seconds=SLOW):
        """As systemd would meanwhile: a worker that ended is started again."""

        def met():
            if self.worker_process.poll() is not None:
                self.worker_again()
            return condition()

        wait_until(met, seconds)

    def is_idle(self):
        """Whether nothing waits for a worker and none asks the database anything."""
        return not self.broker.llen("celery") and self.ask(ASKING) == "0"

    def readiness(self):
        """(status, checks) of `/readyz`; status 0 when nobody answers."""
        try:
            answer = requests.get(f"{self.url}/readyz", timeout=30)
        except requests.ConnectionError:
            return 0, {}
        return answer.status_code, answer.json()["checks"]

    def wait_until_ready(self):
        deadline = time.monotonic() + SLOW
        while (answer := self.readiness())[0] != 200:
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)

    def manage(self, *arguments, **environment):
        """One command of `manage.py`, to its end; what it printed."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def connection(self, database="lapasprog"):
        """As superuser, for what the house is not to know."""
        return psycopg2.connect(host=str(self.postgres.socket), user="postgres", dbname=database)

    def differences(self):
        """What `check_integrity` would find."""
        connection = self.connection()
        try:
            with connection.cursor() as cursor:
                found = {}
                for sentence, statement in integrity.CHECKS.items():
                    cursor.execute(statement)
                    found[sentence] = cursor.fetchall()
        finally:
            connection.close()
        return [sentence for sentence, rows in found.items() if rows]

    def is_whole(self):
        """Ready and without a difference; fails otherwise."""
        self.wait_until_ready()
        assert self.differences() == []

    def crash_database(self):
        """As if the power had gone; nobody starts it again."""
        self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait(30)

    def clerk(self, email):
        return Clerk(self.url, email)


class Clerk(requests.Session):
    """Somebody who works at the web, signed in."""

    def __init__(self, url, email):
        super().__init__()
        self.url, self.agency = url, ""
        self.get_page("/login/")
        answer = self.send_form("/login/", login=email, password=PASSWORD)
        assert answer.status_code == 302, answer.text[:500]

    def get_page(self, path):
        return self.get(self.url + path, timeout=SLOW, allow_redirects=False)

    def send_form(self, path, files=None, **fields):
        """POST as a page's form does; redirects are left to the caller."""
        return self.post(
            self.url + path,
            data=fields,
            files=files,
            headers={"X-CSRFToken": self.cookies["csrftoken"]},
            timeout=SLOW,
            allow_redirects=False,
        )

    def record_visit(self, purpose, scan=None):
        """A visit to the first agency there is; `scan` is the content of a file with it."""
        self.agency = self.agency or self.choices("/engagements/new/", "agency")[0]
        return self.send_form(
            "/engagements/new/",
            {"files": ("scan.pdf", scan)} if scan else None,
            agency=self.agency,
            kind="visit",
            held_on="2026-01-05",
            purpose=purpose,
            delegation="Petugas",
            **{"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"},
        )

    def choices(self, path, name):
        """The values that a page's select offers."""
        select = re.search(rf'<select name="{name}".*?</select>', self.get_page(path).text, re.S)
        return [value for value in re.findall(r'value="([^"]*)"', select[0]) if value]
