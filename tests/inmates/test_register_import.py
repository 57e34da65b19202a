"""From a file to people: what each row becomes, what never happens twice, what never half."""

import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates import nik, tasks
from inmates.models import Custody, ImportRow, ImportRun, Inmate, Sentence
from inmates.services import (
    register_import,
    register_import_apply,
    register_import_read,
    register_rows,
)
from inmates.states import CustodyEnd, ImportState, RowOutcome
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.inmates.register_files import as_csv, as_xlsx, people, person, trapped

pytestmark = pytest.mark.django_db


def upload(facility, by, stream, *, as_of=None):
    return register_import.upload(
        facility=facility, file=stream, file_name="register.csv", as_of=as_of, by=by
    )


def preview(facility, by, rows, **arguments):
    return register_import.read(run=upload(facility, by, as_csv(rows), **arguments))


def imported(facility, by, rows, **arguments):
    run = preview(facility, by, rows, **arguments)
    return register_import.apply(run=run, by=by)


def findings(run, number):
    return [found["code"] for found in run.rows.get(number=number).messages]


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


# --- All or nothing, once ----------------------------------------------------------------------
def test_a_failure_halfway_imports_nobody(facility, registrar, monkeypatch):
    monkeypatch.setattr(register_import_apply, "BATCH_ROWS", 10)
    run = preview(facility, registrar, people(25))
    whole, calls = register_rows.write, []

    def breaks(batch, **arguments):
        calls.append(len(batch))
        if len(calls) == 3:
            raise RuntimeError("power cut")
        return whole(batch, **arguments)

    monkeypatch.setattr(register_rows, "write", breaks)
    with pytest.raises(RuntimeError):
        register_import.apply(run=run, by=registrar)
    assert calls == [10, 10, 5]
    assert Inmate.objects.count() == 0
    run.refresh_from_db()
    assert run.state == ImportState.READY


def test_applying_twice_is_the_same_for_one_and_refused_for_another(facility, registrar):
    run = imported(facility, registrar, people(2))
    again = register_import.apply(run=run, by=registrar)
    assert again.applied_at == run.applied_at
    colleague = staff(facility, "registrar")
    with pytest.raises(AlreadyDone, match=registrar.name):
        register_import.apply(run=run, by=colleague)
    assert Inmate.objects.count() == 2


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_who_apply_at_once_one_wins_and_one_is_told(facility, registrar):
    run = preview(facility, registrar, people(60))
    racers = [registrar, staff(facility, "registrar", name="Petugas Kedua")]
    start, outcomes = threading.Barrier(2), []

    def race(user):
        start.wait()
        try:
            register_import.apply(run=ImportRun.objects.get(pk=run.pk), by=user)
            outcomes.append("won")
        except AlreadyDone as refusal:
            outcomes.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=[user]) for user in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome[:4] for outcome in outcomes) == ["Suda", "won"]
    assert Inmate.objects.count() == 60
    assert Custody.objects.count() == 60


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_prisons_that_import_the_same_new_people_get_each_once(facility, registrar):
    other = FacilityFactory()
    colleague = staff(other, "registrar")
    runs = [
        (preview(facility, registrar, people(80)), registrar),
        (preview(other, colleague, list(reversed(people(80)))), colleague),
    ]
    start, problems = threading.Barrier(2), []

    def race(run, user):
        start.wait()
        try:
            register_import.apply(run=run, by=user)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=pair) for pair in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert Inmate.objects.count() == Custody.objects.count() == 80
    assert Custody.objects.values("facility").distinct().count() == 1


# --- Workers come and go -----------------------------------------------------------------------
def test_a_run_that_a_worker_reads_is_not_read_by_another(facility, registrar):
    run = upload(facility, registrar, as_csv(people(2)))
    in_time = timezone.now() + timedelta(seconds=30)
    ImportRun.objects.update(state=ImportState.READING, claimed_until=in_time)
    run = register_import.read(run=run)
    assert run.state == ImportState.READING
    assert ImportRow.objects.count() == 0


def test_a_run_left_by_a_killed_worker_is_found_and_read_anew(
    facility, registrar, monkeypatch, django_capture_on_commit_callbacks
):
    run = upload(facility, registrar, as_csv(people(2)))
    past = timezone.now() - timedelta(seconds=1)
    ImportRun.objects.update(state=ImportState.READING, claimed_until=past, rows_done=1)
    ImportRow.objects.create(run=run, number=6, outcome=RowOutcome.NEW)
    sent = []
    monkeypatch.setattr(
        "correspondence.enqueue._publish", lambda task, args: sent.append((task, args))
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert register_import.resume() == 1
    assert sent == [("inmates.read_import", (run.pk,))]
    tasks.read_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.report["new"], run.rows.count()) == (ImportState.READY, 2, 2)


def test_a_file_that_kills_its_readers_is_given_up(facility, registrar):
    run = upload(facility, registrar, as_csv(people(2)))
    past = timezone.now() - timedelta(seconds=1)
    for _attempt in range(3):
        register_import_read._claim(run)
        ImportRun.objects.update(claimed_until=past)
        run.refresh_from_db()
    run = register_import.read(run=run)
    assert run.state == ImportState.FAILED
    assert "Tidak ada data yang diimpor" in run.failure


def test_a_reader_that_lost_its_claim_stops_writing(facility, registrar, monkeypatch):
    monkeypatch.setattr(register_import_read, "CHUNK_ROWS", 2)
    run = upload(facility, registrar, as_csv(people(6)))
    whole = register_import_read.classified

    def slow(*args, **kwargs):
        for n, rows in enumerate(whole(*args, **kwargs)):
            if n == 1:
                register_import.cancel(run=run, by=registrar)
            yield rows

    monkeypatch.setattr(register_import_read, "classified", slow)
    run = register_import.read(run=run)
    assert run.state == ImportState.CANCELLED
    assert run.rows.count() == 0


def test_an_apply_that_nobody_did_is_enqueued_again(
    facility, registrar, monkeypatch, django_capture_on_commit_callbacks
):
    run = preview(facility, registrar, people(1))
    register_import.queue_apply(run=run, by=registrar)
    sent = []
    monkeypatch.setattr(
        "correspondence.enqueue._publish", lambda task, args: sent.append((task, args))
    )
    with django_capture_on_commit_callbacks(execute=True):
        tasks.resume_imports()
    assert sent == [("inmates.apply_import", (run.pk,))]
    tasks.apply_import(run.pk)
    tasks.apply_import(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED
    assert Inmate.objects.get().created_by == registrar


def test_an_error_nobody_foresaw_ends_the_run_in_words(facility, registrar, monkeypatch):
    run = preview(facility, registrar, people(1))
    register_import.queue_apply(run=run, by=registrar)
    monkeypatch.setattr(register_rows, "write", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.apply_import(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert "Tidak ada data yang diimpor" in run.failure
    assert run.rows.count() == 0


def test_a_preview_nobody_applies_is_dropped_after_a_week(facility, registrar):
    run = preview(facility, registrar, people(1))
    ImportRun.objects.update(created_at=timezone.now() - timedelta(days=8))
    register_import.resume()
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED
    assert run.rows.count() == 0


def test_a_register_without_rows_fails_and_says_where(facility, registrar):
    run = register_import.read(run=upload(facility, registrar, as_csv([])))
    assert run.state == ImportState.FAILED
    assert "baris 5" in run.failure


# --- Who and what is refused -------------------------------------------------------------------
def test_only_a_registrar_of_the_prison_imports(facility, officer, registrar, outsider):
    for user in (officer, outsider):
        with pytest.raises(Forbidden):
            upload(facility, user, as_csv(people(1)))
    run = preview(facility, registrar, people(1))
    for service in (register_import.apply, register_import.queue_apply, register_import.cancel):
        with pytest.raises(Forbidden):
            service(run=run, by=officer)


def test_what_is_no_register_is_refused_beside_the_field(facility, registrar):
    for content in (b"", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(NotAllowed) as refusal:
            upload(facility, registrar, SimpleUploadedFile("register.csv", content))
        assert set(refusal.value.error_dict) == {"file"}
    assert ImportRun.objects.count() == 0


def test_a_register_of_the_future_is_refused(facility, registrar):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotAllowed) as refusal:
        upload(facility, registrar, as_csv(people(1)), as_of=tomorrow)
    assert set(refusal.value.error_dict) == {"as_of"}


def test_a_cancelled_run_cannot_be_applied_nor_an_applied_one_cancelled(facility, registrar):
    run = preview(facility, registrar, people(1))
    register_import.cancel(run=run, by=registrar)
    assert register_import.cancel(run=run, by=registrar).state == ImportState.CANCELLED
    for service in (register_import.apply, register_import.queue_apply):
        with pytest.raises(NotAllowed, match="Dibatalkan"):
            service(run=run, by=registrar)
    run = imported(facility, registrar, people(1))
    with pytest.raises(NotAllowed, match="Selesai"):
        register_import.cancel(run=run, by=registrar)


# --- Size --------------------------------------------------------------------------------------
@pytest.mark.parametrize("again", [False, True])
def test_queries_do_not_grow_with_rows(facility, registrar, again):
    def queries(count, start):
        rows = people(count, start=start)
        if again:
            imported(facility, registrar, rows)
            rows = [row | {"Nama": f"{row['Nama']} B", "Tgl Ekspirasi": "1/1/2030"} for row in rows]
        run = upload(facility, registrar, as_csv(rows))
        with CaptureQueriesContext(
            connection,
        ) as reading:
            run = register_import.read(run=run)
        with CaptureQueriesContext(connection) as applying:
            run = register_import.apply(run=run, by=registrar)
        assert run.report["updated" if again else "new"] == count
        return len(reading), len(applying)

    assert queries(50, start=1) == queries(150, start=1000)


def test_rows_are_read_in_chunks_that_show_progress(facility, registrar, monkeypatch):
    monkeypatch.setattr(register_import_read, "CHUNK_ROWS", 4)
    run = upload(facility, registrar, as_csv(people(10)))
    seen, keep = [], register_import_read._keep_chunk

    def watched(run, rows, token):
        renewed = keep(run, rows, token)
        run.refresh_from_db()
        seen.append((len(rows), run.rows_done, run.state))
        return renewed

    monkeypatch.setattr(register_import_read, "_keep_chunk", watched)
    run = register_import.read(run=run)
    assert seen == [(4, 9, "reading"), (4, 13, "reading"), (2, 15, "reading")]
    assert (run.rows_done, run.rows_total) == (15, 15)
