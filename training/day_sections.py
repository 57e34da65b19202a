"""Sections of security's day list besides its meetings, on the page and on paper.

A section is a function `(user, day)` that gives a `DaySection`, or None when there is nothing to
say that day. Registered by a module in `views`, which is imported with the addresses.
"""

from dataclasses import dataclass

_sections = []


@dataclass
class DaySection:
    """`template` reads `context` under the name `section`, and `day`; it begins with an `h2`.

    On paper it is a table of texts: `columns` and `rows`, with a note below. `people` are named.
    """

    template: str
    context: dict
    people: list
    title: str
    columns: list
    rows: list
    note: str = ""


def register(function):
    """Decorator: show the function's section on every day list."""
    if function not in _sections:
        _sections.append(function)
    return function


def of(user, day):
    """The sections that have something to say."""
    return [shown for shown in (section(user, day) for section in _sections) if shown]
