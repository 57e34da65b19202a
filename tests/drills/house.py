"""A house of its own to break: PostgreSQL, a broker, workers and beats as separate processes.

The database is a copy of the test's own, so that factories can fill it beforehand.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connections

from lapasprog import embedded
from lapasprog.management.commands.up import WORKER_OPTIONS
from tests.drills.processes import wait_until

BEAT_OPTIONS = ("--pidfile=", "--loglevel=WARNING")


class House:
    """Servers in `folder`; `environment` is what further processes get."""

    def __init__(self, folder, **environment):
        self.folder = folder
        self.postgres, self.valkey = embedded.Postgres(), embedded.Valkey()
        broker = self.valkey.socket / "v.sock"
        self.broker = redis.Redis(unix_socket_path=str(broker))
        self.environment = {
            **os.environ,
            "DATABASE_URL": self._url("lapas_app"),
            "DATABASE_OWNER_URL": self._url("lapas_owner"),
            "REDIS_URL": f"redis+socket://{broker}?virtual_host=0",
            **environment,
        }

    def _url(self, role):
        return f"postgres://{role}@/lapasprog?host={quote(str(self.postgres.socket), safe='')}"

    def restart_database(self):
        """As if the power had gone: PostgreSQL recovers from its log."""
        self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait(30)
        self.postgres.start()

    def ask(self, sql):
        """One value from the house's database."""
        return self.postgres.psql(sql, "lapasprog")

    def worker(self):
        return self._celery("worker", "--hostname", f"{os.urandom(4).hex()}@drill", *WORKER_OPTIONS)

    def beat(self, name):
        return self._celery("beat", f"--schedule={self.folder / name}", *BEAT_OPTIONS)

    def _celery(self, program, *options):
        return self.start(program, "-m", "celery", "-A", "lapasprog", program, *options)

    def start(self, name, *arguments, **environment):
        """A Python process of the house; what it prints is in `name`.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=settings.BASE_DIR,
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.add(process)
        return process

    def kill(self, process):
        """SIGKILL to the process and its children: no handler, no cleaning up."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)
        self.running.discard(process)

    @contextmanager
    def open(self):
        """Servers up, with a copy of the test database; at the end all of it is gone."""
        self.running = set()
        with ExitStack() as stack:
            for server in (self.postgres, self.valkey):
                stack.callback(server.stop)
                server.start()
            self.fill()
            stack.callback(self.close)
            yield self

    def close(self):
        """All processes are killed, the servers stopped."""
        for process in list(self.running):
            self.kill(process)
        for server in (self.valkey, self.postgres):
            server.stop()

    def fill(self):
        """By a copy of the test database."""
        here = connections["owner"].settings_dict
        dump = [self.postgres.bin / "pg_dump", "-h", here["HOST"], "-U", "postgres", here["NAME"]]
        load = [self.postgres.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        load += ["-h", self.postgres.socket, "-U", "postgres", "-d", "lapasprog"]
        giving = subprocess.Popen(dump, stdout=subprocess.PIPE, cwd="/")
        subprocess.run(load, stdin=giving.stdout, stdout=subprocess.DEVNULL, check=True, cwd="/")
        assert giving.wait() == 0, "the copy is incomplete"
        wait_until(self.valkey.is_ready)
