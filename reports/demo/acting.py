"""Doing an act of the demo in somebody's name, so that its history names them."""

from contextlib import contextmanager
from datetime import timedelta

import pghistory
from django.utils import timezone


def day(days=0):
    """Today plus so many days; everything in the demo is dated by this."""
    return timezone.localdate() + timedelta(days=days)


@contextmanager
def acting(by):
    """Rows written inside stand in the history under this user's name."""
    with pghistory.context(user=by.pk, name=str(by)):
        yield


def did(service, *, by, **what):
    """Call a service as this user; returns what it returns."""
    with acting(by):
        return service(by=by, **what)
