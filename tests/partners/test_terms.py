"""The calendar of an agreement over the years: the term that follows, and the next monev."""

from calendar import isleap
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from partners import rules
from partners.models import Agreement, Review
from partners.states import AgreementState
from tests.factories.partners import SignedAgreementFactory

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))
MONTHS = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (date(2021, 2, 26), date(2023, 2, 25), date(2025, 2, 25)),
        (date(2024, 3, 1), date(2025, 2, 28), date(2026, 2, 28)),
        (date(2023, 3, 1), date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 27), date(2026, 2, 27)),
        (date(2025, 8, 31), date(2026, 2, 28), date(2026, 8, 31)),
        (date(2025, 1, 1), date(2025, 1, 10), date(2025, 1, 20)),
    ],
)
def test_the_term_that_follows_is_as_long(starts_on, ends_on, expected):
    assert rules.renewed_term(starts_on, ends_on) == (ends_on + timedelta(days=1), expected)


@given(starts_on=DAYS, months=MONTHS)
@example(starts_on=date(2024, 2, 29), months=12)
@example(starts_on=date(2025, 8, 31), months=6)
@example(starts_on=date(2025, 1, 31), months=1)
def test_whole_months_are_followed_by_as_many(starts_on, months):
    ends_on = starts_on + relativedelta(months=months, days=-1)

    following, until = rules.renewed_term(starts_on, ends_on)

    assert following == ends_on + timedelta(days=1)
    assert until == following + relativedelta(months=months, days=-1)


@given(first=st.dates(date(1990, 1, 1), date(2060, 12, 1)), months=MONTHS)
def test_terms_that_begin_with_a_month_end_with_one_for_ever(first, months):
    starts_on = first.replace(day=1)
    ends_on = starts_on + relativedelta(months=months, days=-1)
    for _round in range(3):
        starts_on, ends_on = rules.renewed_term(starts_on, ends_on)
        assert starts_on.day == 1
        assert (ends_on + timedelta(days=1)).day == 1


def days_but_leap_days(first, last):
    leaps = sum(
        1
        for year in range(first.year, last.year + 1)
        if isleap(year) and first <= date(year, 2, 29) <= last
    )
    return (last - first).days - leaps


@given(starts_on=DAYS, days=st.integers(min_value=0, max_value=4000))
@example(starts_on=date(2002, 9, 1), days=2344)
@example(starts_on=date(2082, 3, 1), days=3836)
def test_the_terms_touch_and_are_as_long_but_for_leap_days_and_short_months(starts_on, days):
    ends_on = starts_on + timedelta(days=days)

    following, until = rules.renewed_term(starts_on, ends_on)

    assert following - ends_on == timedelta(days=1)
    assert until >= following
    longer = days_but_leap_days(following, until) - days_but_leap_days(starts_on, ends_on)
    assert abs(longer) <= 3, "some months in a row have three days more than as many others"


def held(due, **fields):
    usual = {
        "state": AgreementState.SIGNED,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        "review_months": 6,
    }
    row = Agreement(**(usual | fields))
    row.reviewed_due = due
    return row


@pytest.mark.parametrize(
    ("reviewed", "today", "expected"),
    [
        (None, date(2026, 1, 1), date(2026, 7, 1)),
        (None, date(2026, 12, 1), date(2026, 7, 1)),  # late, and still the one to hold
        (date(2026, 7, 1), date(2026, 8, 1), date(2027, 1, 1)),
        (date(2027, 7, 1), date(2027, 8, 1), None),  # the next would come after the end
        (None, date(2028, 1, 1), None),
    ],
)
def test_the_next_monev_follows_the_last_one_recorded(reviewed, today, expected):
    assert rules.next_review(held(reviewed), today) == expected


@pytest.mark.parametrize(
    ("held_on", "expected"),
    [
        (date(2026, 6, 20), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 7, 1)),
        (date(2027, 1, 1), date(2027, 1, 1)),
        (date(2027, 9, 1), date(2027, 7, 1)),
    ],
)
def test_a_late_monev_settles_every_round_that_had_gone_by(held_on, expected):
    assert rules.review_round(date(2026, 7, 1), 6, held_on) == expected


def test_of_a_past_agreement_the_rounds_before_its_entry_are_not_asked_for():
    row = held(
        None,
        starts_on=date(2023, 1, 31),
        entered_afterwards=True,
        created_at=datetime(2026, 8, 2, tzinfo=UTC),
    )

    assert rules.next_review(row, date(2026, 8, 2)) == date(2027, 1, 31)


@pytest.mark.django_db
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    starts_on=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    months=MONTHS,
    entered=st.none() | st.datetimes(datetime(1999, 1, 1), datetime(2045, 1, 1)),
    reviewed=st.none() | st.dates(date(2000, 1, 1), date(2045, 1, 1)),
)
@example(date(2024, 2, 29), 12, datetime(2025, 2, 28, 18), None)
@example(date(2025, 8, 31), 6, datetime(2026, 2, 28, 3), None)
def test_the_database_finds_the_same_next_monev(
    facility, agency, starts_on, months, entered, reviewed
):
    row = SignedAgreementFactory(
        facility=facility,
        agency=agency,
        starts_on=starts_on,
        ends_on=date(2099, 12, 31),
        review_months=months,
        entered_afterwards=True,
        **({"created_at": entered.replace(tzinfo=UTC)} if entered else {}),
    )
    if reviewed:
        Review.objects.create(agreement=row, due=reviewed, held_on=reviewed, result="Baik")

    found = Agreement.objects.with_status().with_review_due().get(pk=row.pk)

    assert found.review_due == rules.next_review(found)
