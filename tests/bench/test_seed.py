"""The filled database is as the triggers would have made it, and has what is measured."""

import pytest
from django.urls import resolve

from accounts.models import AccessRecord
from bench import pages, seed
from bench.names import MEASURED
from inmates.models import Inmate
from training.models import Enrolment


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_small_country_is_in_order_and_every_measured_page_has_an_address():
    seed.fill(seed.LEAST, say=lambda line: None)  # ends where `check_integrity` finds something
    assert Inmate.objects.count() == seed.LEAST
    assert Inmate.pgh_event_model.objects.count() == seed.LEAST
    assert Enrolment.objects.count() > seed.LEAST * 0.8
    assert AccessRecord.objects.exists()
    measured = pages.of_prison(MEASURED, "officer") + pages.of_agencies()
    assert {page.role for page in measured} <= set(pages.ROLES)
    for page in measured:
        assert resolve(page.path.partition("?")[0])
    with pytest.raises(ValueError, match="holds a prison already"):
        seed.fill(seed.LEAST)
