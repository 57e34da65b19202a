"""Sentence dates as the app computes them, and where SDP's differ: a warning, never a block.

How SDP rounds is not published (field notes 2.3), so nothing is decided by a computed date. The
order here, always: from the day of detention go forward years and months (calendar months, in one
step; 31 January and one month is the last day of February), then days, then back 30 days for each
month of remission, then back its days. Counts that are None count as 0.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta
from django.conf import settings

from accounts.sheets.dates import YEARS

REMISSION_MONTH_DAYS = 30  # Keppres 174/1999, article 7
FRACTIONS = {"one_third": (1, 3), "one_half": (1, 2), "two_thirds": (2, 3)}
STATED = (*FRACTIONS, "expires")


@lru_cache(maxsize=10_000)
def months_later(day, months):
    """The same day so many calendar months later (earlier when negative), or the last of the month.

    31 August less three months is 31 May, 31 March less one month is 28 or 29 February.
    """
    return day + relativedelta(months=months)


def full_term(*, detained_since, years, months, days):
    """The end of the sentence as pronounced, before remission; None without a start or a length.

    None, too, when it would lie outside the years that the app knows.
    """
    if not detained_since or not (years or months or days):
        return None
    return _within(
        lambda: (
            detained_since
            + relativedelta(years=years or 0, months=months or 0)
            + timedelta(days=days or 0)
        )
    )


def computed_expiry(*, detained_since, years, months, days, remission_months, remission_days):
    """`full_term` less remission, of which a month is 30 days; None where that is None."""
    end = full_term(detained_since=detained_since, years=years, months=months, days=days)
    if end is None:
        return None
    remitted = REMISSION_MONTH_DAYS * (remission_months or 0) + (remission_days or 0)
    return _within(lambda: end - timedelta(days=remitted))


def computed_fraction(which, *, detained_since, years, months, days):
    """The day on which `"one_third"`, `"one_half"` or `"two_thirds"` of the sentence is served.

    A part of the whole days of the sentence as pronounced, rounded down; remission does not move
    it. None where `full_term` is None.
    """
    end = full_term(detained_since=detained_since, years=years, months=months, days=days)
    if end is None:
        return None
    part, whole = FRACTIONS[which]
    return detained_since + timedelta(days=(end - detained_since).days * part // whole)


def computed(sentence):
    """`{name of the date: computed day or None}` for the four dates that SDP states."""
    length = {
        name: getattr(sentence, name) for name in ("detained_since", "years", "months", "days")
    }
    days = {which: computed_fraction(which, **length) for which in FRACTIONS}
    days["expires"] = computed_expiry(
        **length,
        remission_months=sentence.remission_months,
        remission_days=sentence.remission_days,
    )
    return days


@dataclass(frozen=True)
class Difference:
    """`days` is positive when SDP states a later day than the app computes."""

    which: str
    stated: date
    computed: date

    @property
    def days(self):
        return (self.stated - self.computed).days


def differences(sentence):
    """A `Difference` for each date that is further than DATE_TOLERANCE_DAYS from the computed one.

    A warning to look again in SDP; a date that is not stated or not computable differs from
    nothing.
    """
    return [
        Difference(which, stated, day)
        for which, day in computed(sentence).items()
        if (stated := getattr(sentence, which)) and day and differs(stated, day)
    ]


def differs(stated, day):
    """Whether two days are further apart than the tolerance, in either direction."""
    return abs((stated - day).days) > settings.DATE_TOLERANCE_DAYS


def _within(compute):
    try:
        day = compute()
    except (OverflowError, ValueError):
        return None
    return day if day.year in YEARS else None
