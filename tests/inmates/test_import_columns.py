"""Columns that the app does not know: asked once, remembered for the prison, never forced."""

import io

import pytest

from accounts.models import AccessRecord
from accounts.refusals import Forbidden, NotAllowed
from inmates.models import ColumnMapping, ImportRun, Inmate
from inmates.register.columns import Columns
from inmates.register.dropped import reason_for
from inmates.register.files import RegisterFile
from inmates.services import columns, register_import
from inmates.states import ImportState
from tests.factories.accounts import FacilityFactory, staff
from tests.inmates.register_files import HEADERS, as_csv, people

pytestmark = pytest.mark.django_db
FOREIGN = "Nama Lengkap Sesuai Putusan"
FOREIGN_HEADERS = [FOREIGN if name == "Nama" else name for name in HEADERS]


def file_with(headers=HEADERS, **renamed):
    """Two rows; `renamed` are headers with `_` for a blank: what they are called instead."""
    rows = people(2)
    new = {old.replace("_", " "): name for old, name in renamed.items()}
    headers = [new.get(name, name) for name in headers]
    return as_csv(
        [{new.get(name, name): cell for name, cell in row.items()} for row in rows],
        headers=headers,
    )


def read(facility, by, stream):
    run = register_import.upload(
        facility=facility, file=stream, file_name="register.csv", as_of=None, by=by
    )
    return register_import.read(run=run)


def test_an_unknown_column_is_listed_and_its_file_kept_for_an_answer(facility, registrar):
    run = read(facility, registrar, file_with(Pekerjaan="Profesi Terakhir"))
    assert run.state == ImportState.READY
    assert run.report["unknown_columns"] == ["Profesi Terakhir"]
    assert run.file
    register_import.apply(run=run, by=registrar)
    assert set(Inmate.objects.values_list("occupation", flat=True)) == {""}


def test_an_answer_reads_the_file_again_and_the_next_file_asks_nothing(facility, registrar):
    rows = people(2)
    for row in rows:
        row["Profesi Terakhir"] = "Buruh"
    headers = [*HEADERS, "Profesi Terakhir", "Kode Wali"]
    for row in rows:
        row["Kode Wali"] = "7"
    without = [name for name in headers if name != "Pekerjaan"]
    run = read(facility, registrar, as_csv(rows, headers=without))
    answers = {"Profesi Terakhir": "occupation", "Kode Wali": ""}
    run = columns.explain(run=run, answers=answers, by=registrar)
    assert run.state == ImportState.UPLOADED
    run = register_import.read(run=run)
    assert run.state == ImportState.READY
    assert run.mapping == {"profesiterakhir": "occupation", "kodewali": ""}
    assert run.report["unknown_columns"] == []
    assert not run.file
    register_import.apply(run=run, by=registrar)
    assert set(Inmate.objects.values_list("occupation", flat=True)) == {"Buruh"}

    again = read(facility, registrar, as_csv(rows, headers=without))
    assert again.report["unknown_columns"] == []
    assert again.report["unchanged"] == 2


def test_an_answer_is_of_one_prison(facility, registrar):
    ColumnMapping.objects.create(
        facility=FacilityFactory(), header="profesiterakhir", field="occupation"
    )
    run = read(facility, registrar, file_with(Pekerjaan="Profesi Terakhir"))
    assert run.report["unknown_columns"] == ["Profesi Terakhir"]


def test_a_foreign_name_column_waits_for_an_answer_instead_of_failing(facility, registrar):
    run = read(facility, registrar, file_with(Nama=FOREIGN))
    assert run.state == ImportState.UNCLEAR
    assert run.report["missing_fields"] == ["name"]
    assert not run.rows.exists()
    assert run.file
    with pytest.raises(NotAllowed, match="perlu dijelaskan"):
        register_import.apply(run=run, by=registrar)
    with pytest.raises(NotAllowed, match="Nama"):
        columns.explain(run=run, answers={FOREIGN: ""}, by=registrar)
    columns.explain(run=run, answers={FOREIGN: "name"}, by=registrar)
    run = register_import.read(run=run)
    assert (run.state, run.report["new"]) == (ImportState.READY, 2)
    assert read(facility, registrar, file_with(Nama=FOREIGN)).state == ImportState.READY


def test_an_answer_can_be_taken_back(facility, registrar):
    run = read(facility, registrar, file_with(Pekerjaan="Profesi Terakhir"))
    columns.explain(run=run, answers={"Profesi Terakhir": "occupation"}, by=registrar)
    run = register_import.read(run=run)
    assert not run.file
    columns.explain(run=run, answers={"Profesi Terakhir": None}, by=registrar)
    run.refresh_from_db()
    assert run.state == ImportState.READY  # nothing to read again
    assert not ColumnMapping.objects.exists()


@pytest.mark.parametrize(
    "label",
    [
        *("Agama", "Nama Ayah", "Nama Ibu Kandung", "Foto", "Jenis Kejahatan", "Pasal Utama"),
        *("Uraian Perkara", "Tindak Pidana", "Pas Foto", "Blok", "Diagnosa Penyakit"),
        *("Nama Orang Tua", "Golongan Darah", "Sidik Jari"),
    ],
)
def test_what_must_not_be_kept_cannot_be_explained_into_a_field(facility, registrar, label):
    bare_label = label.lower().replace(" ", "")
    assert reason_for(bare_label)
    found = Columns(["Nama", "Nomor Induk", label], {bare_label: "occupation"})
    assert (found.dropped, found.unknown) == ([label], [])
    assert "occupation" not in found
    run = read(facility, registrar, file_with(Pekerjaan="Profesi Terakhir"))
    with pytest.raises(NotAllowed, match="tidak bisa dijelaskan"):
        columns.explain(run=run, answers={label: "occupation"}, by=registrar)


def test_a_field_comes_from_one_column_only(facility, registrar):
    run = read(facility, registrar, file_with(Pekerjaan="Profesi", Kota="Asal Daerah"))
    for answers in (
        {"Profesi": "name"},  # has a column already
        {"Profesi": "occupation", "Asal Daerah": "occupation"},
        {"Profesi": "salary"},
    ):
        with pytest.raises(NotAllowed, match="kolom lain"):
            columns.explain(run=run, answers=answers, by=registrar)
    assert not ColumnMapping.objects.exists()


def test_only_a_registrar_of_the_prison_explains(facility, registrar, officer):
    run = read(facility, registrar, file_with(Pekerjaan="Profesi"))
    for user in (officer, staff(FacilityFactory(), "registrar")):
        with pytest.raises(Forbidden):
            columns.explain(run=run, answers={"Profesi": "occupation"}, by=user)


def test_an_import_that_is_over_is_not_explained(facility, registrar):
    run = read(facility, registrar, file_with(Pekerjaan="Profesi"))
    register_import.apply(run=run, by=registrar)
    with pytest.raises(NotAllowed, match="Selesai"):
        columns.explain(run=run, answers={"Profesi": "occupation"}, by=registrar)


def test_the_upload_of_an_import_that_waits_is_gone_after_a_week(facility, registrar, settings):
    run = read(facility, registrar, file_with(Nama=FOREIGN))
    ImportRun.objects.update(created_at="2024-01-01T00:00Z")
    register_import.resume()
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED


# --- The page ----------------------------------------------------------------------------------
def test_the_page_asks_and_reads_again(login, facility, registrar):
    page = login(registrar)
    run = read(facility, registrar, file_with(Nama=FOREIGN))
    shown = page.get(run.get_absolute_url()).content.decode()
    assert FOREIGN in shown
    assert "belum lengkap" in shown
    assert "Terapkan" not in shown
    url = f"{run.get_absolute_url()}columns/"
    refused = page.post(url, {"column_1": "-"})
    assert refused.status_code == 422
    assert "Tunjukkan kolom yang memuat “Nama”" in refused.content.decode()
    assert page.post(url, {"column_1": "name"}).url == run.get_absolute_url()
    run = register_import.read(run=ImportRun.objects.get(pk=run.pk))
    shown = page.get(run.get_absolute_url()).content.decode()
    assert "Terapkan" in shown
    assert "diingat dari impor sebelumnya" in shown


def test_the_page_says_what_is_dropped_and_why(login, facility, registrar):
    page = login(registrar)
    run = read(facility, registrar, file_with())
    shown = page.get(run.get_absolute_url()).content.decode()
    assert "Agama, Status Perkawinan, Nama Ayah, Nama Ibu" in shown
    assert "biometrik" in shown
    assert "biometrik" in page.get("/inmates/import/").content.decode()
    assert AccessRecord.objects.count() == 0  # nobody of the file is known yet


# --- Two rows of headers -------------------------------------------------------------------------
def columns_of(*lines):
    text = "\n".join(";".join(line) for line in lines)
    return RegisterFile(io.BytesIO(text.encode()))


def test_a_group_above_its_parts_is_one_header():
    register = columns_of(
        ["LAPAS UJI", "", "", "", "", "", ""],
        ["No", "Nama", "Nomor Induk", "Lama Pidana", "", "", "Kota"],
        ["", "", "", "Tahun", "Bulan", "Hari", ""],
        ["1", "ANI", "K1", "4", "3", "2", "Cilegon"],
    )
    assert register.header_row == 3
    assert register.columns.positions == {
        "name": [1],
        "person_key": [2],
        "years": [3],
        "months": [4],
        "days": [5],
        "city": [6],
    }
    assert [number for number, _cells in register.rows()] == [4]


def test_a_group_above_a_header_that_is_complete_by_itself_counts_too():
    register = columns_of(
        ["", "Identitas", "", "Tanggal", "", "Lama Pidana", ""],
        ["No", "Nama", "Nomor Induk", "Lahir", "Ekspirasi", "Tahun", "Bulan"],
        ["1", "ANI", "K1", "1/2/1990", "1/2/2030", "4", "0"],
    )
    assert set(register.columns.positions) == {
        *("name", "person_key", "birth_date", "expires", "years", "months")
    }


def test_name_and_key_may_stand_in_different_rows_of_the_header():
    register = columns_of(
        ["No", "Nama", "Nomor", "", "Kota"],
        ["", "", "Induk", "Induk KTP", ""],
        ["1", "ANI", "K1", "-", "Cilegon"],
    )
    assert register.columns.positions["person_key"] == [2]
    assert register.columns.positions["nik"] == [3]
    assert register.header_row == 2


def test_an_unknown_part_of_a_group_is_listed_with_its_group():
    register = columns_of(
        ["No", "Nama", "Nomor Induk", "Penilaian", ""],
        ["", "", "", "Sikap", "Kerja"],
        ["1", "ANI", "K1", "baik", "baik"],
    )
    assert register.columns.unknown == ["Penilaian Sikap", "Penilaian Kerja"]


def test_a_first_row_without_name_and_key_is_no_second_header():
    register = columns_of(
        ["No", "Nama", "Nomor Induk", "Kota", ""],
        ["1", "", "", "Cilegon", "08123456"],
        ["2", "ANI", "K1", "Cilegon", ""],
    )
    assert register.header_row == 1
    assert [number for number, _cells in register.rows()] == [2, 3]
