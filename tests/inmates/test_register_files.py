"""Which files are registers, where their header stands, and what is said about all others."""

import contextlib
import io
import random
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inmates.register.columns import Columns, bare
from inmates.register.files import NotARegister, RegisterFile
from inmates.register.rows import read_row
from tests.inmates.register_files import (
    FIRST_ROW,
    HEADER_ROW,
    HEADERS,
    TITLE,
    as_csv,
    as_xlsx,
    people,
    person,
    trapped,
)


def names(register):
    return {n: read_row(n, cells, register.columns).name for n, cells in register.rows()}


def complaint(content):
    stream = content if hasattr(content, "read") else io.BytesIO(content)
    with pytest.raises(NotARegister) as refusal:
        read_all(stream)
    return refusal.value.messages[0]


def read_all(stream):
    return list(RegisterFile(stream).rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_a_csv_reads_with_any_separator_and_encoding(delimiter, encoding):
    rows = [person(1, Nama="JOSÉ ANDRÉ"), person(2)]
    register = RegisterFile(as_csv(rows, delimiter=delimiter, encoding=encoding))
    assert register.header_row == HEADER_ROW
    assert register.as_of == date(2025, 11, 3)
    assert names(register) == {6: "JOSÉ ANDRÉ", 7: "WARGA BINAAN 00002"}


def test_an_xlsx_reads_by_header_name_whatever_the_order():
    for seed in range(3):
        register = RegisterFile(as_xlsx(people(5), seed=seed))
        assert names(register) == {n + 5: f"WARGA BINAAN {n:05d}" for n in range(1, 6)}
        assert "released_on" not in register.columns
        assert register.rows_total == FIRST_ROW + 4


def test_both_formats_read_the_same():
    rows = people(10)
    csv_file, sheet = RegisterFile(as_csv(rows)), RegisterFile(as_xlsx(rows, without=("Foto",)))
    from_csv, from_sheet = (
        [read_row(n, cells, file.columns) for n, cells in file.rows()] for file in (csv_file, sheet)
    )
    for one, other in zip(from_csv, from_sheet, strict=True):
        for row in (one, other):
            row.values["inmate"]["nik"].pop("cipher")
        assert one == other


def test_a_real_date_cell_reads_too():
    register = RegisterFile(as_xlsx([person(1, Tanggal_Lahir=date(1990, 8, 15))]))
    (row,) = [read_row(n, cells, register.columns) for n, cells in register.rows()]
    assert row.values["inmate"]["birth_date"] == "1990-08-15"


def test_rows_are_numbered_as_in_the_sheet():
    rows = as_csv([person(1, Nama='SITI "UCOK"\nAMINAH'), person(2)]).getvalue().decode("utf-8-sig")
    lines = rows.replace("\r\n2,", "\r\n\r\n2,")
    register = RegisterFile(io.BytesIO(lines.encode()))
    assert names(register) == {6: 'SITI "UCOK" AMINAH', 8: "WARGA BINAAN 00002"}


def test_the_header_whose_first_cell_is_no_wins_over_one_that_looks_alike():
    legend = ["Kolom:", "Nama", "Nomor Induk", "Alamat"]
    register = RegisterFile(as_csv(people(1), title=[*TITLE, legend]))
    assert register.header_row == HEADER_ROW + 1


def test_a_header_without_a_number_column_is_found():
    register = RegisterFile(as_csv(people(2), headers=HEADERS[1:]))
    assert len(names(register)) == 2


def test_a_header_that_is_repeated_below_is_an_error_row():
    rows = [person(1), dict(zip(HEADERS, HEADERS, strict=True)), person(2)]
    register = RegisterFile(as_csv(rows))
    read = [read_row(n, cells, register.columns) for n, cells in register.rows()]
    assert [row.is_error for row in read] == [False, True, False]
    assert read[1].findings == [{"code": "header_again"}]


@pytest.mark.parametrize(
    "header", ["NOMOR INDUK", "No. Induk", " nomor  induk ", "Nomor_Induk", "Nomor Induk SDP"]
)
def test_headers_are_compared_without_case_blanks_and_marks(header):
    assert "person_key" in Columns(["No", header, "Nama Lengkap"])


def test_national_number_and_person_key_are_not_confused():
    columns = Columns(["No", "Nomor Induk KTP", "Nomor Induk", "Nama"])
    assert columns.positions == {"nik": [1], "person_key": [2], "name": [3]}


def test_two_bare_headers_after_the_years_belong_to_the_sentence():
    columns = Columns(["Lama Pidana Tahun", "Bulan", "Hari", "Subsider (bulan)"])
    assert columns.positions == {"years": [0], "months": [1], "days": [2]}
    assert Columns(["Bulan", "Hari"]).unknown == ["Bulan", "Hari"]


def test_unknown_columns_are_listed_and_the_forbidden_ones_dropped():
    columns = Columns([*HEADERS, "Kelompok Kerja", "Nama"])
    assert columns.unknown == ["Kelompok Kerja"]
    assert columns.repeated == ["Nama"]
    assert {"Agama", "Foto", "Nama Ayah", "Nama Ibu", "Jenis Kejahatan"} <= set(columns.dropped)


def test_what_must_not_be_kept_is_in_no_row():
    register = RegisterFile(as_csv(people(3)))
    for number, cells in register.rows():
        row = read_row(number, cells, register.columns)
        assert "RAHASIA" in str(cells)
        assert "RAHASIA" not in str(row)
        nik = dict(zip(HEADERS, cells, strict=True))["Nomor Induk KTP"]
        assert nik not in str(row)


def test_a_key_that_excel_made_a_number_is_kept_and_remarked():
    register = RegisterFile(as_xlsx([person(1, Nomor_Induk=900000001)]))
    (row,) = [read_row(n, cells, register.columns) for n, cells in register.rows()]
    assert row.person_key == "900000001"
    assert {"code": "key_number"} in row.findings


def test_short_and_long_rows_do_no_harm():
    text = "No,Nomor Induk,Nama,Alamat\n1,K1,ANI\n2,K2,BUDI,Jl. A,zuviel,zuviel\n"
    assert names(RegisterFile(io.BytesIO(text.encode()))) == {2: "ANI", 3: "BUDI"}


def test_an_empty_file_is_named_so():
    assert complaint(b"") == "Berkas ini kosong."
    assert complaint(b"\xef\xbb\xbf\r\n\r\n") == "Berkas ini kosong."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "gambar PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "gambar JPEG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "Excel lama"),
        (b"<html><table><tr><td>Nama</td></tr></table>", "halaman web"),
        (b"abc\x00\x01def", "bukan CSV atau XLSX"),
        (b"PK\x03\x04" + bytes(100), "rusak"),
        (b"Halo, ini surat.\nSalam", "bukan register"),
        (b"No,Nama,Alamat\n1,ANI,Jl. A\n", "baris 1 tidak memuat \u201cNomor Induk\u201d"),
        (b"\n\nNo;Nomor Induk;Alamat\n", "baris 3 tidak memuat \u201cNama\u201d"),
    ],
)
def test_what_is_no_register_is_told_in_one_sentence(content, words):
    assert words in complaint(content)


def test_a_file_above_the_limit_is_refused(settings):
    settings.IMPORT_MAX_BYTES = 1000
    assert "terlalu besar" in complaint(as_csv(people(50)))


def test_a_zip_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("catatan.txt", "halo")
    assert "bukan XLSX" in complaint(stream)


def test_an_xlsx_without_header_is_refused():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Halo", "dunia"])
    book.close()
    assert "bukan register" in complaint(stream)


def test_a_workbook_that_claims_a_giant_sheet_is_refused_before_it_is_read():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["No", "Nama", "Nomor Induk"])
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert "1048576 baris" in complaint(stream)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="A999999999"'),
        ("xl/worksheets/sheet1.xml", b'<row r="1"', b"<row r = '99999999999'"),
        ("xl/sharedStrings.xml", b'uniqueCount="', b'uniqueCount="99999999999'),
    ],
)
def test_a_workbook_that_lies_about_its_size_is_refused_before_it_is_read(part, old, new):
    stream = io.BytesIO()
    with zipfile.ZipFile(as_xlsx(people(2))) as good, zipfile.ZipFile(stream, "w") as lying:
        for name in good.namelist():
            content = good.read(name)
            lying.writestr(name, content.replace(old, new, 1) if name == part else content)
    assert "rusak" in complaint(stream)


def test_many_cells_of_one_text_are_no_lie():
    rows = [person(n, Alamat="-", Kota="-") for n in range(1, 400)]
    assert len(names(RegisterFile(as_xlsx(rows)))) == 399


def test_a_workbook_that_unpacks_too_far_is_refused(settings):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 700_000)
    settings.IMPORT_MAX_BYTES = 100_000
    assert "terlalu besar" in complaint(stream)


def test_broken_workbooks_are_refused_not_crashed_on():
    good = as_xlsx(people(3)).getvalue()
    dice = random.Random(7)  # noqa: S311
    for _attempt in range(60):
        broken = bytearray(good[: dice.randrange(30, len(good))])
        for _hit in range(dice.randrange(20)):
            broken[dice.randrange(4, len(broken))] = dice.randrange(256)
        with contextlib.suppress(NotARegister):
            read_all(io.BytesIO(bytes(broken)))


@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=2000))
@example(b"\r\x01\x9d")
def test_any_bytes_are_a_register_or_refused(content):
    with contextlib.suppress(NotARegister):
        read_all(io.BytesIO(content))


def test_the_traps_are_seen():
    rows, expected = trapped()
    register = RegisterFile(as_csv(rows))
    read = [read_row(n, cells, register.columns) for n, cells in register.rows()]
    assert [row.number for row in read if row.is_error] == expected["error_rows"]
    assert bare("1/3 Masa  Pidana.") == "1/3masapidana"
