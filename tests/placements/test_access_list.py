"""Who saw a person: the table, its filters and its CSV, for those who answer for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from tests.factories.inmates import InmateFactory, inmate_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(facility):
    return inmate_at(facility, name="ORANG YANG DILIHAT")


def look(user, *people, days_ago=0, act="view"):
    return AccessRecord.objects.create(
        at=timezone.now() - timedelta(days=days_ago),
        user_email=user.email,
        act=act,
        path=people[0].get_absolute_url(),
        subjects=[each.public_id for each in people],
    )


def rows(client, person, **query):
    answer = client.get(reverse("placements:access-list", args=[person.public_id]), query)
    assert answer.status_code == 200
    shown = [row.record for row in answer.context["table"].rows]
    return [record for record in shown if not record.path.endswith("/access/")]


def test_every_look_stands_there_newest_first_also_by_a_merged_record(
    login, registrar, officer, head, person, facility
):
    twin = InmateFactory(merged_into=person)
    old, new = look(officer, person, days_ago=2), look(head, twin, days_ago=1)
    look(officer, inmate_at(facility))
    assert rows(login(registrar), person) == [new, old]


def test_it_is_filtered_by_who_looked_and_by_day(login, registrar, officer, head, person):
    old, new = look(officer, person, days_ago=20), look(head, person, days_ago=5)
    client = login(registrar)
    assert rows(client, person, who=officer.email) == [old]
    day = timezone.localdate() - timedelta(days=10)
    assert rows(client, person, since=day.isoformat())[-1] == new
    assert rows(client, person, until=day.isoformat()) == [old]


def test_the_csv_says_it_in_words_and_is_an_export(login, registrar, officer, person):
    record = look(officer, person, act="export", days_ago=1)
    address = reverse("placements:access-list", args=[person.public_id])
    answer = login(registrar).get(address, {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    when = timezone.localtime(record.at)
    assert f"{when:%d/%m/%Y %H.%M},Budi Petugas,Mengunduh,Halaman orang" in lines
    assert AccessRecord.objects.filter(act="export", user_email=registrar.email).count() == 1


def test_looking_who_looked_is_a_look(login, registrar, person):
    assert rows(login(registrar), person) == []
    assert AccessRecord.objects.get().subjects == [person.public_id]


def test_an_account_that_is_gone_is_told_by_its_address(login, registrar, officer, person):
    look(officer, person)
    AccessRecord.objects.create(
        user_email="gone@uji.test", act="view", path="/", subjects=[person.public_id]
    )
    page = login(registrar).get(reverse("placements:access-list", args=[person.public_id]))
    assert "gone@uji.test" in page.content.decode()


def test_a_thousand_looks_ask_no_query_more(login, registrar, officer, person):
    client = login(registrar)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            rows(client, person)
        return len(asked)

    look(officer, person)
    queries()
    before = queries()
    for _more in range(60):
        look(officer, person)
    assert queries() == before
