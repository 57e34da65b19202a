"""What waits for whom: one function a kind of work, all kinds of a reader in one statement.

A new kind is one more function with `@waits` in the module of its post: what to do, whose post it
is, the act it takes, and the list where all of it stands. It gives `reports.lines.Lines` over a
queryset of its own app; whose rows they are is asked here.
"""

from datetime import date

from accounts import stand_ins
from accounts.permissions import acts_of
from reports import lines
from reports.waiting import (  # noqa: F401 - each registers its kinds
    alarms,
    head,
    letters,
    officer,
    others,
    outside,
    promises,
    referrals,
    twins,
)
from reports.waiting.kinds import SHOWN, Group, Task, registered, waits

__all__ = ["Task", "Waiting", "tasks_of", "waiting_for", "waits"]

KNOWN = 10  # rows of a kind of which the page says nothing a second time


class Waiting:
    """Groups of work, the nearest date first."""

    def __init__(self, groups, keys=(), covers=(), alarms=()):
        self.groups = sorted(
            groups, key=lambda one: (one.due or date.max, one.since or date.max, str(one.what))
        )
        self.keys = set(keys)  # of the rows that are counted here, as far as they were read
        self.covers = set(covers)  # kinds of deadlines that say the same
        self.alarms = list(alarms)

    def __len__(self):
        return sum(group.count for group in self.groups)

    @property
    def tasks(self):
        return [task for group in self.groups for task in group.tasks]


def waiting_for(user, vacant=()):
    """All that waits for the reader's posts.

    `vacant` names posts without a holder: their work comes to whoever passes them in (the head).
    A role that owns no kind of work sees what it may act on.
    """
    (kinds, statement), real = _prepared(user, frozenset(vacant))
    places = _places(user)
    rows = statement.found(real)
    loud = rows.pop(len(kinds), [])
    urls = {n: kinds[n].url(user, places.get(kinds[n].act)) for n in rows}
    groups = [_group(kinds[n], urls[n], rows[n]) for n in sorted(rows)]
    if twins.POST in user.roles | set(vacant):
        groups += twins.groups(places.get(twins.ACT, ()))
    keys = [row.key for many in rows.values() for row in many]
    return Waiting(groups, keys, [kind.covers for kind in kinds if kind.covers], loud)


@stand_ins.made_once
def _prepared(reader, vacant):
    """The kinds of a reader's work and their statement; the last branch are the alarms."""
    posts = reader.roles | vacant
    owns_work = bool(reader.roles & {kind.post for kind in registered})
    places = _places(reader)
    kinds = {}
    for kind in registered:
        if kind.act in places and (kind.post in posts or not owns_work):
            kinds.setdefault(kind.find, kind)  # what two posts have in common stands there once
    asked = [*kinds.values(), *promises.kinds(vacant)]
    shapes = [kind.lines(reader, places.get(kind.act)) for kind in asked]
    return asked, lines.Prepared([*shapes, alarms.gates_closed(reader)], most=KNOWN)


def _places(user):
    """`{act: ids of the prisons where it holds}`."""
    places = {}
    for facility, act in acts_of(user):
        places.setdefault(act, set()).add(facility)
    return places


def tasks_of(role, user, prisons, most):
    """Tasks of all kinds that a post owns at the prisons, up to `most` of each, at once."""
    kinds = [kind for kind in registered if kind.post == role]
    rows = lines.found([kind.lines(user, prisons) for kind in kinds], most=most)
    for place, many in rows.items():
        kind = kinds[place]
        if kind.together:
            yield _together(kind, kind.url(user, prisons), many)
        else:
            yield from (_task(kind, row) for row in many)
    if role == twins.POST:
        for group in twins.groups(prisons):
            yield Task(group.what, str(group.count), group.url, key=("all", group.url))


def _group(kind, url, rows):
    tasks = [] if kind.together else [_task(kind, row) for row in rows[:SHOWN]]
    return Group(str(kind.what), url, rows[0].count, rows[0].due, rows[0].oldest, tasks)


def _task(kind, row):
    return Task(str(kind.what), row.about, row.url, due=row.due, since=row.since, key=row.key)


def _together(kind, url, rows):
    first = rows[0]
    return Task(
        str(kind.what), str(first.count), url, due=first.due, since=first.oldest, key=("all", url)
    )
