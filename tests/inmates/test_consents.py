"""Consents: one at a time for each purpose, with a scan; withdrawn it holds no more."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Circumstance, Consent, Inmate
from inmates.services import consents
from inmates.states import CircumstanceKind, ConsentPurpose, CustodyEnd
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, inmate_at
from tests.factories.partners import scan_file, today
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def inmate(facility):
    return inmate_at(facility)


def give(inmate, by, **fields):
    return consents.give(
        **{
            "inmate": inmate,
            "facility": Inmate.objects.get(pk=inmate.pk).prison,
            "purpose": ConsentPurpose.TRAINING,
            "signed_on": today(-10),
            "scan": scan_file(),
            "by": by,
            **fields,
        }
    )


def withdraw(consent, by, **fields):
    return consents.withdraw(
        **{"consent": consent, "on": today(), "why": "Berubah pikiran", "by": by, **fields}
    )


class TestGive:
    def test_it_holds_from_its_signature_with_a_scan(self, inmate, officer, facility):
        consent = give(inmate, officer, until=today(300))
        assert (consent.facility, consent.created_by) == (facility, officer)
        assert default_storage.exists(consent.scan.name)
        assert "naskah" not in consent.scan.name
        assert list(Consent.objects.in_force(purpose=ConsentPurpose.TRAINING)) == [consent]

    def test_a_registrar_records_one_too(self, inmate, registrar):
        assert give(inmate, registrar).pk

    def test_a_double_click_records_one(self, inmate, officer):
        assert give(inmate, officer) == give(inmate, officer)

    def test_a_second_one_for_the_same_purpose_is_told_who_and_when(
        self, inmate, officer, registrar
    ):
        give(inmate, officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            give(inmate, registrar, signed_on=today())

    def test_each_purpose_stands_by_itself(self, inmate, officer):
        for purpose in ConsentPurpose:
            give(inmate, officer, purpose=purpose)
        assert Consent.objects.in_force().count() == len(ConsentPurpose)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"scan": None}, "scan"),
            ({"scan": scan_file(b"MZ program", "naskah.pdf")}, "scan"),
            ({"signed_on": today(1)}, "signed_on"),
            ({"until": today(-11)}, "until"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, inmate, officer, wrong, field):
        with pytest.raises(NotAllowed) as refused:
            give(inmate, officer, **wrong)
        assert set(refused.value.error_dict) == {field}

    def test_one_that_has_ended_is_followed_by_another(self, inmate, officer):
        give(inmate, officer, signed_on=today(-400), until=today(-35))
        new = give(inmate, officer, signed_on=today(-34))
        assert list(Consent.objects.in_force()) == [new]

    def test_two_never_hold_on_the_same_day(self, inmate, officer):
        give(inmate, officer, signed_on=today(-400), until=today(-35))
        with pytest.raises(NotAllowed, match="berlaku pada masa itu"):
            give(inmate, officer, signed_on=today(-35))

    def test_others_may_not(self, inmate, warden, head):
        outsider = staff(FacilityFactory(), "officer")
        for user in (warden, outsider):
            with pytest.raises(Forbidden):
                give(inmate, user)
        with pytest.raises(Forbidden):
            give(inmate, head, facility=FacilityFactory())

    def test_a_consent_goes_with_the_person(self, facility, officer, inmate, outsider):
        give(inmate, officer)
        inmate.custodies.update(until=today(), ended_how=CustodyEnd.TRANSFERRED)
        CustodyFactory(inmate=inmate, facility=outsider.facility, starts=today())
        inmate.refresh_from_db()
        assert Consent.objects.visible_to(outsider).count() == 1
        with pytest.raises(AlreadyDone):
            give(inmate, outsider)


class TestWithdraw:
    def test_it_holds_no_more_at_once(self, inmate, officer):
        consent = withdraw(give(inmate, officer), officer)
        assert not Consent.objects.in_force().exists()
        assert (consent.withdrawn_on, consent.withdrawn_by) == (today(), officer)

    def test_a_change_of_circumstances_is_written(self, inmate, officer, facility):
        withdraw(give(inmate, officer), officer, on=today(-2))
        change = Circumstance.objects.get()
        assert (change.inmate, change.facility) == (inmate, facility)
        assert (change.kind, change.new) == (CircumstanceKind.CONSENT, ConsentPurpose.TRAINING)
        assert (change.effective, change.source) == (today(-2), "consent")

    def test_a_double_click_withdraws_once(self, inmate, officer):
        consent = give(inmate, officer)
        for _twice in range(2):
            withdraw(consent, officer)
        assert Circumstance.objects.count() == 1

    def test_a_second_time_is_refused_in_words(self, inmate, officer, registrar):
        consent = give(inmate, officer)
        withdraw(consent, officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            withdraw(consent, registrar)
        with pytest.raises(AlreadyDone):
            withdraw(consent, officer, why="Alasan lain")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"on": today(1)}, "on"), ({"on": today(-11)}, "on"), ({"why": " "}, "why")],
    )
    def test_what_makes_no_sense_is_refused(self, inmate, officer, wrong, field):
        with pytest.raises(NotAllowed) as refused:
            withdraw(give(inmate, officer), officer, **wrong)
        assert set(refused.value.error_dict) == {field}

    def test_one_that_has_ended_cannot_be_withdrawn(self, inmate, officer):
        consent = give(inmate, officer, signed_on=today(-40), until=today(-1))
        with pytest.raises(NotAllowed, match="sudah berakhir"):
            withdraw(consent, officer, on=today(-1))

    def test_it_may_be_given_again_the_same_day(self, inmate, officer):
        withdraw(give(inmate, officer), officer)
        new = give(inmate, officer, signed_on=today())
        assert list(Consent.objects.in_force()) == [new]

    def test_after_release_the_prison_that_took_it_withdraws_it(self, facility, officer):
        inmate = inmate_at(facility)
        consent = give(inmate, officer, purpose=ConsentPurpose.FOLLOW_UP)
        inmate.custodies.update(until=today(), ended_how=CustodyEnd.RELEASED)
        withdraw(consent, officer)
        assert Circumstance.objects.get().facility == facility

    def test_after_a_transfer_the_new_prison_does(self, inmate, officer, outsider):
        consent = give(inmate, officer)
        inmate.custodies.update(until=today(), ended_how=CustodyEnd.TRANSFERRED)
        CustodyFactory(inmate=inmate, facility=outsider.facility, starts=today())
        withdraw(consent, outsider)
        assert Circumstance.objects.get().facility == outsider.facility

    def test_others_may_not(self, inmate, officer, warden, outsider):
        consent = give(inmate, officer)
        for user in (warden, outsider):
            with pytest.raises(Forbidden):
                withdraw(consent, user)


def test_the_database_keeps_two_apart_whoever_writes(inmate, officer, facility):
    consent = give(inmate, officer)
    with pytest.raises(IntegrityError, match="consent_once_at_a_time"), transaction.atomic():
        Consent.objects.create(
            inmate=inmate, facility=facility, purpose=consent.purpose, signed_on=today()
        )


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_at_once_record_one(facility, officer, registrar):
    inmate = inmate_at(facility)
    outcomes = race(
        lambda: give(inmate, officer),
        lambda: give(inmate, registrar),
    )
    assert {type(outcome) for outcome in outcomes} == {AlreadyDone, Consent}
    assert Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_at_once_withdraw_once(facility, officer, registrar):
    inmate = inmate_at(facility)
    consent = give(inmate, officer)
    outcomes = race(
        lambda: withdraw(consent, officer),
        lambda: withdraw(consent, registrar),
    )
    assert {type(outcome) for outcome in outcomes} == {AlreadyDone, Consent}
    assert Circumstance.objects.count() == 1
