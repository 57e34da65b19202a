"""The calendar of an agreement. The rules that ask the database stand beside those that do not."""

from datetime import date

import pytest
from django.db.models import DateField, IntegerField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Facility
from partners import rules
from partners.models import Agreement
from partners.querysets import MonthsBefore
from partners.states import AgreementState

DAYS = st.dates(min_value=rules.EARLIEST, max_value=rules.LATEST)


def agreement(**fields):
    usual = {
        "state": AgreementState.SIGNED,
        "signed_on": date(2026, 1, 1),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        "notice_months": 3,
        "review_months": 12,
    }
    return Agreement(**(usual | fields))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 8, 31), 3, date(2027, 5, 31)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2027, 1, 15), 1, date(2026, 12, 15)),
    ],
)
def test_months_are_counted_back_to_the_end_of_a_shorter_month(day, months, expected):
    assert rules.months_before(day, months) == expected


@pytest.mark.django_db
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(day=DAYS, months=st.integers(min_value=1, max_value=24))
def test_the_database_counts_months_back_as_python_does(facility, day, months):
    counted = MonthsBefore(Value(day, DateField()), Value(months, IntegerField()))
    row = Facility.objects.annotate(before=counted).values("before").get(pk=facility.pk)

    assert row["before"] == rules.months_before(day, months)


@given(day=DAYS, months=st.integers(min_value=1, max_value=24))
def test_a_notice_deadline_lies_that_many_months_before_the_end(day, months):
    deadline = rules.months_before(day, months)

    assert deadline < day
    assert (day.year * 12 + day.month) - (deadline.year * 12 + deadline.month) == months


def test_the_usual_last_day_is_the_day_before_the_anniversary():
    assert rules.suggested_end(date(2021, 2, 26), 2) == date(2023, 2, 25)


def test_an_agreement_without_an_end_has_no_deadlines():
    draft = agreement(state=AgreementState.DRAFT, ends_on=None, starts_on=None, signed_on=None)

    assert rules.notice_deadline(draft) is None
    assert rules.days_left(draft) is None
    assert rules.next_review(draft) is None


def test_the_last_day_of_a_terminated_agreement_is_the_day_before_its_termination():
    ended = agreement(state=AgreementState.TERMINATED, terminated_on=date(2026, 7, 1))

    assert rules.last_day(ended) == date(2026, 6, 30)


def test_a_month_that_cannot_be_read_is_this_month():
    today = date(2026, 11, 24)

    assert rules.month_named("2027-03", today) == date(2027, 3, 1)
    for text in (None, "", "soon", "2027-13", "0001-01", "9999-12"):
        assert rules.month_named(text, today) == date(2026, 11, 1)


def test_the_months_around_december():
    last, before, after = rules.around(date(2026, 12, 1))

    assert (last, before, after) == (date(2026, 12, 31), date(2026, 11, 1), date(2027, 1, 1))
