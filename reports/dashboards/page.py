"""What a dashboard is made of, and what its reader chose."""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property

from accounts.prepared import among
from reports.bars import Bar, draw
from reports.kept import kept


@dataclass(frozen=True)
class Chosen:
    """The prisons that count, and what narrows them; `query` holds the same words for addresses.

    A tuple of one prison is asked for by its id; several, or a list, as one value of any length.
    `sees_people`: the reader may open lists of names of all these prisons.
    """

    prisons: tuple | list
    query: dict = field(default_factory=dict)
    year: int | None = None
    course: object = None
    agency: object = None
    kind: str = ""
    sees_people: bool = False

    def narrow(self, rows, *, facility="facility", year="", course="", agency="agency"):
        """Rows of the prisons, narrowed along the paths that are named."""
        if isinstance(self.prisons, list) or len(self.prisons) != 1:
            rows = rows.filter(among(facility, self.prisons))
        else:
            rows = rows.filter(**{facility: self.prisons[0]})
        if year and self.year:
            rows = rows.filter(**{year: self.year})
        if course and self.course:
            rows = rows.filter(**{course: self.course.pk})
        if agency and self.agency:
            rows = rows.filter(**{agency: self.agency.pk})
        return rows

    @cached_property
    def kept(self):
        """What was kept of these participations, None where it is counted (`reports.kept`)."""
        return kept(self.prisons, year=self.year, course=self.course, agency=self.agency)

    @property
    def was_kept(self):
        """Whether a figure of the page was read as it was kept."""
        return bool(self.__dict__.get("kept"))

    def list_of(self, name, *, without=(), **more):
        """The address of a list, narrowed like this page."""
        known = {key: value for key, value in self.query.items() if key not in without}
        query = urlencode(known | more)
        return _address(name) + (f"?{query}" if query else "")

    def people_list(self, name, **given):
        """The same, empty for a reader who may not see the names in it."""
        return self.list_of(name, **given) if self.sees_people else ""


@lru_cache
def _address(name):
    return reverse(name)


@dataclass(frozen=True)
class Line:
    """A figure: `of` says what its denominator counts, `rows` what a sum is a sum of."""

    bar: Bar
    of: str = ""
    rows: Bar | None = None
    is_drawn: bool = True


@dataclass(frozen=True)
class Grid:
    """A table of counts: each row a label and its `Bar`s, in the order of the columns."""

    head: str
    columns: list
    rows: list


@dataclass(frozen=True)
class Section:
    """`empty` is said instead of figures that are all nought."""

    key: str
    title: str
    lines: list
    empty: str
    note: str = ""
    grid: Grid | None = None

    @property
    def picture(self):
        return draw([line.bar for line in self.lines if line.is_drawn])

    @property
    def has_rows(self):
        return any(line.rows for line in self.lines)

    @property
    def is_empty(self):
        is_told = any(line.bar.number or line.bar.whole for line in self.lines)
        return not is_told and (bool(self.lines) or self.grid is None)
