"""What a task on the home is, and how a kind of work registers itself."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from training.models import Batch, Decree

SEATS = F("seats_confirmed") + F("seats_extra")
SHOWN = 5  # rows of one kind; the rest stands on its list
_most = ContextVar("most", default=SHOWN)


@contextmanager
def up_to(most):
    """Within it each kind finds so many rows: where there is more room than on the home."""
    token = _most.set(most)
    try:
        yield
    finally:
        _most.reset(token)


@dataclass
class Task:
    """One line of the home: what to do, about what, by when, and where."""

    what: str
    about: str
    url: str
    due: date | None = None
    since: date | None = None
    key: tuple = ()

    @property
    def age(self):
        """Since when it waits, in words; empty when it came today."""
        days = (timezone.localdate() - self.since).days if self.since else 0
        return days > 0 and ngettext("menunggu %(days)d hari", "menunggu %(days)d hari", days) % {
            "days": days
        }


def task(row, what, *about, due=None, since=None, url=""):
    """A task about a row of the database; facts that are empty are left out."""
    return Task(
        what=what,
        about=" · ".join(str(fact) for fact in about if fact),
        url=url or row.get_absolute_url(),
        due=due,
        since=since and timezone.localdate(since),
        key=(row._meta.label_lower, row.pk),
    )


@dataclass(frozen=True)
class Work:
    find: object
    post: str
    act: str
    more: str


registered = []


def waits(*, post, act, more):
    """Register the decorated function as a kind of work of a post."""

    def register(find):
        registered.append(Work(find, post, act, more))
        return find

    return register


@dataclass
class Waiting:
    tasks: list
    more: list  # pairs of what to do and the list where the rest of it stands

    def add(self, tasks, more):
        """Take in what a kind found; what two posts have in common stands there once."""
        known = {(one.what, one.key) for one in self.tasks}
        self.tasks += [one for one in tasks[:SHOWN] if (one.what, one.key) not in known]
        further = tasks and (tasks[0].what, reverse(more))
        if len(tasks) > SHOWN and further not in self.more:
            self.more.append(further)

    def __len__(self):
        return len(self.tasks)

    @property
    def keys(self):
        """What the tasks are about."""
        return {one.key for one in self.tasks}


def name_of(batch):
    """How a batch is called on the home: its course and its own name."""
    return f"{batch.course} – {batch}"


def first(rows, prisons, order):
    return few(rows.filter(facility__in=prisons).order_by(order, "pk"))


def few(rows):
    """As many rows as are shown of one kind, and one more, which says that there is more."""
    return rows[: _most.get() + 1]


def batches(user, prisons, *conditions, rows=None, **fields):
    rows = Batch.objects.all() if rows is None else rows
    rows = rows.visible_to(user).filter(*conditions, **fields)
    return first(rows.select_related("course", "agency"), prisons, "starts_on")


def decrees(user, prisons, state):
    rows = Decree.objects.visible_to(user).filter(state=state).annotate(people=Count("entries"))
    return first(rows.select_related("batch__course"), prisons, "created_at")
