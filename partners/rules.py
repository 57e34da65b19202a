"""Who may act for an agency, and the calendar of an agreement."""

from dateutil.relativedelta import relativedelta


def is_liaison_of(user, agency_id):
    """Whether the user speaks for exactly this agency (not for a unit below it)."""
    if not user.is_liaison or not user.is_active:
        return False
    return user.liaisons.filter(agency_id=agency_id, until__isnull=True).exists()


def months_before(day, months):
    """`day` less whole months, clamped to the month's end (31 Aug - 3 months = 31 May)."""
    return day - relativedelta(months=months)


def notice_deadline(agreement):
    """Last day to propose an extension: end less the notice months; None without an end."""
    if agreement.ends_on is None:
        return None
    return months_before(agreement.ends_on, agreement.notice_months)


def suggested_end(starts_on, years):
    """The usual last day of a term: start + years - 1 day (26 Feb 2021 + 2 -> 25 Feb 2023)."""
    return starts_on + relativedelta(years=years, days=-1)


def last_day(agreement):
    """The last day on which the agreement holds, termination counted; None if never signed."""
    if agreement.signed_on is None or agreement.ends_on is None:
        return None
    if agreement.terminated_on is None:
        return agreement.ends_on
    return min(agreement.ends_on, agreement.terminated_on + relativedelta(days=-1))


def covers(agreement, starts_on, ends_on):
    """Whether the agreement, or it and its signed successor, holds on every day of the span.

    Both days count. Source: a training names an agreement in force on its first and last day
    (field notes 3.3).
    """
    until = last_day(agreement)
    if until is None or starts_on < agreement.starts_on:
        return False
    if ends_on <= until:
        return True
    successor = getattr(agreement, "successor", None)
    if successor is None or last_day(successor) is None or starts_on > until:
        return False
    return successor.starts_on <= until + relativedelta(days=1) and ends_on <= last_day(successor)
