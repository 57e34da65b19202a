"""A letter is headed by what its prison's letterhead was on the letter's day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from correspondence.documents import office
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import letterhead_of

pytestmark = pytest.mark.django_db


def test_each_day_has_the_letterhead_that_began_last(facility):
    letterhead_of(facility, "KEMENTERIAN LAMA", "LAPAS CILEGON", since=date(2014, 1, 1))
    letterhead_of(facility, "KEMENTERIAN BARU", "LAPAS CILEGON", since=date(2025, 1, 1))
    assert office(facility, date(2024, 12, 31))["letterhead"][0] == "KEMENTERIAN LAMA"
    assert office(facility, date(2025, 1, 1))["letterhead"][0] == "KEMENTERIAN BARU"


def test_a_prison_without_one_writes_under_its_name(facility):
    letterhead_of(facility, "KEMENTERIAN BARU", since=date(2025, 1, 1))
    found = office(facility, date(2024, 1, 1))
    assert found["letterhead"] == ["LAPAS KELAS IIA CILEGON"]
    assert found["office"] == "LAPAS KELAS IIA CILEGON"


def test_its_own_address_goes_before_the_prisons(facility):
    facility.address = "Jalan Lama 1"
    letterhead_of(facility, "LAPAS CILEGON", since=date(2020, 1, 1))
    assert office(facility)["address"] == "Jalan Lama 1"
    letterhead_of(facility, "LAPAS CILEGON", since=date(2024, 1, 1), address="Jalan Baru 2")
    assert office(facility)["address"] == "Jalan Baru 2"


def test_two_of_one_day_are_refused(facility):
    letterhead_of(facility, "SATU", since=date(2025, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        letterhead_of(facility, "DUA", since=date(2025, 1, 1))


def test_the_admin_types_one_line_a_row(facility, login):
    admin = UserFactory(kind="admin", is_staff=True, is_superuser=True)
    answer = login(admin).post(
        "/admin/correspondence/letterhead/add/",
        {
            "facility": facility.pk,
            "starts_on": "2026-01-01",
            "lines": "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN\r\nLAPAS KELAS IIA CILEGON",
            "address": "",
        },
    )
    assert answer.status_code == 302
    assert office(facility, date(2026, 2, 1))["letterhead"] == [
        "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN",
        "LAPAS KELAS IIA CILEGON",
    ]
