"""A database of its own, the two webs over it (ours and the yardstick), and visitors of both."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench.browser import Visitor
from bench.names import PASSWORD
from lapasprog import embedded

HERE = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("BENCH_PORT", "8721"))  # and the two after it
BARE_PORT, DATABASE_PORT = PORT + 1, PORT + 2
FLOOR = "/healthz/page/"
SETTINGS = (
    "shared_preload_libraries=pg_stat_statements",
    "shared_buffers=1GB",
    "work_mem=16MB",
    "max_wal_size=6GB",
    "max_connections=300",  # contenders by the hundred
    "listen_addresses=127.0.0.1",  # for who looks with tools of their own
    f"port={DATABASE_PORT}",
)
TIDE = "query !~* '^(begin|commit|rollback|savepoint|release|set |reset |show |select set_config)'"


def folder_of(name):
    folder = HERE / "var" / "bench" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def settle(name):
    """Let this process, and those that it starts, work on the database of that name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")
    os.environ["LAPASPROG_VAR"] = str(folder_of(name))
    os.environ["PGPORT"] = str(DATABASE_PORT)
    embedded.Postgres.further = SETTINGS


@contextlib.contextmanager
def services():
    """The settled database, with Django over it and all tables in it."""
    with embedded.running():
        import django
        from django.core.management import call_command

        django.setup()
        call_command("createcachetable", database="owner", verbosity=0)
        call_command("migrate", database="owner", verbosity=0)
        server = embedded.Postgres()
        # In a database beside ours, where its view is in nobody's way.
        server.psql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        yield server


class Statements:
    """What the database saw meanwhile: statements, their milliseconds, and those that wrote."""

    def __init__(self, server):
        self.psql = server.psql

    def of(self, ask):
        self.psql("SELECT pg_stat_statements_reset()")
        ask()
        rows = self.psql(
            "SELECT calls, total_exec_time,"
            r" substring(query from '(?i)^\W*(?:insert\s+into|update|delete\s+from)\W+(\w+)')"
            " FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
            f" WHERE d.datname = 'lapasprog' AND {TIDE} AND query !~ 'pg_stat'"
        )
        seen = [line.split("|") for line in rows.splitlines()]
        return Seen(
            sum(int(calls) for calls, _took, _table in seen),
            sum(float(took) for _calls, took, _table in seen),
            sorted(table for _calls, _took, table in seen if table),
        )


class Seen:
    def __init__(self, count, milliseconds, written):
        self.count, self.milliseconds, self.written = count, milliseconds, written


@contextlib.contextmanager
def gunicorn(application, port, *, workers=2, **env):
    """Gives the process; its children are the workers."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--no-control-socket", "--log-level", "error"]
    command += ["--timeout", "300"]
    child = subprocess.Popen(
        command,
        cwd=HERE,
        env={**os.environ, **env},
        preexec_fn=embedded.die_with_parent(signal.SIGTERM),
    )
    try:
        _wait(port)
        yield child
    finally:
        child.terminate()
        child.wait(30)


def _wait(port):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5)
            return
        time.sleep(0.2)
    raise SystemExit(f"nothing answers at port {port}")


def signed_in(role, port=PORT):
    """A visitor of ours."""
    return Visitor(port, "/login/", {"login": f"{role}@bench.test", "password": PASSWORD})


class Site:
    """Both webs; `users` by role, and `bare`."""

    def __init__(self, server, roles):
        self.statements = Statements(server)
        self.users = {role: signed_in(role) for role in roles}
        self.bare = Visitor(BARE_PORT, "/login/", {"username": "bare", "password": PASSWORD})


@contextlib.contextmanager
def webs(server, roles, *, workers=2):
    """A `Site` over the settled database, as long as the block lasts."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    if not server.psql("SELECT 1 FROM pg_database WHERE datname = 'bare'"):
        server.psql("CREATE DATABASE bare")
    env = {"BARE_HOST": str(server.socket), "BENCH_PASSWORD": PASSWORD}
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-m", "bench.bare"], cwd=HERE, env={**plain, **env}, check=True)
    with (
        gunicorn("lapasprog.wsgi", PORT, workers=workers) as ours,
        gunicorn("bench.bare:application", BARE_PORT, **env, DJANGO_SETTINGS_MODULE=""),
    ):
        site = Site(server, roles)
        site.process = ours
        yield site
