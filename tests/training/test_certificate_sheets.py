"""Reading a sheet of certificates: its columns, its rows, whose they are, which file is whose."""

import io
from types import SimpleNamespace as Person

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sheets.refusals import NotASheet
from tests.factories.partners import today
from tests.training.certificate_sheets import comma_separated, of_batch_rows, of_prison_rows, paper
from tests.training.certificate_sheets import xlsx as workbook
from training.sheet import matching, reading, scans
from training.sheet.columns import OF_PRISON, of_batch, verdicts_in
from training.sheet.template import for_batch, for_prison
from training.teaching import CertificateKind, Verdict

UNITS = [("C.24LAS01.001.1", "Menyiapkan tempat kerja")]
PEOPLE = [
    Person(name=name)
    for name in (
        "MUHAMMAD RIZKI PRATAMA",
        "SITI NURHALIZA",
        "BUDI SANTOSO",
        "BUDI SETIAWAN",
        "TB. AHMAD FAUZI",
        "",
    )
]


class TestRows:
    def test_csv_and_xlsx_say_the_same(self):
        rows = [paper(), paper(name="SITI", kind="kompetensi", scheme="Las", number="2")]
        one = reading.read(workbook(rows), of_batch([]), most=9, one_of=("code", "name"))
        other = reading.read(comma_separated(rows), of_batch([]), most=9, one_of=("code", "name"))

        assert [row.values for row in one] == [row.values for row in other]
        assert one[1].values["kind"] == CertificateKind.COMPETENCY

    def test_people_of_the_template_without_a_certificate_are_left_out(self):
        rows = of_batch_rows({"code": "7K3QM", "name": "BUDI"}, paper())

        assert [row.number for row in rows] == [3]

    def test_results_of_units_are_read(self):
        columns = of_batch(UNITS)
        (row,) = of_batch_rows(
            paper(**{"unit:C.24LAS01.001.1": "bk", "assessor": "Ir. Heru"}), columns=columns
        )

        assert verdicts_in(row.values) == {"C.24LAS01.001.1": Verdict.NOT_YET}

    def test_a_result_that_is_none_is_told_beside_its_unit(self):
        columns = of_batch(UNITS)
        (row,) = of_batch_rows(paper(**{"unit:C.24LAS01.001.1": "baik"}), columns=columns)

        assert row.told == [("C.24LAS01.001.1", "“baik” bukan hasil: tulis K atau BK.")]

    def test_a_number_that_was_a_figure_is_remarked(self):
        (row,) = of_batch_rows(paper(number=123456))

        assert row.values["number"] == "123456"
        assert "angka" in row.remarks[0]

    def test_a_missing_column_is_named(self):
        columns = [column for column in of_batch([]) if column.field != "number"]
        with pytest.raises(NotASheet, match="Nomor sertifikat"):
            of_batch_rows_with(columns)

    def test_neither_code_nor_name_is_named(self):
        columns = [column for column in of_batch([]) if column.field not in ("code", "name")]
        with pytest.raises(NotASheet, match=r"Kode peserta.*Nama"):
            of_batch_rows_with(columns)

    def test_too_many_rows_are_told(self):
        with pytest.raises(NotASheet, match="Lebih dari 2 baris"):
            reading.read(
                workbook([paper(number=str(n)) for n in range(3)]),
                of_batch([]),
                most=2,
                one_of=("code", "name"),
            )

    @pytest.mark.parametrize(
        "content", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"satu;dua\n1;2\n"]
    )
    def test_what_is_no_such_sheet_is_a_sentence(self, content):
        with pytest.raises(NotASheet):
            reading.read(io.BytesIO(content), of_batch([]), most=9, one_of=("code", "name"))

    def test_an_old_paper_needs_a_number_of_its_person(self):
        (row,) = of_prison_rows(
            {
                "name": "BUDI",
                "title": "Las",
                "issuer": "BLK",
                "number": "1",
                "issued_on": today(-900),
            }
        )

        assert "Isi salah satu" in row.problems["key"]


def of_batch_rows_with(columns):
    reading.read(workbook([paper()], columns), of_batch([]), most=9, one_of=("code", "name"))


class TestTemplates:
    def test_a_batch_has_its_participants_in_it(self):
        roster = [Person(code="7K3QM", name="=SUM(A1)"), Person(code="9PQRS", name="")]
        content = io.BytesIO(for_batch(UNITS, roster))

        with pytest.raises(NotASheet, match="belum berisi sertifikat"):
            reading.read(content, of_batch(UNITS), most=9, one_of=("code", "name"))

    def test_the_template_of_a_prison_is_read_back(self):
        with pytest.raises(NotASheet, match="belum berisi sertifikat"):
            reading.read(
                io.BytesIO(for_prison()), OF_PRISON, most=9, one_of=("key", "register_number")
            )


class TestNames:
    @pytest.mark.parametrize(
        ("written", "sureness", "meant"),
        [
            ("Budi Santoso", "sure", "BUDI SANTOSO"),
            ("H. Budi  Santoso, S.T.", "sure", "BUDI SANTOSO"),
            ("Ahmad Fauzi", "sure", "TB. AHMAD FAUZI"),
            ("Siti Nur Haliza", "likely", "SITI NURHALIZA"),
            ("Nurhaliza Siti", "likely", "SITI NURHALIZA"),
            ("Sti Nurhalisa", "likely", "SITI NURHALIZA"),
            ("M. Riski Pratama", "likely", "MUHAMMAD RIZKI PRATAMA"),
            ("Moch. Rizki Pratama", "likely", "MUHAMMAD RIZKI PRATAMA"),
            ("Budi", "unclear", None),
            ("Budi S.", "unclear", None),
            ("Joko Widodo", "nobody", None),
            ("", "nobody", None),
            ("…", "nobody", None),
        ],
    )
    def test_are_matched_among_the_participants(self, written, sureness, meant):
        match = matching.by_name(written, PEOPLE)

        assert (match.sureness, match.person and match.person.name) == (sureness, meant)

    def test_two_of_one_name_are_asked(self):
        twins = [Person(name="AGUS"), Person(name="AGUS")]

        assert matching.by_name("Agus", twins).sureness == matching.UNCLEAR

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_likeness_is_a_share_and_the_same_both_ways(self, one, other):
        first, second = matching.likeness(one, other), matching.likeness(other, one)

        assert 0 <= first <= 1
        assert (first == 1) >= (one == other)
        assert abs(first - second) < 0.2

    @given(st.text(max_size=60))
    def test_any_text_is_answered(self, written):
        match = matching.by_name(written, PEOPLE)

        assert match.person is None or match.person in PEOPLE
        assert PEOPLE[-1] not in match.near


class TestFiles:
    def test_two_rows_of_one_person_need_the_number(self):
        wanted = [("560/1/BLK", "7K3QM", "BUDI"), ("BNSP-77", "7K3QM", "BUDI")]

        assert scans.pair(wanted, ["7k3qm.pdf"]) == {}
        assert scans.pair(wanted, ["7k3qm bnsp 77.pdf"]) == {1: ("7k3qm bnsp 77.pdf", "number")}

    def test_two_files_of_one_row_are_left(self):
        assert scans.pair([("560/1", "", "BUDI")], ["budi.pdf", "budi (1).pdf"]) == {}

    def test_in_order_only_when_no_name_says_anything(self):
        wanted = [("560/1", "", "BUDI SANTOSO"), None, ("560/2", "", "SITI")]

        assert scans.pair(wanted, ["a.jpg", "b.jpg"]) == {
            0: ("a.jpg", "order"),
            2: ("b.jpg", "order"),
        }
        assert scans.pair(wanted, ["a.jpg", "siti.jpg"]) == {2: ("siti.jpg", "person")}
        assert scans.pair(wanted, ["a.jpg"]) == {}

    def test_short_numbers_are_not_looked_for(self):
        assert scans.pair([("7", "", "BUDI"), ("8", "", "SITI")], ["scan 7.pdf"]) == {}
