"""Employers and vacancies in the admin: found, and only read."""

import pytest
from django.urls import reverse

from accounts.states import UserKind
from tests.factories.accounts import UserFactory
from tests.factories.placements import EmployerFactory, VacancyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(login):
    return login(UserFactory(kind=UserKind.ADMIN, is_staff=True, is_superuser=True))


@pytest.mark.parametrize("noun", ["employer", "vacancy"])
def test_it_is_found_and_not_changed(client, facility, noun):
    employer = EmployerFactory(
        facility=facility, name="PT Baja", identity_number="9120301234567", phone="0812-7777-1"
    )
    row = {"employer": employer, "vacancy": VacancyFactory(employer=employer)}[noun]
    found = client.get(reverse(f"admin:placements_{noun}_changelist"), {"q": "baja"})
    assert [each.pk for each in found.context["cl"].queryset] == [row.pk]
    url = reverse(f"admin:placements_{noun}_change", args=[row.pk])
    page = client.get(url).content.decode()
    assert "9120301234567" not in page
    assert "0812-7777-1" not in page
    assert client.post(url, {"name": "Lain"}).status_code == 403
