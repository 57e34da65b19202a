import pytest

from tests.factories.accounts import UserFactory


@pytest.fixture
def posting(officer):
    return officer.postings.get()


@pytest.fixture
def successor(db):
    return UserFactory(name="Wayan Penerus", nip="199001012015011001")
