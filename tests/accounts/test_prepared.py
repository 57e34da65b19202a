from datetime import date

import pghistory
import pytest

from accounts.models import Facility
from accounts.prepared import Prepared, fetch_planned
from tests.factories.accounts import FacilityFactory

pytestmark = pytest.mark.django_db


def test_a_plan_is_made_and_used_while_history_adds_its_values():
    statement = "SELECT %s::date + 1, %s::text LIKE 'ab%%', %s::bigint[]"
    with pghistory.context(user=1):
        for day, text in ((date(2026, 11, 3), "abc"), (date(2026, 11, 4), "b")):
            (row,) = fetch_planned(statement, [day, text, [1, 2]])
            assert row == (day.replace(day=day.day + 1), text == "abc", [1, 2])


def test_other_kinds_of_values_are_another_plan():
    assert fetch_planned("SELECT coalesce(%s, %s)::text", [None, 7]) == [("7",)]
    assert fetch_planned("SELECT coalesce(%s, %s)::text", [None, "x"]) == [("x",)]


def test_a_statement_without_values_is_planned_too():
    assert fetch_planned("SELECT 7", []) == [(7,)]


def test_the_sql_made_once_is_asked_for_each_value():
    rows = Prepared(lambda key: Facility.objects.filter(pk=key).values_list("name"), ids=["key"])
    first, second = FacilityFactory(), FacilityFactory()
    assert [rows.rows(key=one.pk) for one in (first, second)] == [[(first.name,)], [(second.name,)]]


def test_what_is_no_parameter_of_the_statement_is_an_error():
    with pytest.raises(ValueError, match="key"):
        Prepared(lambda key: Facility.objects.values_list("name"), ids=["key"]).rows(key=1)
