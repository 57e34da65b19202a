import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.product import Mailbox, Product, browser_options
from tests.first_start import first_start


@pytest.fixture(scope="session")
def django_db_setup():
    """These tests use the running product, never the test database."""


@pytest.fixture(scope="module")
def mailbox():
    box = Mailbox()
    box.controller.start()
    yield box
    box.controller.stop()


@pytest.fixture(scope="module")
def product(mailbox):
    """On a copy of what a first start left."""
    left = first_start()
    with tempfile.TemporaryDirectory(prefix="lapasprog-browser-") as folder:
        subprocess.run(["cp", "-a", f"{left.folder}/.", folder], check=True)
        running = Product(Path(folder), mailbox)
        running.first_started_with = left.printed
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
