"""The database goes away under somebody's hands, and comes back: what was typed is still there."""

import os
import signal
from pathlib import Path

import pytest

from tests.browser.product import Person
from tests.drills.processes import wait_until

pytestmark = pytest.mark.browser
TYPED = {
    "held_on": "2026-01-05",
    "purpose": "Membahas kuota las semester depan",
    "delegation": "Budi, Ani",
    "result": "Catatan panjang yang tidak boleh hilang.",
}


@pytest.fixture(params=[False, True], ids=["desk", "phone"])
def officer(request, browser, product):
    return Person(browser, product, "officer@cilegon.test", phone=request.param)


def without_database(product):
    """As if the power had gone, and nobody starts it again for now."""
    os.kill(product.process.pid, signal.SIGSTOP)
    data = Path(product.environment["LAPASPROG_VAR"], "pg")
    pid = int((data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    wait_until(lambda: has_ended(pid), 30)


def has_ended(pid):
    """Its parent sleeps, so that it stays behind as a zombie."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_what_was_typed_outlives_the_database(officer, product):
    page = officer.page
    page.goto("/engagements/new/")
    page.select_option("[name=agency]", index=1)
    for name, text in TYPED.items():
        page.fill(f"[name={name}]", text)
    without_database(product)
    try:
        officer.press("Simpan kunjungan")
        officer.sees("Sebentar, data sedang tidak terjangkau")
        assert "503" in officer.problems.pop()
        officer.shows("outage")
        other = officer.context.new_page()
        assert other.goto("/batches/").status == 503
    finally:
        os.kill(product.process.pid, signal.SIGCONT)
    wait_until(lambda: page.request.get("/readyz").status == 200, 60)
    other.get_by_role("link", name="Coba lagi").click()
    other.get_by_role("heading", name="Angkatan").first.wait_for()
    page.go_back()
    page.wait_for_url("**/engagements/new/")
    assert {name: page.input_value(f"[name={name}]") for name in TYPED} == TYPED
    officer.press("Simpan kunjungan")
    officer.sees("Membahas kuota las semester depan")
    assert "/engagements/new/" not in page.url
    officer.context.close()
