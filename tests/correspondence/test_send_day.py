"""When an offset is due: the engine's SQL against the definition, spelled out in Python."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Holiday
from correspondence.deadlines import HORIZON

pytestmark = pytest.mark.django_db

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
NEAR = range(-20, 21)


def send_day(target, holidays):
    """The last working day on or before the target."""
    day = target
    while day.isoweekday() > 5 or day in holidays:
        day -= timedelta(days=1)
    return day


def horizon(today):
    with connection.cursor() as cursor:
        cursor.execute(f"WITH given (today) AS (VALUES (%s::date)) {HORIZON}", [today])
        return cursor.fetchone()[0]


@given(today=DAYS, closed=st.sets(st.integers(-15, 15)))
@example(today=date(2026, 3, 20), closed=set(range(16)))  # a week of Lebaran, and more
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_an_offset_is_due_exactly_when_its_send_day_has_come(today, closed):
    holidays = {today + timedelta(days=days) for days in closed}
    Holiday.objects.all().delete()
    Holiday.objects.bulk_create(Holiday(day=day, name="Libur") for day in holidays)
    first_not_due = horizon(today)
    for days in NEAR:
        target = today + timedelta(days=days)
        assert (target < first_not_due) == (send_day(target, holidays) <= today)
