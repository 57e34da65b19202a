"""From a file to people: what each row becomes, and what a second register changes."""

from datetime import date

import pytest

from inmates import nik
from inmates.models import Custody, Inmate, Sentence
from inmates.services import (
    register_import,
)
from inmates.states import CustodyEnd, ImportState, RowOutcome
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.inmates.register_files import as_csv, as_xlsx, people, person, trapped
from tests.inmates.runs import findings, imported, preview, upload

pytestmark = pytest.mark.django_db


# --- The contract ------------------------------------------------------------------------------
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_each_trap_is_reported_by_row_as_the_contract_says(facility, registrar, write):
    rows, expected = trapped()
    stream = as_csv(rows) if write is as_csv else as_xlsx(rows, without=("Foto", "Pekerjaan"))
    run = register_import.read(run=upload(facility, registrar, stream))
    assert run.state == ImportState.READY
    assert {name: run.report[name] for name in expected} == expected
    assert Inmate.objects.count() == 0
    run = register_import.apply(run=run, by=registrar)
    assert {name: run.report[name] for name in expected} == expected
    assert Inmate.objects.count() == Custody.objects.count() == expected["new"]
    assert Sentence.objects.count() == expected["new"]


def test_a_person_is_stored_as_the_register_states(facility, registrar):
    row = person(
        7, style=3, Nama="R.M.  ELVIN\x0bANDRIANI", Pekerjaan="Buruh", Nomor_Induk="'0900000007"
    )
    imported(facility, registrar, [row])
    inmate = Inmate.objects.get(person_key="0900000007")
    assert (inmate.name, inmate.search_name) == ("R.M. ELVIN ANDRIANI", "elvin andriani")
    assert (inmate.birth_date, inmate.sex) == (date(1985, 5, 17), "L")
    assert (inmate.aliases, inmate.occupation, inmate.city) == ("", "Buruh", "Kab. Serang")
    assert inmate.masked_nik.endswith("0008")
    assert nik.reveal(inmate.nik_cipher) == row["Nomor Induk KTP"]
    assert inmate.nik_digest == nik.digest(row["Nomor Induk KTP"])
    custody = inmate.custodies.get()
    assert (custody.facility, custody.register_class) == (facility, "B.IIa")
    assert (custody.starts, custody.until) == (date(2025, 11, 3), None)
    assert inmate.sentence.detained_since == date(2023, 1, 17)
    assert (inmate.sentence.years, inmate.sentence.released_on) == (4, None)
    assert inmate.sentence.as_of == date(2025, 11, 3)


def test_detained_people_are_imported_too(facility, registrar):
    imported(facility, registrar, [person(1, No_Reg_Instansi="A.III 8/2022")])
    assert Custody.objects.get().register_class == "A.III"


def test_what_must_not_be_kept_stands_nowhere(facility, registrar):
    run = preview(facility, registrar, people(3))
    stored = str(list(run.rows.values())) + str(run.report)
    assert "RAHASIA" not in stored
    assert "367201" not in stored
    run = register_import.apply(run=run, by=registrar)
    assert not run.rows.exclude(values={}).exists()


def test_the_uploaded_file_is_gone_once_read(facility, registrar, settings):
    run = upload(facility, registrar, as_csv(people(1)))
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(stored) == 1
    run = register_import.read(run=run)
    assert not stored[0].exists()
    assert not run.file


# --- Again, later, elsewhere -------------------------------------------------------------------
def test_the_same_file_again_changes_nothing(facility, registrar):
    rows, expected = trapped()
    imported(facility, registrar, rows)
    before = [list(model.objects.order_by("pk").values()) for model in (Inmate, Custody, Sentence)]
    history = Inmate.objects.first().events.model.objects.count()
    run = imported(facility, registrar, rows)
    assert (run.report["new"], run.report["updated"]) == (0, 0)
    assert run.report["unchanged"] == expected["new"]
    assert run.changes_nothing
    after = [list(model.objects.order_by("pk").values()) for model in (Inmate, Custody, Sentence)]
    for rows_before, rows_after in zip(before, after, strict=True):
        for row in (*rows_before, *rows_after):
            row["nik_cipher"] = bytes(row.get("nik_cipher") or b"")
    assert after == before
    assert Inmate.objects.first().events.model.objects.count() == history


def test_a_later_register_updates_what_changed_and_dates_the_rest(facility, registrar):
    imported(facility, registrar, people(3), as_of=date(2025, 1, 10))
    rows = people(3)
    rows[0] |= {"Tgl Ekspirasi": "01/05/2028", "No Reg Instansi": "BIIa. 9/2025"}
    run = imported(facility, registrar, rows, as_of=date(2025, 2, 10))
    assert (run.report["updated"], run.report["unchanged"]) == (1, 2)
    inmate = Inmate.objects.get(person_key="0900000001")
    assert inmate.sentence.expires == date(2028, 5, 1)
    assert inmate.custodies.get().register_class == "B.IIa"
    assert set(Sentence.objects.values_list("as_of", flat=True)) == {date(2025, 2, 10)}
    event = inmate.sentence.events.order_by("pgh_id").last()
    assert event.pgh_context["name"] == registrar.name


def test_an_older_register_overwrites_nothing(facility, registrar):
    imported(facility, registrar, people(1), as_of=date(2025, 2, 10))
    run = imported(facility, registrar, [person(1, Nama="NAMA LAMA")], as_of=date(2025, 1, 10))
    assert run.report["unchanged"] == 1
    assert findings(run, 6) == ["older"]
    assert Inmate.objects.get().name == "WARGA BINAAN 00001"


def test_a_missing_column_or_bad_nik_erases_nothing(facility, registrar):
    imported(facility, registrar, people(1))
    sheet = as_xlsx([person(1, style=1)], without=("Kota", "Nomor Induk KTP", "Tgl Ekspirasi"))
    run = register_import.read(run=upload(facility, registrar, sheet))
    assert run.report["unchanged"] == 1
    run = imported(facility, registrar, [person(1, style=1, Nomor_Induk_KTP="ABC")])
    assert (run.report["unchanged"], run.report["warning_rows"]) == (1, [6])
    assert Inmate.objects.get().nik_last4 == "0002"


def test_who_is_registered_at_another_prison_is_left_alone(facility, registrar):
    other = FacilityFactory()
    inmate = inmate_at(other, person_key="0900000001", name="NAMA ASLI")
    run = imported(facility, registrar, people(2))
    assert (run.report["new"], run.report["unchanged"]) == (1, 1)
    assert findings(run, 6) == ["elsewhere"]
    assert run.report["remarks"] == [{"row": 6, "code": "elsewhere"}]
    inmate.refresh_from_db()
    assert inmate.name == "NAMA ASLI"
    assert inmate.custodies.get().facility == other


def test_who_was_here_before_comes_back(facility, registrar):
    inmate = InmateFactory(person_key="0900000001")
    CustodyFactory(
        inmate=inmate,
        facility=facility,
        until=date(2024, 6, 1),
        ended_how=CustodyEnd.RELEASED,
    )
    run = imported(facility, registrar, people(1))
    assert run.report["updated"] == 1
    assert findings(run, 6) == ["back"]
    assert inmate.custodies.open().get().facility == facility


def test_a_register_from_before_somebody_left_brings_nobody_back(facility, registrar):
    inmate = InmateFactory(person_key="0900000001")
    CustodyFactory(inmate=inmate, facility=facility, until=date(2025, 11, 20))
    run = imported(facility, registrar, people(1))
    assert findings(run, 6) == ["older"]
    assert not inmate.custodies.open().exists()


def test_a_merged_record_is_left_alone(facility, registrar):
    winner = inmate_at(facility)
    InmateFactory(person_key="0900000001", merged_into=winner)
    run = imported(facility, registrar, people(1))
    assert findings(run, 6) == ["merged"]


def test_somebody_of_the_same_name_and_birth_is_remarked(facility, registrar):
    inmate_at(facility, name="X", search_name="budi uji", birth_date=date(1985, 3, 12))
    inmate_at(FacilityFactory(), name="X", search_name="ani uji", birth_date=date(1985, 3, 23))
    run = preview(facility, registrar, [person(1, Nama="BUDI UJI"), person(2, Nama="ANI UJI")])
    assert findings(run, 6) == ["similar"]
    assert findings(run, 7) == []


def test_what_happened_since_the_preview_is_respected(facility, registrar):
    run = preview(facility, registrar, people(2))
    inmate = inmate_at(FacilityFactory(), person_key="0900000001", name="NAMA ASLI")
    run = register_import.apply(run=run, by=registrar)
    assert (run.report["new"], run.report["unchanged"]) == (1, 1)
    assert run.rows.get(number=6).outcome == RowOutcome.UNCHANGED
    inmate.refresh_from_db()
    assert inmate.name == "NAMA ASLI"
