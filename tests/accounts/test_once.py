"""What is worked out once a row can be used like any annotation."""

from datetime import date

import pytest
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import Facility
from accounts.once import LookedUp, looked_up, worked_out_once
from inmates.models import Custody, Inmate
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import SentenceFactory, inmate_at

pytestmark = pytest.mark.django_db

EARLY, LATE = date(2026, 5, 1), date(2027, 5, 1)


def ending():
    """People with the day on which their sentence ends, from a table beside theirs."""
    ends = Coalesce("sentence__released_on", "sentence__expires")
    return worked_out_once(Inmate.objects.order_by("pk"), ends=ends)


@pytest.fixture
def two():
    return [SentenceFactory(released_on=day).inmate for day in (EARLY, LATE)]


def test_it_stands_once_in_a_statement_that_uses_it_often(two):
    rows = ending().annotate(again=F("ends")).filter(ends__gte=EARLY, again__lt=LATE)
    assert str(rows.order_by("ends").query).count("COALESCE") == 1
    assert [(row.pk, row.ends, row.again) for row in rows] == [(two[0].pk, EARLY, EARLY)]


def test_it_is_counted_ordered_and_read_as_values(two):
    rows = ending()
    assert (rows.count(), rows.filter(ends=LATE).count()) == (2, 1)
    assert list(rows.order_by("-ends").values_list("ends", flat=True)) == [LATE, EARLY]
    assert rows.filter(ends=LATE).exists()


def test_who_has_nothing_beside_is_there_too(two):
    nobody_knows = inmate_at(FacilityFactory(), sentence={"expires": None})
    assert list(ending().filter(ends=None)) == [nobody_knows]


def test_asked_for_twice_it_stands_there_once(two):
    ends = Coalesce("sentence__released_on", "sentence__expires")
    rows = worked_out_once(ending(), ends=ends).filter(ends=LATE)
    assert str(rows.query).count("COALESCE") == 1
    assert list(rows) == [two[1]]


def test_it_works_inside_other_statements(two):
    late = ending().filter(ends=LATE)
    assert list(Inmate.objects.filter(pk__in=late.values("pk"))) == [two[1]]
    assert list(ending().filter(ends=EARLY) | late) == two
    assert {row.ends for row in late.union(ending().filter(ends=EARLY))} == {EARLY, LATE}


def test_what_is_looked_up_says_the_same(two):
    here = inmate_at(FacilityFactory())
    held = Exists(Custody.objects.filter(inmate=OuterRef("pk")))
    condition = Q(held) | ~Q(held, pk=here.pk)
    assert "OFFSET 0" in str(Inmate.objects.filter(looked_up(condition)).query)
    assert set(Inmate.objects.filter(looked_up(condition))) == {*two, here}
    assert list(Inmate.objects.filter(looked_up(Q(held)))) == [here]
    assert set(Inmate.objects.filter(looked_up(~Q(held)))) == set(two)


def test_of_a_condition_without_a_look_up_nothing_changes():
    assert looked_up(Q(pk=1) | Q(name="")) == Q(pk=1) | Q(name="")
    assert isinstance(looked_up(Exists(Facility.objects.all())), LookedUp)
