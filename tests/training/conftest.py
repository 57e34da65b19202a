import pytest

from correspondence.models import Notice
from tests.factories.inmates import inmate_at
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory, confirmed_batch, enrolled
from training.models import Batch
from training.services import slots
from training.services.slots import Recorded


def terms(**changed):
    """Terms of a round that fit `BatchFactory`: 20 seats in a month, answered within a week."""
    usual = {
        "seats": 20,
        "starts_on": today(30),
        "ends_on": today(70),
        "respond_by": today(7),
    }
    return usual | changed


def by_whatsapp(**changed):
    """An answer that reached the prison outside the app."""
    usual = {"channel": "whatsapp", "on": today(), "said_by": "Ibu Sari, BLK"}
    return Recorded(**(usual | changed))


@pytest.fixture
def planned(facility, agency):
    agreement = SignedAgreementFactory(facility=facility, agency=agency)
    return BatchFactory(agreement=agreement, name="Angkatan Uji")


@pytest.fixture
def proposal(planned, officer):
    """Twenty seats, asked of the agency by the officer."""
    return slots.propose(batch=planned, by=officer, **terms())


@pytest.fixture
def full(facility, agency):
    """A confirmed batch with two seats, both taken: by SITI first, by BUDI second."""
    batch = confirmed_batch(facility, agency, name="Angkatan Penuh", seats_confirmed=2)
    for name in ("SITI", "BUDI"):
        enrolled(batch, inmate_at(facility, name=name))
    batch.refresh_from_db()
    return batch


def now_of(batch):
    """The batch as it is stored now."""
    return Batch.objects.get(pk=batch.pk)


def told(kind):
    """Whom a kind of notice was written to."""
    return {notice.recipient for notice in Notice.objects.filter(kind=kind)}


def change(batch, officer, **changed):
    """A change round that the officer opens on a confirmed batch."""
    return slots.propose(batch=batch, by=officer, **terms(**changed))
