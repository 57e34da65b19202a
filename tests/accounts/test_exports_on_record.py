"""Whom a file named: written down by the database as it is for a page."""

from types import SimpleNamespace

import pytest

from accounts.models import AccessRecord
from accounts.services import access
from inmates.models import Inmate
from tests.factories.inmates import inmate_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(officer):
    return SimpleNamespace(
        user=officer, path="/inmates/", id="a1", META={"REMOTE_ADDR": "10.0.0.7"}, headers={}
    )


def test_a_file_is_on_record_as_a_list_of_people_is(request_of, facility):
    people = sorted((inmate_at(facility) for _number in range(3)), key=lambda each: each.name)
    access.record(request_of, access.EXPORT, people)
    access.record(request_of, access.EXPORT, Inmate.objects.order_by("name"))
    of_list, of_query = AccessRecord.objects.order_by("pk")
    for name in ("user_email", "act", "path", "address", "request"):
        assert getattr(of_query, name) == getattr(of_list, name)
    assert of_query.address
    assert of_query.subjects == of_list.subjects


def test_somebody_whom_a_query_finds_twice_is_named_once(request_of, facility):
    person = inmate_at(facility)
    twice = Inmate.objects.filter(pk=person.pk) | Inmate.objects.filter(custodies__inmate=person)
    access.record(request_of, access.EXPORT, twice)
    assert AccessRecord.objects.get().subjects == [person.public_id]


def test_a_file_of_nobody_leaves_no_record(request_of):
    access.record(request_of, access.EXPORT, Inmate.objects.all())
    access.record(request_of, access.EXPORT, Inmate.objects.none())
    assert not AccessRecord.objects.exists()
