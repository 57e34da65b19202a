"""The search box finds employers and vacancies, each reader's own and the reported ones."""

import pytest

from tests.factories.placements import EmployerFactory, VacancyFactory

pytestmark = pytest.mark.django_db


def found(client, text):
    return client.post("/search/", {"q": text}, follow=True).content.decode()


def test_an_employer_by_name_and_a_vacancy_by_title_or_number(login, officer, facility):
    employer = EmployerFactory(facility=facility, name="PT Krida Baja")
    vacancy = VacancyFactory(employer=employer, title="Juru las", report_number="3672/LWK/9")
    client = login(officer)
    assert employer.get_absolute_url() in found(client, "krida")
    for text in ("juru las", "lwk/9", "krida"):
        assert vacancy.get_absolute_url() in found(client, text)


def test_others_find_only_what_was_reported(login, outsider, other_liaison, facility):
    employer = EmployerFactory(facility=facility, name="PT Krida Baja")
    hidden = VacancyFactory(employer=employer, title="Juru las")
    shown = VacancyFactory(employer=employer, title="Juru las pipa", report_number="L-1")
    for reader in (outsider, other_liaison):
        page = found(login(reader), "juru las")
        assert hidden.get_absolute_url() not in page
        assert shown.get_absolute_url() in page
