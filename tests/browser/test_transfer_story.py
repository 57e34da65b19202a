"""A transfer in mid-course, in the browser: asked for by a register, accepted, settled, told.

Each prison does what it would do, on the running product with its own worker and database.
Screenshots are in var/screenshots/.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.product import Person
from tests.inmates.register_files import as_csv, people, person

pytestmark = pytest.mark.browser

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
TITLE = [["LAPAS KELAS IIA SERANG"], [f"Pencarian Kompleks per {TODAY:%d/%m/%Y}"], []]
MAIN = "main"


@dataclass
class Participant:
    name: str
    key: str
    code: str
    batch: str
    page: str  # of the person
    batch_page: str


@pytest.fixture(scope="module")
def people_of(browser, product):
    """Signed-in users by address, each in a window of their own."""
    windows = {}

    def window(address, *, phone=False):
        if address not in windows:
            windows[address] = Person(browser, product, address, phone=phone)
        return windows[address]

    return window


@pytest.fixture(scope="module")
def cilegon(people_of):
    return people_of("registrar@cilegon.test")


@pytest.fixture(scope="module")
def serang(people_of):
    return people_of("registrar@serang.test")


@pytest.fixture(scope="module")
def participant(people_of):
    """Somebody in the middle of a course that BLK Cilegon gives at Cilegon."""
    officer = people_of("officer@cilegon.test")
    page = officer.page
    page.goto("/batches/?state=running")
    row = page.locator("tbody tr").filter(has_text="BLK Cilegon").first
    row.get_by_role("link").first.click()
    batch_page = page.url
    batch = page.locator("h1").inner_text()
    officer.press("Daftar peserta untuk instansi")
    row = page.locator("tbody tr").filter(has_text="Peserta").last
    code, name = (row.locator("td").nth(number).inner_text() for number in (0, 1))
    page.goto(f"/inmates/?q={name.replace(' ', '+')}")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_url(re.compile("/inmates/[0-9a-f-]{36}/"))
    key = re.search(r"Nomor Induk SDP (\d+)", page.locator(".lead").inner_text())[1]
    return Participant(name, key, code, batch, page.url, batch_page)


def words(someone):
    return someone.page.locator(MAIN).inner_text()


def open_transfer(someone, text):
    someone.page.goto("/transfers/?state=proposed")
    someone.page.locator("tbody tr").filter(has_text=text).get_by_role("link").first.click()
    someone.page.wait_for_url(re.compile("/transfers/[0-9a-f-]{36}/"))


def test_step_1_serangs_register_lists_somebody_in_mid_course_at_cilegon(serang, participant):
    moved = person(
        1,
        Nama=participant.name,
        Nomor_Induk=f"'{participant.key}",
        No_Reg_Instansi="B.I 77/2026",
    )
    content = as_csv([moved, *people(5, start=6000)], title=TITLE)
    page = serang.page
    page.goto("/inmates/import/")
    page.set_input_files(
        "[name=file]", {"name": "serang.csv", "mimeType": "text/csv", "buffer": content.getvalue()}
    )
    serang.press("Unggah dan periksa")
    page.get_by_role("button", name="Terapkan").first.wait_for(timeout=30_000)
    assert "lapas lain" in words(serang)
    assert "Cilegon" not in words(serang).replace("Kota Cilegon", "")
    serang.shows("transfer-1-import-preview")
    serang.press("Terapkan")
    serang.sees("5 orang baru")
    serang.shows("transfer-1-import-applied")


def test_step_2_serang_learns_no_more_than_registered_elsewhere(serang, participant):
    open_transfer(serang, participant.key)
    shown = words(serang)
    assert participant.name not in shown
    assert "Cilegon" not in shown
    assert "Menunggu lapas asal" in shown
    serang.shows("transfer-2-asked")
    serang.page.goto(participant.page)
    assert participant.name not in words(serang)
    serang.problems.clear()  # the page that is not theirs answered 404


def test_step_3_cilegons_registrar_finds_it_at_home_and_accepts(cilegon, participant):
    page = cilegon.page
    page.goto("/")
    cilegon.sees("Jawab permintaan mutasi")
    assert participant.name not in words(cilegon)
    cilegon.shows("transfer-3-home")
    open_transfer(cilegon, participant.name)
    assert "Lapas Kelas IIA Serang" in words(cilegon)
    cilegon.shows("transfer-3-proposal")
    moved_on = TODAY - timedelta(days=1)
    page.fill("[name=moved_on]", moved_on.isoformat())
    cilegon.press("Terima mutasi")
    cilegon.sees("Mutasi diterima")
    assert f"Peserta {participant.code} angkatan" in words(cilegon)
    cilegon.shows("transfer-3-accepted")


def test_step_4_the_enrolment_at_cilegon_has_ended_with_its_reason(people_of, participant):
    officer = people_of("officer@cilegon.test")
    officer.page.goto(participant.batch_page)
    officer.press("Daftar peserta untuk instansi")
    assert participant.code not in words(officer)
    officer.shows("transfer-4-participants")
    officer.page.goto(participant.page)
    row = officer.page.locator("tr").filter(has_text="Pindah lapas per").first
    assert participant.batch.split(" – ")[-1] in row.inner_text()
    officer.shows("transfer-4-person")
    officer.page.goto("/circumstances/?decision=ended")
    officer.page.get_by_role("link", name=participant.name).first.click()
    officer.sees("Pindah lapas")
    officer.sees("aturan lapas")
    officer.shows("transfer-4-circumstance")


def test_step_5_the_agency_is_told_by_code_and_never_by_name(people_of, mailbox, participant):
    mail = mailbox.wait_for("blk@kota.test", f"Peserta {participant.code}")
    assert participant.name not in mail["Subject"] + mail.get_content()
    liaison = people_of("blk@kota.test", phone=True)
    liaison.page.goto("/notices/")
    liaison.sees(re.compile(f"Peserta {participant.code} .* tidak melanjutkan"))
    assert participant.name not in words(liaison)
    liaison.shows("transfer-5-agency")


def test_step_6_serang_sees_the_person_with_the_training_history(serang, participant):
    page = serang.page
    page.goto(f"/inmates/?q={participant.key}")
    page.get_by_role("link", name=participant.name).first.click()
    serang.sees("B.I 77/2026")
    shown = words(serang)
    assert "Lapas Kelas IIA Cilegon" in shown
    assert participant.batch.split(" – ")[-1] in shown
    serang.shows("transfer-6-new-prison")
    page.goto("/notices/")
    serang.sees("Lapas asal sudah menjawab permintaan mutasi")
    serang.shows("transfer-6-notices")


def test_step_7_cilegon_keeps_name_key_and_what_it_did(cilegon, participant):
    page = cilegon.page
    page.goto(participant.page)
    shown = words(cilegon)
    assert participant.name in shown
    assert participant.key in shown
    assert "Tidak lagi ditempatkan di lapas ini" in shown
    assert participant.batch.split(" – ")[-1] in shown
    assert "NIK" not in shown
    assert "B.I 77/2026" not in shown
    cilegon.shows("transfer-7-old-prison")
    page.goto(f"/inmates/?q={participant.key}")
    assert participant.name not in words(cilegon)
