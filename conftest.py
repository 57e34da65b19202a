"""Tests run on a real PostgreSQL and Valkey of their own, beside a running `up`."""

import contextlib
import os
import tempfile

_services = contextlib.ExitStack()


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        return
    folder = tempfile.mkdtemp(prefix="lapasprog-test-")
    os.chmod(folder, 0o755)
    _services.callback(_remove, folder)
    os.environ["LAPASPROG_VAR"] = folder
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    from lapasprog import embedded

    _services.enter_context(embedded.running())


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        _services.close()


def _remove(folder):
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
