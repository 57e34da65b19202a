"""How many statements a request asks and how long they take; the slow ones are logged.

A line holds the statement with its placeholders, never the values that were put into them.
"""

import contextvars
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError

from lapasprog.watching import metrics

logger = logging.getLogger(__name__)
LONGEST = 400
GONE = (OperationalError, InterfaceError)


@dataclass
class Tally:
    statements: int = 0
    seconds: float = 0.0


tally = contextvars.ContextVar("tally", default=None)


def measured(execute, sql, params, many, context):
    """An execute wrapper; see `measure`."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - begun
        if (running := tally.get()) is not None:
            running.statements += 1
            running.seconds += took
        if took * 1000 >= settings.SLOW_STATEMENT_MS:
            _tell(sql, took)


def measure(sender, connection, **kwargs):
    """For `connection_created`: every connection of this process is measured from now on.

    Put below all others: those that last for a block take the topmost away when it ends.
    """
    if measured not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, measured)


def count_lost(error):
    """Counts an error that says that the database is not there."""
    if isinstance(error, GONE):
        metrics.DATABASE_ERRORS.inc()


def _tell(sql, took):
    metrics.SLOW.labels("statement").inc()
    words = " ".join(str(sql).split())[:LONGEST]
    logger.warning("slow statement", extra={"fields": {"ms": round(took * 1000), "sql": words}})
