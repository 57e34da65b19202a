"""When the time is over, nobody can tell who it was, and every figure is as before."""

import threading
import time
from datetime import timedelta
from io import StringIO

import pghistory
import pgtrigger
import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import Error as DatabaseGone
from django.db import ProgrammingError, connection, connections, transaction
from django.db.models import Count
from psycopg2 import sql

from accounts import privacy
from accounts.refusals import NotAllowed
from accounts.services import blanking
from correspondence.models import Letter
from inmates.models import (
    Circumstance,
    Consent,
    Custody,
    Document,
    ImportRow,
    Inmate,
    Sentence,
)
from inmates.services import custodies
from inmates.states import CircumstanceDecision, CircumstanceKind, CustodyEnd
from placements.models import JobSeekerCard, Placement, RetentionRun
from placements.services import retention
from reports import integrity
from tests.factories.accounts import staff
from tests.factories.correspondence import letter_draft
from tests.factories.inmates import CustodyFactory, InmateFactory, gone_from
from tests.factories.partners import EngagementFactory, PartnershipFactory, today
from tests.factories.planted import KEY, NAME, WORDS, planted_person
from tests.factories.training import CandidateFactory
from training.models import Batch, Certificate, Enrolment

# The owner works on a connection of its own, so each test commits.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

LONG_AGO = today() - relativedelta(months=61)


@pytest.fixture
def head(facility):
    return staff(facility, "head")


@pytest.fixture
def planted(facility, head):
    agency = PartnershipFactory(facility=facility).agency
    return planted_person(facility, agency, head, left_on=LONG_AGO)


def apply(**arguments):
    return retention.apply(today=today(), ran_by="cron", **arguments)


def texts_in_the_database():
    """`{(table, column): text}` of everything that holds words, whatever its type."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                JOIN information_schema.tables USING (table_schema, table_name)
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                 AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb',
                                   'ARRAY', 'bytea')"""
        )
        columns = cursor.fetchall()
        for table, column in columns:
            cursor.execute(
                sql.SQL("SELECT string_agg({}::text, '\n') FROM {}").format(
                    sql.Identifier(column), sql.Identifier(table)
                )
            )
            yield (table, column), cursor.fetchone()[0] or ""


def where_words_stand():
    return {
        (*place, word)
        for place, text in texts_in_the_database()
        for word in WORDS
        if word.lower() in text.lower()
    }


def figures():
    """What reports count: people by what is kept of them, and what became of trainings."""
    people = Inmate.objects.annotate(born=Count("pk")).values_list(
        "sex", "education", "city", "birth_date__year"
    )
    return {
        "people": sorted(people, key=str),
        "trainings": sorted(
            Enrolment.objects.values_list("batch__course__code", "state", "inmate__sex")
        ),
        "stays": sorted(Custody.objects.values_list("facility", "until", "ended_how"), key=str),
        "sentences": Sentence.objects.count(),
    }


# --- What is left ------------------------------------------------------------------------------
def test_every_table_about_a_person_is_planted(planted):
    for model, paths in privacy.hanging_on(Inmate).items():
        assert any(model._base_manager.filter(**{path: planted}).exists() for path in paths), (
            f"{model._meta.label}: plant a row in tests/factories/planted.py"
        )


def test_no_table_tells_any_more_who_it_was(planted):
    assert {word for *_place, word in where_words_stand()} >= {KEY, NAME}
    apply()
    assert where_words_stand() == set()


def test_every_figure_is_as_before(planted):
    before = figures()
    apply()
    assert figures() == before


def test_the_person_is_a_code_of_whom_the_year_of_birth_is_left(planted):
    apply()
    person = Inmate.objects.get(pk=planted.pk)
    assert person.name.startswith("Anonim ")
    assert person.search_name == person.name.lower()
    assert (person.birth_date.year, person.birth_date.month, person.birth_date.day) == (
        planted.birth_date.year,
        1,
        1,
    )
    assert (person.nik_cipher, person.nik_digest, person.masked_nik) == (None, "", "")
    assert person.anonymised_on == today()
    assert len(person.person_key) == 30
    twin = person.merged.get()
    assert twin.anonymised_on == today()
    assert twin.person_key != person.person_key


def test_the_scans_are_gone_from_the_storage_too(planted):
    scans = [row.objects.get().scan.name for row in (Consent, Document, Certificate, JobSeekerCard)]
    work = Placement.objects.get()
    scans += [work.decree_scan.name, work.family_guarantee.name]
    assert all(map(default_storage.exists, scans))
    run = apply()
    assert not any(map(default_storage.exists, scans))
    assert (run.files, run.files_pending) == (6, [])


def test_that_a_person_became_anonymous_stands_in_their_history(planted):
    apply()
    newest = planted.events.order_by("pgh_id").last()
    assert (newest.anonymised_on, newest.name[:7]) == (today(), "Anonim ")


def test_every_field_that_is_not_kept_can_be_blanked():
    for model in privacy.hanging_on(Inmate):
        for table in (model, privacy.history_of(model)):
            if table:
                blanking.blanks(model, table)


def test_the_same_person_in_a_later_register_is_a_new_one(planted, facility):
    apply()
    again = InmateFactory(person_key=KEY, name=NAME)
    assert again.pk != planted.pk


def test_who_became_anonymous_begins_and_reopens_no_stay(planted, facility, registrar):
    apply()
    with pytest.raises(NotAllowed, match="dianonimkan"):
        custodies.begin(inmate=planted, facility=facility, starts=today(), by=registrar)
    with pytest.raises(NotAllowed, match="dianonimkan"):
        custodies.reopen(custody=planted.custodies.get(), reason="Keliru", by=registrar)


def breaks():
    return {check: rows for check, rows in integrity.differences() if rows}


def test_the_recount_finds_whatever_was_left(planted, facility, head):
    """In a history, a note, why something else was changed, a draft that lists somebody."""
    batch, before = planted.enrolments.get().batch, breaks()
    with pghistory.context(reason=f"Atas permintaan {NAME}"):
        planted.city = "Kota Lain"
        planted.save()
        batch.name = "Angkatan lain"
        batch.save()
    apply()
    assert breaks() == before  # the planted rows are no whole story
    assert where_words_stand() == set()
    left = "nothing that is not kept is left of anonymised people in {}".format
    name, why = NAME, f"Atas permintaan {NAME}"
    tracked = [Inmate, Enrolment, Batch]
    draft = letter_draft(facility, head)
    with blanking.past_triggers(tracked), connections["owner"].cursor() as cursor:
        planted.events.using("owner").update(name=name)
        Enrolment.objects.using("owner").update(reason=name)
        cursor.execute(
            "UPDATE training_batchevent SET pgh_context = jsonb_set(pgh_context, '{reason}',"
            " to_jsonb(%s::text)) WHERE pgh_context ? 'reason'",
            [why],
        )
        Letter.objects.using("owner").filter(pk=draft.pk).update(
            data={**draft.data, "subjects": [str(planted.public_id)]}
        )
        Inmate.objects.using("owner").filter(pk=planted.pk).update(name=name)
    assert breaks().keys() - before.keys() == {
        left("inmates_inmateevent"),
        left("training_enrolment"),
        "an anonymised person is called by a code",
        "why somebody anonymous was changed is told nowhere",
        "no letter that was not issued names somebody anonymous",
    }


def test_a_text_that_is_about_nobody_is_told_to_whoever_runs_it(planted, facility):
    batch = planted.enrolments.get().batch
    Batch.objects.filter(pk=batch.pk).update(name=f"Kelas {NAME.title()}")
    EngagementFactory(facility=facility, agency=batch.agency, result="Bertemu Zulaikhah saja")
    run = apply()
    assert run.named_elsewhere == [f"training_batch.name {batch.pk}"]
    assert apply().named_elsewhere == []


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


def test_the_rows_of_imports_keep_their_outcome_and_lose_the_person(planted):
    ImportRow.objects.filter(number=2).update(messages=[{"code": "no_key"}])
    other = ImportRow.objects.create(
        run=ImportRow.objects.first().run, number=3, outcome="new", name="LAIN", person_key="X1"
    )
    assert apply().import_rows == 2
    assert list(ImportRow.objects.values_list("name", "person_key", "outcome", "messages")) == [
        ("", "", "updated", []),
        ("", "", "error", []),
        (other.name, other.person_key, "new", []),
    ]


# --- Whose hand it takes -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("inmates_inmateevent", "name"),
        ("inmates_registerentry", "register_number"),
        ("placements_retentionrun", "people"),
    ],
)
def test_the_app_may_not_change_history_even_with_the_triggers_silenced(table, column):
    with (
        pgtrigger.ignore(databases=["default"]),
        pytest.raises(ProgrammingError, match="permission denied"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {column} = {column}")


def test_the_command_counts_first_and_then_does(planted, facility):
    gone_from(facility, ended_how=CustodyEnd.ESCAPED)
    out = StringIO()
    call_command("apply_retention", "--dry-run", "--json", stdout=out)
    assert out.getvalue().strip() == '{"people": 1, "held": 1}'
    assert not RetentionRun.objects.exists()
    assert Inmate.objects.get(pk=planted.pk).name == NAME
    out = StringIO()
    call_command("apply_retention", "--today", today().isoformat(), "--json", stdout=out)
    assert out.getvalue().startswith('{"people": 1, ')
    assert RetentionRun.objects.get().ran_by
