"""Applying is seen while it runs, can be stopped, and leaves nothing when it is killed."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections

from inmates import tasks
from inmates.models import Circumstance, Custody, ImportRun, Inmate
from inmates.services import register_import, register_import_apply, register_rows
from inmates.states import ImportState
from tests.drills.processes import kill, manage, wait_until
from tests.inmates.importing import imported, preview
from tests.inmates.register_files import as_csv, people

real_transactions = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def halfway(monkeypatch):
    """Applies in batches of ten; the third batch waits for `go_on`."""
    monkeypatch.setattr(register_import_apply, "BATCH_ROWS", 10)
    whole, reached, go_on, calls = register_rows.write, threading.Event(), threading.Event(), []

    def write(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            reached.set()
            assert go_on.wait(20)
        return whole(*args, **kwargs)

    monkeypatch.setattr(register_rows, "write", write)
    return reached, go_on


class Worker(threading.Thread):
    """The task in a connection of its own, as a worker runs it."""

    def __init__(self, run):
        super().__init__()
        self.run_id, self.problem = run.pk, None
        self.start()

    def run(self):
        try:
            tasks.apply_import(self.run_id)
        except Exception as error:
            self.problem = error
        finally:
            connections.close_all()


def queued(facility, registrar, count=50):
    run = preview(facility, registrar, as_csv(people(count)))
    return register_import.queue_apply(run=run, by=registrar)


@real_transactions
def test_progress_is_seen_by_others_while_nothing_else_is(facility, registrar, halfway):
    reached, go_on = halfway
    run = queued(facility, registrar)
    worker = Worker(run)
    assert reached.wait(20)
    run.refresh_from_db()
    assert (run.state, run.rows_applied, run.rows_to_apply) == (ImportState.APPLYING, 20, 50)
    assert Inmate.objects.count() == 0
    go_on.set()
    worker.join(30)
    run.refresh_from_db()
    assert worker.problem is None
    assert (run.state, run.rows_applied) == (ImportState.APPLIED, 50)
    assert Inmate.objects.count() == 50


@real_transactions
def test_stopping_on_the_way_takes_everything_back(facility, registrar, halfway, login):
    reached, go_on = halfway
    run = queued(facility, registrar)
    worker = Worker(run)
    assert reached.wait(20)
    page = login(registrar)
    answer = page.post(f"{run.get_absolute_url()}cancel/", follow=True)
    assert "Pembatalan diminta" in answer.content.decode()
    assert "Sedang dibatalkan" in answer.content.decode()
    run.refresh_from_db()
    assert (run.state, run.cancel_requested) == (ImportState.APPLYING, True)
    go_on.set()
    worker.join(30)
    run.refresh_from_db()
    assert worker.problem is None
    assert run.state == ImportState.CANCELLED
    assert not run.rows.exists()
    assert not Inmate.objects.exists()
    assert not Custody.objects.exists()
    assert "Tidak ada data yang diubah" in page.get(run.get_absolute_url()).content.decode()


@real_transactions
def test_what_waits_for_a_worker_is_cancelled_at_once(facility, registrar):
    run = queued(facility, registrar, 3)
    run = register_import.cancel(run=run, by=registrar)
    assert run.state == ImportState.CANCELLED
    tasks.apply_import(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED
    assert not Inmate.objects.exists()


@real_transactions
def test_a_second_worker_waits_and_imports_nothing_twice(facility, registrar, halfway):
    reached, go_on = halfway
    run = queued(facility, registrar)
    first = Worker(run)
    assert reached.wait(20)
    assert register_import.resume() == 0  # somebody is at it
    second = Worker(run)
    second.join(0.5)
    assert second.is_alive()
    go_on.set()
    first.join(30)
    second.join(30)
    assert (first.problem, second.problem) == (None, None)
    assert Inmate.objects.count() == 50
    assert ImportRun.objects.get().state == ImportState.APPLIED


@real_transactions
def test_asked_to_stop_but_the_worker_was_killed_the_next_one_stops(facility, registrar):
    run = queued(facility, registrar, 3)
    ImportRun.objects.update(cancel_requested=True)
    assert register_import.resume() == 1
    tasks.apply_import(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED
    assert not Inmate.objects.exists()


@pytest.mark.drill
@real_transactions
def test_a_killed_import_leaves_nothing_and_the_next_one_does_it_all(facility, registrar, tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(as_csv(people(4000)).getvalue())
    with manage("import_register", str(path), "--facility", "CLG") as process:
        wait_until(lambda: ImportRun.objects.filter(rows_applied__gte=500).exists(), 240)
        kill(process)
    wait_until(_nobody_applies)
    run = ImportRun.objects.get()
    assert run.state == ImportState.READY
    assert not Inmate.objects.exists()
    assert not Circumstance.objects.exists()
    run = register_import.queue_apply(run=run, by=registrar)
    tasks.apply_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.report["new"]) == (ImportState.APPLIED, 4000)
    assert Inmate.objects.count() == Custody.objects.open().count() == 4000


def _nobody_applies():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        return cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_the_command_may_say_that_its_file_is_complete(facility, registrar, tmp_path, capsys):
    imported(facility, registrar, as_csv(people(3)))
    path = tmp_path / "register.csv"
    path.write_bytes(as_csv(people(2)).getvalue())
    call_command("import_register", str(path), "--facility", "CLG", "--complete", "--json")
    assert '"unchanged": 2' in capsys.readouterr().out
    assert ImportRun.objects.first().absences.get().inmate.person_key == "0900000003"
