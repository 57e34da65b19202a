"""From a first visit to an agreement that is signed, extended and renewed, each by who does it.

Officer, head, warden and secretariat sit at a desk, the liaison of the agency has a phone; the
worker, the mail server and the database are the product's own.
"""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from python_calamine import CalamineWorkbook

from tests.browser.product import Person

pytestmark = pytest.mark.browser

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
VISIT = "Menjajaki pelatihan jahit dan boga"
TITLE = "PKS Pelatihan Jahit dan Boga Uji"
PDF = {"mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%uji\n"}
JOINS = "narahubung.baru@kota.test"
ITS_PASSWORD = "Pintu-Besi-Terbuka-2026"


def day(days):
    return (TODAY + timedelta(days=days)).isoformat()


def words(page):
    return page.locator("main").inner_text()


@pytest.fixture(scope="module")
def people_of(browser, product):
    """Signed-in users by name, each in a window of their own."""
    windows = {}

    def window(name, *, phone=False):
        address = name if "@" in name else f"{name}@cilegon.test"
        if name not in windows:
            windows[name] = Person(browser, product, address, phone=phone)
        return windows[name]

    return window


@pytest.fixture(scope="module")
def places():
    """Addresses that a step leaves for the next ones."""
    return {}


def submit(person):
    person.page.locator("main form[method=post] button[type=submit].btn-primary").last.click()
    person.page.wait_for_load_state()


def test_step_1_a_visit_is_recorded_with_its_promises_and_papers(people_of, places):
    officer = people_of("officer")
    page = officer.page
    page.goto("/engagements/new/")
    page.locator("[name=agency]").select_option(label="BLK Cilegon")
    page.fill("[name=purpose]", VISIT)
    page.fill("[name=delegation]", "Kasi Kegiatan Kerja\nKasubsi Bimker")
    page.fill("[name=hosts]", "Kepala UPT")
    page.locator("[name=items-0-what]").fill("Kirim naskah PKS")
    page.locator("[name=items-0-owner_role]").select_option(index=1)
    page.locator("[name=items-0-due]").fill(day(3))
    submit(officer)
    officer.sees("Susun PKS dari kunjungan ini")
    places["visit"] = page.url
    page.locator("input[type=file]").first.set_input_files({"name": "undangan.pdf", **PDF})
    page.locator("form:has(input[type=file]) button[type=submit]").first.click()
    officer.sees("undangan")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("undangan")).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    officer.shows("o1-visit")


def test_step_2_its_text_is_drafted_and_goes_to_the_agency(people_of, places, mailbox):
    officer, liaison = people_of("officer"), people_of("blk@kota.test", phone=True)
    page = officer.page
    page.goto(places["visit"])
    officer.press("Susun PKS dari kunjungan ini")
    page.fill("[name=title]", TITLE)
    page.fill("[name=starts_on]", day(-300))
    page.fill("[name=ends_on]", day(64))
    page.fill("[name=seats_per_year]", "32")
    submit(officer)
    officer.sees(TITLE)
    places["agreement"] = page.url

    officer.press("Susun dari naskah baku")
    page.fill("[name=their_name]", "Drs. Ahmad Uji")
    page.fill("[name=plan]", "Pelatihan jahit | 16 orang | Maret | BLK")
    submit(officer)
    officer.sees("Naskah draf")
    officer.shows("o2-text")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Naskah draf")).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    page.goto(places["agreement"])
    page.locator("[data-step=send] summary").click()
    page.locator("[data-step=send] form button[type=submit]").click()
    officer.sees("instansi diberi tahu")
    assert TITLE in mailbox.wait_for("blk@kota.test", TITLE).get_content()

    liaison.page.goto(places["agreement"])
    liaison.sees("Naskah ini menunggu tanggapan instansi Anda")
    liaison.shows("o2-liaison")


def test_step_3_the_head_records_the_signing(people_of, places):
    head = people_of("head")
    page = head.page
    page.goto(places["agreement"])
    head.press("Siap ditandatangani")
    head.sees("Naskah disepakati")
    head.press("Catat penandatanganan")
    page.fill("[name=signed_on]", day(-300))
    page.fill("[name=our_number]", "WP.11.PAS-HH.05.05-99")
    page.fill("[name=their_number]", "560/99/UJI")
    page.set_input_files("[name=signed_scan]", {"name": "naskah.pdf", **PDF})
    submit(head)
    head.sees("Unduh pindaian")
    assert page.locator("[data-step=renew]").count() == 1
    head.shows("o3-signed")


def test_step_4_beat_and_worker_remind_of_the_end_and_who_reads_it_takes_note(people_of, mailbox):
    officer = people_of("officer")
    mail = mailbox.wait_for("officer@cilegon.test", f"perjanjian “{TITLE}”", seconds=60)
    assert "/agreements/" in mail.get_content()
    page = officer.page
    page.goto("/notices/")
    row = page.locator("li, tr").filter(has_text=TITLE).first
    row.get_by_role("button", name=re.compile("Saya tahu|Ketahui|Tandai")).first.click()
    page.wait_for_load_state()
    officer.shows("o4-notices")


def test_step_5_an_addendum_moves_the_end_and_its_notices(people_of, places):
    head = people_of("head")
    page = head.page
    page.goto(places["agreement"])
    head.press("Catat perpanjangan")
    page.fill("[name=new_end]", day(30))
    page.fill("[name=number]", "ADD-1/2026")
    page.fill("[name=signed_on]", day(0))
    page.fill("[name=reason]", "Menunggu anggaran tahun depan")
    page.set_input_files("[name=scan]", {"name": "adendum.pdf", **PDF})
    submit(head)
    page.locator(".invalid-feedback, .alert-danger").first.wait_for()  # earlier than the old end
    assert page.input_value("[name=number]") == "ADD-1/2026"
    page.fill("[name=new_end]", day(400))
    page.set_input_files("[name=scan]", {"name": "adendum.pdf", **PDF})
    submit(head)
    head.sees("ADD-1/2026")
    head.shows("o5-extended")


def test_step_6_a_successor_is_prefilled_signed_and_linked_both_ways(people_of, places):
    head = people_of("head")
    page = head.page
    page.goto(places["agreement"])
    head.press("Lanjutkan")
    assert page.input_value("[name=starts_on]") == day(401)
    page.fill("[name=title]", f"{TITLE} II")
    submit(head)
    head.sees(f"{TITLE} II")
    places["successor"] = page.url
    head.press("Catat penandatanganan")
    page.fill("[name=signed_on]", day(0))
    page.fill("[name=our_number]", "WP.11.PAS-HH.05.05-100")
    page.fill("[name=their_number]", "560/100/UJI")
    page.set_input_files("[name=signed_scan]", {"name": "naskah.pdf", **PDF})
    submit(head)
    head.sees("Unduh pindaian")
    assert TITLE in words(page)
    page.goto(places["agreement"])
    assert f"{TITLE} II" in words(page)
    assert page.locator("main").get_by_role("link", name="Lanjutkan").count() == 0


def test_step_7_one_glance_shows_all_of_it(people_of, places):
    head = people_of("head")
    page = head.page
    page.goto("/agreements/timeline/")
    assert page.locator("svg a").filter(has_text=TITLE).count() >= 1
    head.shows("o7-timeline")
    page.goto("/agreements/calendar/")
    head.shows("o7-calendar")
    page.goto("/agreements/register/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("XLSX")).first.click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(download.value.path().read_bytes()))
    rows = book.get_sheet_by_index(0).to_python()
    assert any(TITLE in str(cell) for row in rows for cell in row)


def test_step_8_the_feed_is_a_calendar_that_others_can_read(people_of, product):
    head = people_of("head")
    page = head.page
    page.goto("/notices/calendar/")
    submit(head)
    address = re.search(r"https?://\S+/calendar\.ics\?token=[\w-]+", page.content())[0]
    path = address.partition("/calendar.ics")[2]
    answer = head.context.browser.new_context().request.get(f"{product.url}/calendar.ics{path}")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = vobject.readOne(answer.text()).vevent_list
    assert any(TITLE in event.summary.value for event in events)


def test_step_9_a_letter_goes_from_draft_to_the_scan_of_what_was_sent(people_of, places):
    officer, head = people_of("officer"), people_of("head")
    secretariat, warden = people_of("secretariat"), people_of("warden")
    page = officer.page
    page.goto(places["agreement"])
    officer.press("Surat biasa")
    page.fill("[name=subject]", "Penyampaian PKS yang ditandatangani")
    page.locator("[name=text]").fill("Bersama ini kami sampaikan naskah PKS yang ditandatangani.")
    submit(officer)
    address = page.url
    officer.shows("o9-letter")
    for person, button in (
        (officer, "Paraf"),
        (head, "Paraf"),
        (head, "Minta nomor"),
        (secretariat, "Beri nomor"),
    ):
        person.page.goto(address)
        person.press(button)
    warden.page.goto(address)
    warden.page.locator("summary").filter(has_text="Tandatangani").click()
    warden.press("Tandatangani")
    warden.sees("Ditandatangani")

    page = secretariat.page
    page.goto(address)
    page.fill("[name=sent_how]", "pos")
    sending = page.locator("form[action$='/send/']")
    sending.locator("[name=scan]").set_input_files({"name": "surat.pdf", **PDF})
    sending.get_by_role("button", name="Catat pengiriman").click()
    secretariat.page.locator(".tag", has_text="Terkirim").first.wait_for()
    secretariat.shows("o9-letter-sent")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh pindaian").click()
    assert download.value.path().read_bytes() == PDF["buffer"]


def test_step_10_a_liaison_is_invited_joins_by_the_mail_and_is_suspended_at_once(
    people_of, browser, product, mailbox
):
    head = people_of("head")
    page = head.page
    page.goto("/agencies/")
    page.get_by_role("link", name="Bapas Kelas I Serang").first.click()
    page.get_by_role("link", name="Undang").first.click()
    page.fill("[name=name]", "Narahubung Baru")
    page.fill("[name=email]", JOINS)
    submit(head)
    mail = mailbox.wait_for(JOINS, "/invitations/")
    path = re.search(r"/invitations/[\w-]+/", mail.get_content())[0]

    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=product.url)
    phone = context.new_page()
    for _scanner in range(2):
        assert context.request.get(path).ok
    phone.goto(path)
    phone.fill("[name=password]", ITS_PASSWORD)
    phone.fill("[name=again]", ITS_PASSWORD)
    phone.get_by_role("button", name="Simpan dan masuk").click()
    phone.wait_for_url(f"{product.url}/")
    assert "Bapas" in phone.content()

    page.goto("/agencies/")
    page.get_by_role("link", name="Bapas Kelas I Serang").first.click()
    page.get_by_role("link", name="Narahubung Baru").first.click()
    page.get_by_text("Tangguhkan").first.click()
    page.locator("[name=reason]:visible").fill("Pindah tugas")
    page.locator("form:has([name=reason]):visible button[type=submit]").first.click()
    head.sees("Ditangguhkan")
    phone.goto("/agreements/")
    assert "/login/" in phone.url
