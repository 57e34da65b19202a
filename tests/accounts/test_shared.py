"""What several querysets of one statement work out is worked out once for all of them."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce, ExtractYear

from accounts.once import worked_out_for_few, worked_out_once
from accounts.prepared import OneOf
from accounts.shared import Shared
from accounts.statements import Read
from inmates.models import Custody, Inmate
from tests.factories.inmates import SentenceFactory

pytestmark = pytest.mark.django_db

EARLY, LATE = date(2026, 5, 1), date(2027, 5, 1)


def ending():
    """People with the day on which their sentence ends, from a table beside theirs."""
    ends = Coalesce("sentence__released_on", "sentence__expires")
    return worked_out_once(Inmate.objects.order_by(), ends=ends)


def asked(shared, querysets):
    """SQL of these in one statement, and its rows."""
    first, *others = (rows.values_list("pk", "ends") for rows in querysets)
    sql, params = shared.made(*Read(first.union(*others, all=True)).made)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sql, cursor.fetchall()


@pytest.fixture
def two():
    return [SentenceFactory(released_on=day).inmate.pk for day in (EARLY, LATE)]


def test_it_stands_once_in_their_statement_and_each_reads_its_own(two):
    shared = Shared({Inmate: lambda people: people})
    with shared.standing():
        early, late = ending().filter(ends=EARLY), ending().filter(ends__gt=EARLY)
    sql, rows = asked(shared, [early, late])
    assert sql.count("COALESCE") == 1
    assert rows == [(two[0], EARLY), (two[1], LATE)]


def test_of_nobody_else_than_said_it_is_worked_out(two):
    shared = Shared({Inmate: lambda people: people.filter(pk=two[0])})
    with shared.standing():
        rows = ending()
    assert asked(shared, [rows, rows.filter(ends=LATE)])[1] == [(two[0], EARLY)]


def test_other_conditions_are_a_table_of_their_own(two):
    shared = Shared({Inmate: lambda people: people})
    with shared.standing():
        early, late = (
            worked_out_once(Inmate.objects.filter(pk=pk).order_by(), ends=ends)
            for pk, ends in zip(two, ("sentence__released_on", "sentence__expires"), strict=True)
            for ends in [Coalesce(ends, "sentence__released_on")]
        )
    sql, rows = asked(shared, [early, late.filter(pk=two[0]), late])
    assert sql.count("COALESCE") == 2
    assert [pk for pk, _day in rows] == two


def test_keys_that_several_ask_for_are_read_once(two):
    shared = Shared({})
    known = Inmate.objects.filter(pk=two[0]).order_by().values("pk")
    nobody = Inmate.objects.filter(pk__in=[]).values("pk")
    with shared.standing():
        first, again = (ending().filter(OneOf(F("pk"), shared.keys(known))) for _ in range(2))
        empty = ending().filter(OneOf(F("pk"), shared.keys(nobody)))
    sql, rows = asked(shared, [first, again, empty])
    assert sql.count(" AS MATERIALIZED ") == 1
    assert rows == [(two[0], EARLY)] * 2


def test_what_is_for_few_is_worked_out_of_these_alone(two):
    shared = Shared({Inmate: lambda people: people})
    with shared.standing():
        rows = ending().filter(ends=EARLY)
        few = worked_out_for_few(rows, year=Case(When(ends=EARLY, then=ExtractYear("ends"))))
    sql, found = asked(shared, [few.filter(year=EARLY.year), few.filter(year=LATE.year)])
    assert sql.count(" AS MATERIALIZED ") == 1
    assert found == [(two[0], EARLY)]


@pytest.mark.parametrize("narrow", [{Custody: None}, {Inmate: lambda people: people.none()}])
def test_of_what_it_is_not_said_it_is_worked_out_beside_each_row(two, narrow):
    shared = Shared(narrow)
    with shared.standing():
        rows = ending()
    assert set(asked(shared, [rows, rows.filter(ends=None)])[1]) == {
        (two[0], EARLY),
        (two[1], LATE),
    }


def test_it_ends_with_the_stretch_in_which_they_are_built(two):
    with Shared({Inmate: lambda people: people}).standing():
        pass
    assert {row.ends for row in ending()} == {EARLY, LATE}
