"""Computed sentence dates: over every corner of the calendar, and beside those of SDP."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inmates import rules
from inmates.models import Inmate, Sentence
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory

# The 29th to 31st of months, leap days and 1 March among them, and any other day.
CORNERS = st.builds(
    lambda year, month, back: date(year, month, 1) - timedelta(days=back),
    st.sampled_from([1950, 1996, 2000, 2023, 2024, 2025, 2027, 2028, 2100]),
    st.integers(1, 12),
    st.integers(0, 3),
)
DAYS = CORNERS | st.dates(date(1950, 1, 1), date(2100, 12, 31))
LENGTHS = st.fixed_dictionaries(
    {
        "years": st.none() | st.integers(0, 30),
        "months": st.none() | st.integers(0, 40),
        "days": st.none() | st.integers(0, 100),
    }
)
POSITIVE = LENGTHS.filter(lambda length: any(length.values()))
REMISSIONS = st.fixed_dictionaries(
    {"remission_months": st.none() | st.integers(0, 40), "remission_days": st.integers(0, 100)}
)
NONE = {"remission_months": 0, "remission_days": 0}


def expiry(start, **counts):
    counts = {"years": 0, "months": 0, "days": 0} | NONE | counts
    return rules.computed_expiry(detained_since=start, **counts)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 8, 31), -3, date(2026, 5, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 30), 2, date(2027, 2, 28)),
    ],
)
def test_months_are_calendar_months_that_end_where_the_month_ends(start, months, end):
    assert rules.months_later(start, months) == end
    if months > 0:
        assert expiry(start, months=months) == end


def test_years_and_months_go_in_one_step_then_days_then_remission_back():
    start = date(2024, 2, 29)
    assert expiry(start, years=1, months=12) == date(2026, 2, 28)
    assert expiry(start, years=1, months=1, days=3) == date(2025, 4, 1)
    assert expiry(start, years=2, remission_months=1, remission_days=15) == date(2026, 1, 14)
    since = date(2025, 9, 5)
    assert expiry(since, years=4, remission_months=1, remission_days=15) == date(2029, 7, 22)


@given(DAYS, st.integers(-600, 600))
def test_a_month_later_is_in_the_month_that_the_calendar_says(day, months):
    later = rules.months_later(day, months)
    count = day.year * 12 + day.month - 1 + months
    assert (later.year, later.month) == (count // 12, count % 12 + 1)
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@given(DAYS, POSITIVE)
def test_a_sentence_ends_after_it_starts(start, length):
    assert rules.full_term(detained_since=start, **length) > start


@given(DAYS, POSITIVE, st.sampled_from(["years", "months", "days"]), st.integers(1, 30))
def test_a_longer_sentence_ends_no_earlier(start, length, which, more):
    longer = length | {which: (length[which] or 0) + more}
    assume(rules.full_term(detained_since=start, **longer))
    assert rules.full_term(detained_since=start, **longer) > rules.full_term(
        detained_since=start, **length
    )
    for fraction in ("one_third", "one_half", "two_thirds"):
        short, long = (
            rules.computed_fraction(fraction, detained_since=start, **each)
            for each in (length, longer)
        )
        assert short <= long


@given(DAYS, DAYS, POSITIVE)
def test_who_is_detained_later_ends_no_earlier(one, other, length):
    first, second = sorted((one, other))
    ends = [rules.full_term(detained_since=day, **length) for day in (first, second)]
    assert ends[0] <= ends[1]


@given(DAYS, POSITIVE, REMISSIONS, st.integers(0, 20), st.integers(0, 60))
def test_more_remission_ends_no_later_and_its_month_is_thirty_days(
    start, length, remission, months, days
):
    less = rules.computed_expiry(detained_since=start, **length, **remission)
    more = {
        "remission_months": (remission["remission_months"] or 0) + months,
        "remission_days": remission["remission_days"] + days,
    }
    earlier = rules.computed_expiry(detained_since=start, **length, **more)
    assume(less and earlier)
    assert less - earlier == timedelta(days=30 * months + days)


@given(DAYS, POSITIVE)
def test_the_fractions_stand_in_order_within_the_sentence(start, length):
    third, half, two_thirds = (
        rules.computed_fraction(which, detained_since=start, **length)
        for which in ("one_third", "one_half", "two_thirds")
    )
    end = rules.full_term(detained_since=start, **length)
    assert start <= third <= half <= two_thirds <= end
    served, left = two_thirds - start, end - two_thirds
    assert -2 <= (served - 2 * left).days <= 0


ANY_COUNT = st.none() | st.integers(0, 32_767)


@given(
    st.none() | st.dates(),
    *[ANY_COUNT] * 5,
)
def test_whatever_is_stored_gives_a_day_or_none(start, years, months, days, less, less_days):
    length = {"detained_since": start, "years": years, "months": months, "days": days}
    found = rules.computed_expiry(**length, remission_months=less, remission_days=less_days)
    assert found is None or found.year in rules.YEARS
    if start is None or not (years or months or days):
        assert found is None
        assert rules.computed_fraction("one_half", **length) is None


def test_no_start_or_no_length_computes_nothing():
    assert expiry(None, years=4) is None
    assert expiry(date(2026, 1, 1)) is None


def sentence(**stated):
    length = {"detained_since": date(2024, 1, 1), "years": 3, "months": 0, "days": 0}
    return Sentence(**length | stated)


def test_a_date_within_the_tolerance_differs_from_nothing(settings):
    settings.DATE_TOLERANCE_DAYS = 31
    end = date(2027, 1, 1)
    for days in (31, -31, 0):
        assert rules.differences(sentence(expires=end + timedelta(days=days))) == []
    for days in (32, -32):
        (found,) = rules.differences(sentence(expires=end + timedelta(days=days)))
        assert (found.which, found.computed, found.days) == ("expires", end, days)
    settings.DATE_TOLERANCE_DAYS = 40
    assert rules.differences(sentence(expires=end + timedelta(days=40))) == []


def test_each_stated_date_is_compared_with_its_own():
    found = rules.differences(
        sentence(one_third=date(2024, 12, 31), one_half=date(2026, 1, 1), two_thirds=None)
    )
    assert [(each.which, each.computed) for each in found] == [("one_half", date(2025, 7, 2))]


@given(DAYS, DAYS)
def test_the_tolerance_is_the_same_in_both_directions(one, other):
    assert rules.differs(one, other) == rules.differs(other, one)


@st.composite
def stated(draw):
    """A sentence with dates near the computed ones, or anywhere, or missing."""
    made = Sentence(
        detained_since=draw(st.none() | DAYS),
        remission_months=draw(st.integers(0, 40)),
        remission_days=draw(st.integers(0, 100)),
        **draw(LENGTHS),
    )
    for which, day in rules.computed(made).items():
        near = (
            st.just(None)
            if day is None
            else st.integers(-33, 33).map(lambda shift, day=day: day + timedelta(days=shift))
        )
        setattr(made, which, draw(st.one_of(near, st.none(), DAYS)))
    return made


@pytest.fixture
def held(db):
    facility = FacilityFactory()
    return [CustodyFactory(facility=facility).inmate for _person in range(60)]


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sentences=st.lists(stated(), min_size=1, max_size=60))
def test_the_list_finds_exactly_those_of_whom_pages_warn(held, sentences):
    with transaction.atomic():
        for person, made in zip(held, sentences, strict=False):
            made.inmate, made.as_of = person, date(2026, 3, 3)
        Sentence.objects.bulk_create(sentences)
        found = set(Inmate.objects.with_differing_dates().values_list("pk", flat=True))
        transaction.set_rollback(True)
    assert found == {made.inmate_id for made in sentences if rules.differences(made)}
    for made in sentences:
        made.pk = None
