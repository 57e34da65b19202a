"""The page on which a stay ends, and what it says afterwards."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import Custody
from placements.services import departures
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import confirmed_batch, enrolled

pytestmark = pytest.mark.django_db


def page(inmate, name="departure"):
    return reverse(f"placements:{name}", args=[inmate.public_id])


@pytest.fixture
def participant(facility, agency):
    batch = confirmed_batch(facility, agency, starts_on=today(-10), ends_on=today(30))
    return enrolled(batch)


def test_after_leaving_the_page_says_what_was_ended(login, facility, registrar, participant):
    client, inmate = login(registrar), participant.inmate
    asked = client.get(page(inmate)).text
    assert "Catat keluar" in asked
    answer = client.post(page(inmate), {"how": "released", "on": today(-1)}, follow=True)
    assert answer.redirect_chain == [(page(inmate), 302)]
    for words in (
        "Dicatat: tidak lagi di lapas ini.",
        f"Peserta {participant.participant_code} angkatan {participant.batch.name}",
        "Keluar",
        "Bebas",
    ):
        assert words in answer.text
    assert AccessRecord.objects.filter(subjects__contains=[inmate.public_id]).count() == 2


def test_a_page_sent_twice_is_done_once(login, facility, registrar):
    client, inmate = login(registrar), inmate_at(facility)
    said = {"how": "died", "on": today(-1)}
    for _again in range(2):
        assert client.post(page(inmate), said).status_code == 302
    answer = client.post(page(inmate), said | {"how": "escaped"})
    assert answer.status_code == 422
    assert "oleh Petugas Register" in answer.text


def test_a_day_to_come_is_refused_beside_its_field(login, facility, registrar):
    inmate = inmate_at(facility)
    answer = login(registrar).post(page(inmate), {"how": "released", "on": today(1)})
    assert answer.status_code == 422
    assert "masa depan" in answer.text
    assert inmate.custodies.get().until is None


def test_the_head_takes_a_wrong_ending_back(login, facility, registrar, head):
    inmate = inmate_at(facility)
    client = login(head)
    assert client.get(page(inmate)).status_code == 403
    departures.leave(inmate=inmate, facility=facility, how="released", on=today(), by=registrar)
    shown = client.get(page(inmate)).text
    assert "Salah catat?" in shown
    assert "Masuk lagi ke lapas ini?" not in shown
    assert client.post(page(inmate), {"how": "died", "on": today()}).status_code == 403
    assert client.post(page(inmate, "departure-reopen"), {"reason": ""}).status_code == 422
    answer = client.post(page(inmate, "departure-reopen"), {"reason": "Salah orang"})
    assert answer.url == inmate.get_absolute_url()
    assert inmate.custodies.get().until is None


def test_who_returns_has_a_second_stay(login, facility, registrar):
    inmate, client = inmate_at(facility), login(registrar)
    departures.leave(inmate=inmate, facility=facility, how="escaped", on=today(-9), by=registrar)
    back = page(inmate, "departure-return")
    assert client.post(back, {"starts": today(-10)}).status_code == 422
    answer = client.post(
        back, {"starts": today(-1), "register_number": "B.I 5/2026", "register_class": "B.I"}
    )
    assert answer.url == inmate.get_absolute_url()
    assert list(Custody.objects.open().values_list("starts", flat=True)) == [today(-1)]


def test_the_dead_do_not_return(login, facility, registrar):
    inmate = inmate_at(facility)
    departures.leave(inmate=inmate, facility=facility, how="died", on=today(), by=registrar)
    assert "Masuk lagi ke lapas ini?" not in login(registrar).get(page(inmate)).text


def test_why_it_was_reopened_stands_on_the_page_of_the_next_ending(login, facility, registrar):
    inmate, client = inmate_at(facility), login(registrar)
    for how in ("released", "escaped"):
        client.post(page(inmate), {"how": how, "on": today()})
        if how == "released":
            client.post(page(inmate, "departure-reopen"), {"reason": "Salah orang"})
    shown = client.get(page(inmate)).text
    assert "Pernah dibuka kembali: Salah orang" in shown
    assert "Melarikan diri" in shown


def test_another_prison_finds_nothing(login, facility, outsider, registrar):
    inmate = inmate_at(facility)
    register = staff(outsider.facility, "registrar")
    for name in ("departure", "departure-reopen", "departure-return", "departure-send"):
        assert login(register).post(page(inmate, name)).status_code == 404
