"""What the box finds beside people: each reader's own, in one statement that indexes serve."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from correspondence.models import Letter
from partners.models import Agency, Agreement
from placements.employment import ReferralState
from placements.models import Employer, Referral, Vacancy
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import PartnershipFactory, SignedAgreementFactory, today
from tests.factories.placements import EmployerFactory, VacancyFactory, referral_of
from tests.factories.results import certificate_of
from tests.factories.training import CourseFactory, confirmed_batch, enrolled
from tests.reports.test_search import client_of, page
from training.models import Batch, Certificate, Course

pytestmark = pytest.mark.django_db

SEARCHED = {
    Agency: ["name"],
    Agreement: ["title", "our_number", "their_number"],
    Batch: ["name"],
    Certificate: ["number", "registration_number"],
    Course: ["name"],
    Employer: ["name"],
    Letter: ["number", "subject"],
    Referral: ["person_code"],
    Vacancy: ["title", "report_number"],
}


def letter_of(facility, **fields):
    return Letter.objects.create(
        facility=facility, kind="general", subject="Undangan mawar", number="W-77/2026",
        dated=today(), year=today().year, state="sent", entered_afterwards=True, **fields,
    )  # fmt: skip


@pytest.fixture
def world(facility, agency):
    """One of each kind with the word, of one prison and one agency; all by address."""
    course = CourseFactory(name="Merangkai mawar")
    batch = confirmed_batch(facility, agency, name="Angkatan XII", course=course)
    agreement = SignedAgreementFactory(facility=facility, agency=agency, title="PKS Mawar")
    paper = certificate_of(enrolled(batch), number="MAWAR-001")
    employer = EmployerFactory(facility=facility, name="CV Mawar")
    vacancy = VacancyFactory(employer=employer, title="Perangkai")
    referral = referral_of(inmate_at(facility), facility, agency, state=ReferralState.DRAFT)
    letter = letter_of(facility)
    rows = {
        "batch": batch, "agreement": agreement, "certificate": paper, "employer": employer,
        "vacancy": vacancy, "referral": referral,
    }  # fmt: skip
    found = {name: row.get_absolute_url() for name, row in rows.items()}
    return found | {"letter": f"/letters/{letter.public_id}/scan/", "code": referral.person_code}


def seen(user, world, text="mawar"):
    shown = page(user, text)
    return {name for name, address in world.items() if name != "code" and address in shown}


def test_each_kind_is_found_by_its_own_words_and_by_those_it_stands_under(world, officer):
    everything = {"batch", "agreement", "certificate", "employer", "vacancy", "letter"}
    assert seen(officer, world) == everything
    assert seen(officer, world, world["code"]) == {"referral"}
    assert seen(officer, world, "w-77/2026") == {"letter"}
    assert seen(officer, world, "melati") == set()


def test_each_reader_finds_only_what_opens(world, facility, liaison, other_liaison, outsider):
    assert seen(liaison, world) == {"batch", "agreement", "certificate"}
    assert seen(liaison, world, world["code"]) == set()  # not sent yet
    for stranger in (other_liaison, outsider):
        for text in ("mawar", world["code"]):
            assert seen(stranger, world, text) == set()
    for role, hidden in (("observer", {"certificate", "letter"}), ("secretariat", {"certificate"})):
        user = staff(facility, role)
        found = seen(user, world)
        assert found == {"batch", "agreement", "employer", "vacancy", "letter", "certificate"} - (
            hidden
        )
        client = client_of(user)
        for name in found - {"letter"}:  # of the tests' letter there is no scan
            assert client.get(world[name]).status_code == 200, (role, name)
        assert seen(user, world, world["code"]) == set()


def test_an_agency_finds_what_was_sent_to_it_by_its_code(facility, agency, liaison):
    sent = referral_of(inmate_at(facility), facility, agency, state=ReferralState.SENT)
    assert sent.get_absolute_url() in page(liaison, sent.person_code)


def test_who_finds_nothing_reads_what_to_do(officer, liaison):
    assert "Coba sebagian nama, atau nomor registrasi" in page(officer, "melati")
    own = page(liaison, "melati")
    assert "Coba sebagian nama angkatan" in own
    assert "NIK" not in re.sub(r"<head>.*</head>", "", own, flags=re.DOTALL)
    assert 'aria-keyshortcuts="/"' in client_of(liaison).get("/").content.decode()


@pytest.mark.parametrize(("model", "columns"), SEARCHED.items())
def test_an_index_serves_every_column(db, model, columns):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for column in columns:
            found = model.objects.filter(**{f"{column}__icontains": "mawar"}).order_by()
            assert f"{model._meta.model_name}_search" in found.explain(), column


def test_all_kinds_are_asked_in_one_statement(world, officer):
    client = client_of(officer)
    with CaptureQueriesContext(connection) as caught:
        client.get("/search/", {"q": "mawar"})
    assert len([each for each in caught if "UNION ALL" in each["sql"]]) == 1
    assert len(caught) <= 12


def test_more_than_are_shown_is_said(facility, agency, officer):
    for number in range(10):
        PartnershipFactory(facility=facility, agency__name=f"BLK Mawar {number:02d}")
    shown = page(officer, "blk mawar")
    names = re.findall(r"BLK Mawar \d\d", shown)
    assert names == [f"BLK Mawar {number:02d}" for number in range(8)]
    assert "Masih ada yang lain" in shown


@pytest.mark.parametrize("typed", ["100%", "100_", "100\\", "R-123%", "'100"])
def test_a_sign_that_means_something_elsewhere_is_looked_for_as_it_is(typed, facility, officer):
    meant = EmployerFactory(facility=facility, name=f"CV {typed} mawar")
    other = EmployerFactory(facility=facility, name="CV 1000 mawar R-1234")
    html = page(officer, typed)
    assert meant.get_absolute_url() in html
    assert other.get_absolute_url() not in html
