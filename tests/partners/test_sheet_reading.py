"""What stands in a sheet of agreements is what is read from it, and what is wrong is told."""

import contextlib
import io
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import NotAllowed
from partners.sheet import reading
from partners.sheet.columns import COLUMNS
from partners.sheet.template import workbook
from partners.states import AgreementKind
from tests.partners.sheets import GOOD, HEADINGS, comma_separated, ods, row, xlsx

WRITERS = [xlsx, ods, comma_separated]
READ = {
    "agency": "BLK Cilegon",
    "kind": AgreementKind.PKS,
    "title": "PKS Pelatihan Las",
    "our_number": "WP.11-HH.05.05-7",
    "their_number": "560/7/2021",
    "signed_on": date(2021, 2, 26),
    "starts_on": date(2021, 2, 26),
    "ends_on": date(2024, 2, 25),
    "scan": "las.pdf",
    "notice_months": 3,
    "review_months": 6,
    "seats_per_year": 32,
    "scope": "Pelatihan",
    "background": "",
    "implementation": "Dua angkatan",
    "benefit": "",
}


def only(**more):
    """The one row of a sheet."""
    (found,) = reading.read(xlsx([row(**more)]))
    return found


def complaint(stream):
    with pytest.raises(NotAllowed) as refusal:
        reading.read(stream)
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize("writer", WRITERS)
def test_every_kind_of_file_gives_the_same_row(writer):
    (found,) = reading.read(writer([GOOD]))

    assert (found.number, found.values, found.problems) == (2, READ, {})


WORDS = st.text("abc XYZ/.-0123456789", min_size=1, max_size=15).map(
    lambda text: f"A {' '.join(text.split())}".strip()
)
STARTS = st.dates(date(1975, 1, 1), date(2024, 12, 31))


@st.composite
def good_rows(draw):
    starts_on = draw(STARTS)
    return {
        "agency": draw(WORDS),
        "kind": draw(st.sampled_from([str(each.label) for each in AgreementKind])),
        "title": draw(WORDS),
        "our_number": draw(WORDS),
        "their_number": draw(WORDS),
        "signed_on": starts_on,
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=draw(st.integers(0, 5000))),
        "scan": draw(WORDS),
        "notice_months": draw(st.integers(1, 24)),
        "review_months": draw(st.integers(1, 60)),
        "seats_per_year": draw(st.integers(1, 10_000)),
        "scope": draw(WORDS),
        "background": draw(WORDS),
        "implementation": draw(WORDS),
        "benefit": draw(WORDS),
    }


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(good_rows(), min_size=1, max_size=3), st.sampled_from(WRITERS))
def test_what_is_written_is_read(rows, writer):
    found = reading.read(writer(rows))

    assert [each.values for each in found] == [
        each | {"kind": next(kind for kind in AgreementKind if kind.label == each["kind"])}
        for each in rows
    ]
    assert not any(each.problems for each in found)


@pytest.mark.parametrize(
    "said",
    [
        "26 Februari 2021",
        "26 pebruari 2021",
        "26-02-2021",
        "26/2/2021",
        "2021-02-26",
        "2021-02-26 00:00:00",
        date(2021, 2, 26),
        44253,
    ],
)
def test_days_are_read_as_offices_write_them(said):
    assert only(starts_on=said).values["starts_on"] == date(2021, 2, 26)


@pytest.mark.parametrize(
    ("field", "said", "words"),
    [
        ("ends_on", "31/02/2024", "bukan tanggal"),
        ("ends_on", "02/26/2024", "tidak ada bulan 26"),
        ("ends_on", "akhir tahun", "bukan tanggal"),
        ("ends_on", "", "Wajib diisi"),
        ("ends_on", date(2020, 1, 1), "tidak boleh sebelum tanggal mulai"),
        ("starts_on", "01/01/1950", "tidak masuk akal"),
        ("signed_on", date(2150, 1, 1), "masa depan"),
        ("kind", "Sewa", "bukan jenis perjanjian"),
        ("title", "x" * 201, "200 huruf"),
        ("title", " - ", "Wajib diisi"),
        ("our_number", "", "Wajib diisi"),
        ("their_number", "9" * 81, "80 huruf"),
        ("notice_months", "tiga", "bilangan bulat"),
        ("notice_months", 99, "antara 1 dan 24"),
        ("notice_months", "0 bulan", "paling sedikit 1"),
        ("review_months", 2.5, "bilangan bulat"),
        ("seats_per_year", "-3", "bilangan bulat"),
        ("seats_per_year", 99_999, "10000"),
        ("scope", "x" * 4001, "4000 huruf"),
    ],
)
def test_a_wrong_cell_is_told_beside_its_column(field, said, words):
    found = only(**{field: said})

    assert set(found.problems) == {field}
    assert words in found.problems[field]
    assert found.told[0][0] == HEADINGS[field]


def test_empty_months_take_what_is_usual():
    values = only(notice_months="", review_months=None, seats_per_year="", kind="").values

    assert (values["notice_months"], values["review_months"]) == (3, 12)
    assert (values["seats_per_year"], values["kind"]) == (None, AgreementKind.PKS)


def test_a_number_that_the_program_took_for_a_figure_is_remarked():
    found = only(our_number=560.0)

    assert found.values["our_number"] == "560"
    assert any("angka" in remark for remark in found.remarks)


def test_days_that_look_swapped_are_remarked_and_others_not():
    swapped = only(signed_on=date(2021, 1, 1), starts_on=date(2021, 5, 3), ends_on=date(2024, 3, 4))

    assert any("tertukar" in remark for remark in swapped.remarks)
    assert not only().remarks
    assert not only(ends_on=date(2024, 3, 17)).remarks


def test_headings_are_found_below_a_title_and_by_other_words():
    headings = HEADINGS | {
        "our_number": "NOMOR PIHAK KESATU",
        "ends_on": "Tgl. Berakhir".replace("Tgl.", "Tanggal"),
        "scan": "File",
        "agency": "Mitra *",
    }
    found = reading.read(xlsx([GOOD], headings, above=[["DAFTAR PKS"], []]))

    assert [(each.number, each.values) for each in found] == [(4, READ)]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_left():
    headings = dict(reversed(HEADINGS.items())) | {"colour": "Warna map"}

    assert reading.read(xlsx([row(colour="merah")], headings))[0].values == READ


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (io.BytesIO(b""), "kosong"),
        (io.BytesIO(b"%PDF-1.7"), "PDF"),
        (io.BytesIO(b"\x89PNG...."), "gambar"),
        (io.BytesIO(b"PK\x03\x04" + bytes(90)), "rusak"),
        (io.BytesIO(b"halo;dunia\n1;2\n"), "tanpa judul kolom"),
        (xlsx([]), "belum berisi"),
        (xlsx([GOOD], {key: HEADINGS[key] for key in ("agency", "title", "ends_on")}), "“Nomor"),
        (xlsx([row(title=f"PKS {n}") for n in range(301)]), "300 baris"),
    ],
)
def test_what_is_no_such_sheet_is_told(stream, words):
    assert words in complaint(stream)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("writer", [xlsx, ods])
def test_a_file_that_was_cut_off_is_told(writer, keep):
    content = writer([GOOD] * 20).getvalue()

    assert complaint(io.BytesIO(content[: int(len(content) * keep)]))


def test_a_comment_on_a_cell_of_an_open_document_is_no_part_of_it():
    comment = "<office:annotation><text:p>Nama mitra</text:p></office:annotation><text:p>Instansi"
    plain = ods([GOOD])
    commented = io.BytesIO()
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(commented, "w") as other:
        for name in archive.namelist():
            content = archive.read(name).decode()
            other.writestr(name, content.replace("<text:p>Instansi", comment, 1))

    assert reading.read(commented)[0].values == READ


def test_an_open_document_that_claims_a_million_cells_costs_nothing():
    bomb = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell'
        ' table:number-columns-repeated="1000000" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    (first, last) = reading.read(ods([GOOD], extra=bomb))

    assert first.values == READ
    assert last.problems


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_sentence(content):
    for start in (b"", b"PK\x03\x04", b"Instansi;Judul;"):
        with contextlib.suppress(NotAllowed):
            reading.read(io.BytesIO(start + content))


def test_the_template_is_read_without_its_example():
    assert "belum berisi" in complaint(io.BytesIO(workbook(["BLK Cilegon"])))
    assert "belum berisi" in complaint(io.BytesIO(workbook([])))


def test_the_worked_example_would_be_a_good_row():
    example = {column.field: column.example for column in COLUMNS} | {"agency": "BLK Cilegon"}
    (found,) = reading.read(xlsx([example]))

    assert (found.problems, found.remarks) == ({}, [])
