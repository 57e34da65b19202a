"""Pure functions about register data, by subject; they know no model and write nothing.

What reads a cell of an SDP export takes whatever a CSV or XLSX cell may hold (text, number, date);
what cannot be read raises `Unreadable`, never anything else.
"""

from accounts.sheets.cells import Unreadable, text_of, tidy
from accounts.sheets.dates import YEARS, parse_date
from inmates.rules.cells import count_of, person_key_of, sex_of
from inmates.rules.dates import age_on
from inmates.rules.names import search_name
from inmates.rules.nik import nik_mismatches, nik_of, nik_problem
from inmates.rules.register_classes import register_class
from inmates.rules.release import Release, expected_release, release_of
from inmates.rules.sentences import (
    Difference,
    computed,
    computed_expiry,
    computed_fraction,
    differences,
    differs,
    full_term,
    months_later,
)
from inmates.rules.typed import Typed, read_typed

__all__ = [
    "YEARS",
    "Difference",
    "Release",
    "Typed",
    "Unreadable",
    "age_on",
    "computed",
    "computed_expiry",
    "computed_fraction",
    "count_of",
    "differences",
    "differs",
    "expected_release",
    "full_term",
    "months_later",
    "nik_mismatches",
    "nik_of",
    "nik_problem",
    "parse_date",
    "person_key_of",
    "read_typed",
    "register_class",
    "release_of",
    "search_name",
    "sex_of",
    "text_of",
    "tidy",
]
