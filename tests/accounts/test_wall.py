"""The second wall: what a liaison's database role reads, whatever the code asks."""

from datetime import timedelta

import psycopg2
import pytest
from django.db import DatabaseError, InterfaceError, ProgrammingError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from accounts import reads, wall
from accounts.prepared import asked_often
from accounts.refusals import act
from correspondence.models import CalendarFeed, Mail, Silence, Verification
from inmates.models import Restriction
from partners.middleware import WallMiddleware
from partners.models import AgreementDocument, Extension, Review
from partners.sight import sight_of
from placements.employment import ReferralState
from placements.models import EmployerKeeper, FollowUp, Placement
from tests.factories.correspondence import NoticeFactory, letter_draft
from tests.factories.inmates import inmate_at
from tests.factories.partners import (
    AgencyFactory,
    ObligationFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    scan_file,
    today,
)
from tests.factories.placements import EmployerFactory, VacancyFactory, referral_of
from tests.factories.planted import planted_person
from tests.factories.planted_words import KEY, NIK, REGISTER, TEXTS, TWIN_KEY, WORDS
from tests.factories.results import certificate_of
from tests.factories.training import (
    BatchFactory,
    InstructorFactory,
    RoomFactory,
    confirmed_batch,
    enrolled,
)
from tests.placements.followed import given_to
from tests.training.conftest import terms
from training.models import Batch, Enrolment, Meeting
from training.services import slots

ROLE = "SELECT current_user"


def ask(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def batch_names():
    return set(ask("SELECT name FROM training_batch"))


def answer_of(user, view):
    """What the innermost middleware makes of a view."""

    def respond(request):
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware = WallMiddleware(respond)
    request = RequestFactory().get("/")
    request.user = user
    return middleware(request)


@pytest.fixture
def two(facility, agency, liaison, other_liaison):
    """Two liaisons; a batch of each agency."""
    BatchFactory(facility=facility, agency=agency, name="Milik BLK")
    other = other_liaison.liaisons.get().agency
    BatchFactory(facility=facility, agency=other, name="Milik Lain")
    return liaison, other_liaison


@pytest.mark.django_db
def test_two_agencies_in_turn_on_one_connection_read_their_own(two):
    one, other = map(sight_of, two)
    with wall.inside(one):
        assert ask(ROLE) == ["lapas_liaison"]
        assert batch_names() == {"Milik BLK"}
        with wall.outside():
            assert batch_names() == {"Milik BLK", "Milik Lain"}
        assert batch_names() == {"Milik BLK"}
    with pytest.raises(KeyError), wall.inside(one):
        raise KeyError
    with wall.inside(other):
        assert batch_names() == {"Milik Lain"}
    with pytest.raises(ProgrammingError), transaction.atomic(), wall.inside(one):
        ask("SELECT no_such_column FROM training_batch")
    with wall.inside(other):
        assert batch_names() == {"Milik Lain"}
    with wall.inside(wall.Sight((), two[0].pk)):
        assert batch_names() == set()
    assert ask(ROLE) == ["lapas_app"]
    assert batch_names() == {"Milik BLK", "Milik Lain"}
    assert ask("SELECT coalesce(current_setting('app.agencies', true), '')") == [""]


@pytest.mark.django_db
def test_a_plan_that_a_connection_keeps_is_another_for_each_reader(two):
    everything = asked_often(lambda: Batch.objects.order_by("name").values_list("name", flat=True))
    one, other = map(sight_of, two)
    for _again in range(2):
        assert everything() == ["Milik BLK", "Milik Lain"]
        with wall.inside(one):
            assert everything() == ["Milik BLK"]
            with wall.outside():
                assert everything() == ["Milik BLK", "Milik Lain"]
            assert everything() == ["Milik BLK"]
        with wall.inside(other):
            assert everything() == ["Milik Lain"]


@pytest.mark.django_db
def test_a_kept_plan_of_people_reads_the_view_inside_and_the_table_outside(
    facility, agency, liaison, head
):
    planted_person(facility, agency, head)
    keys = asked_often(lambda: Enrolment.objects.select_related("inmate").order_by("pk"))
    for _again in range(2):
        assert [row.inmate.person_key for row in keys()] == [KEY]
        with wall.inside(sight_of(liaison)):
            assert [row.inmate.person_key for row in keys()] == [""]


@pytest.mark.django_db
def test_units_below_are_read_with_the_agency(facility, agency, liaison):
    unit = AgencyFactory(parent=agency)
    BatchFactory(facility=facility, agency=unit, name="Unit")
    with wall.inside(sight_of(liaison)):
        assert batch_names() == {"Unit"}


@pytest.mark.django_db
def test_a_view_that_forgets_to_filter_shows_only_the_own_rows(two):
    def forgetful(request):
        return HttpResponse(" ".join(batch.name for batch in Batch.objects.all()))

    assert answer_of(two[0], forgetful).content == b"Milik BLK"
    assert answer_of(two[1], forgetful).content == b"Milik Lain"
    assert ask(ROLE) == ["lapas_app"]


@pytest.mark.django_db
def test_a_body_that_is_made_while_it_is_sent_stays_inside(two):
    def streams(request):
        def lines():
            yield from ask(ROLE)
            yield from batch_names()

        return StreamingHttpResponse(lines())

    sent = []
    for part in answer_of(two[0], streams).streaming_content:
        sent.append(part)
        assert ask(ROLE) == ["lapas_app"]  # between the parts the connection is anybody's
    assert sent == [b"lapas_liaison", b"Milik BLK"]


@pytest.mark.django_db
def test_an_act_called_from_inside_writes_as_the_app_and_judges_by_what_is(
    facility, agency, liaison
):
    enrolment = enrolled(confirmed_batch(facility, agency))
    number = enrolment.inmate.person_key

    @act
    def service(*, enrolment, rows):
        Batch.objects.filter(pk=enrolment.batch_id).update(place="Aula")
        keys = {enrolment.inmate.person_key, *(row.inmate.person_key for row in rows)}
        return ask(ROLE), keys

    with wall.inside(sight_of(liaison)):
        found = Enrolment.objects.select_related("inmate", "batch").get()
        assert found.inmate.person_key == ""
        assert service(enrolment=found, rows=[found]) == (["lapas_app"], {number})
        assert ask(ROLE) == ["lapas_liaison"]
        with pytest.raises(DatabaseError), transaction.atomic():
            Batch.objects.update(place="")
        assert ask(ROLE) == ["lapas_liaison"]
    assert Batch.objects.get().place == "Aula"


# --- Every table ------------------------------------------------------------------------------
# What two agencies may both read: what is everybody's, the staff of the prison that both work
# with, and reported vacancies with their employers (public by law).
SHARED = {
    *("accounts_user", "training_courseevent"),
    *("placements_vacancy", "placements_vacancyevent"),
    *("placements_employer", "placements_employerevent"),
}


@pytest.fixture
def planted(facility, agency, head, officer, liaison):
    """One row at least in every table that a liaison may read, of the first agency."""
    person = planted_person(facility, agency, head)
    given_to(agency, facility).attempts.create(tried_on=today(), channel="call")
    FollowUp.objects.update(placement=Placement.objects.get())
    participant = enrolled(confirmed_batch(facility, agency), person)
    certificate = certificate_of(participant)
    certificate.verification = Verification.objects.create(
        code="UJI1", kind="certificate", issued_on=today()
    )
    certificate.save()
    Restriction.objects.create(
        inmate=person, facility=facility, kind="unfit", starts=today(), note=TEXTS["restriction"]
    )
    referral_of(inmate_at(facility), facility, agency, state=ReferralState.SENT)
    InstructorFactory(agency=agency)
    Meeting.objects.update(room=RoomFactory(facility=facility))
    slots.propose(batch=BatchFactory(facility=facility, agency=agency), by=officer, **terms())
    employer = EmployerFactory(facility=facility)
    EmployerKeeper.objects.create(employer=employer, agency=agency)
    VacancyFactory(employer=employer, agency=agency)
    agreement = SignedAgreementFactory(facility=facility, agency=agency)
    ObligationFactory(agreement=agreement)
    dated = {"agreement": agreement, "due": today()}
    Review.objects.create(**dated, held_on=today(), result="Baik")
    AgreementDocument.objects.create(agreement=agreement, kind="draft", version=1, file=scan_file())
    Extension.objects.create(
        agreement=agreement,
        signed_on=today(),
        old_end=agreement.ends_on,
        new_end=agreement.ends_on + timedelta(days=9),
        scan=scan_file(),
    )
    letter = letter_draft(facility, officer)
    Batch.objects.filter(pk=participant.batch_id).update(report=letter)
    NoticeFactory(recipient=liaison)
    Mail.objects.create(recipient=liaison)
    Silence.objects.create(user=liaison, kind="agreement_end")
    CalendarFeed.objects.create(user=liaison, token_hash="44")
    return person


def readable(user):
    """`{table: (ids, text of all rows)}` of what a liaison's role reads, by plain SQL."""
    found = {}
    with wall.inside(sight_of(user)):
        for model in reads.declared():
            table, key = model._meta.db_table, model._meta.pk.column
            rows = ask(f"SELECT row({key}, t) FROM {table} t") and ask(
                f"SELECT {key}::text || chr(9) || t::text FROM {table} t"
            )
            found[table] = {row.partition(chr(9))[0] for row in rows}, " ".join(rows)
    return found


@pytest.mark.django_db
def test_of_another_agency_no_table_gives_a_row(planted, liaison, other_liaison, facility):
    other = other_liaison.liaisons.get().agency
    PartnershipFactory(facility=facility, agency=other)
    enrolled(confirmed_batch(facility, other))
    own, others = readable(liaison), readable(other_liaison)
    everybodys = {
        model._meta.db_table for model, read in reads.declared().items() if read.is_everybodys
    }
    both = {table for table in own.keys() - everybodys - SHARED if own[table][0] & others[table][0]}
    assert both == set()
    assert not [
        (table, word) for table, (_ids, text) in others.items() for word in WORDS if word in text
    ]
    empty = {table for table in own.keys() - everybodys if not own[table][0]}
    assert empty == set(), "plant a row: an empty table proves nothing"


# Texts of `planted_person` that are written inside the prison.
NOBODYS = (
    "aliases address return_address circumstance restriction skill_note advice transfer override "
    "candidate_note hearing_note waiting seat card readiness gate eligible decree summary "
    "abilities wishes phone"
)


@pytest.mark.django_db
def test_not_even_plain_sql_tells_the_own_liaison_what_no_agency_may_know(planted, liaison):
    told = " ".join(text for _ids, text in readable(liaison).values())
    hidden = {KEY, TWIN_KEY, NIK, REGISTER}
    hidden |= {TEXTS[name] for name in NOBODYS.split()}
    assert [word for word in hidden if word in told] == []


@pytest.mark.django_db
def test_a_table_that_says_nothing_is_closed_and_none_can_be_written(liaison):
    with wall.inside(sight_of(liaison)):
        for table in reads.undeclared():
            assert refused(f"SELECT 1 FROM {table}"), table
        for model in reads.declared():
            table, key = model._meta.db_table, model._meta.pk.column
            for statement in (
                f"INSERT INTO {table} DEFAULT VALUES",
                f"UPDATE {table} SET {key} = {key}",
                f"DELETE FROM {table}",
                f"SELECT 1 FROM {table} FOR UPDATE",
                f"TRUNCATE {table}",
            ):
                assert refused(statement), statement
            if reads.of(model) and reads.of(model).shows is not None:
                assert refused(f"SELECT 1 FROM public.{table}"), table


def refused(statement):
    try:
        with transaction.atomic():
            ask(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "is not a table" in str(error)
    except DatabaseError as error:
        return "cannot" in str(error)
    return False


# --- Connections ------------------------------------------------------------------------------
def end_backend(pid):
    """As if the server or the network had dropped the connection."""
    values = connection.settings_dict
    server = psycopg2.connect(host=values["HOST"], user="postgres", dbname=values["NAME"])
    with server, server.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    server.close()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_neither_a_fresh_nor_a_used_connection_opens_wider(two, officer):
    seen = []

    def loses_its_connection(request):
        end_backend(*ask("SELECT pg_backend_pid()"))
        with pytest.raises((DatabaseError, InterfaceError)):
            batch_names()
        connection.close()  # what Django does with a connection that is no use
        seen.append((ask(ROLE), batch_names()))
        return HttpResponse()

    def only_loses_it(request):
        end_backend(*ask("SELECT pg_backend_pid()"))
        return HttpResponse()

    def fresh(request):
        connection.close()
        return HttpResponse(" ".join(batch_names()))

    def plain(request):
        return HttpResponse(" ".join(sorted([*ask(ROLE), *batch_names()])))

    answer_of(two[0], loses_its_connection)
    assert seen == [(["lapas_liaison"], {"Milik BLK"})]
    assert answer_of(two[1], fresh).content == b"Milik Lain"
    assert answer_of(officer, plain).content == b"Milik BLK Milik Lain lapas_app"
    answer_of(two[0], only_loses_it)
    assert answer_of(officer, plain).content == b"Milik BLK Milik Lain lapas_app"
    assert answer_of(two[1], plain).content == b"Milik Lain lapas_liaison"
