"""What waits for whom: one function a kind of work, each one query whatever the number of rows.

A new kind is one more function with `@waits` in the module of its post: whose post it is, the act
it takes, and the list where all of it stands. It gets the reader and the prisons where they may
act, and yields tasks.
"""

from datetime import date

from accounts.permissions import acts_of
from reports.waiting import (  # noqa: F401 - each registers its kinds
    follow_ups,
    head,
    letters,
    officer,
    others,
    outside,
    referrals,
)
from reports.waiting.kinds import Task, Waiting, registered, task, waits

__all__ = ["Task", "Waiting", "task", "waiting_for", "waits"]


def waiting_for(user, vacant=()):
    """All that waits for the reader's posts, the nearest date first.

    `vacant` names posts without a holder: their work comes to whoever passes them in (the head).
    A role that owns no kind of work sees what it may act on.
    """
    posts = user.roles | set(vacant)
    owns_work = bool(user.roles & {kind.post for kind in registered})
    waiting = Waiting([], [])
    for kind in registered:
        prisons = {facility for facility, act in acts_of(user) if act == kind.act}
        if prisons and (kind.post in posts or not owns_work):
            waiting.add(list(kind.find(user, prisons)), kind.more)
    waiting.add(list(others.own_promises(user, vacant)), "partners:action-item-list")
    waiting.tasks.sort(key=lambda one: (one.due or date.max, one.since or date.max))
    return waiting
