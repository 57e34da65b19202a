"""Stating the NIK of a person who had none."""

from datetime import date

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates import nik
from inmates.models import Inmate
from inmates.services import niks
from inmates.states import Sex
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at
from tests.races import race

MAN, OTHER = "3672011508900001", "3672011508900002"


@pytest.fixture
def person(facility):
    return inmate_at(facility, name="ANI", birth_date=date(1990, 8, 15), sex=Sex.MALE)


def with_nik(facility, number, **fields):
    return inmate_at(facility, nik_digest=nik.digest(number), nik_last4=number[-4:], **fields)


@pytest.mark.django_db
def test_the_registrar_states_a_nik_that_is_then_found_and_never_in_the_clear(person, registrar):
    stated = niks.state(inmate=person, nik=f" '{MAN} ", by=registrar)
    assert stated.warnings == []
    person.refresh_from_db()
    assert nik.reveal(person.nik_cipher) == MAN
    assert (person.nik_digest, person.masked_nik) == (nik.digest(MAN), "•" * 12 + "0001")
    assert MAN.encode() not in bytes(person.nik_cipher)
    assert person not in Inmate.objects.without_nik()


@pytest.mark.django_db
def test_stating_it_again_changes_nothing(person, registrar):
    niks.state(inmate=person, nik=MAN, by=registrar)
    cipher = Inmate.objects.get(pk=person.pk).nik_cipher
    assert niks.state(inmate=person, nik=MAN, by=registrar).inmate == person
    assert Inmate.objects.get(pk=person.pk).nik_cipher == cipher


@pytest.mark.django_db
def test_another_nik_is_no_second_statement(person, registrar):
    niks.state(inmate=person, nik=MAN, by=registrar)
    with pytest.raises(AlreadyDone, match="0001 sudah tercatat"):
        niks.state(inmate=person, nik=OTHER, by=registrar)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["", "-", "367201150890001", "3672013113900001", "3.672E+15"])
def test_a_wrong_shape_is_refused_at_its_field(person, registrar, wrong):
    with pytest.raises(NotAllowed) as refused:
        niks.state(inmate=person, nik=wrong, by=registrar)
    assert set(refused.value.error_dict) == {"nik"}


@pytest.mark.django_db
def test_what_it_contradicts_is_only_a_warning(person, registrar):
    stated = niks.state(inmate=person, nik="3672015608900001", by=registrar)
    assert [sentence.split(" yang")[0] for sentence in stated.warnings] == [
        *("NIK tidak cocok dengan jenis kelamin", "NIK tidak cocok dengan tanggal lahir")
    ]
    person.refresh_from_db()
    assert person.nik_last4 == "0001"


@pytest.mark.django_db
def test_somebody_elses_nik_is_refused_and_tells_only_whom_one_may_see(facility, person, registrar):
    with_nik(FacilityFactory(), MAN, name="RAHASIA")
    with pytest.raises(NotAllowed) as refused:
        niks.state(inmate=person, nik=MAN, by=registrar)
    assert refused.value.message_dict == {"nik": ["NIK ini sudah tercatat untuk orang lain."]}
    with_nik(facility, OTHER, name="BUDI", person_key="K7")
    with pytest.raises(NotAllowed, match="untuk BUDI"):
        niks.state(inmate=person, nik=OTHER, by=registrar)


@pytest.mark.django_db
def test_a_merged_record_of_the_same_person_is_not_somebody_else(person, registrar):
    InmateFactory(merged_into=person, nik_digest=nik.digest(MAN))
    niks.state(inmate=person, nik=MAN, by=registrar)
    person.refresh_from_db()
    assert person.nik_digest == nik.digest(MAN)


@pytest.mark.django_db
def test_only_the_registrar_of_the_prison_that_holds_the_person(person, officer, head, registrar):
    for user in (officer, head):
        with pytest.raises(Forbidden):
            niks.state(inmate=person, nik=MAN, by=user)
    with pytest.raises(Forbidden):
        niks.state(inmate=inmate_at(FacilityFactory()), nik=MAN, by=registrar)


@pytest.mark.django_db
def test_who_is_in_no_custody_gets_none(facility, login, registrar):
    free = CustodyFactory(facility=facility, until=date(2024, 5, 1), ended_how="released").inmate
    with pytest.raises(NotAllowed, match="tidak sedang ditempatkan"):
        niks.state(inmate=free, nik=MAN, by=registrar)
    assert login(registrar).get(f"/inmates/{free.public_id}/nik/").status_code == 403


@pytest.mark.django_db
def test_the_page_takes_a_nik_and_goes_back_to_the_list(login, person, registrar):
    client, address = login(registrar), f"/inmates/{person.public_id}/nik/"
    assert "Simpan NIK" in client.get(address).content.decode()
    refused = client.post(address, {"nik": "123"})
    assert refused.status_code == 422
    assert "16 angka" in refused.content.decode()
    answer = client.post(address, {"nik": "3672015608900001"}, follow=True)
    assert answer.redirect_chain == [("/inmates/?found=no_nik", 302)]
    shown = answer.content.decode()
    assert "NIK ANI dicatat." in shown
    assert "tidak cocok dengan jenis kelamin" in shown
    page = client.get(address).content.decode()
    assert "••••0001 sudah tercatat" in page
    assert "Simpan NIK" not in page


@pytest.mark.django_db
def test_the_page_is_the_registrars(login, person, officer, outsider):
    address = f"/inmates/{person.public_id}/nik/"
    assert login(officer).post(address, {"nik": MAN}).status_code == 403
    assert login(outsider).post(address, {"nik": MAN}).status_code == 404


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_one_nik_given_to_two_people_at_once_belongs_to_one(facility, registrar):
    people = [inmate_at(facility) for _person in range(2)]
    outcomes = race(
        *(lambda p=person: niks.state(inmate=p, nik=MAN, by=registrar) for person in people)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotAllowed", "Stated"]
    assert Inmate.objects.filter(nik_digest=nik.digest(MAN)).count() == 1
