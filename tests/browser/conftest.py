import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.product import Mailbox, Product, browser_options


@pytest.fixture(scope="session")
def django_db_setup():
    """These tests use the running product, never the test database."""


@pytest.fixture(scope="module")
def mailbox():
    box = Mailbox()
    box.controller.start()
    yield box
    box.controller.stop()


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """A data folder left by a first start on nothing, and what that start printed.

    Made once for all workers of a test run: each story goes on with a copy of its own.
    """
    shared = Path(os.environ["LAPASPROG_VAR"])
    folder, printed = shared / "first-start", shared / "first-start.txt"
    with (shared / "first-start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            folder.mkdir(mode=0o755)
            nobody = Mailbox()
            nobody.controller.start()
            running = Product(folder, nobody, SWEEP_SECONDS="3600", DELIVER_SECONDS="3600")
            try:
                started_with = running.wait_until_ready()
            finally:
                running.stop()
                nobody.controller.stop()
            printed.write_text(started_with)
    return folder, printed.read_text()


@pytest.fixture(scope="module")
def product(mailbox, first_start):
    prepared, printed = first_start
    with tempfile.TemporaryDirectory(prefix="lapasprog-browser-") as folder:
        subprocess.run(["cp", "-a", f"{prepared}/.", folder], check=True)
        running = Product(Path(folder), mailbox)
        running.first_started_with = printed
        try:
            running.started_with = running.wait_until_ready()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def browser():
    """Playwright's loop would make Django believe that it runs asynchronously."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**browser_options())
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
