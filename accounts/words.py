"""What somebody typed, in SQL that is made once: marks stand for it until it is put in.

A mark is one of the characters that are none and never will be (U+FDD0 to U+FDEF), once or
several times; no form and no column holds one.
"""

import re
from typing import NamedTuple

from django.db import connection

FIRST, LAST = 0xFDD0, 0xFDEF
_MARKS = re.compile(f"([{chr(FIRST)}-{chr(LAST)}])\\1*")


class Stands(NamedTuple):
    """What stands for a text: the `value` in its place, the `shape` of all texts for which it does
    (hashable), and of this one what is put in for each mark (`real`)."""

    value: str
    shape: tuple
    real: dict


def mark(place, length=1):
    """One of 32 marks, that of a `place`."""
    return chr(FIRST + place) * length


WHOLE = mark(31)  # of a text as it was typed


def for_any(text):
    """What stands for a text that is compared in SQL alone, as `icontains` does."""
    return Stands(WHOLE, (), {WHOLE: text})


def put_in(value, real):
    """A parameter with the real text for each mark: a whole parameter is compared as it is, a part
    of one stands in a LIKE."""
    if value in real:
        return real[value]
    return _MARKS.sub(lambda it: _in_a_like(real.get(it[0], it[0])), value)


def _in_a_like(text):
    return connection.ops.prep_for_like_query(text)
