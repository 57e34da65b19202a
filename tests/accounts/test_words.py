"""What stands for a typed text in SQL that is made once, and the questions asked before it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.beforehand import Courses, is_any, keys_of
from accounts.models import Facility
from accounts.prepared import ForStandIns, among
from accounts.words import FIRST, LAST, WHOLE, for_any, mark, put_in
from tests.factories.accounts import FacilityFactory


def test_a_text_is_compared_as_it_is_and_looked_for_as_it_is_written():
    real = for_any("50%_x\\").real
    assert put_in(WHOLE, real) == "50%_x\\"
    assert put_in(f"%{WHOLE}%", real) == "%50\\%\\_x\\\\%"
    assert put_in("50%", real) == "50%"


def test_several_marks_in_one_parameter_are_each_replaced_once():
    one, other = mark(0, 3), mark(1)
    assert put_in(f"{one} {other}%", {one: other, other: "b"}) == f"{other} b%"


def test_a_mark_for_which_nothing_is_put_in_stays():
    assert put_in(f"%{mark(7)}%", {WHOLE: "a"}) == f"%{mark(7)}%"


@given(st.text())
def test_any_text_takes_the_place_of_its_mark(text):
    assert put_in(WHOLE, for_any(text).real) == text


@pytest.mark.parametrize("code", [FIRST, LAST])
def test_marks_are_no_characters(code):
    assert not chr(code).isprintable()


@pytest.fixture
def prisons(db):
    return [FacilityFactory(name=name) for name in ("Utara", "Selatan")]


def courses():
    """Prisons of a name, else all; those of a name are told by their keys."""

    def build():
        named = Facility.objects.filter(name__icontains=WHOLE)
        rows = Facility.objects.order_by("pk")
        if keys := keys_of(named.values_list("pk", flat=True)):
            rows = rows.filter(among("pk", keys))
        elif is_any(Facility.objects.filter(code=WHOLE)):
            rows = rows.filter(code=WHOLE)
        return ForStandIns(rows, lambda value: False)

    return Courses(build)


def found(made, text):
    asked, real = made.made(for_any(text).real)
    return asked.objects(real, once=True)


def test_what_is_found_beforehand_decides_what_is_asked(prisons):
    north, south = prisons
    made = courses()
    assert found(made, "utar") == [north]
    assert found(made, "t") == [north, south]
    assert found(made, south.code) == [south]
    assert found(made, "%") == [north, south]


def test_each_course_is_built_once(prisons):
    made = courses()
    first, _real = made.made(for_any("utara").real)
    with CaptureQueriesContext(connection) as captured:
        again, real = made.made(for_any("selatan").real)
    assert again is first
    assert len(captured) == 1
    assert [prisons[1].pk] in real.values()


def test_questions_are_asked_at_once_where_nothing_is_made_for_others(prisons):
    rows = Facility.objects.filter(pk=prisons[0].pk)
    assert keys_of(rows.values_list("pk", flat=True)) == [prisons[0].pk]
    assert is_any(rows)
    assert not is_any(rows.none())
