"""The report to take away: every row in words, harmless in a spreadsheet, written down."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import load_workbook

from accounts.models import AccessRecord
from inmates.models import ImportRun, Inmate
from inmates.services import register_import
from inmates.states import ImportState
from tests.factories.inmates import inmate_at
from tests.inmates.importing import imported, preview
from tests.inmates.register_files import as_csv, people, person, trapped

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(login, registrar):
    return login(registrar)


def lines(page, run):
    answer = page.get(f"{run.get_absolute_url()}report/")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def cells(page, run):
    answer = page.get(f"{run.get_absolute_url()}report/?format=xlsx")
    content = b"".join(answer.streaming_content)
    book = load_workbook(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def test_each_row_of_the_file_is_a_line_in_words(page, facility, registrar):
    rows, expected = trapped()
    run = preview(facility, registrar, as_csv(rows))
    heading, *found = lines(page, run)
    assert heading[:4] == ["Baris", "Nama", "Nomor Induk", "Hasil"]
    assert len(found) == len(rows)
    by_row = {int(line[0]): line for line in found}
    for number in expected["error_rows"]:
        assert by_row[number][3] == "Kesalahan"
        assert by_row[number][5]
    assert [n for n, line in by_row.items() if line[4] == "ya"] == expected["warning_rows"]
    duplicate = by_row[expected["duplicate_rows"][0]]
    assert duplicate[5] == "Nomor Induk ini sudah ada di baris 6."


def test_the_workbook_says_the_same(page, facility, registrar):
    imported(facility, registrar, as_csv(people(2)))
    run = preview(facility, registrar, as_csv([person(1, Kota="Lebak"), person(2)]))
    from_csv, from_sheet = lines(page, run), cells(page, run)
    assert [[str(cell) for cell in line] for line in from_csv[1:]] == [
        [str(int(line[0])), *line[1:]] for line in from_sheet[1:]
    ]
    assert from_sheet[1][6] == "Kota asal: Kab. Serang → Lebak"


def test_an_applied_import_still_has_its_report(page, facility, registrar):
    run = imported(facility, registrar, as_csv(people(2)))
    assert [line[1] for line in lines(page, run)[1:]] == [
        "WARGA BINAAN 00001",
        "WARGA BINAAN 00002",
    ]


def test_a_cell_that_looks_like_a_formula_runs_nowhere(page, facility, registrar):
    run = preview(facility, registrar, as_csv([person(1, Nama="=HYPERLINK(1)"), person(2)]))
    assert lines(page, run)[1][1] == "'=HYPERLINK(1)"
    assert cells(page, run)[1][1] == "'=HYPERLINK(1)"


def test_who_is_missing_stands_at_the_end(page, facility, registrar):
    inmate_at(facility, name="SI HILANG")
    run = preview(facility, registrar, as_csv(people(1)), is_complete=True)
    assert lines(page, run)[-1][1:4] == [
        "SI HILANG",
        Inmate.objects.get().person_key,
        "Tidak tercantum",
    ]
    run = register_import.apply(run=run, by=registrar)
    assert lines(page, run)[-1][1] == "SI HILANG"


def test_the_export_of_known_people_is_written_down(page, facility, registrar):
    run = imported(facility, registrar, as_csv(people(2)))
    lines(page, run)
    record = AccessRecord.objects.order_by("id").last()
    assert record.act == "export"
    assert set(record.subjects) == set(Inmate.objects.values_list("public_id", flat=True))


def test_names_go_after_a_while_and_the_numbers_stay(page, facility, registrar, settings):
    run = imported(facility, registrar, as_csv(people(2)))
    long_ago = timezone.now() - timedelta(days=settings.IMPORT_NAMES_KEPT_DAYS + 1)
    ImportRun.objects.update(applied_at=long_ago)
    register_import.resume()
    assert [line[:4] for line in lines(page, run)[1:]] == [
        ["6", "", "", "Baru"],
        ["7", "", "", "Baru"],
    ]
    run.refresh_from_db()
    assert run.report["new"] == 2
    assert page.get(run.get_absolute_url()).status_code == 200


def test_an_import_without_rows_has_no_report(page, facility, registrar):
    run = preview(facility, registrar, as_csv(people(1)))
    register_import.cancel(run=run, by=registrar)
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED
    assert page.get(f"{run.get_absolute_url()}report/").status_code == 404


def test_many_rows_ask_as_few_questions_as_one(
    page, facility, registrar, django_assert_max_num_queries
):
    run = imported(facility, registrar, as_csv(people(60)))
    with django_assert_max_num_queries(9):
        lines(page, run)
