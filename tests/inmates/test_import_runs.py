"""Runs of the import: never half, never twice, whoever dies or comes at once."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates import tasks
from inmates.models import Custody, ImportRow, ImportRun, Inmate
from inmates.services import (
    register_import,
    register_import_apply,
    register_import_read,
    register_rows,
)
from inmates.states import ImportState, RowOutcome
from tests.factories.accounts import FacilityFactory, staff
from tests.inmates.register_files import as_csv, people
from tests.inmates.runs import imported, preview, upload

pytestmark = pytest.mark.django_db


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
