"""What the rules know: `Facts` about a person, and the `Terms` of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from inmates import regions
from inmates.rules import months_later


@dataclass(frozen=True)
class Span:
    """Another batch of the person; both days count. `name` is empty when it is at another prison,
    of which the reader may know no more."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known of one person. None or an empty text means: not stated.

    `term_ends` is when the person must be let go (SDP's day of release, else expiry), `expected`
    the earliest way out that is likely, with its `expected_basis`. `restrictions` maps kinds in
    force to since when (`fit`: to the last time that the clinic saw the person),
    `limited_since` is the day on which the person asked that their data be used no further,
    `disciplined_until` is the last day in Register F of who is out of it. `is_resident` is None
    when no home is stated. The last five count for the priority only.
    """

    register_class: str = ""
    facility_id: int | None = None
    is_merged: bool = False
    limited_since: date | None = None
    restrictions: dict[str, date] = field(default_factory=dict)
    disciplined_until: date | None = None
    enrolled_in: tuple[Span, ...] = ()
    proposed_for: tuple[Span, ...] = ()
    completed: tuple[Span, ...] = ()
    birth_date: date | None = None
    as_of: date | None = None
    one_third: date | None = None
    term_ends: date | None = None
    expected: date | None = None
    expected_basis: str = ""
    documents: frozenset[str] = frozenset()
    is_resident: bool | None = None
    waiting_since: date | None = None
    refusals: int = 0
    is_interested: bool = False
    is_recommended: bool = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a batch and its course ask for. None or 0 asks nothing.

    `open_seats` counts the seats that are still open to people from elsewhere; None where a course
    keeps none for the city. `city` and `residence_code` (digits) say who is of the city.
    `severities` softens single rules, as the course's field does.
    """

    facility_id: int
    starts_on: date
    ends_on: date
    buffer_days: int
    today: date = field(default_factory=timezone.localdate)
    minimum_age: int | None = None
    maximum_age: int | None = None
    needs_one_third: bool = True
    latest_release_months: int | None = None
    minimum_remaining_months: int | None = None
    discipline_free_months: int = 0
    retrain_after_months: int = 0
    fitness_within_months: int | None = None
    documents: tuple[str, ...] = ()
    resident_percent: int = 0
    city: str = ""
    residence_code: str = ""
    open_seats: int | None = None
    trade: str = ""
    severities: Mapping[str, str] = field(default_factory=dict)

    @property
    def needed_until(self):
        """The first day on which the person may leave."""
        return self.ends_on + timedelta(days=self.buffer_days)

    @property
    def latest_release(self):
        """The last expected release of who is trained for release."""
        months = self.latest_release_months
        return None if months is None else months_later(self.ends_on, months)

    @property
    def stays_until(self):
        """How long production work needs the person."""
        months = self.minimum_remaining_months
        return None if months is None else months_later(self.starts_on, months)

    @property
    def disciplined_since(self):
        """In Register F on this day or later is too recent."""
        return months_later(self.today, -self.discipline_free_months)

    @property
    def fit_since(self):
        """The clinic must have seen the person on this day or later."""
        months = self.fitness_within_months
        return None if months is None else months_later(self.today, -months)

    @property
    def trained_since(self):
        """The same course completed after this day is too recent."""
        return months_later(self.starts_on, -self.retrain_after_months)

    @property
    def born_by(self):
        """The birth date of the youngest who may join."""
        return self._born(self.minimum_age)

    @property
    def born_after(self):
        """Who was born on this day or before is too old."""
        return self._born(None if self.maximum_age is None else self.maximum_age + 1)

    def is_home_of(self, *, domicile_code, city):
        """Whether somebody is of the city: by the KTP's code, else by name; None if unknown."""
        return regions.is_of(self.residence_code, self.city, domicile_code=domicile_code, said=city)

    def _born(self, years):
        return None if years is None else months_later(self.starts_on, -12 * years)
