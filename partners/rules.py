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
