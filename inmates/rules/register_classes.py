"""Register books (field notes 2.1), whatever way an office writes them."""

import re

from accounts.sheets.cells import tidy
from inmates.states import RegisterClass

_CLASS = re.compile(
    r"""^\W*(?P<book>[AB])[\W_]*
        (?P<roman>III|IV|II|I|V)(?![IVX])
        (?:[\W_]*(?P<part>[AB])(?![A-Z]))?""",
    re.VERBOSE,
)
CLASSES = {each.value: each for each in RegisterClass}


def register_class(text):
    """The `RegisterClass` of a register number or class in any spelling, UNKNOWN if unclear.

    `B.I  39/2025`, `BI.N. 121/2025`, `B-I- 24/2026` are B.I; `BIIa. 349/2023` is B.IIa.
    """
    found = _CLASS.match(tidy(text).upper())
    if not found:
        return RegisterClass.UNKNOWN
    code = f"{found['book']}.{found['roman']}"
    if code == "B.II":
        code += (found["part"] or "").lower()
    return CLASSES.get(code, RegisterClass.UNKNOWN)
