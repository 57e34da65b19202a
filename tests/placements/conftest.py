import pytest

from partners.states import AgencyKind
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, PartnershipFactory, liaison_of


@pytest.fixture
def disnaker(facility):
    """The Disnaker that the prison works with."""
    agency = AgencyFactory(name="Disnaker Kota Cilegon", kind=AgencyKind.DISNAKER, city="Cilegon")
    return PartnershipFactory(facility=facility, agency=agency).agency


@pytest.fixture
def pengantar(disnaker):
    """The liaison of that Disnaker."""
    return liaison_of(disnaker, name="Pengantar Kerja")


@pytest.fixture
def person(facility):
    return inmate_at(facility, name="SLAMET RIYADI", return_city="Kota Cilegon")
