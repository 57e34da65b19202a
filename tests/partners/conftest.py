import pytest

from tests.factories.partners import AgreementFactory, EngagementFactory, SignedAgreementFactory


@pytest.fixture
def draft(facility, agency):
    return AgreementFactory(facility=facility, agency=agency, title="PKS Las")


@pytest.fixture
def signed(facility, agency):
    return SignedAgreementFactory(facility=facility, agency=agency, title="PKS Menjahit")


@pytest.fixture
def visit(facility, agency):
    return EngagementFactory(facility=facility, agency=agency, result="Siap membuka kelas las")
