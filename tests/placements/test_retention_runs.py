"""Whose time is over, and the run over them: whole people, also when it is ended midway."""

import threading
import time
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error as DatabaseGone
from django.db import connections, transaction

from inmates.models import Circumstance, Custody, Inmate
from inmates.states import CircumstanceDecision, CircumstanceKind, CustodyEnd
from placements.models import RetentionRun
from placements.services import retention
from tests.factories.inmates import CustodyFactory, gone_from
from tests.factories.partners import today
from tests.factories.training import CandidateFactory

# The owner works on a connection of its own, so each test commits.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def apply(**arguments):
    return retention.apply(today=today(), ran_by="cron", **arguments)


# --- Who is due --------------------------------------------------------------------------------
def due_keys(day=None):
    return {person.person_key for person in retention.due(day or today())}


def test_the_time_runs_from_the_end_of_the_last_stay(facility):
    person = gone_from(facility, months=60)
    left = person.custodies.get().until
    over = left + relativedelta(months=60)
    assert due_keys(over - timedelta(days=1)) == set()
    assert due_keys(over) == {person.person_key}


def test_a_prison_may_keep_people_longer_or_shorter_than_the_country(facility):
    person = gone_from(facility, months=13)
    assert due_keys() == set()
    facility.retention_months = 12
    facility.save()
    assert due_keys() == {person.person_key}


def test_who_came_back_or_never_left_is_not_due(facility):
    back = gone_from(facility)
    CustodyFactory(inmate=back, facility=facility, starts=today(-10))
    later = gone_from(facility)
    CustodyFactory(
        inmate=later, facility=facility, starts=today(-90), until=today(-30), ended_how="released"
    )
    CustodyFactory(facility=facility)
    assert due_keys() == set()


def test_a_stay_under_a_merged_record_counts(facility):
    person = gone_from(facility)
    merged = gone_from(facility, months=3)
    merged.merged_into = person
    merged.save()
    assert due_keys() == set()
    assert due_keys(today() + relativedelta(months=58)) == {person.person_key}


def test_who_escaped_or_has_something_open_is_held_and_the_reason_is_told(facility):
    escaped = gone_from(facility, ended_how=CustodyEnd.ESCAPED)
    candidate = gone_from(facility)
    CandidateFactory(inmate=candidate, batch__agreement__facility=facility)
    assert due_keys() == set()
    held = {
        person.pk: [str(reason) for reason in retention.held_by(person)]
        for person in retention.last_left()
    }
    assert held == {
        escaped.pk: ["Melarikan diri dan belum kembali"],
        candidate.pk: ["Masih calon peserta"],
    }


# --- The run -----------------------------------------------------------------------------------
def test_a_run_leaves_a_row_of_its_own_and_a_second_one_finds_nothing(facility):
    gone_from(facility)
    first, second = apply(), apply()
    assert (first.people, first.ran_by, first.today) == (1, "cron", today())
    assert first.finished_at
    assert second.people == 0


def test_batches_do_all(facility):
    for _person in range(5):
        gone_from(facility)
    assert apply(batch=2).people == 5
    assert not retention.due(today()).exists()


def test_a_run_that_is_ended_leaves_whole_people_and_the_next_goes_on(facility):
    first, second = gone_from(facility), gone_from(facility)
    Circumstance.objects.create(
        inmate=second,
        facility=facility,
        kind=CircumstanceKind.DATES,
        effective=today(-2000),
        source="register",
        decision=CircumstanceDecision.KEPT,
        reason="Blanked before the run is ended",
        handled_at=second.created_at,
    )
    number = second.custodies.get().register_number
    with transaction.atomic():
        # Held here, the run waits in the middle of the second person until its backend is ended.
        Custody.objects.select_for_update().get(inmate=second)
        ended = threading.Thread(target=_apply_and_be_ended, args=[outcome := []])
        ended.start()
        _end_the_owner_who_waits()
        ended.join(timeout=30)
    assert isinstance(outcome[0], DatabaseGone)
    assert Inmate.objects.get(pk=first.pk).anonymised_on
    untouched = Inmate.objects.get(pk=second.pk)
    assert (untouched.name, untouched.anonymised_on) == (second.name, None)
    assert untouched.custodies.get().register_number == number
    assert untouched.circumstances.get().reason == "Blanked before the run is ended"
    assert RetentionRun.objects.get().people == 1
    assert apply().people == 1


def _apply_and_be_ended(outcome):
    try:
        apply(batch=1)
    except DatabaseGone as error:
        outcome.append(error)
    finally:
        connections.close_all()


def _end_the_owner_who_waits():
    """Ends the owner's backend that waits for a lock, as its own role may."""
    for _attempt in range(200):
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND usename = current_user
                      AND datname = current_database()"""
            )
            if cursor.fetchall():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waited")


def test_files_that_an_ended_run_left_are_deleted_by_the_next(facility):
    name = default_storage.save("consents/left.pdf", ContentFile(b"%PDF-"))
    RetentionRun.objects.using("owner").create(
        today=today(), ran_by="ended", people=1, files_pending=[name, "consents/not-there.pdf"]
    )
    apply()
    assert not default_storage.exists(name)
    assert not RetentionRun.objects.exclude(files_pending=[]).exists()
