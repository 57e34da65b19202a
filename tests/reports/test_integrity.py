"""What `check_integrity` finds when a row goes past the triggers."""

import pgtrigger
import pytest

from inmates.models import Inmate
from reports import integrity
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import inmate_at

pytestmark = pytest.mark.django_db


def found():
    return {check: rows for check, rows in integrity.differences() if rows}


def test_somebody_who_is_held_elsewhere_than_the_open_stay_says_is_found(facility):
    inmate_at(facility)
    astray = inmate_at(facility)
    with pgtrigger.ignore("inmates.Inmate:prison_from_custody"):
        Inmate.objects.filter(pk=astray.pk).update(prison=FacilityFactory())
    assert found() == {"a person is held where the open stay is": [astray.pk]}


def test_somebody_who_is_held_nowhere_although_a_stay_is_open_is_found(facility):
    astray = inmate_at(facility)
    with pgtrigger.ignore("inmates.Inmate:prison_from_custody"):
        Inmate.objects.filter(pk=astray.pk).update(prison=None)
    assert found() == {"a person is held where the open stay is": [astray.pk]}
