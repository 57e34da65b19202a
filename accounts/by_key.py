"""Rows looked up by their keys, and locked, by SQL that is made once and planned each time.

Such a plan costs less than keeping it: a new connection would first have to be told of it.
"""

from functools import wraps

from django.db import connection
from django.db.transaction import TransactionManagementError

from accounts.prepared import Shapes


class _ByKey(Shapes):
    def _objects(self, made, real):
        if made.is_locking and not connection.in_atomic_block:
            raise TransactionManagementError("a lock needs a transaction")
        return made.objects(real, once=True)


def asked_by_key(build):
    """Decorator: as `accounts.prepared.asked_often` for a queryset, or a tuple of them, which may
    lock their rows."""
    shapes = _ByKey()

    @wraps(build)
    def rows(*args):
        return shapes.rows(build, args)

    return rows
