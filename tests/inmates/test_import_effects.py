"""What a re-import changes, and who is told: circumstances, transfers, people who vanished."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AccessRecord
from inmates.models import Absence, Circumstance, Custody, ImportRun, Inmate, Transfer
from inmates.register.changes import in_words
from inmates.services import register_import
from inmates.states import AbsenceDecision, CircumstanceKind, CustodyEnd, ImportState
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.inmates.importing import imported, preview
from tests.inmates.register_files import as_csv, people, person, written

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def serving(n, **cells):
    """Somebody of register B with a long sentence: two thirds in 400, expiry in 900 days."""
    dates = {
        "Tanggal Mulai Ditahan": written(day(-900), 0),
        "1/3 Masa Pidana": written(day(-300), 0),
        "1/2 Masa Pidana": written(day(0), 0),
        "2/3 Masa Pidana": written(day(400), 0),
        "Tgl Ekspirasi": written(day(900), 0),
        "Tgl Bebas": "-",
        "No Reg Instansi": f"B.I {n}/2024",
    }
    return person(n) | dates | {name.replace("_", " "): cell for name, cell in cells.items()}


def circumstances():
    return list(Circumstance.objects.order_by("id").values_list("kind", "old", "new"))


# --- What changed, before it is applied ----------------------------------------------------------
def test_the_preview_says_field_by_field_what_will_change(facility, registrar):
    imported(facility, registrar, as_csv([person(1)]))
    row = person(
        1,
        Nama="WARGA BINAAN BARU",
        Tgl_Ekspirasi="01/05/2031",
        Kota="-",
        No_Reg_Instansi="A.III 1/2026",
        Nomor_Induk_KTP="3672011508900001",
        Nomor_Induk="'0900000001",
    )
    run = preview(facility, registrar, as_csv([row]))
    changes = run.rows.get().changes
    assert {change["field"]: (change.get("old"), change.get("new")) for change in changes} == {
        "name": ("WARGA BINAAN 00001", "WARGA BINAAN BARU"),
        "expires": ("2027-01-11", "2031-05-01"),
        "city": ("Kab. Serang", ""),
        "register_number": ("BI.N. 1/2024", "A.III 1/2026"),
        "register_class": ("B.I", "A.III"),
        "nik": (None, None),
    }
    assert "3672011508900001" not in str(list(run.rows.values("changes", "messages")))
    words = {label: (old, new) for label, old, new in run.rows.get().changed}
    assert words["Ekspirasi"] == ("11 Januari 2027", "1 Mei 2031")
    assert words["Kota asal"] == ("Kab. Serang", "—")
    assert words["NIK"] == ("", "berubah")
    assert words["Golongan registrasi"][1] == "A.III tahanan pengadilan negeri"


def test_a_new_or_unchanged_person_has_no_changes(facility, registrar):
    run = imported(facility, registrar, as_csv(people(2)))
    assert list(run.rows.values_list("changes", flat=True)) == [[], []]
    run = imported(facility, registrar, as_csv(people(2)))
    assert list(run.rows.values_list("changes", flat=True)) == [[], []]


def test_what_changed_since_the_preview_is_told_as_it_was_done(facility, registrar):
    imported(facility, registrar, as_csv([person(1)]))
    run = preview(facility, registrar, as_csv([person(1, Kota="Pandeglang")]))
    Inmate.objects.update(city="Lebak")
    run = register_import.apply(run=run, by=registrar)
    assert run.rows.get().changes == [{"field": "city", "old": "Lebak", "new": "Pandeglang"}]


@given(
    st.sampled_from(["expires", "birth_date", "name", "sex", "years", "register_class", "x"]),
    st.none() | st.integers(0, 60) | st.dates().map(str) | st.text(),
)
def test_any_stored_change_can_be_told(field, value):
    is_date = field in ("expires", "birth_date")
    if is_date and not (isinstance(value, str) and len(value) == 10 and value[4] == "-"):
        value = None
    label, old, new = in_words({"field": field, "old": value, "new": value})
    assert (label, old) == (in_words({"field": field})[0], new)


# --- Changes of circumstance -------------------------------------------------------------------
def test_a_date_that_moves_the_expected_release_is_a_change_of_circumstance(facility, registrar):
    imported(facility, registrar, as_csv([serving(1), serving(2), serving(3)]))
    rows = [
        serving(1, **{"2/3 Masa Pidana": written(day(399), 0)}),
        serving(2, **{"1/3 Masa Pidana": written(day(-310), 0)}),  # moves nothing
        serving(3, **{"Tgl Ekspirasi": written(day(950), 0)}),  # 2/3 still comes first
    ]
    run = imported(facility, registrar, as_csv(rows))
    assert run.report["updated"] == 3
    assert circumstances() == [(CircumstanceKind.DATES, day(400).isoformat(), day(399).isoformat())]
    noted = Circumstance.objects.get()
    assert (noted.inmate.person_key, noted.facility) == ("0900000001", facility)
    assert (noted.effective, noted.source) == (run.as_of, "register")
    assert (noted.created_by, noted.is_open) == (registrar, True)


def test_the_same_dates_spelled_otherwise_are_no_change(facility, registrar):
    imported(facility, registrar, as_csv([serving(1)]))
    run = imported(
        facility, registrar, as_csv([serving(1, **{"2/3 Masa Pidana": written(day(400), 3)})])
    )
    assert run.report["unchanged"] == 1
    assert circumstances() == []


@pytest.mark.parametrize(
    ("before", "after"), [("B.I 1/2024", "A.III 9/2026"), ("A.III 1/2024", "B.IIa 9/2026")]
)
def test_another_register_book_is_a_change_of_circumstance(facility, registrar, before, after):
    imported(facility, registrar, as_csv([serving(1, No_Reg_Instansi=before)]))
    imported(facility, registrar, as_csv([serving(1, No_Reg_Instansi=after)]))
    ((kind, old, new),) = circumstances()
    assert (kind, old[0], new[0]) == (CircumstanceKind.REGISTER, before[0], after[0])


def test_another_class_of_the_same_book_is_none(facility, registrar):
    imported(facility, registrar, as_csv([serving(1)]))
    imported(facility, registrar, as_csv([serving(1, No_Reg_Instansi="BIIa 9/2026")]))
    assert circumstances() == []


def test_a_day_of_release_in_the_past_is_only_remarked(facility, registrar):
    imported(facility, registrar, as_csv([serving(1)]), as_of=day(-5))
    run = imported(
        facility, registrar, as_csv([serving(1, Tgl_Bebas=written(day(-1), 0))]), as_of=day(0)
    )
    assert {"row": 6, "code": "released"} in run.report["remarks"]
    assert circumstances() == []
    assert Custody.objects.open().count() == 1


def test_a_day_of_release_to_come_is_a_change(facility, registrar):
    imported(facility, registrar, as_csv([serving(1)]))
    imported(facility, registrar, as_csv([serving(1, Tgl_Bebas=written(day(30), 0))]))
    assert circumstances() == [(CircumstanceKind.DATES, day(400).isoformat(), day(30).isoformat())]


def test_new_and_returning_people_change_nothing_that_runs(facility, registrar):
    inmate = InmateFactory(person_key="0900000001")
    CustodyFactory(
        inmate=inmate, facility=facility, until=date(2024, 6, 1), ended_how=CustodyEnd.RELEASED
    )
    imported(facility, registrar, as_csv([serving(1), serving(2)]))
    assert circumstances() == []


# --- Custody elsewhere -------------------------------------------------------------------------
def test_who_is_held_elsewhere_is_asked_for_and_nothing_of_them_is_told(facility, registrar):
    other = FacilityFactory(name="Lapas Lain Sekali")
    inmate = inmate_at(other, person_key="0900000001", name="NAMA ASLI")
    run = imported(facility, registrar, as_csv([person(1), person(2)]))
    assert (run.report["new"], run.report["unchanged"]) == (1, 1)
    transfer = Transfer.objects.get()
    assert (transfer.inmate, transfer.origin) == (inmate, other)
    assert (transfer.destination, transfer.moved_on) == (facility, run.as_of)
    assert (transfer.register_number, transfer.register_class) == ("BI.N. 1/2024", "B.I")
    ((_level, sentence),) = run.rows.get(number=6).sentences
    assert sentence.startswith("Tercatat di lapas lain: diusulkan sebagai mutasi masuk")
    told = str(list(run.rows.filter(number=6).values())) + str(run.report)
    assert "Lapas Lain" not in told
    assert "NAMA ASLI" not in told
    imported(facility, registrar, as_csv([person(1)]))
    assert Transfer.objects.count() == 1


def test_who_moved_after_the_day_of_the_file_is_not_asked_for(facility, registrar):
    inmate = inmate_at(FacilityFactory(), person_key="0900000001")
    inmate.custodies.update(starts=date(2025, 12, 1))
    run = imported(facility, registrar, as_csv([person(1)]), as_of=date(2025, 11, 3))
    assert run.report["remarks"] == [{"row": 6, "code": "moved_since"}]
    assert not Transfer.objects.exists()


# --- People who vanished -----------------------------------------------------------------------
def test_a_complete_file_lists_whom_it_does_not_hold_and_ends_nothing(facility, registrar):
    imported(facility, registrar, as_csv(people(4)))
    run = preview(facility, registrar, as_csv(people(2)), is_complete=True)
    assert not Absence.objects.exists()
    run = register_import.apply(run=run, by=registrar)
    assert run.report["missing"] == 2
    absent = Absence.objects.order_by("inmate__person_key")
    assert [a.inmate.person_key for a in absent] == ["0900000003", "0900000004"]
    assert {(a.run, a.facility, a.decision, a.created_by) for a in absent} == {
        (run, facility, "", registrar)
    }
    assert Custody.objects.open().count() == 4
    assert Circumstance.objects.count() == 0


def test_a_file_that_is_not_complete_lists_nobody(facility, registrar):
    imported(facility, registrar, as_csv(people(3)))
    run = imported(facility, registrar, as_csv(people(1)))
    assert "missing" not in run.report
    assert not Absence.objects.exists()


def test_an_error_row_still_says_that_somebody_is_there(facility, registrar):
    imported(facility, registrar, as_csv(people(2)))
    broken = person(2, Nama="-", Nomor_Induk="'0900000002")
    run = imported(facility, registrar, as_csv([person(1), broken]), is_complete=True)
    assert run.report["missing"] == 0


def test_other_prisons_later_arrivals_and_open_absences_are_left_out(facility, registrar):
    inmate_at(FacilityFactory())
    late = inmate_at(facility)
    late.custodies.update(starts=date(2025, 11, 4))
    gone = inmate_at(facility)
    run = imported(facility, registrar, as_csv(people(1)), is_complete=True)
    assert run.report["missing"] == 1
    run = imported(facility, registrar, as_csv(people(1)), is_complete=True)
    assert run.report["missing"] == 0
    assert Absence.objects.get().inmate == gone


def test_a_merged_record_stands_for_the_same_person(facility, registrar):
    winner = inmate_at(facility)
    InmateFactory(person_key="0900000001", merged_into=winner)
    run = imported(facility, registrar, as_csv(people(1)), is_complete=True)
    assert run.report["missing"] == 0


def test_who_is_listed_again_is_missing_no_more(facility, registrar):
    imported(facility, registrar, as_csv(people(2)))
    imported(facility, registrar, as_csv(people(1)), is_complete=True)
    before = imported(facility, registrar, as_csv(people(2)), as_of=date(2025, 11, 2))
    assert before.report["returned"] == 0  # an older file says nothing about it
    run = imported(facility, registrar, as_csv(people(2)))
    assert run.report["returned"] == 1
    absence = Absence.objects.get()
    assert (absence.decision, absence.decided_by) == (AbsenceDecision.BACK, registrar)
    assert absence.decided_at


def test_the_preview_shows_who_is_missing_and_writes_down_who_was_seen(login, facility, registrar):
    page = login(registrar)
    imported(facility, registrar, as_csv(people(3)))
    run = preview(facility, registrar, as_csv(people(1)), is_complete=True)
    shown = page.get(run.get_absolute_url()).content.decode()
    assert "2 dari 3 orang yang tercatat di sini tidak ada di berkas" in shown
    assert "lebih dari separuh" in shown
    shown = page.get(f"{run.get_absolute_url()}?show=absent").content.decode()
    assert "WARGA BINAAN 00003" in shown
    missing = Inmate.objects.exclude(person_key="0900000001")
    assert set(AccessRecord.objects.order_by("id").last().subjects) == {
        each.public_id for each in missing
    }
    run = register_import.apply(run=run, by=registrar)
    shown = page.get(run.get_absolute_url()).content.decode()
    assert "2 orang tidak tercantum lagi" in shown
    assert "/inmates/absences/" in shown


def test_the_upload_page_takes_the_word_that_a_file_is_complete(login, facility, registrar):
    page = login(registrar)
    page.post("/inmates/import/", {"file": as_csv(people(1)), "is_complete": "on"})
    assert ImportRun.objects.get().is_complete


# --- Size ----------------------------------------------------------------------------------------
def test_statements_do_not_grow_with_those_who_change_vanish_or_are_elsewhere(facility, registrar):
    other = FacilityFactory()

    def statements(count, start):
        here = [serving(n) for n in range(start, start + count)]
        imported(facility, registrar, as_csv(here))
        for n in range(start + 500, start + 500 + count):
            inmate_at(other, person_key=f"09{n:08d}")
        rows = [row | {"2/3 Masa Pidana": written(day(200), 0)} for row in here[: count // 2]]
        rows += [serving(n) for n in range(start + 500, start + 500 + count)]
        run = preview(facility, registrar, as_csv(rows), is_complete=True)
        with CaptureQueriesContext(connection) as asked:
            run = register_import.apply(run=run, by=registrar)
        assert run.report["updated"] == count // 2
        assert run.state == ImportState.APPLIED
        return len(asked)

    few, many = statements(10, start=1), statements(60, start=2000)
    assert Circumstance.objects.count() == 35
    assert Transfer.objects.count() == 70
    assert few == many
