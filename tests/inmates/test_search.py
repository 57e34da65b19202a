"""Finding people: all records of one person, and whoever was typed badly."""

import pytest

from inmates.models import Inmate
from tests.factories.inmates import InmateFactory

pytestmark = pytest.mark.django_db


def test_records_of_one_person_are_the_same_from_any_of_them():
    kept = InmateFactory()
    merged = InmateFactory.create_batch(2, merged_into=kept)
    stranger = InmateFactory()

    for record in (kept, *merged):
        assert set(Inmate.objects.records_of(record)) == {kept.pk, *(m.pk for m in merged)}
    assert list(Inmate.objects.records_of(stranger)) == [stranger.pk]
