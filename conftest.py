"""Tests run on a real PostgreSQL and Valkey of their own, beside a running `up`.

The services start when this file is first imported, because settings ask where the sockets are;
xdist's workers inherit the folder and start nothing.
"""

import contextlib
import os
import shutil
import sys
import tempfile

import django

_services = contextlib.ExitStack()

# The many processes that a run starts compile the code once, whatever the shell says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if "PYTEST_XDIST_WORKER" not in os.environ:
    folder = tempfile.mkdtemp(prefix="lapasprog-test-")
    os.chmod(folder, 0o755)  # noqa: S103 - PostgreSQL's own user must reach it
    _services.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["LAPASPROG_VAR"] = folder
    os.mkdir(os.path.join(folder, "static"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    from lapasprog import embedded

    # The folder goes at the end: nothing of it has to survive a loss of power.
    embedded.Postgres.further = (
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=300",  # a crowd of threads, each with its own
        # It would see as empty what transactions under way have filled, and joins would go through
        # such a table once for each row of the other.
        "autovacuum=off",
    )
    _services.enter_context(embedded.running())
    embedded.Postgres.further = ()  # servers that a test starts are as they are at an office

os.environ["DJANGO_SETTINGS_MODULE"] = "lapasprog.settings"
django.setup()


def pytest_unconfigure(config):
    _services.close()
