"""One size: its own database, gunicorn with two workers, each page measured beside the yardstick.

Prints JSON: facts of the database, and per page the statements and milliseconds.
"""

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from lapasprog import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")
PORT, BARE_PORT = 8711, 8712
OURS = """
    query !~* '^(begin|commit|rollback|savepoint|release|set |show )' AND query !~ 'pg_stat'
"""


class Statements:
    """What the database saw of one request: statements and milliseconds."""

    def __init__(self, server):
        self.psql = lambda sql: server.psql(sql, "lapasprog")
        self.psql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def of(self, ask):
        self.psql("SELECT pg_stat_statements_reset()")
        ask()
        row = self.psql(
            "SELECT coalesce(sum(calls), 0), round(coalesce(sum(total_exec_time), 0)::numeric, 1)"
            " FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
            f" WHERE d.datname = 'lapasprog' AND {OURS}"
        )
        count, milliseconds = row.split("|")
        return int(count), float(milliseconds)


@contextlib.contextmanager
def gunicorn(application, port, **env):
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--no-control-socket", "--log-level", "error"]
    child = subprocess.Popen(
        command,
        env={**os.environ, **env},
        preexec_fn=embedded.die_with_parent(signal.SIGTERM),
    )
    try:
        _wait(port)
        yield
    finally:
        child.terminate()
        child.wait(30)


def _wait(port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5)
            return
        time.sleep(0.2)
    raise SystemExit(f"nothing answers at port {port}")


def prepare(inmates):
    """Tables and people, unless an earlier run has left them in this folder."""
    from django.core.management import call_command

    from bench import seed
    from inmates.models import Inmate

    call_command("createcachetable", database="owner", verbosity=0)
    call_command("migrate", database="owner", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Inmate.objects.count() != inmates:
        began = time.monotonic()
        seed.fill(inmates, say=lambda line: print(line, file=sys.stderr))
        print(f"  seeded in {time.monotonic() - began:.0f} s", file=sys.stderr)


def measure(name, path, expected, ours, bare, statements, times):
    """Median and p95 in milliseconds, with the yardstick sampled between the requests."""
    _seconds, status, page = ours.get(path)
    if status != 200 or expected.encode() not in page:
        raise SystemExit(f"{name}: {path} answered {status} without {expected!r}")
    count, in_database = statements.of(lambda: ours.get(path))
    mine, yardstick = [], []
    for _n in range(times):
        mine.append(ours.get(path)[0] * 1000)
        yardstick.append(bare.get("/")[0] * 1000)
    median, unit = statistics.median(mine), statistics.median(yardstick)
    return {
        "page": name,
        "statements": count,
        "database_ms": in_database,
        "median_ms": round(median, 1),
        "p95_ms": round(sorted(mine)[int(len(mine) * 0.95) - 1], 1),
        "x_bare": round(median / unit, 2),
        "bytes": len(page),
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("inmates", type=int)
    options.add_argument("--times", type=int, default=40)
    arguments = options.parse_args()
    embedded.Postgres.further = (
        "shared_preload_libraries=pg_stat_statements",
        "shared_buffers=1GB",
        "work_mem=16MB",
    )
    with embedded.running():
        server = embedded.Postgres()
        import django

        django.setup()
        prepare(arguments.inmates)
        from bench import pages, seed

        if not server.psql("SELECT 1 FROM pg_database WHERE datname = 'bare'"):
            server.psql("CREATE DATABASE bare")
        bare_env = {"BARE_HOST": str(server.socket), "BENCH_PASSWORD": seed.PASSWORD}
        subprocess.run(
            [sys.executable, "-m", "bench.bare"], env={**_plain(), **bare_env}, check=True
        )
        statements = Statements(server)
        with (
            gunicorn("lapasprog.wsgi", PORT),
            gunicorn("bench.bare:application", BARE_PORT, **bare_env, DJANGO_SETTINGS_MODULE=""),
        ):
            from bench.browser import Visitor

            ours = {
                role: Visitor(
                    PORT,
                    "/login/",
                    {"login": f"{role}@bench.test", "password": seed.PASSWORD},
                )
                for role in pages.ROLES
            }
            bare = Visitor(BARE_PORT, "/login/", {"username": "bare", "password": seed.PASSWORD})
            measured = [
                measure(name, path, expected, ours[role], bare, statements, arguments.times)
                for name, role, path, expected in pages.all_pages()
            ]
    json.dump({"inmates": arguments.inmates, "pages": measured}, sys.stdout)


def _plain():
    return {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
