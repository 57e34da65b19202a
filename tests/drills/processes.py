"""Real `manage.py` processes on the test's own database, to be killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connections


def database_url(alias):
    """The alias as a URL; its socket folder stands in libpq's own `host` parameter."""
    values = connections[alias].settings_dict
    host = quote(values["HOST"], safe="")
    return f"postgres://{values['USER']}@/{values['NAME']}?host={host}"


@contextmanager
def manage(*arguments, **environment):
    """A running `manage.py` command; whatever happens, it is gone at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url("default"),
            "DATABASE_OWNER_URL": database_url("owner"),
            **environment,
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(*processes):
    """SIGKILL: no handler, no cleaning up."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
    for process in processes:
        process.wait(10)


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
