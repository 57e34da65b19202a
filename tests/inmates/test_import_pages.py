"""The registrar's pages, and what others meet there instead."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import ImportRun, Inmate
from inmates.services import register_import
from inmates.states import ImportState
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.inmates.register_files import as_csv, as_xlsx, people, trapped

pytestmark = pytest.mark.django_db
PAGE = "/inmates/import/"


@pytest.fixture
def page(login, registrar):
    return login(registrar)


def upload(client, stream, name="register.csv", **fields):
    file = SimpleUploadedFile(name, stream.getvalue() if hasattr(stream, "getvalue") else stream)
    return client.post(PAGE, {"file": file, **fields})


def ready_run(facility, by, rows):
    run = register_import.upload(
        facility=facility, file=as_csv(rows), file_name="register.csv", as_of=None, by=by
    )
    return register_import.read(run=run)


def test_from_upload_to_people_in_the_list(page, facility):
    rows, expected = trapped()
    answer = upload(page, as_csv(rows))
    run = ImportRun.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"{PAGE}{run.public_id}/"
    waiting = page.get(answer.url)
    assert b"<progress" in waiting.content
    assert b'hx-trigger="every 1s"' in waiting.content
    register_import.read(run=run)
    shown = page.get(answer.url).content.decode()
    assert "Terapkan" in shown
    assert "Ganda dalam berkas" in shown
    assert "bukan tanggal yang bisa dibaca" in shown
    assert page.post(f"{answer.url}apply/").url == answer.url
    assert b"<progress" in page.get(answer.url).content
    run.refresh_from_db()
    register_import.apply(run=run, by=run.applied_by)
    shown = page.get(answer.url).content.decode()
    assert f"Selesai: {expected['new']} orang baru, 0 berubah, 0 sama." in shown
    assert "WARGA BINAAN 00001" in page.get("/inmates/").content.decode()


def test_the_same_file_again_says_that_nothing_changes(page, facility, registrar):
    run = ready_run(facility, registrar, people(3))
    register_import.apply(run=run, by=registrar)
    run = ready_run(facility, registrar, people(3))
    url = run.get_absolute_url()
    assert "tidak mengubah apa pun: 3 orang" in page.get(url).content.decode()
    register_import.apply(run=run, by=registrar)
    assert "Tidak ada yang berubah: 3 orang" in page.get(url).content.decode()


@pytest.mark.parametrize("tab", ["new", "updated", "unchanged", "duplicate", "warning", "error"])
def test_each_tab_shows_its_rows_only(page, facility, registrar, tab):
    rows, expected = trapped()
    run = ready_run(facility, registrar, rows)
    expected |= {"updated": 0, "unchanged": 0}
    count = expected.get(tab, len(expected.get(f"{tab}_rows", [])))
    shown = page.get(f"{run.get_absolute_url()}?show={tab}")
    assert len(shown.context["table"].rows) == count
    assert [code for code, _label, _count, current in shown.context["tabs"] if current] == [tab]


def test_progress_is_a_fragment_that_ends_with_a_reload(page, facility, registrar):
    upload(page, as_csv(people(2)))
    run = ImportRun.objects.get()
    htmx = {"HX-Request": "true", "HX-Target": "import-progress"}
    fragment = page.get(run.get_absolute_url(), headers=htmx)
    assert b"<html" not in fragment.content
    register_import.read(run=run)
    assert page.get(run.get_absolute_url(), headers=htmx)["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Berkas ini kosong."),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "gambar PNG"),
        (b"Halo,dunia\n1,2\n", "bukan register"),
        (b"No,Nama\n1,ANI\n", "Nomor Induk"),
    ],
)
def test_a_wrong_file_is_told_beside_the_field(page, facility, content, words):
    answer = upload(page, content, name="register.xlsx", as_of="2024-05-06")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "2024-05-06" in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_a_future_day_and_no_file_are_told_beside_the_field(page, facility):
    answer = upload(page, as_csv(people(1)), as_of="2999-01-01")
    assert answer.status_code == 422
    assert "masa depan" in answer.content.decode()
    assert page.post(PAGE, {}).status_code == 422


def test_an_xlsx_named_csv_is_still_an_xlsx(page, facility):
    assert upload(page, as_xlsx(people(2)), name="register.csv").status_code == 302


def test_a_failed_run_says_why(page, facility, registrar):
    run = ready_run(facility, registrar, [])
    shown = page.get(run.get_absolute_url()).content.decode()
    assert "Tidak ada baris data" in shown


def test_a_cancelled_run_changes_nothing(page, facility, registrar):
    run = ready_run(facility, registrar, people(2))
    assert page.post(f"{run.get_absolute_url()}cancel/").url == PAGE
    assert "dibatalkan" in page.get(run.get_absolute_url()).content.decode()
    assert Inmate.objects.count() == 0
    refused = page.post(f"{run.get_absolute_url()}apply/", follow=True)
    assert "tidak bisa diterapkan" in refused.content.decode()


def test_a_colleague_who_comes_second_is_told(login, facility, registrar):
    run = ready_run(facility, registrar, people(2))
    register_import.apply(run=run, by=registrar)
    client = login(staff(facility, "registrar"))
    refused = client.post(f"{run.get_absolute_url()}apply/", follow=True)
    assert f"Sudah diterapkan oleh {registrar.name}" in refused.content.decode()


def test_others_do_not_find_imports(login, facility, registrar, officer, liaison, outsider):
    run = ready_run(facility, registrar, people(1))
    for user in (officer, liaison, outsider, staff(FacilityFactory(), "registrar")):
        client = login(user)
        assert client.get(run.get_absolute_url()).status_code == 404
        assert client.post(f"{run.get_absolute_url()}apply/").status_code == 404
        assert client.post(f"{run.get_absolute_url()}cancel/").status_code == 404
    for user in (officer, liaison, outsider):
        client = login(user)
        assert client.get(PAGE).status_code == 403
        assert upload(client, as_csv(people(1))).status_code == 403
    run.refresh_from_db()
    assert run.state == ImportState.READY


def test_acts_are_not_done_by_a_link(page, facility, registrar):
    run = ready_run(facility, registrar, people(1))
    for act in ("import-apply", "import-cancel"):
        assert page.get(reverse(f"inmates:{act}", args=[run.public_id])).status_code == 405
    assert page.get(f"{PAGE}{uuid.uuid4()}/").status_code == 404


def test_the_known_people_of_a_preview_are_written_down_as_seen(page, facility, registrar):
    known = inmate_at(facility, person_key="0900000001")
    inmate_at(FacilityFactory(), person_key="0900000002")
    run = ready_run(facility, registrar, people(3))
    page.get(run.get_absolute_url())
    record = AccessRecord.objects.get()
    assert (record.user_email, record.act) == (registrar.email, "view")
    assert record.subjects == [known.public_id]
