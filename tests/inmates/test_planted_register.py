"""Five thousand rows with every trap: the report is exact, and the people are the right ones."""

import pytest

from inmates import nik
from inmates.models import Custody, Inmate, Sentence
from inmates.register.files import RegisterFile
from inmates.register.rows import read_row
from inmates.services import register_import
from tests.inmates.planted_register import planted
from tests.inmates.register_files import as_csv, as_xlsx

pytestmark = pytest.mark.django_db
ROWS = 5000


def imported(facility, by, stream):
    run = register_import.upload(
        facility=facility, file=stream, file_name="register", as_of=None, by=by
    )
    run = register_import.read(run=run)
    assert run.failure == ""
    return register_import.apply(run=run, by=by)


def test_a_long_file_gives_the_right_report_and_the_right_people(facility, registrar):
    file = planted(ROWS)
    run = imported(facility, registrar, as_csv(file.rows))
    assert {name: run.report[name] for name in file.report} == file.report
    _has_the_right_people(facility, file)
    said = {row.number: {found["code"] for found in row.messages} for row in run.rows.all()}
    for code, numbers in file.codes.items():
        assert [number for number in numbers if code not in said[number]] == []

    again = imported(facility, registrar, as_csv(file.rows))
    assert (again.report["new"], again.report["updated"]) == (0, 0)
    assert again.report["unchanged"] == len(file.people)
    assert again.report["error_rows"] == file.error_rows
    assert not again.rows.exclude(changes=[]).exists()


def _has_the_right_people(facility, file):
    people = Inmate.objects.in_custody(facility.pk).select_related("sentence")
    people = {inmate.person_key: inmate for inmate in people}
    assert set(people) == set(file.people)
    classes = dict(Custody.objects.values_list("inmate__person_key", "register_class"))
    for key, facts in file.people.items():
        inmate = people[key]
        assert (inmate.name, inmate.search_name) == (facts.name, facts.search_name)
        assert (inmate.birth_date, inmate.sex) == (facts.birth_date, facts.sex)
        assert inmate.nik_digest == (nik.digest(facts.nik) if facts.nik else "")
        assert inmate.nik_last4 == facts.nik[-4:]
        assert classes[key] == facts.register_class
        sentence = inmate.sentence
        assert (sentence.detained_since, sentence.expires) == (facts.detained_since, facts.expires)
    assert Sentence.objects.count() == len(file.people)


@pytest.mark.parametrize("seed", range(2))
def test_a_workbook_of_another_seed_with_other_columns_too(facility, registrar, seed):
    file = planted(200, seed=seed)
    run = imported(facility, registrar, as_xlsx(file.rows, without=("Foto",), seed=seed))
    assert {name: run.report[name] for name in file.report} == file.report
    _has_the_right_people(facility, file)


def test_the_planter_plants_every_trap():
    file = planted(ROWS)
    register = RegisterFile(as_csv(file.rows))
    codes = {
        found["code"]
        for number, cells in register.rows()
        for found in read_row(number, cells, register.columns).findings
    }
    assert {
        *("no_name", "no_key", "key_eaten", "date_unreadable", "nik_number", "nik_shape"),
        "expiry_before_detention",
    } <= codes
    assert min(len(numbers) for numbers in file.codes.values()) > 20
    assert len(file.rows) >= ROWS
