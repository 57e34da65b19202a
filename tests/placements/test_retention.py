"""When the time is over, nobody can tell who it was, and every figure is as before."""

from io import StringIO

import pghistory
import pgtrigger
import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections
from django.db.models import Count
from psycopg2 import sql

from accounts import privacy
from accounts.refusals import NotAllowed
from accounts.services import blanking
from correspondence.models import Letter
from inmates.models import Consent, Custody, Document, ImportRow, Inmate, Sentence
from inmates.services import custodies
from inmates.states import CustodyEnd
from placements.models import JobSeekerCard, Placement, RetentionRun
from placements.services import retention
from reports import integrity
from tests.factories.accounts import staff
from tests.factories.correspondence import letter_draft
from tests.factories.inmates import InmateFactory, gone_from
from tests.factories.partners import EngagementFactory, PartnershipFactory, today
from tests.factories.planted import planted_person
from tests.factories.planted_words import KEY, NAME, WORDS
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
