"""The second wall: a liaison's reads run as a database role that may read only their own.

Inside it the connection is `lapas_liaison` (read only, row policies, people through views); what
that role sees is said on the models (`accounts.reads`). It is a wall against a forgotten filter,
not against foreign SQL: whoever can run SQL can leave it.

A connection that breaks comes back as `lapas_app`, who sees all: so what stands is remembered
here, and told to every new connection (docs/decisions/0024).
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.signals import connection_created
from django.utils.functional import LazyObject
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from accounts import reads

ROLE = "lapas_liaison"
PIECE = 1 << 16  # bytes, or one line more, of a streamed body that are made at a time

ENTER = """
SELECT set_config('app.agencies', %s, false), set_config('app.user', %s, false),
       set_config('search_path', %s, false), set_config('role', %s, false)
"""
LEAVE = 'RESET ROLE; RESET search_path; RESET app.agencies; RESET app."user"'


@dataclass(frozen=True)
class Sight:
    """Whose rows may be read: ids of agencies, and the reader's."""

    agency_ids: tuple
    user_id: int


_sight = ContextVar("sight", default=None)


def stands():
    """The `Sight` of the wall around the code that runs now, None outside."""
    return _sight.get()


@contextmanager
def inside(sight):
    """Read as the liaison whose `Sight` this is. Enter it outside of a transaction."""
    with _seeing(sight):
        yield


@contextmanager
def outside():
    """Leave the wall for a stretch that writes, or reads for an answer that names nobody.

    Also a decorator: `@wall.outside()`.
    """
    if _sight.get() is None:
        yield
        return
    with _seeing(None):
        yield


@contextmanager
def _seeing(sight):
    before = _sight.get()
    token = _sight.set(sight)
    try:
        _tell(sight)
        yield
    finally:
        _sight.reset(token)
        if not _is_undone():
            try:
                _tell(before)
            except Exception:
                # Whatever it may see now is unknown: the next statement gets a new connection.
                connections[DEFAULT_DB_ALIAS].close()


def _is_undone():
    """Whether we are in a transaction that failed: its rollback takes back what it was told."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None or not connection.in_atomic_block:
        return False
    return connection.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR


def _tell(sight):
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None:
        return  # told when it is opened
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if sight is None:
            cursor.execute(LEAVE)
        else:
            agencies = ",".join(map(str, sight.agency_ids))
            path = f"{reads.SCHEMA}, public"
            cursor.execute(ENTER, [agencies, str(sight.user_id), path, ROLE])


def tell_new_connection(connection, **kwargs):
    """For `connection_created`: what stands holds for a connection that was lost and came back."""
    if connection.alias != DEFAULT_DB_ALIAS or _sight.get() is None:
        return
    try:
        _tell(_sight.get())
    except Exception:
        connection.close()
        raise


def connect_signals():
    connection_created.connect(tell_new_connection, dispatch_uid="accounts.wall")


def streamed(content, sight):
    """A body that is made while it is sent, a piece at a time, each time inside the wall."""
    lines = iter(content)
    while True:
        with inside(sight):
            some = _piece(lines)
        if not some:
            return
        yield from some


def _piece(lines):
    some, length = [], 0
    for line in lines:
        some.append(line)
        length += len(line)
        if length >= PIECE:
            break
    return some


def reread(*values):
    """What a service gets from behind the wall is read again by the service, where it is veiled.

    Rows of models that a liaison reads through a view have empty columns. Those that hang on the
    arguments are forgotten, so that they are fetched anew; those among the arguments are refreshed.
    """
    for value in values:
        if isinstance(value, models.Model) and not isinstance(value, LazyObject):
            if _is_veiled(type(value)):
                value.refresh_from_db()
            else:
                _forget_veiled(value)
        elif isinstance(value, dict):
            reread(*value, *value.values())
        elif isinstance(value, list | tuple | set):
            reread(*value)


def _forget_veiled(row):
    cached = row._state.fields_cache
    for name, other in list(cached.items()):
        if not isinstance(other, models.Model):
            continue
        if _is_veiled(type(other)):
            del cached[name]
        else:
            _forget_veiled(other)


def _is_veiled(model):
    declared = reads.of(model)
    return declared is not None and declared.shows is not None
