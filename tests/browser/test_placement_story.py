"""From a certificate to work and to what became of it, each step by who does it.

Disnaker's liaison has a phone; the warden approves without a mouse. Release and the beginning of
work lie half a year back, as an office writes them down that learns of them late: so the question
of the sixth month is due.
"""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.product import Person, Visitor

pytestmark = pytest.mark.browser

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
LIAISON = "disnaker@kota.test"
EMPLOYER = "PT Karya Uji Cilegon"
JOB = "Juru las uji"
MESSAGE = "Rajin dan teliti; mohon segera dipertemukan."
NUMBER = "560/415/DTK"
PDF = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%uji\n"}
OTHERS = 12  # with those of the demo a queue of sixteen
SECONDS_FOR_APPROVAL = 120


def day(days):
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def people_of(browser, product):
    """Signed-in users by name, each in a window of their own; the liaison's is a phone."""
    windows = {}

    def window(name):
        if name not in windows:
            address = LIAISON if name == "liaison" else f"{name}@cilegon.test"
            windows[name] = Person(browser, product, address, phone=name == "liaison")
        return windows[name]

    return window


@pytest.fixture(scope="module")
def places():
    """Addresses, names and codes that a step leaves for the next ones."""
    return {}


def words(person):
    return person.page.locator("main").inner_text()


def tab_to(page, selector):
    """Press Tab until the first element of this selector has the focus."""
    for _key in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def holder_never_referred(officer):
    """The page of somebody here who holds a certificate and was never referred; it stays open."""
    page = officer.page
    page.goto("/certificates/?standing=active")
    holders = page.locator("tbody a[href^='/inmates/']")
    addresses = [link.get_attribute("href") for link in holders.all()]
    for address in dict.fromkeys(addresses):
        page.goto(address)
        shown = words(officer)
        if "Belum pernah dirujuk" in shown and "Rujuk ke pemberi kerja" in shown:
            return page.url
    raise AssertionError("the demo has nobody certified whom nobody has referred")


def consent_to(officer, person, purpose):
    """Write down the signed paper, unless one is on record."""
    page = officer.page
    page.goto(f"{person}consents/")
    page.locator("[name=purpose]").select_option(purpose)
    page.set_input_files("[name=scan]", PDF)
    officer.press("Simpan persetujuan")


def open_in_inbox(liaison, code):
    page = liaison.page
    page.goto("/referrals/inbox/")
    card = page.locator("section.sheet", has_text=code)
    card.get_by_role("link").first.click()
    page.wait_for_load_state()


def test_step_1_disnaker_posts_a_vacancy_from_a_phone(people_of, places):
    liaison = people_of("liaison")
    page = liaison.page
    page.goto("/employers/new/")
    page.locator("[name=kind]").select_option("company")
    page.fill("[name=name]", EMPLOYER)
    page.locator("[name=openness]").select_option("yes")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/employers/[0-9a-f-]{36}/"))
    page.goto("/vacancies/new/")
    page.locator("[name=employer]").select_option(label=EMPLOYER)
    page.fill("[name=title]", JOB)
    page.fill("[name=places]", "2")
    page.fill("[name=closes_on]", day(40))
    liaison.shows("p1-vacancy")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/vacancies/[0-9a-f-]{36}/"))
    places["vacancy"] = page.url


def test_step_2_the_officer_refers_somebody_by_their_certificate(people_of, places):
    officer = people_of("officer")
    page = officer.page
    places["person"] = holder_never_referred(officer)
    places["name"] = page.locator("h1").inner_text()
    places["register"] = page.locator(".lead").inner_text().split(" · ")[1].split(" (")[0]
    consent_to(officer, places["person"], "referral")
    page.goto(places["person"])
    officer.press("Rujuk ke pemberi kerja")
    page.locator("[name=vacancy]").select_option(label=f"{JOB} – {EMPLOYER}")
    page.fill("[name=message]", MESSAGE)
    officer.shows("p2-refer")
    officer.press("Simpan dan ajukan kepada Kalapas")
    officer.sees("rujukan diajukan")
    places["referral"] = page.url
    places["code"] = re.search(r"R-\w+", page.locator("h1").inner_text())[0]
    assert "Kalapas" in words(officer)
    officer.shows("p2-submitted")


def test_step_3_several_people_are_referred_to_the_same_vacancy(people_of, places):
    officer = people_of("officer")
    page = officer.page
    page.goto(f"{places['vacancy']}refer/")
    boxes = page.locator("[name=people]")
    for number in range(OTHERS):
        boxes.nth(number).check()
    officer.shows("p3-several")
    officer.press("Simpan dan ajukan kepada Kalapas")
    officer.sees(f"{OTHERS} rujukan diajukan")


def test_step_4_the_warden_decides_all_without_a_mouse_in_two_minutes(people_of, places):
    warden = people_of("warden")
    page, began = warden.page, time.monotonic()
    page.goto("/")
    tab_to(page, "main a[href='/referrals/approval/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/referrals/approval/")
    waiting = page.locator("ol.approvals > li").count()
    assert waiting == 16
    warden.shows("p4-queue")
    tab_to(page, "ol.approvals input[type=text]")
    page.keyboard.type("Belum ada hasil uji kompetensi")
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    warden.sees(f"{waiting - 1} rujukan disetujui. 1 dikembalikan.")
    assert time.monotonic() - began < SECONDS_FOR_APPROVAL


def test_step_5_the_officer_sends_what_was_approved_together(people_of, places):
    officer = people_of("officer")
    page = officer.page
    page.goto(places["referral"])
    officer.sees("Disetujui Kalapas")
    letter = page.get_by_role("link", name="Surat rekomendasi").get_attribute("href")
    assert page.request.get(f"{letter}pdf/").body().startswith(b"%PDF-")
    page.goto("/referrals/?state=approved")
    page.get_by_role("button", name="Centang semua").click()
    officer.press("Kirim yang dipilih")
    officer.sees("terisi semua")  # somebody's vacancy is full: named, and no longer ticked
    officer.shows("p5-one-cannot-go")
    officer.press("Kirim yang dipilih")
    officer.sees("rujukan dikirim")


def test_step_6_disnaker_receives_from_the_mail_and_reads_only_what_it_may(
    people_of, places, browser, product, mailbox
):
    code, liaison = places["code"], people_of("liaison")
    mail = mailbox.wait_for(LIAISON, code)
    assert places["name"] not in mail.get_content()
    path = re.search(r"/referrals/link/[\w-]+/", mail.get_content())[0]
    phone = Visitor(browser, product, phone=True)
    phone.page.goto(path)
    assert places["name"] not in phone.page.content()
    phone.shows("p6-link")
    phone.press("Nyatakan diterima")
    phone.sees("Terima kasih")

    open_in_inbox(liaison, code)
    assert "Diterima Disnaker" in words(liaison)
    answer = liaison.page.request.get(liaison.page.url).text()
    for permitted in (places["name"], MESSAGE, "Sertifikat yang berlaku"):
        assert permitted in answer, permitted
    for secret in (places["register"], "Register F", "masa pidana", "Perkiraan bebas"):
        assert secret not in answer, secret
    liaison.shows("p6-person")


def test_step_7_disnaker_forwards_and_the_employer_accepts_after_an_interview(people_of, places):
    liaison = people_of("liaison")
    page = liaison.page
    page.fill("[name=number]", NUMBER)
    liaison.press(f"Rujuk ke {EMPLOYER}")
    liaison.sees("Dirujuk; lapas diberi tahu")
    printed = page.get_by_role("link", name="Cetak surat pengantar").get_attribute("href")
    assert page.request.get(printed).body().startswith(b"%PDF-")
    page.locator("summary", has_text="Catat wawancara").click()
    page.fill("[name=at]", f"{day(2)}T09:00")
    liaison.press("Catat wawancara")
    liaison.sees("Wawancara dicatat")
    liaison.press(f"{EMPLOYER} menerima")
    liaison.sees("Diterima bekerja")
    liaison.shows("p7-accepted")
    officer = people_of("officer")
    officer.page.goto("/")
    officer.sees("Catat hari mulai bekerja")
    officer.shows("p7-home")


def test_step_8_the_officer_writes_down_the_work_after_the_release(people_of, places):
    registrar, officer = people_of("registrar"), people_of("officer")
    page = registrar.page
    page.goto(f"{places['person']}leave/")
    page.locator("[name=how][value=released]").check()
    page.fill("[name=on]", day(-195))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()

    page = officer.page
    page.goto(places["referral"])
    officer.press("Catat mulai bekerja")
    page.fill("[name=job]", JOB)
    page.fill("[name=starts_on]", day(-190))
    page.locator("[name=pay_band]").select_option("around")
    officer.shows("p8-work")
    officer.press("Simpan")
    page.wait_for_url("**/placements/**")
    assert EMPLOYER in words(officer)
    officer.shows("p8-placed")
    page.goto(places["vacancy"])
    officer.sees("Terisi 1 dari 2")


def test_step_9_after_six_months_it_is_written_down_what_became_of_them(people_of, places):
    officer = people_of("officer")
    page = officer.page
    page.goto(places["person"])
    page.get_by_role("link", name="Bulan ke-6").first.click()
    page.wait_for_load_state()
    officer.sees(JOB)
    record = page.locator("details#record")
    record.locator("[name=outcome]").select_option("formal")
    record.locator("[name=channel]").select_option("probation")
    record.locator("[name=employer]").fill(EMPLOYER)
    record.locator("[name=pay_band]").select_option("around")
    officer.shows("p9-ask")
    record.locator("button[type=submit]").click()
    page.wait_for_load_state()
    officer.sees(f"Bekerja formal, {EMPLOYER}")
    officer.shows("p9-known")
    page.goto(places["person"])
    officer.sees(f"Bekerja formal, {EMPLOYER}")
