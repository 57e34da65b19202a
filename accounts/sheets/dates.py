"""Days: how a cell writes one."""

import math
import re
from datetime import date, datetime, timedelta

from accounts.sheets.cells import APOSTROPHES, EMPTY_TEXTS, Unreadable, tidy

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari pebruari feb peb",
            "maret mar",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "agustus agu agt ags",
            "september sept sep",
            "oktober okt",
            "november nopember nov nop",
            "desember des",
        ),
        1,
    )
    for name in names.split()
}
YEARS = range(1900, 2151)
# Serials of 1919 to 2119: a bare year such as 1990 is no serial.
SERIALS = range(7_000, 80_000)
EXCEL_DAY_ZERO = date(1899, 12, 30)
_CLOCK = r"(?:[ t]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}){_CLOCK}", re.ASCII)
_ZEROS = re.compile(rf"0+(?P<mark>[/-])0+(?P=mark)0+{_CLOCK}")
_WRITTEN = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", re.ASCII)
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?", re.ASCII)


def parse_date(value):
    """The day a cell means, None for an empty one; `Unreadable` for anything else.

    Reads dd/mm/yyyy, dd-mm-yyyy, ISO, `5 September 2025`, Excel serials, date objects. Empty
    are blanks, `-`, `0` and dates of only zeros.
    """
    if isinstance(value, datetime):
        return _in_years(value.date())
    if isinstance(value, date):
        return _in_years(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_serial(value) if value else None
    if value is not None and not isinstance(value, str):
        raise Unreadable(str(value))
    text = tidy(value).lower().lstrip(APOSTROPHES).strip()
    if text in EMPTY_TEXTS or _ZEROS.fullmatch(text):
        return None
    if match := _ISO.fullmatch(text):
        return _day(*match.groups())
    if match := _DAY_FIRST.fullmatch(text):
        return _day(match[4], match[3], match[1])
    if (match := _WRITTEN.fullmatch(text)) and match[2] in MONTHS:
        return _day(match[3], MONTHS[match[2]], match[1])
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    raise Unreadable(text)


def _from_serial(number):
    if not math.isfinite(number) or int(number) not in SERIALS:
        raise Unreadable(str(number))
    return EXCEL_DAY_ZERO + timedelta(days=int(number))


def _day(year, month, day):
    try:
        return _in_years(date(int(year), int(month), int(day)))
    except ValueError as error:
        raise Unreadable(f"{day}/{month}/{year}") from error


def _in_years(day):
    if day.year not in YEARS:
        raise Unreadable(day.isoformat())
    return day
