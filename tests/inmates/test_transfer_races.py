"""Two people answer about one person at the same moment: one wins, the other learns who."""

import pytest

from accounts.refusals import NotAllowed
from inmates.models import Circumstance, Custody, Transfer
from inmates.services import custodies, transfers
from inmates.states import TransferState
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at, transfer_from
from tests.factories.partners import today
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def transfer(facility):
    return transfer_from(facility, FacilityFactory(code="SRG", name="Lapas Serang"))


def one_won(outcomes):
    losers = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(losers) == 1
    assert isinstance(losers[0], NotAllowed), losers[0]
    return losers[0]


def test_two_accept(transfer, registrar, head):
    refusal = one_won(
        race(
            lambda: transfers.accept(transfer=transfer, by=registrar),
            lambda: transfers.accept(transfer=transfer, by=head),
        )
    )
    assert "sudah diterima oleh" in refusal.messages[0]
    assert Custody.objects.filter(inmate=transfer.inmate_id).count() == 2
    assert Circumstance.objects.count() == 1


def test_accept_against_withdraw(transfer, registrar):
    asker = staff(transfer.destination, "registrar")
    one_won(
        race(
            lambda: transfers.accept(transfer=transfer, by=registrar),
            lambda: transfers.withdraw(transfer=transfer, by=asker),
        )
    )
    transfer.refresh_from_db()
    stays = Custody.objects.open().filter(inmate=transfer.inmate_id)
    where = {TransferState.ACCEPTED: transfer.destination_id}.get(
        transfer.state, transfer.origin_id
    )
    assert [stay.facility_id for stay in stays] == [where]


def test_accept_against_a_departure(transfer, registrar, head, facility):
    one_won(
        race(
            lambda: transfers.accept(transfer=transfer, by=head),
            lambda: custodies.end(
                inmate=transfer.inmate, facility=facility, how="released", on=today(), by=registrar
            ),
        )
    )
    transfer.refresh_from_db()
    was_accepted = transfer.state == TransferState.ACCEPTED
    stays = Custody.objects.open().filter(inmate=transfer.inmate_id)
    assert len(stays) == (1 if was_accepted else 0)
    assert Circumstance.objects.get().kind == ("transferred" if was_accepted else "released")


def test_two_prisons_ask_for_the_same_person(facility):
    inmate = inmate_at(facility)
    prisons = [FacilityFactory(), FacilityFactory()]
    said = {
        "inmate": inmate,
        "origin_id": facility.pk,
        "moved_on": today(),
        "register_number": "",
        "register_class": "",
    }
    made = race(
        *(
            lambda prison=prison: transfers.propose_many(destination=prison, people=[said], by=None)
            for prison in prisons
        )
    )
    assert sorted(len(one) for one in made) == [0, 1]
    assert Transfer.objects.count() == 1
