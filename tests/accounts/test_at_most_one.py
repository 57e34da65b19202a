"""A number of rows does without joins that leave as many rows as there were."""

import pytest

from accounts.at_most_one import without_idle_joins
from inmates.models import Inmate
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import InmateFactory, inmate_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    place = FacilityFactory()
    held = inmate_at(place, register_class="B.I"), inmate_at(place, register_class="A.I")
    return [*held, InmateFactory()]


def listed():
    return Inmate.objects.for_list(None)


def has_join(rows):
    return "open_custody" in str(rows.query)


def test_a_join_of_which_nothing_is_read_goes(people):
    rows = listed().order_by().values("pk")
    assert has_join(rows)
    fewer = without_idle_joins(rows)
    assert not has_join(fewer)
    assert {row["pk"] for row in fewer} == {row["pk"] for row in rows}


def test_the_rows_themselves_keep_it(people):
    rows = listed().values("pk")
    without_idle_joins(rows)
    assert has_join(rows)


@pytest.mark.parametrize(
    "narrowed",
    [
        lambda rows: rows.filter(register_class="B.I").values("pk"),
        lambda rows: rows.exclude(register_class="B.I").values("pk"),
        lambda rows: rows.filter(expected_release__isnull=True).values("pk"),
        lambda rows: rows.order_by("register_number").values("pk"),
        lambda rows: rows.values("pk", "register_number"),
    ],
)
def test_what_is_asked_of_it_keeps_it(people, narrowed):
    rows = narrowed(listed())
    kept = without_idle_joins(rows)
    assert has_join(kept)
    assert list(kept) == list(rows)
