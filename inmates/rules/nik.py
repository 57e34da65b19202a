"""The shape of a NIK and what it says of its holder (field notes 2.6)."""

import re
from datetime import date

from inmates.rules.cells import person_key_of
from inmates.states import Sex

_NUMBER_FORM = re.compile(r"[0-9]+(?:[.,][0-9]*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)")


def nik_of(value):
    """The NIK as typed, without blanks around it or an apostrophe; empty for `-` and `0`."""
    return person_key_of(value)


def nik_problem(value):
    """Why the cell's NIK cannot be used: `"number"`, `"shape"`, or None (also when empty).

    Valid are 16 digits with a real day (plus 40 for women) and month, and a serial that is not
    0000. A number cell or scientific form has lost digits in Excel, even if it looks whole.
    """
    nik = nik_of(value)
    if not nik:
        return None
    if not isinstance(value, str) or _NUMBER_FORM.fullmatch(nik):
        return "number"
    if not re.fullmatch(r"[0-9]{16}", nik) or nik.endswith("0000") or _nik_birth(nik) is None:
        return "shape"
    return None


def _nik_birth(nik):
    """(day, month, two-digit year, sex) that a NIK of 16 digits states, None if no real date."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    sex = Sex.FEMALE if day > 40 else Sex.MALE
    day -= 40 if day > 40 else 0
    try:
        date(2000 + year, month, day)  # every two-digit leap year is one in the 2000s
    except ValueError:
        return None
    return day, month, year, sex


def nik_mismatches(nik, *, sex, birth_date):
    """Which of `"sex"`, `"birth"` a valid NIK contradicts: worth a remark, never an error."""
    stated = _nik_birth(nik)
    if stated is None:
        return []
    day, month, year, stated_sex = stated
    found = ["sex"] if sex and sex != stated_sex else []
    if birth_date and (birth_date.day, birth_date.month, birth_date.year % 100) != (
        day,
        month,
        year,
    ):
        found.append("birth")
    return found
