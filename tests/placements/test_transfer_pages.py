"""Asking, answering and sending on pages; what each side reads."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import Transfer
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, inmate_at, transfer_from
from tests.factories.partners import today
from tests.factories.training import confirmed_batch, enrolled

pytestmark = pytest.mark.django_db
LIST = "/transfers/"


@pytest.fixture
def serang(db):
    return FacilityFactory(code="SRG", name="Lapas Serang")


@pytest.fixture
def asker(serang):
    return staff(serang, "registrar", name="Register Serang")


@pytest.fixture
def transfer(facility, serang):
    return transfer_from(facility, serang, inmate=inmate_at(facility, name="SLAMET RIYADI"))


def act(transfer, name):
    return reverse(f"placements:transfer-{name}", args=[transfer.public_id])


def test_the_origin_reads_who_and_which_prison_asks(login, registrar, transfer):
    client = login(registrar)
    for address in (LIST, transfer.get_absolute_url()):
        shown = client.get(address).text
        assert "SLAMET RIYADI" in shown
        assert "Lapas Serang" in shown
    assert "Terima mutasi" in shown
    assert AccessRecord.objects.count() == 2


def test_the_asking_prison_reads_neither_name_nor_origin(login, asker, transfer):
    client = login(asker)
    for address in (LIST, f"{LIST}?format=csv", transfer.get_absolute_url()):
        answer = client.get(address)
        shown = b"".join(answer).decode()
        assert transfer.inmate.person_key in shown
        assert "SLAMET" not in shown
        assert transfer.origin.name not in shown
        assert str(transfer.inmate.public_id) not in shown
    assert "Tarik permintaan" in shown
    assert "Terima mutasi" not in shown
    assert client.get(transfer.inmate.get_absolute_url()).status_code == 404


def test_a_prison_that_held_the_person_before_reads_no_origin_either(login, asker, transfer):
    CustodyFactory(
        inmate=transfer.inmate, facility=asker.facility, starts=today(-999), until=today(-900)
    )
    shown = login(asker).get(transfer.inmate.get_absolute_url()).text
    assert "lapas lain – Lapas Serang" in shown
    assert transfer.origin.name not in shown


def test_the_list_is_filtered_by_state_and_way(login, facility, registrar, serang, transfer):
    into = transfer_from(serang, facility)
    client = login(registrar)
    for query, there, away in (
        ("way=out", transfer, into),
        ("way=in", into, transfer),
    ):
        shown = client.get(f"{LIST}?{query}").text
        assert there.inmate.person_key in shown
        assert away.inmate.person_key not in shown
    assert "Tidak ada yang cocok" in client.get(f"{LIST}?state=refused").text


def test_accepting_moves_the_person_and_says_what_ended(login, facility, agency, asker, registrar):
    batch = confirmed_batch(facility, agency, starts_on=today(-10), ends_on=today(30))
    participant = enrolled(batch, inmate_at(facility, name="SLAMET RIYADI"))
    transfer = transfer_from(facility, asker.facility, inmate=participant.inmate)
    client = login(registrar)
    answer = client.post(act(transfer, "accept"), {"moved_on": today(-2)}, follow=True)
    assert f"Peserta {participant.participant_code} angkatan {batch.name}" in answer.text
    assert "Terima mutasi" not in answer.text
    theirs = login(asker)
    assert "SLAMET RIYADI" in theirs.get(transfer.get_absolute_url()).text
    assert theirs.get(participant.inmate.get_absolute_url()).status_code == 200
    assert client.get(participant.inmate.get_absolute_url()).status_code == 200


def test_the_first_words_of_the_other_prison_are_not_what_ended(login, registrar, asker, transfer):
    login(registrar).post(act(transfer, "accept"), {"moved_on": today(-2)})
    assert "Yang dihentikan" not in login(asker).get(transfer.get_absolute_url()).text


def test_a_refusal_needs_its_reason_and_the_other_side_reads_it(login, head, asker, transfer):
    client = login(head)
    assert client.post(act(transfer, "refuse"), {"reason": ""}).status_code == 422
    assert client.post(act(transfer, "refuse"), {"reason": "Masih di sini"}).status_code == 302
    shown = login(asker).get(transfer.get_absolute_url()).text
    assert "Masih di sini" in shown
    assert "SLAMET" not in shown
    assert head.name not in shown


def test_a_late_answer_is_told_who_was_first(login, registrar, head, transfer):
    login(head).post(act(transfer, "accept"), {"moved_on": today(-2)})
    answer = login(registrar).post(act(transfer, "refuse"), {"reason": "Tidak"})
    assert answer.status_code == 422
    assert "sudah diterima oleh Kasi Giatja" in answer.text


def test_the_asking_prison_withdraws(login, asker, transfer):
    answer = login(asker).post(act(transfer, "withdraw"), follow=True)
    assert "Permintaan ditarik." in answer.text
    transfer.refresh_from_db()
    assert transfer.state == "withdrawn"


def test_a_record_is_asked_for_by_key(login, facility, asker):
    client, inmate = login(asker), inmate_at(facility)
    page = reverse("placements:transfer-propose")
    assert client.get(page).status_code == 200
    assert client.post(page, {"person_key": "1", "moved_on": today()}).status_code == 422
    answer = client.post(page, {"person_key": inmate.person_key, "moved_on": today()})
    assert answer.url == Transfer.objects.get().get_absolute_url()


def test_the_origin_sends(login, facility, serang, registrar):
    client, inmate = login(registrar), inmate_at(facility)
    page = reverse("placements:departure-send", args=[inmate.public_id])
    shown = client.get(page).text
    assert "Lapas Serang" in shown
    assert f'value="{facility.code}"' not in shown
    assert client.post(page, {"destination": "CLG", "moved_on": today()}).status_code == 422
    for _again in range(2):
        answer = client.post(page, {"destination": "SRG", "moved_on": today()})
        assert answer.url == Transfer.objects.get().get_absolute_url()


def test_the_menu_and_the_home_lead_registrars_there(login, registrar, transfer, officer):
    shown = login(registrar).get("/").text
    assert 'href="/transfers/"' in shown
    assert "Jawab permintaan mutasi" in shown
    assert "SLAMET" not in shown
    assert 'href="/transfers/"' not in login(officer).get("/").text
