"""A training from the first offer to the report, each step by who does it.

The liaison of the agency has a phone, the others sit at a desk; the registrar records the hearing
without a mouse. What takes weeks to come about is taken from the demo: "Las II" runs, "Motor I"
is over and its results wait.
"""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.browser.product import Person, Visitor

pytestmark = pytest.mark.browser

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
LIAISON = "blk@kota.test"
PRISON = "Lapas Kelas IIA Cilegon"
OFFERED = "Angkatan Tawaran"
BATCH = "Las III"  # planned, nothing asked yet
RUNNING, OVER = "Las II", "Motor I"
SEATS = 3
TOOL = "Tang jepit"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def day(days):
    return (TODAY + timedelta(days=days)).isoformat()


def a_file(name, content, kind=PDF):
    return {"name": name, "mimeType": kind, "buffer": content}


def words(person):
    return person.page.locator("main").inner_text()


def figure(person, name):
    return person.page.locator(f"[data-figure={name}]").inner_text()


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
    """Addresses and names that a step leaves for the next ones."""
    return {}


def open_batch(person, name, state):
    """The page of the demo's batch of this name; its address."""
    person.page.goto(f"/batches/?state={state}")
    person.page.get_by_role("link", name=name, exact=True).first.click()
    person.page.wait_for_load_state()
    return person.page.url


def in_mail(mail, pattern):
    return re.search(pattern, mail.get_content())[0]


def tab_to(page, selector):
    """Press Tab until the first element of this selector has the focus."""
    for _key in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_step_1_the_liaison_offers_a_training_and_the_officer_accepts(people_of, mailbox):
    liaison, officer = people_of("liaison"), people_of("officer")
    page = liaison.page
    page.goto("/slots/")
    liaison.press("Tawarkan pelatihan")
    page.locator("[name=facility]").select_option(label=PRISON)
    page.locator("[name=course]").select_option(label="Barista")
    page.fill("[name=name]", OFFERED)
    page.fill("[name=seats]", "14")
    page.fill("[name=starts_on]", day(70))
    page.fill("[name=ends_on]", day(60))
    page.fill("[name=message]", "Instruktur dan bahan dari kami.")
    liaison.press("Kirim tawaran")
    page.locator(".invalid-feedback").first.wait_for()
    assert page.input_value("[name=name]") == OFFERED
    page.fill("[name=ends_on]", day(90))
    liaison.shows("t1-offer")
    liaison.press("Kirim tawaran")
    liaison.sees("Tawaran dikirim")
    liaison.shows("t1-offered")

    mail = mailbox.wait_for("officer@cilegon.test", OFFERED)
    officer.page.goto(in_mail(mail, r"/batches/[\w-]+/"))
    officer.press("Jawab usulan instansi")
    officer.sees("Instruktur dan bahan dari kami.")
    officer.shows("t1-answer")
    officer.press("Terima 14 kursi")
    officer.sees("Kuota sudah dikonfirmasi")
    assert figure(officer, "confirmed") == "14"


def test_step_2_the_liaison_answers_from_the_mail_without_signing_in(
    people_of, places, browser, product, mailbox
):
    officer = people_of("officer")
    places["batch"] = open_batch(officer, BATCH, "planned")
    officer.press("Usulkan kuota")
    officer.page.fill("[name=seats]", str(SEATS))
    officer.press("Kirim usulan")
    officer.sees("Usulan dikirim")
    path = in_mail(mailbox.wait_for(LIAISON, BATCH), r"/slots/link/[\w-]+/")

    scanner = Visitor(browser, product).context.request
    assert scanner.get(path).ok
    assert scanner.head(path).ok
    officer.page.goto(places["batch"])
    assert figure(officer, "confirmed") == "0"

    phone, late = (Visitor(browser, product, phone=True) for _window in range(2))
    for window in (phone, late):
        window.page.goto(path)
    phone.shows("t2-link")
    phone.press(f"Terima {SEATS} kursi")
    phone.sees("Terima kasih")
    phone.shows("t2-thanks")
    late.press(f"Terima {SEATS} kursi")
    late.sees("Tautan ini tidak berlaku lagi")
    assert late.page.get_by_role("button", name="Terima").count() == 0
    officer.page.goto(places["batch"])
    assert figure(officer, "confirmed") == str(SEATS)
    officer.sees("Diterima")


def test_step_3_the_officer_proposes_candidates_and_the_head_sets_the_hearing(people_of, places):
    officer, head = people_of("officer"), people_of("head")
    page = officer.page
    page.goto(places["batch"])
    officer.press("Pilih calon peserta")
    page.fill("[name=first]", str(SEATS + 1))
    officer.press("Pilihkan yang teratas")
    officer.press("Usulkan yang dipilih")
    page.wait_for_url(places["batch"])

    head.page.goto(places["batch"])
    head.page.fill("[name=held_on]", day(0))
    head.press("Jadwalkan sidang")
    head.sees("Sidang dijadwalkan")
    head.shows("t3-hearing-set")


def test_step_4_the_registrar_records_the_hearing_by_keyboard_alone(people_of, places):
    registrar = people_of("registrar")
    page = registrar.page
    page.goto("/")
    tab_to(page, "main a[href^='/hearings/'][href$='/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hearings/**")
    typed = {"number": "BA-UJI-5", "chair": "Kasi Binadik", "members": "Kasi Giatja"}
    for name, text in typed.items():
        tab_to(page, f"[name={name}]")
        page.keyboard.type(text)
    for _candidate in range(SEATS + 1):
        tab_to(page, "input[type=radio][value=approved]")
        page.keyboard.press("Space")
    registrar.shows("t4-hearing")
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    registrar.sees("Hasil sidang dicatat")
    assert "Cadangan" in words(registrar)
    registrar.shows("t4-heard")


def test_step_5_head_and_warden_make_the_decree_and_a_freed_seat_goes_to_the_reserve(
    people_of, places
):
    officer, head, warden = people_of("officer"), people_of("head"), people_of("warden")
    head.page.goto(places["batch"])
    head.press("Siapkan SK peserta")
    assert head.page.locator("[name=candidates]:checked").count() == SEATS
    head.press("Ajukan SK kepada Kalapas")
    warden.page.goto(head.page.url)
    warden.press("Tetapkan SK")
    warden.sees("Ditetapkan dengan nomor")

    page = officer.page
    page.goto(places["batch"])
    assert figure(officer, "taken") == str(SEATS)
    officer.press("Keluarkan")
    page.locator("[name=cause]").select_option("own_wish")
    page.fill("[name=reason]", "Memilih kegiatan kerja")
    officer.shows("t5-let-go")
    officer.press("Keluarkan dari pelatihan")
    page.wait_for_url(places["batch"])
    assert figure(officer, "taken") == str(SEATS)  # the reserve's, until the answer
    officer.shows("t5-seat-offered")
    page.get_by_role("region", name="Tawaran kursi").get_by_role("link").click()
    officer.shows("t5-seat")
    officer.press("Mau: kursi diterima")
    officer.sees("kursi diterima")
    head.page.goto(places["batch"])
    head.press("Siapkan SK peserta")
    head.sees("Menerima kursi kosong")
    head.shows("t5-second-decree")


def test_step_6_the_weekly_schedule_is_looked_at_before_it_is_made(people_of, places):
    officer = people_of("officer")
    page = officer.page
    page.goto(places["batch"])
    officer.press("Susun jadwal")
    for line, weekday in enumerate(("1", "3", "5")):
        page.locator(f"[name=slot-{line}-weekday]").select_option(weekday)
        page.fill(f"[name=slot-{line}-starts_at]", "07:30")
        page.fill(f"[name=slot-{line}-jp]", "8")
    officer.press("Simpan dan lihat pratinjau")
    officer.sees("Terapkan jadwal ini")
    foreseen = page.locator("table tbody tr").count()
    assert foreseen > 10
    officer.shows("t6-preview")
    officer.press("Terapkan jadwal ini")
    officer.sees(f"Jadwal: {foreseen} pertemuan")
    page.goto(places["batch"])
    assert figure(officer, "meetings-held") == f"0 / {foreseen}"


def test_step_7_a_missing_tool_closes_the_gate_until_it_is_opened_with_a_reason(people_of):
    security, head = people_of("security"), people_of("head")
    page = security.page
    page.goto("/")
    security.press("Palu terak")
    _open_gate(security, "Bengkel digeledah; palu patah dan dibuang")
    page.locator("summary", has_text="Masih ada alat yang keluar").click()
    page.locator("[name=out-0-name]").fill(TOOL)
    page.locator("[name=out-0-quantity]").fill("2")
    security.press("Catat keluar")
    security.sees("Alat dicatat keluar")
    page.locator(".counts input.count-field").first.fill("1")
    security.shows("t7-count")
    security.press("Simpan hitungan")
    security.sees("Pintu tertutup: alat kurang")
    security.shows("t7-gate-closed")
    for person in (security, head):
        person.page.goto("/")
        person.sees(f"1 {TOOL}")
        person.shows(f"t7-home-{'head' if person is head else 'security'}")
    security.press(TOOL)
    _open_gate(security, "Ditemukan rusak di kotak sampah bengkel")
    page.goto("/")
    assert "Pintu tertutup" not in words(security)


def _open_gate(security, reason):
    if "/meetings/" in security.page.url:
        security.press("ditemukan, atau buka pintu")
    security.page.locator("form[action$='/release/'] [name=reason]").fill(reason)
    security.press("Buka pintu")
    security.sees("Pintu dibuka")


def test_step_8_the_liaison_enters_a_unit_and_the_head_says_who_completed(people_of, places):
    liaison, head = people_of("liaison"), people_of("head")
    page = liaison.page
    open_batch(liaison, RUNNING, "running")
    liaison.press("Catat hasil penilaian")
    page.locator(".part-list a").nth(2).click()
    page.fill("[name=assessor]", "Ir. Bambang Sutejo")
    choices = page.locator("main table select")
    count = choices.count()
    for place in range(count):
        choices.nth(place).select_option("BK" if place == 0 else "K")
    liaison.shows("t8-unit")
    liaison.press("Simpan hasil")
    liaison.sees(f"{count} hasil dicatat")

    places["over"] = open_batch(head, OVER, "finished")
    head.press("Hasil akhir peserta")
    head.press("Selesaikan")
    head.sees("hasil akhir dicatat")
    page = head.page
    for row in page.locator("ol[aria-label='Hasil akhir per orang'] > li").all():
        row.locator("select").nth(0).select_option("not_completed")
        row.locator("select").nth(1).select_option("absent")
    head.shows("t8-outcomes")
    head.press("Simpan hasil akhir")
    assert page.get_by_role("button", name="Simpan hasil akhir").count() == 0
    settled = page.locator("section[aria-labelledby=settled] li")
    rows = [row for row in settled.all_inner_texts() if "Tidak selesai" not in row]
    places["completed"] = {re.search(r"P-\w+", row)[0] for row in rows}
    assert places["completed"]


def test_step_9_the_liaison_uploads_certificates_by_the_filled_template(people_of, places):
    liaison = people_of("liaison")
    page = liaison.page
    page.goto(places["over"])
    page.get_by_role("link", name="Unggah banyak sertifikat").click()
    with page.expect_download() as download:
        liaison.press("Unduh templat")
    filled, codes = _filled(download.value.path().read_bytes(), places["completed"])
    assert set(codes) == places["completed"]
    page.set_input_files("[name=sheet]", a_file("sertifikat.xlsx", filled, XLSX))
    scans = [a_file(f"{code}.pdf", f"%PDF-1.7\n%{code}\n".encode()) for code in codes]
    page.set_input_files("[name=scans]", scans)
    liaison.press("Periksa")
    liaison.sees("Semua baris jelas")
    assert page.locator("#report").get_by_text("pasti").count() == len(codes)
    liaison.shows("t9-checked")
    page.get_by_role("button", name="Catat", exact=True).click()
    liaison.sees(f"{len(codes)} sertifikat dicatat")
    liaison.shows("t9-recorded")


def _filled(template, completed):
    """The downloaded sheet with a number and a day for whoever completed; their codes."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_index(0).to_python()
    place = {str(heading).rstrip(" *"): number for number, heading in enumerate(rows[0])}
    stream, codes = io.BytesIO(), []
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            code = row[place["Kode peserta"]]
            if code in completed:
                codes.append(code)
                row[place["Nomor sertifikat"]] = f"563/{900 + number}/UPTD-LK"
                row[place["Tanggal terbit"]] = f"{TODAY:%d/%m/%Y}"
            sheet.write_row(number, 0, row)
    return stream.getvalue(), codes


def test_step_10_the_public_checks_a_code_and_learns_of_its_revocation(
    people_of, places, browser, product
):
    head, liaison = people_of("head"), people_of("liaison")
    page = head.page
    page.goto(places["over"])
    head.press("Catat atau terbitkan sertifikat")
    page.get_by_role("link", name="563/9").first.click()
    page.wait_for_load_state()
    certificate = page.url
    name = page.locator("dl.facts a[href*='/inmates/']").inner_text()
    head.shows("t10-certificate")
    path = re.search(r"/verify/[\w%-]+/?", page.content())[0]

    stranger = Visitor(browser, product, phone=True)
    answer = stranger.page.goto(path)
    text = answer.body().decode()
    assert "563/9" in text
    for secret in (name, PRISON, "lapas", "rutan", "warga binaan"):
        assert secret.lower() not in text.lower(), secret
    stranger.shows("t10-verified")

    liaison.page.goto(certificate)
    liaison.page.locator("summary", has_text="Cabut sertifikat ini").click()
    liaison.page.locator("[name=reason]").fill("Nama tercetak keliru")
    liaison.shows("t10-revoke")
    liaison.press("Cabut sertifikat")
    liaison.sees("Dicabut")
    stranger.page.goto(path)
    stranger.sees("icabut")
    assert name not in stranger.page.content()
    stranger.shows("t10-revoked")


def test_step_11_the_head_closes_the_batch_and_its_report_is_drafted(people_of, places):
    head = people_of("head")
    page = head.page
    page.goto(places["over"])
    head.press("Tutup angkatan")
    page.fill("[name=cost]", "51750000")
    page.fill("[name=obstacles]", "Listrik bengkel padam dua kali")
    head.shows("t11-close")
    head.press("Tutup dan buat laporan")
    head.sees("Konsep laporannya siap")
    assert "/letters/" in page.url
    head.shows("t11-report")
    pdf = page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
    assert page.request.get(pdf).body().startswith(b"%PDF-")
    page.goto(places["over"])
    head.sees("Kehadirannya terkunci")
