"""The public page: sums of groups, the same for everybody, once a month."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Inmate
from reports.models import Edition
from reports.publishing import LEAST
from reports.services import editions
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import PartnershipFactory, today
from tests.reports import lives
from training.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(facility, agency):
    other = FacilityFactory()
    places = [(facility, agency), (other, PartnershipFactory(facility=other).agency)]
    for seed in (1, 2, 3):
        lives.draw(seed, *places)


def numbers_of(data):
    yield from data["total"].values()
    for table in (data["years"], data["trades"]):
        for row in table["rows"]:
            yield from row["numbers"].values()


def test_an_edition_counts_all_prisons_and_no_small_group(lived):
    edition = editions.publish()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT e.facility_id) FROM training_enrolment e"
            " JOIN training_batch b ON b.id = e.batch_id"
            " WHERE b.state IN ('running', 'finished', 'closed')"
        )
        people, prisons = cursor.fetchone()
    assert (edition.data["total"]["enrolled"], edition.data["prisons"]) == (people, prisons)
    assert min(numbers_of(edition.data)) >= LEAST
    years = edition.data["years"]["rows"]
    assert sum(row["numbers"]["enrolled"] for row in years) == people


def test_it_is_made_once_a_month_and_never_changed(lived):
    first = editions.publish(today=date(2026, 11, 3))
    assert editions.publish(today=date(2026, 11, 30)) is None
    second = editions.publish(today=date(2026, 12, 1))
    assert second.data == first.data
    assert Edition.objects.count() == 2


def test_a_change_by_a_few_waits_for_more(lived):
    editions.publish(today=date(2026, 11, 3))
    closed = Batch.objects.filter(state="finished", enrolments__isnull=False).first()
    assert 0 < closed.enrolments.count() < LEAST
    closed.enrolments.all().delete()
    assert editions.publish(today=date(2026, 12, 1)) is None
    assert Edition.objects.get().as_of == date(2026, 11, 3)


def test_everybody_reads_the_same_and_it_is_kept_by_caches(lived, client, officer, login):
    edition = editions.publish()
    page = client.get("/impact/")
    assert page.status_code == 200
    assert "public" in page["Cache-Control"]
    assert str(edition.data["total"]["enrolled"]) in page.content.decode()
    assert login(officer).get("/impact/").content == page.content
    again = client.get("/impact/", headers={"if-none-match": page["ETag"]})
    assert again.status_code == 304


def test_it_names_nobody_and_no_prison(lived, facility, client):
    editions.publish()
    html = client.get("/impact/").content.decode()
    names = [*Inmate.objects.values_list("name", flat=True), facility.name, facility.code]
    assert not [name for name in names if name in html]


def test_it_asks_the_database_once(lived, client):
    editions.publish()
    with CaptureQueriesContext(connection) as caught:
        client.get("/impact/")
    assert len(caught) == 1


def test_without_figures_it_says_when_they_come(client):
    assert "Belum ada angka yang diumumkan" in client.get("/impact/").content.decode()
    editions.publish(today=today())
    assert "Belum cukup banyak peserta" in client.get("/impact/").content.decode()
