"""The search box: what each reader finds, what is written down, and what never is."""

import logging
import re
from datetime import date
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import stand_ins
from accounts.models import AccessRecord
from inmates import nik
from inmates.models import Custody, Inmate
from inmates.rules import read_typed, search_name
from inmates.states import CustodyEnd
from reports import search
from tests.factories.accounts import staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.factories.training import confirmed_batch

pytestmark = pytest.mark.django_db

NIK = "3672011508900001"


def person(facility, name="ABDUL RAHMAN", **fields):
    return inmate_at(facility, name=name, search_name=search_name(name), **fields)


def former(facility, name="ABDUL RAHMAN", **fields):
    inmate = InmateFactory(name=name, search_name=search_name(name), **fields)
    CustodyFactory(
        inmate=inmate,
        facility=facility,
        register_number="B.I 900/2020",
        until=date(2024, 6, 1),
        ended_how=CustodyEnd.RELEASED,
    )
    return inmate


def client_of(user):
    client = Client()
    client.force_login(user, django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(user, text):
    answer = client_of(user).get("/search/", {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


def people(user, text):
    groups = search.groups_for(user, read_typed(text))
    return [(group.title, group.people) for group in groups if group.people]


def test_people_now_come_first_and_the_former_after_them_by_name_and_key_alone(facility, officer):
    here, before = person(facility), former(facility, person_key="0700000001", city="Garut")

    assert people(officer, "rahman") == [
        ("Warga Binaan di sini", [here]),
        ("Pernah di sini", [before]),
    ]
    shown = page(officer, "rahman")
    assert "0700000001" in shown
    assert "B.I 900/2020" not in shown
    assert "Garut" not in shown


def test_a_former_person_is_found_by_the_number_in_the_book_of_this_prison(facility, officer):
    before = former(facility)

    assert people(officer, "BI 900/2020") == [("Pernah di sini", [before])]


def test_similar_names_are_offered_and_called_so(facility, officer):
    here = person(facility)

    assert people(officer, "abdul rahmam") == [("Warga Binaan di sini", [here])]
    assert "paling mirip" in page(officer, "abdul rahmam")
    assert "paling mirip" not in page(officer, "abdul")


def test_the_exact_name_comes_before_longer_ones(facility, officer):
    longer = person(facility, "ABDUL AZIZ RAHMAN")
    exact = person(facility, "RAHMAN ABDUL AZIZ")

    ((_title, found),) = people(officer, "rahman abdul aziz")
    assert found == [exact, longer]


def test_another_prisons_people_are_never_found(facility, outsider):
    person(facility, person_key="0700000009", nik_digest=nik.digest(NIK))
    former(facility)

    for text in ("abdul rahman", "abdul rahmam", "0700000009", NIK, "B.I 900/2020"):
        assert not people(outsider, text)


def test_liaisons_and_observers_without_the_right_find_no_people(facility, agency, liaison):
    person(facility)
    confirmed_batch(facility, agency, name="Angkatan Abdul")
    observer = staff(facility, "observer", kind="observer")

    assert not people(liaison, "abdul")
    assert not people(observer, "abdul")
    assert "Angkatan Abdul" in page(observer, "abdul")


def test_a_merged_record_gives_way_to_the_person(facility, officer):
    kept = person(facility)
    old = former(facility, "KANCIL", person_key="0700000003")
    Inmate.objects.filter(pk=old.pk).update(merged_into=kept)

    assert people(officer, "kancil") == [("Warga Binaan di sini", [kept])]
    assert people(officer, "0700000003") == [("Warga Binaan di sini", [kept])]


def test_a_prison_that_knew_only_the_merged_record_still_finds_it(facility, outsider):
    old = former(outsider.facility, "KANCIL")
    Inmate.objects.filter(pk=old.pk).update(merged_into=person(facility))

    assert people(outsider, "kancil") == [("Pernah di sini", [old])]


def test_other_things_are_found_as_far_as_they_may_be_seen(facility, agency, officer, outsider):
    batch = confirmed_batch(facility, agency, name="Angkatan Mawar")

    assert batch.get_absolute_url() in page(officer, "mawar")
    assert batch.get_absolute_url() not in page(outsider, "mawar")
    assert agency.get_absolute_url() in page(officer, agency.name)
    assert batch.agreement.get_absolute_url() in page(officer, batch.agreement.title)


def test_whom_the_page_names_is_written_down_without_what_was_typed(facility, officer):
    shown = [person(facility), former(facility)]
    page(officer, "rahman")

    (record,) = AccessRecord.objects.all()
    assert (record.path, set(record.subjects)) == (
        "/search/",
        {each.public_id for each in shown},
    )


def test_nobody_found_leaves_no_record(facility, officer):
    page(officer, "rahman")

    assert not AccessRecord.objects.exists()


def test_a_nik_finds_its_person_and_stands_nowhere(facility, officer, caplog):
    wanted = person(facility, nik_digest=nik.digest(NIK))
    client = client_of(officer)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as asked:
        answers = [client.post("/search/", {"q": NIK}), client.get("/search/", {"q": NIK})]

    for answer in answers:
        text = answer.content.decode()
        assert wanted.get_absolute_url() in text
        assert NIK not in re.search(r"<title>.*?</title>", text, re.DOTALL)[0]
        assert NIK not in re.search(r"<main.*</main>", text, re.DOTALL)[0]
    assert NIK not in caplog.text
    assert not [query["sql"] for query in asked if NIK in query["sql"]]
    assert {record.path for record in AccessRecord.objects.all()} == {"/search/"}


def test_what_is_posted_moves_to_the_address_unless_it_is_a_nik(officer):
    client = client_of(officer)

    moved = client.post("/search/", {"q": "abdul rahman"})
    assert (moved.status_code, moved["Location"]) == (302, "/search/?q=abdul+rahman")
    assert client.post("/search/", {"q": NIK}).status_code == 200


@pytest.mark.parametrize("text", ["", "ab", "a.b"])
def test_too_little_is_answered_with_how_much_it_takes(facility, officer, text):
    person(facility)

    shown = page(officer, text)
    assert "paling sedikit 3 huruf" in shown
    assert "ABDUL RAHMAN" not in shown


@pytest.mark.parametrize("text", ["a" * 10_000, "\x00ab\x00", "%_\\%", "😀 abc", "' OR 1=1 --"])
def test_any_text_gets_a_page(facility, officer, text):
    page(officer, text)


def test_a_search_for_too_many_says_so(facility, officer, monkeypatch):
    people = import_module("reports.search.people")
    anew = stand_ins.asked_for_text(people._named.__wrapped__)
    monkeypatch.setattr(people, "_named", anew)
    monkeypatch.setattr(search.group, "CAP", 3)
    monkeypatch.setattr(search.group, "SHOWN", 2)
    for _more in range(3):
        person(facility)

    (group,) = search.groups_for(officer, read_typed("rahman"))
    assert (group.count, group.is_capped, group.hidden) == (3, False, 1)
    person(facility)
    (group,) = search.groups_for(officer, read_typed("rahman"))
    assert group.is_capped


@pytest.mark.parametrize(
    ("text", "queries"),
    [("rahman", 9), ("rahmam", 10), ("B.I 900/2020", 8), (NIK, 8), ("ab", 4), ("zzzzzz", 9)],
)
def test_as_many_queries_for_one_as_for_three(facility, agency, officer, text, queries):
    def add():
        person(facility, nik_digest=nik.digest(NIK))
        former(facility)
        confirmed_batch(facility, agency, name="Angkatan Rahman")

    def asked():
        client = client_of(officer)
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": text})
        return len(captured)

    add()
    asked()
    for_one = asked()
    add()
    add()
    assert (for_one, asked()) == (queries, queries)


def test_the_box_stands_on_every_page_of_staff(facility, officer, liaison):
    assert 'id="find"' in client_of(officer).get("/").content.decode()
    assert 'id="find"' not in client_of(liaison).get("/").content.decode()


def test_the_list_of_people_is_searched_the_same_way(facility, officer):
    wanted = person(facility, nik_digest=nik.digest(NIK))
    Custody.objects.filter(inmate=wanted).update(register_number="B.I 39/2025")
    other = person(facility, "SUPRIYADI")

    for text in ("abdul rahmam", "bi39/2025", NIK, wanted.person_key):
        shown = client_of(officer).get("/inmates/", {"q": text}).content.decode()
        assert wanted.get_absolute_url() in shown, text
        assert other.get_absolute_url() not in shown, text
