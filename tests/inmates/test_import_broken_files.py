"""Files that break somewhere: the sentence says in which row, and nothing is imported."""

import csv
import io
import random
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inmates.models import ImportRun, Inmate
from inmates.register.columns import Columns
from inmates.register.files import NotARegister, RegisterFile
from inmates.register.rows import read_row
from inmates.states import ImportState
from tests.inmates.importing import imported, preview
from tests.inmates.register_files import FIRST_ROW, HEADERS, TITLE, as_csv, as_xlsx, people, person


def read_all(content):
    return list(RegisterFile(io.BytesIO(content)).rows())


def complaint(content):
    with pytest.raises(NotARegister) as refusal:
        read_all(content)
    return refusal.value.messages[0]


# --- Cut off -----------------------------------------------------------------------------------
@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(1, 400))
def test_a_csv_cut_anywhere_in_a_row_names_it_or_is_whole(bytes_less):
    whole = as_csv(people(8)).getvalue()
    cut = whole[:-bytes_less]
    last = sum(1 for _row in csv.reader(io.StringIO(cut.decode("utf-8-sig", "ignore"))))
    lost = whole[len(cut) :].lstrip(b"\r\n")
    stops_between_rows = cut.endswith((b"\n", b"\r")) or not lost
    # the last column is empty: a cut before its end loses nothing but the line's end
    lines = whole.decode("utf-8-sig").split("\r\n")
    stands = cut.decode("utf-8-sig", "ignore").rstrip("\r\n").split("\r\n")[-1]
    if stops_between_rows or stands in lines:
        assert read_all(cut)
    else:
        assert f"baris {last}," in complaint(cut)


@pytest.mark.django_db
def test_a_file_that_stops_in_a_row_imports_nobody(facility, registrar):
    cut = as_csv(people(600)).getvalue()[:-200]
    run = preview(facility, registrar, io.BytesIO(cut))
    assert run.state == ImportState.FAILED
    assert "terpotong: baris 605" in run.failure
    assert not run.rows.exists()
    assert not Inmate.objects.exists()


def test_a_quote_that_is_never_closed_names_its_row():
    text = as_csv(people(200)).getvalue().decode("utf-8-sig")
    broken = text.replace("WARGA BINAAN 00150", '"WARGA BINAAN 00150')
    sentence = complaint(broken.encode())
    assert f"baris {150 + FIRST_ROW - 1}" in sentence
    assert "tanda kutip" in sentence


def test_a_quote_that_is_never_closed_near_the_top_too():
    text = as_csv(people(3)).getvalue().decode("utf-8-sig")
    broken = text.replace("WARGA BINAAN 00002", '"WARGA BINAAN 00002')
    assert "baris 7" in complaint(broken.encode())


def test_a_closing_line_that_is_no_row_is_no_torso():
    text = as_csv(people(3)).getvalue().decode("utf-8-sig")
    for end in ("Jumlah: 3", "Jumlah,3\r\n", "Cilegon, 3 November 2025\r\n"):
        assert len(read_all((text + end).encode())) == 4


def test_files_whose_rows_are_short_anyway_are_read():
    text = "No,Nomor Induk,Nama,Alamat\n1,K1,ANI\n2,K2,BUDI\n"
    assert len(read_all(text.encode())) == 2


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_workbook_that_was_cut_off_says_up_to_which_row_it_reads(share):
    whole = as_xlsx(people(400)).getvalue()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    cut = whole[: part.header_offset + int(part.compress_size * share)]
    found = re.search(r"hanya sampai baris (\d+)", complaint(cut))
    assert found
    assert 400 * share * 0.5 < int(found[1]) < 406


def test_a_workbook_with_a_torn_sheet_is_not_read_halfway():
    stream = io.BytesIO()
    with zipfile.ZipFile(as_xlsx(people(50))) as good, zipfile.ZipFile(stream, "w") as torn:
        for name in good.namelist():
            content = good.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content[: content.index(b'<row r="30"') + 40]
            torn.writestr(name, content)
    assert "hanya sampai baris 30" in complaint(stream.getvalue())


# --- Letters -----------------------------------------------------------------------------------
def test_broken_letters_in_utf8_name_their_row():
    text = as_csv([person(n, Nama="JOSÉ ANDRÉ") for n in range(1, 60)]).getvalue()
    broken = text.replace(b"Jl. Uji No. 40", b"Jl. Uji \xff No. 40")
    sentence = complaint(broken)
    assert f"baris {40 + FIRST_ROW - 1}" in sentence
    assert "huruf" in sentence


def test_a_file_marked_as_utf8_that_is_none_is_refused():
    good = as_csv(people(3), encoding="utf-8-sig").getvalue()
    assert "baris 6" in complaint(good.replace(b"Banten", b"B\xe9nten", 1))


def test_a_windows_file_reads_and_one_in_no_known_letters_does_not():
    content = as_csv([person(1, Nama="JOSÉ")], encoding="cp1252").getvalue()
    register = RegisterFile(io.BytesIO(content))
    ((_number, cells),) = register.rows()
    assert cells[register.columns.positions["name"][0]] == "JOSÉ"
    assert "baris 6" in complaint(content.replace("JOSÉ".encode("cp1252"), b"JOS\x81"))


def test_a_torn_utf16_file_is_refused_with_its_row():
    content = as_csv(people(3), encoding="utf-16").getvalue()
    assert "baris" in complaint(content[:-101])


def test_a_letter_that_was_lost_before_is_remarked():
    columns = Columns(["Nama", "Nomor Induk"])
    assert {"code": "letters"} in read_row(2, ["JOS\ufffd", "K1"], columns).findings


# --- Digits that a spreadsheet ate ---------------------------------------------------------------
@pytest.mark.parametrize("nik", ["3.67201E+15", "3,67E+15", "3,67201E15", "3.67201e+15", 3.67e15])
def test_a_nik_that_became_a_number_is_a_warning_and_is_not_kept(nik):
    columns = Columns(["Nama", "Nomor Induk", "NIK"])
    row = read_row(2, ["ANI", "K1", nik], columns)
    assert row.is_warning
    assert not row.is_error
    assert row.findings == [{"code": "nik_number"}]
    assert "nik" not in row.values["inmate"]


@pytest.mark.parametrize("key", ["7.00E+08", "7,00E+08", "7E+8", "1.23457E+11", 1e16, 7.5, 10**16])
def test_a_person_key_that_lost_its_digits_is_none(key):
    columns = Columns(["Nama", "Nomor Induk"])
    row = read_row(2, ["ANI", key], columns)
    assert row.is_error
    (found,) = row.findings
    assert found["code"] == "key_eaten"


@given(st.integers(1, 10**15 - 1))
def test_a_key_that_became_a_whole_number_keeps_its_digits_and_is_remarked(number):
    columns = Columns(["Nama", "Nomor Induk"])
    for cell in (number, float(number)):
        row = read_row(2, ["ANI", cell], columns)
        assert (row.person_key, row.is_error) == (str(number), False)
        assert row.findings == [{"code": "key_number"}]


CELLS = st.none() | st.text() | st.floats() | st.integers() | st.booleans() | st.dates()


@given(st.lists(CELLS, max_size=len(HEADERS) + 3))
def test_any_row_becomes_values_or_an_error_with_a_reason(cells):
    row = read_row(9, cells, Columns(HEADERS))
    assert row.values or row.is_error
    if row.values:
        assert row.name
        assert row.person_key


@given(st.lists(st.sampled_from([*HEADERS, "", "Tahun", "Bulan", "X"]), max_size=12), st.data())
def test_any_two_rows_on_top_are_a_header_or_refused(top, data):
    below = data.draw(st.lists(st.sampled_from(["", "Tahun", "Induk", "Nama", "7"]), max_size=12))
    text = io.StringIO()
    csv.writer(text).writerows([top, below, ["1", "ANI"]])
    try:
        register = RegisterFile(io.BytesIO(text.getvalue().encode()))
    except NotARegister:
        return
    assert register.header_row in (1, 2)


# --- Size --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_file_that_is_too_large_is_let_go_and_the_rest_of_the_form_stays(
    login, facility, registrar, settings
):
    page = login(registrar)
    settings.IMPORT_MAX_BYTES = 200_000
    file = SimpleUploadedFile("register.csv", b"x" * 900_000)
    answer = page.post(
        "/inmates/import/", {"as_of": "2025-11-03", "is_complete": "on", "file": file}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Berkas ini 1 MB. Berkas terlalu besar" in shown
    assert "2025-11-03" in shown
    assert "checked" in shown
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_file_a_little_above_the_limit_is_found_while_it_comes(
    login, facility, registrar, settings
):
    page = login(registrar)
    settings.IMPORT_MAX_BYTES = 200_000
    file = SimpleUploadedFile("register.csv", b"x" * 250_000)
    answer = page.post("/inmates/import/", {"file": file})
    assert answer.status_code == 422
    assert "terlalu besar" in answer.content.decode()


@pytest.mark.django_db
def test_the_upload_still_asks_for_its_token(registrar, facility):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(registrar, "django.contrib.auth.backends.ModelBackend")
    assert strict.post("/inmates/import/", {"file": as_csv(people(1))}).status_code == 403


# --- The same people by any way ------------------------------------------------------------------
@pytest.mark.django_db
def test_grouped_headers_import_as_plain_ones_do(facility, registrar):
    rows = people(5)
    random.Random(1).shuffle(rows)  # noqa: S311
    top = list(HEADERS)
    below = [""] * len(HEADERS)
    first = HEADERS.index("Lama Pidana Tahun")
    top[first : first + 3] = ["Lama Pidana", "", ""]
    below[first : first + 3] = ["Tahun", "Bulan", "Hari"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([*TITLE, top, below])
    writer.writerows([row[name] for name in HEADERS] for row in rows)
    grouped = io.BytesIO(text.getvalue().encode())
    assert imported(facility, registrar, grouped).report["new"] == 5
    again = imported(facility, registrar, as_csv(rows))
    assert (again.report["unchanged"], again.report["updated"]) == (5, 0)
