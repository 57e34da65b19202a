"""Which records may be of one person, and the pages on which that is judged."""

from datetime import date

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import AccessRecord
from inmates import nik
from inmates.models import Distinct, Inmate, Merge
from inmates.rules import search_name
from inmates.states import CustodyEnd
from placements import duplicates
from placements.services import merges
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at, merged_pair

pytestmark = pytest.mark.django_db

BORN = date(1985, 4, 9)


def person(facility, name="ABDUL RAHMAN", birth_date=BORN, **fields):
    return inmate_at(
        facility, name=name, search_name=search_name(name), birth_date=birth_date, **fields
    )


def former(facility, name="ABDUL RAHMAN", **fields):
    inmate = InmateFactory(name=name, search_name=search_name(name), birth_date=BORN, **fields)
    CustodyFactory(
        inmate=inmate, facility=facility, until=date(2024, 6, 1), ended_how=CustodyEnd.RELEASED
    )
    return inmate


def found(facility, **kwargs):
    pairs = duplicates.pairs([facility.pk], **kwargs)
    return {(pair.first_id, pair.second_id): pair.why for pair in pairs}


def client_of(user):
    client = Client()
    client.force_login(user, django_settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.mark.parametrize("name", ["ABDULRAHMAN", "ABD RAHMAN", "ABDUL RAHMAM", "RAHMAN ABDUL"])
def test_the_same_birth_date_and_a_similar_name(facility, name):
    pair = person(facility), person(facility, name)
    person(facility, "SUPRIYADI")
    person(facility, "ABDUL RAHMAN", birth_date=date(1985, 4, 10))

    assert found(facility) == {(pair[0].pk, pair[1].pk): ["birth"]}


def test_the_same_nik_whatever_the_name(facility):
    digest = nik.digest("3672011508900001")
    pair = person(facility, nik_digest=digest), former(facility, "KANCIL", nik_digest=digest)

    assert found(facility) == {(pair[0].pk, pair[1].pk): ["nik"]}


def test_the_same_name_with_day_and_month_exchanged(facility):
    pair = person(facility), person(facility, birth_date=date(1985, 9, 4))

    assert found(facility) == {(pair[0].pk, pair[1].pk): ["swapped"]}


def test_the_likeliest_pairs_come_first(facility):
    alike = person(facility), person(facility, "ABDUL RAHMAM")
    digest = nik.digest("3672011508900001")
    same = [
        person(facility, name, birth_date=None, nik_digest=digest) for name in ("KANCIL", "MUSANG")
    ]

    (first, second) = duplicates.pairs([facility.pk])
    assert (first.first_id, second.first_id) == (same[0].pk, alike[0].pk)


def test_only_people_of_the_registrars_prison_are_compared(facility, outsider):
    here = person(facility)
    person(outsider.facility)
    was_here = former(facility)
    CustodyFactory(inmate=was_here, facility=outsider.facility, starts=date(2024, 7, 1))

    assert found(facility) == {(here.pk, was_here.pk): ["birth"]}


def test_pairs_that_were_judged_stay_away(facility, registrar):
    pair = person(facility), person(facility)
    merges.distinguish(first=pair[1], second=pair[0], by=registrar)
    assert not found(facility)

    merges.reconsider(first=pair[0], second=pair[1], by=registrar)
    merges.merge(winner=pair[0], loser=pair[1], chosen=[], by=registrar)
    assert not found(facility)


def test_the_pairs_of_one_person(facility):
    one = person(facility), person(facility)
    person(facility, "SUPRIYADI"), person(facility, "SUPRIADI")

    assert set(found(facility, person=one[1])) == {(one[0].pk, one[1].pk)}


# --- Pages -----------------------------------------------------------------------------------


def compare(inmate, other):
    return f"/inmates/duplicates/{inmate.public_id}/?with={other.public_id}"


def test_the_list_shows_each_pair_and_writes_down_whom_it_names(facility, registrar):
    pair = person(facility), former(facility, "ABDURRAHMAN", person_key="0700000001")
    done = merged_pair(facility)
    shown = client_of(registrar).get("/inmates/duplicates/").content.decode()

    assert compare(*pair).replace("&", "&amp;") in shown
    assert "0700000001" in shown
    assert done.get_absolute_url() in shown
    (record,) = AccessRecord.objects.all()
    assert {p.public_id for p in pair} <= set(record.subjects)
    assert done.loser.public_id in record.subjects


def test_what_differs_can_be_chosen_and_what_is_the_same_not(facility, registrar):
    first, second = person(facility, city="Cilegon"), person(facility, "ABDURRAHMAN", city="Serang")
    answer = client_of(registrar).get(compare(first, second))
    form = answer.context["form"]

    assert {"kept", "name", "city"} == set(form.fields)
    assert "Serang" in answer.content.decode()
    (record,) = AccessRecord.objects.all()
    assert set(record.subjects) == {first.public_id, second.public_id}


def test_of_a_former_person_only_name_and_key_are_shown(facility, registrar):
    here, gone = person(facility), former(facility, city="Garut", education="Magister Uji")
    answer = client_of(registrar).get(compare(here, gone))

    assert set(answer.context["form"].fields) == {"kept"}
    shown = answer.content.decode()
    assert "Garut" not in shown
    assert "Magister Uji" not in shown


def test_merging_by_the_page(facility, registrar):
    first, second = person(facility, city="Cilegon"), person(facility, "ABDURRAHMAN", city="Serang")
    client = client_of(registrar)
    answer = client.post(
        compare(first, second).split("?")[0],
        {"with": second.public_id, "kept": "second", "name": "first", "city": "second"},
    )

    merge = Merge.objects.get()
    assert answer["Location"] == merge.get_absolute_url()
    assert (merge.winner, merge.loser) == (second, first)
    second.refresh_from_db()
    assert (second.name, second.city) == ("ABDUL RAHMAN", "Serang")
    shown = client.get(merge.get_absolute_url()).content.decode()
    assert "nama" in shown
    client.post(f"{merge.get_absolute_url()}undo/")
    assert Inmate.objects.get(pk=first.pk).merged_into is None


def test_a_refusal_stands_on_the_page(facility, registrar):
    here, gone = person(facility), former(facility)
    answer = client_of(registrar).post(
        compare(here, gone).split("?")[0], {"with": gone.public_id, "kept": "second"}
    )

    assert answer.status_code == 422
    assert "hanya data itu yang masih ditempatkan" in answer.content.decode()


def test_not_the_same_person_and_back(facility, registrar):
    first, second = person(facility), person(facility)
    client = client_of(registrar)
    address = compare(first, second).split("?")[0]
    client.post(f"{address}distinct/", {"with": second.public_id})

    assert Distinct.objects.count() == 1
    assert "bukan orang yang sama" in client.get(compare(second, first)).content.decode()
    client.post(f"{address}distinct/undo/", {"with": second.public_id})
    assert not Distinct.objects.exists()


def test_any_other_record_is_reached_by_its_key(facility, registrar, outsider):
    first, second = person(facility), person(facility, "SUPRIYADI")
    client = client_of(registrar)
    alone = f"/inmates/duplicates/{first.public_id}/"

    asked = client.get(alone, {"key": f" '{second.person_key}"})
    assert asked.context["form"].second == second
    for key in ("0", first.person_key, person(outsider.facility).person_key, "\x00"):
        assert "Bandingkan dengan Nomor Induk" in client.get(alone, {"key": key}).content.decode()


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_record_that_is_not_there_is_unknown(facility, registrar, named):
    first = person(facility)

    answer = client_of(registrar).get(f"/inmates/duplicates/{first.public_id}/", {"with": named})
    assert answer.status_code == 404


def test_another_prisons_record_is_unknown(facility, registrar, outsider):
    answer = client_of(registrar).get(compare(person(facility), person(outsider.facility)))
    assert answer.status_code == 404


def test_the_registrars_home_counts_the_pairs(facility, registrar, head):
    person(facility), person(facility)

    told = 'Tinjau data ganda</a> <span class="count">1</span>'
    assert told in client_of(registrar).get("/").content.decode()
    assert "data ganda" not in client_of(head).get("/").content.decode()
