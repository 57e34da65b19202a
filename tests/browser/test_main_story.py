"""From a fresh start to confirmed seats, enrolled people and a reminder sent, in the browser.

The seven steps of the product's main job, each done as its user would, on the running product
with its own worker, beat and database. Screenshots are in var/screenshots/.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.product import Person
from tests.inmates.register_files import as_csv, as_xlsx, people, person

pytestmark = pytest.mark.browser

TITLE = "PKS Pelatihan Berbasis Kompetensi Uji"
BATCH = "Angkatan Uji"
TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
DETAINEE = "TAHANAN BELUM DIVONIS"


def day(days):
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def people_of(browser, product):
    """Signed-in users by name, each in a window of their own."""
    windows = {}

    def window(name, *, phone=False):
        address = {"blk": "blk@kota.test"}.get(name, f"{name}@cilegon.test")
        if name not in windows:
            windows[name] = Person(browser, product, address, phone=phone)
        return windows[name]

    return window


def upload_register(registrar, name, content):
    registrar.page.goto("/inmates/import/")
    registrar.page.set_input_files(
        "[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content.getvalue()}
    )
    registrar.press("Unggah dan periksa")
    registrar.page.get_by_role("table").wait_for(timeout=30_000)


def refused(officer, propose, name, reason):
    """The person stands in the list with the reason and cannot be picked; a forged form is told."""
    page = officer.page
    page.goto(f"{propose}?q={name.replace(' ', '+')}")
    row = page.locator("[data-person]").filter(has_text=name).first
    assert row.get_by_text("Belum memenuhi").count() == 1
    assert reason in row.inner_text()
    box = row.locator("[name=people]")
    assert box.is_disabled()
    box.evaluate("box => { box.disabled = false; box.checked = true }")
    page.locator("form[method=post] button[type=submit].btn-primary").last.click()
    told = page.locator("[data-refused]")
    told.wait_for()
    assert name in told.inner_text()
    assert reason in told.inner_text()


def test_up_says_where_it_is_and_who_may_sign_in(product):
    assert "ready: http://127.0.0.1:" in product.first_started_with
    assert "officer@cilegon.test" in product.first_started_with
    assert f"ready: {product.url}/" in product.started_with


def test_step_1_the_registrar_imports_the_register(people_of):
    registrar = people_of("registrar")
    detainee = person(7999, Nama=DETAINEE, No_Reg_Instansi="A.III 9/2026")
    rows = [detainee, *people(29, start=8000)]
    upload_register(registrar, "register.csv", as_csv(rows))
    registrar.shows("1-import-preview")
    registrar.press("Terapkan")
    registrar.sees("30 orang baru")
    registrar.shows("1-import-applied")

    upload_register(registrar, "register.csv", as_csv(rows))
    registrar.sees("Berkas ini tidak mengubah apa pun")

    upload_register(registrar, "register.xlsx", as_xlsx([detainee, *people(39, start=8000)]))
    registrar.press("Terapkan")
    registrar.sees("10 orang baru")
    registrar.page.goto("/inmates/")
    registrar.shows("1-inmates")

    registrar.page.goto("/inmates/import/")
    registrar.page.set_input_files(
        "[name=file]",
        {"name": "register.xlsx", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" * 9},
    )
    registrar.press("Unggah dan periksa")
    registrar.page.get_by_text("gambar").or_(registrar.page.get_by_text("PNG")).first.wait_for(
        timeout=15_000
    )


def test_step_2_a_visit_becomes_a_signed_agreement(people_of):
    officer, head = people_of("officer"), people_of("head")
    page = officer.page
    page.goto("/engagements/new/")
    page.get_by_label("Instansi", exact=True).or_(
        page.locator("[name=agency]")
    ).first.select_option(label="BLK Cilegon")
    page.fill("[name=purpose]", "Menjajaki pelatihan las dan AC")
    page.fill("[name=delegation]", "Kasi Kegiatan Kerja\nKasubsi Bimker")
    page.fill("[name=hosts]", "Kepala UPT")
    page.locator("button[type=submit].btn-primary").click()
    officer.sees("Susun PKS dari kunjungan ini")
    officer.shows("2-engagement")
    officer.press("Susun PKS dari kunjungan ini")
    page.fill("[name=title]", TITLE)
    page.fill("[name=our_number]", "W12.PAS.UJI-HH.05-1")
    page.fill("[name=their_number]", "560/1/UJI")
    page.fill("[name=starts_on]", day(10))
    page.fill("[name=ends_on]", day(5))
    page.fill("[name=notice_months]", "3")
    page.locator("button[type=submit].btn-primary").click()
    assert page.input_value("[name=title]") == TITLE
    page.locator(".invalid-feedback").first.wait_for()
    page.fill("[name=starts_on]", day(0))
    page.fill("[name=ends_on]", day(730))
    page.locator("button[type=submit].btn-primary").click()
    officer.sees(TITLE)
    officer.shows("2-agreement-draft")
    address = page.url

    head.page.goto(address)
    head.press("Catat penandatanganan")
    head.page.fill("[name=signed_on]", day(0))
    head.page.set_input_files(
        "[name=signed_scan]",
        {"name": "naskah.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%uji\n"},
    )
    head.page.locator("button[type=submit].btn-primary").click()
    head.page.wait_for_url(address)
    head.sees("Unduh pindaian")
    head.shows("2-agreement-signed")


def test_step_3_the_officer_plans_a_batch_and_asks_for_16_seats(people_of, mailbox):
    officer = people_of("officer")
    page = officer.page
    page.goto("/batches/new/")
    page.locator("[name=course]").select_option(index=1)
    page.fill("[name=name]", BATCH)
    page.locator("[name=agency]").select_option(label="BLK Cilegon")
    page.locator("[name=agreement]").select_option(label=TITLE)
    page.fill("[name=starts_on]", day(14))
    page.fill("[name=ends_on]", day(800))
    officer.press("Simpan rencana")
    page.get_by_text("Perjanjian ini tidak berlaku").wait_for()
    assert page.input_value("[name=name]") == BATCH
    page.fill("[name=ends_on]", day(54))
    officer.press("Simpan rencana")
    officer.press("Usulkan kuota")
    page.fill("[name=seats]", "10000")
    officer.press("Kirim usulan")
    page.locator(".invalid-feedback").first.wait_for()
    page.fill("[name=seats]", "16")
    page.fill("[name=respond_by]", day(7))
    officer.shows("3-propose")
    officer.press("Kirim usulan")
    officer.sees("Usulan dikirim")
    officer.shows("3-batch-negotiating")
    mail = mailbox.wait_for("blk@kota.test", BATCH)
    assert "16 kursi" in mail["Subject"]
    assert "/slots/link/" in mail.get_content()


def test_step_4_the_liaison_counters_on_a_phone_and_the_officer_accepts(people_of):
    liaison, officer = people_of("blk", phone=True), people_of("officer")
    liaison.page.goto("/")
    liaison.shows("4-liaison-home")
    liaison.page.goto("/slots/")
    liaison.page.get_by_role("link", name=re.compile(rf"Jawab.*{BATCH}")).first.click()
    liaison.sees("Terima 16 kursi")
    liaison.page.get_by_text("Usul balik").first.click()
    form = liaison.page.locator("form[action$='/counter/']")
    form.locator("[name=seats]").fill("12")
    form.locator("[name=reason]").fill("Ruang praktik hanya untuk 12 orang")
    liaison.shows("4-liaison-counter")
    form.get_by_role("button").click()
    liaison.sees("Usul balik dikirim")
    assert liaison.page.request.get("/inmates/").status in (403, 404)

    officer.page.goto("/slots/")
    officer.page.get_by_role("link", name=re.compile(rf"Jawab.*{BATCH}")).first.click()
    officer.press("Terima 12 kursi")
    officer.sees("Kuota sudah dikonfirmasi")
    assert officer.page.locator("[data-figure=confirmed]").inner_text() == "12"
    officer.shows("4-batch-confirmed")


def test_step_5_candidates_hearing_decree(people_of):
    officer, head, warden = people_of("officer"), people_of("head"), people_of("warden")
    page = officer.page
    batch = page.url
    officer.press("Pilih calon peserta")
    propose = page.url
    officer.shows("5-who-could-join")
    page.fill("[name=first]", "14")
    officer.press("Pilihkan yang teratas")
    officer.sees("Belum ada yang diusulkan")
    assert page.locator("[name=people]:checked").count() == 14
    officer.shows("5-the-first-fourteen")
    officer.press("Usulkan yang dipilih")
    page.wait_for_url(batch)
    page.goto(batch)
    assert page.locator("table tbody tr").count() == 14
    officer.shows("5-candidates")

    refused(officer, propose, DETAINEE, "tahanan")
    page.goto("/batches/?state=running")
    page.get_by_role("link", name="Las II", exact=True).first.click()
    enrolled = page.locator("table tbody tr td:nth-child(2)").first.inner_text()
    refused(officer, propose, enrolled, "Las II")
    officer.shows("5-a-clash-is-refused")

    page.goto(batch)
    page.fill("[name=held_on]", day(0))
    officer.press("Jadwalkan sidang")

    head.page.goto(batch)
    head.press("Catat hasil sidang")
    head.page.fill("[name=number]", "BA-UJI-1")
    head.page.fill("[name=chair]", "Kasi Binadik")
    head.page.fill("[name=members]", "Kasi Giatja\nKa. KPLP")
    for group in head.page.locator("fieldset").all():
        group.get_by_label("Setuju").or_(group.locator("[value=approved]")).first.check()
    head.shows("5-hearing")
    head.press("Simpan hasil sidang")
    head.page.wait_for_url(batch)
    head.press("Siapkan SK peserta")
    assert head.page.locator("[name=candidates]:checked").count() == 12
    head.page.locator("[name=candidates]:not(:checked)").first.check()
    head.press("Ajukan SK kepada Kalapas")
    head.page.locator(".alert-danger").first.wait_for()
    head.shows("5-a-thirteenth-is-refused")
    assert head.page.locator("[name=candidates]:checked").count() == 13
    head.page.locator("[name=candidates]:checked").last.uncheck()
    head.press("Ajukan SK kepada Kalapas")
    decree = head.page.url

    warden.page.goto("/")
    warden.shows("5-warden-home")
    warden.page.goto(decree)
    warden.press("Tetapkan SK")
    warden.sees("Ditetapkan dengan nomor")
    warden.shows("5-decree-issued")
    pdf = warden.page.get_by_role("link", name="Buka PDF").get_attribute("href")
    assert warden.page.request.get(pdf).body().startswith(b"%PDF-")

    page.goto(batch)
    assert page.locator("[data-figure=taken]").inner_text() == "12"
    assert page.locator("[data-figure=free]").inner_text() == "0"
    officer.shows("5-batch-enrolled")


def test_step_6_beat_and_worker_remind_without_a_click(people_of, mailbox):
    mail = mailbox.wait_for("officer@cilegon.test", "Masa berlaku perjanjian", seconds=60)
    assert mail["Message-ID"]
    officer = people_of("officer")
    officer.page.goto("/notices/")
    officer.page.get_by_label("Jenis").select_option("agreement_end")
    officer.sees("Masa berlaku perjanjian")
    officer.shows("6-notices")


def test_step_7_the_admin_reads_and_an_answer_by_whatsapp_is_recorded(people_of):
    officer, admin, liaison = people_of("officer"), people_of("admin"), people_of("blk", phone=True)
    page = officer.page
    page.goto("/batches/new/")
    page.locator("[name=course]").select_option(index=2)
    page.fill("[name=name]", f"{BATCH} II")
    page.locator("[name=agency]").select_option(label="BLK Cilegon")
    page.locator("[name=agreement]").select_option(label=TITLE)
    page.fill("[name=starts_on]", day(100))
    page.fill("[name=ends_on]", day(130))
    officer.press("Simpan rencana")
    officer.press("Usulkan kuota")
    page.fill("[name=seats]", "20")
    officer.press("Kirim usulan")
    officer.press("Catat jawaban instansi")
    page.locator("[name=answer][value=accept]").check()
    page.locator("[name=channel]").select_option("whatsapp")
    page.fill("[name=said_by]", "Kepala UPT")
    officer.shows("7-record-whatsapp")
    officer.press("Catat jawaban")
    officer.sees("Dicatat oleh lapas")
    assert page.locator("[data-figure=confirmed]").inner_text() == "20"

    liaison.page.goto("/slots/")
    liaison.page.get_by_role("link", name=re.compile(f"{BATCH} II")).first.click()
    liaison.sees("Jawaban ini dicatat oleh lapas")
    liaison.shows("7-liaison-may-object")

    admin.page.goto("/admin/training/batch/?q=" + BATCH.replace(" ", "+"))
    admin.sees(f"{BATCH} II")
    admin.page.get_by_role("link", name=f"{BATCH} II").first.click()
    assert admin.page.locator("input[name=_save]").count() == 0
