"""The list of people: who is shown to whom, and that it is written down."""

from datetime import date

import pytest

from accounts.models import AccessRecord
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at

pytestmark = pytest.mark.django_db


def listed(client, **query):
    answer = client.get("/inmates/", query)
    return {row.record.name for row in answer.context["table"].rows}


def test_one_sees_the_people_of_the_own_prison(login, facility, officer):
    inmate_at(facility, name="ANI")
    inmate_at(FacilityFactory(), name="BUDI")
    gone = InmateFactory(name="CITRA")
    CustodyFactory(inmate=gone, facility=facility, until=date(2024, 5, 1))
    assert listed(login(officer)) == {"ANI"}


def test_the_list_is_searched_by_name_key_class_and_city(login, facility, officer):
    names = {"name": "ANI UJI", "search_name": "ani uji", "person_key": "K101"}
    inmate_at(facility, city="Kota Cilegon", **names)
    inmate_at(facility, name="BUDI", search_name="budi", city="Serang", register_class="A.III")
    client = login(officer)
    assert listed(client, q="Uji, ani") == {"ANI UJI"}
    assert listed(client, q="'K101") == {"ANI UJI"}
    assert listed(client, q="tidak ada") == set()
    assert listed(client, register_class="A.III") == {"BUDI"}
    assert listed(client, resident="yes") == {"ANI UJI"}
    assert listed(client, resident="no") == {"BUDI"}


def test_the_list_shows_number_class_age_origin_and_expected_release(login, facility, officer):
    leaves = {"two_thirds": date(2150, 2, 25), "expires": date(2151, 2, 25)}
    inmate_at(facility, name="ANI", city="Kota Cilegon", sentence=leaves)
    inmate_at(facility, name="BUDI", sentence={"expires": date(2020, 1, 2), "two_thirds": None})
    shown = login(officer).get("/inmates/").content.decode()
    for words in ("ANI", "B.I", "SMA", "Kota Cilegon", "25/02/2150", ">PB<"):
        assert words in shown
    assert "02/01/2020" in shown
    assert "Bebas murni, sudah lewat" in shown


def test_each_view_of_the_list_is_written_down(login, facility, officer):
    people = [inmate_at(facility) for _n in range(3)]
    client = login(officer)
    client.get("/inmates/?q=WARGA")
    seen = AccessRecord.objects.get()
    assert (seen.user_email, seen.act, seen.path) == (officer.email, "view", "/inmates/")
    assert set(seen.subjects) == {person.public_id for person in people}
    answer = client.get("/inmates/?format=csv")
    assert b"WARGA BINAAN" in b"".join(answer.streaming_content)
    assert AccessRecord.objects.filter(act="export").get().subjects == seen.subjects


def test_who_may_not_see_people_sees_no_list(login, facility, liaison, secretariat):
    inmate = inmate_at(facility)
    for user in (liaison, secretariat):
        assert login(user).get("/inmates/").status_code == 403
        assert login(user).get(inmate.get_absolute_url()).status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    login, facility, officer, django_assert_num_queries
):
    client = login(officer)
    inmate_at(facility)
    client.get("/inmates/")
    with django_assert_num_queries(QUERIES):
        client.get("/inmates/")
    for _n in range(5):
        inmate_at(facility)
    with django_assert_num_queries(QUERIES):
        client.get("/inmates/")


QUERIES = 8


def test_the_admin_searches_people_and_changes_nothing(login, facility):
    admin = staff(facility, "registrar", is_staff=True, is_superuser=True)
    inmate = inmate_at(facility, name="ANI", search_name="ani")
    client = login(admin)
    assert "ANI" in client.get("/admin/inmates/inmate/?q=ani").content.decode()
    page = client.get(f"/admin/inmates/inmate/{inmate.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    for model in ("custody", "sentence", "restriction", "importrun"):
        assert client.get(f"/admin/inmates/{model}/?q=x").status_code == 200
