"""No page asks more of the database because it shows more rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    AgreementFactory,
    EngagementFactory,
    PartnershipFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)

pytestmark = pytest.mark.django_db


def add_rows(facility, agency):
    dinas = AgencyFactory()
    PartnershipFactory(facility=facility, agency=AgencyFactory(parent=dinas))
    visit = EngagementFactory(facility=facility, agency=agency)
    ActionItemFactory(engagement=visit)
    AgreementFactory(facility=facility, agency=agency, engagement=visit)
    SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(3))
    liaison_of(agency)
    return visit


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["officer", "liaison"])
@pytest.mark.parametrize(
    "name", ["agency-list", "engagement-list", "agreement-list", "agreement-calendar"]
)
def test_lists(request, facility, agency, login, role, name):
    client = login(request.getfixturevalue(role))
    address = reverse(f"partners:{name}")
    add_rows(facility, agency)
    client.get(address)
    for_one = queries_of(client, address)

    for _repeat in range(2):
        add_rows(facility, agency)

    assert queries_of(client, address) == for_one


def test_the_story_of_an_agency(facility, agency, officer, login):
    client = login(officer)
    add_rows(facility, agency)
    for_one = queries_of(client, agency.get_absolute_url())

    for _repeat in range(2):
        add_rows(facility, agency)

    assert queries_of(client, agency.get_absolute_url()) == for_one


def test_a_visit_with_more_promises(facility, agency, officer, login):
    client = login(officer)
    visit = add_rows(facility, agency)
    for_one = queries_of(client, visit.get_absolute_url())

    for _repeat in range(2):
        ActionItemFactory(engagement=visit)
        AgreementFactory(facility=facility, agency=agency, engagement=visit)

    assert queries_of(client, visit.get_absolute_url()) == for_one
