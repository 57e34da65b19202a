"""What a task on the home is, and how a kind of work registers itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.http import urlencode

from accounts.addresses import page_of
from accounts.days import day_in_words
from reports.lines import age_of

SHOWN = 3  # rows of one kind; all of it stands on its list


@dataclass
class Task:
    """One row that waits: what to do, about what, by when, and where."""

    what: str
    about: str
    url: str
    due: date | None = None
    since: date | None = None
    key: tuple = ()

    @property
    def age(self):
        """Since when it waits, in words; empty when it came today."""
        return age_of(self.since)


@dataclass
class Group:
    """All that waits of one kind. `url` lists exactly `count` rows, `tasks` are the first of them;
    of what is dealt with together there are none."""

    what: str
    url: str
    count: int
    due: date | None
    since: date | None
    tasks: list[Task] = field(default_factory=list)

    @property
    def only(self):
        """The one task there is, if it has a page of its own."""
        return self.tasks[0] if self.count == 1 and self.tasks else None

    @property
    def rest(self):
        return self.count - len(self.tasks) if self.tasks else 0

    @property
    def age(self):
        return age_of(self.since)


@dataclass(frozen=True)
class Work:
    """A kind of work: `find()` gives its `Lines`, `place` names the field that says where."""

    what: str
    find: Callable
    post: str
    act: str
    to: str
    place: str
    together: bool
    covers: str

    def lines(self, user, prisons):
        lines = self.find()
        rows = lines.rows.visible_to(user).filter(**{f"{self.place}__in": prisons})
        return lines.filtered(rows)

    def url(self, user, prisons):
        """The list of exactly these rows; of one prison where the reader sees more of them."""
        name, _mark, query = self.to.partition("?")
        if len(prisons) < len(user.facility_ids) and len(prisons) == 1:
            codes = {one.facility_id: one.facility.code for one in user.current_postings}
            query = "&".join(filter(None, (query, urlencode({"facility": codes[min(prisons)]}))))
        return page_of(name, query)


registered = []


def waits(what, *, post, act, to, place="facility", together=False, covers=""):
    """Register the decorated function as a kind of work of a post.

    `to` is the list of all rows (`"training:batch-list?needs=round"`): it shows exactly those that
    are counted. `together`: the rows are not told one by one, because they name people or are dealt
    with at once. `covers` is a kind of deadline that says the same of other rows.
    """

    def register(find):
        registered.append(Work(what, find, post, act, to, place, together, covers))
        return find

    return register


def day(value):
    """A day of a row's data, written out."""
    return day_in_words(date.fromisoformat(value)) if value else ""


def hour(value):
    """The local time of a moment of a row's data: `08.00`."""
    return f"{timezone.localtime(datetime.fromisoformat(value)):%H.%M}"


def day_of(value):
    """The local day of a moment of a row's data, written out."""
    return day_in_words(timezone.localdate(datetime.fromisoformat(value)))
