"""The first start of the product on nothing: made once for all workers of a test run."""

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from lapasprog import embedded
from tests import schema
from tests.browser.product import Mailbox, Product


@dataclass(frozen=True)
class FirstStart:
    """The data folder that it left (to be copied), what it printed, its database's schema."""

    folder: Path
    printed: str
    catalogue: set[str]


def first_start():
    shared = Path(os.environ["LAPASPROG_VAR"])
    folder, left = shared / "first-start", shared / "first-start.json"
    with (shared / "first-start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not left.exists():
            folder.mkdir(mode=0o755)
            with _running(folder) as printed:
                left.write_text(json.dumps([printed, sorted(_catalogue(folder))]))
    printed, facts = json.loads(left.read_text())
    return FirstStart(folder, printed, set(facts))


@contextmanager
def _running(folder):
    nobody = Mailbox()
    nobody.controller.start()
    product = Product(folder, nobody, SWEEP_SECONDS="3600", DELIVER_SECONDS="3600")
    try:
        yield product.wait_until_ready()
    finally:
        product.stop()
        nobody.controller.stop()


def _catalogue(folder):
    with pytest.MonkeyPatch.context() as there:
        there.setenv("LAPASPROG_VAR", str(folder))
        place = embedded.database("", "lapas_owner")
    connection = psycopg2.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"])
    try:
        return schema.catalogue(connection)
    finally:
        connection.close()
