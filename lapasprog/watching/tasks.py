"""Tasks carry the id of the request that asked for them, and leave signs of life.

The id travels as a header of the message, so that the lines a worker logs and the history it
writes name the request. What a clock sends gets an id of its own.
"""

import logging
import socket
import time
from datetime import UTC, datetime

import pghistory
from celery import Task, signals
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from accounts.logs import request_id
from accounts.services import pulses
from accounts.states import PulseKind
from lapasprog.watching import metrics
from lapasprog.watching.statements import count_lost

logger = logging.getLogger(__name__)

REQUEST, SENT = "lapasprog_request", "lapasprog_sent"  # headers of a message
EVERY = 20  # seconds between two signs of life of one part of one process
_noted = {}


class NamedTask(Task):
    """Base of all tasks: runs under the request's id, which the history is told as well."""

    def __call__(self, *args, **kwargs):
        headers = self.request.headers or {}
        own = (self.request.id or "").replace("-", "")
        named = request_id.set(headers.get(REQUEST) or own)
        begun, outcome = time.perf_counter(), "failed"
        try:
            with pghistory.context(request=request_id.get(), task=self.name):
                result = super().__call__(*args, **kwargs)
            outcome = "done"
            return result
        finally:
            took = time.perf_counter() - begun
            metrics.TASKS.labels(self.name, outcome).observe(took)
            logger.info(
                "task",
                extra={"fields": {"task": self.name, "outcome": outcome, "ms": round(took * 1000)}},
            )
            request_id.reset(named)


def note(kind, name, detail=""):
    """A sign of life, at most every `EVERY` seconds; a database that is away is no reason to fail.

    Outside of tasks the connection is closed again: the process may fork, or sleep for long.
    """
    now = time.monotonic()
    if now - _noted.get((kind, name), -EVERY) < EVERY:
        return
    try:
        pulses.note(kind, name, detail)
        _noted[kind, name] = now
    except (DatabaseError, InterfaceError) as error:
        logger.warning("no sign of life written: %s", type(error).__name__)


@signals.before_task_publish.connect
def _name_the_message(headers=None, **kwargs):
    if headers is not None:
        headers.setdefault(REQUEST, request_id.get())
        headers.setdefault(SENT, datetime.now(UTC).timestamp())


@signals.task_success.connect
def _done(sender, **kwargs):
    note(PulseKind.TASK, sender.name)


@signals.task_failure.connect
def _failed(sender, exception=None, **kwargs):
    count_lost(exception)
    note(PulseKind.FAILURE, sender.name, type(exception).__name__)


@signals.worker_ready.connect
def _keep_telling(sender, **kwargs):
    def alive():
        note(PulseKind.WORKER, sender.hostname)
        connection.close()

    alive()
    sender.timer.call_repeatedly(EVERY, alive)


@signals.beat_init.connect
def _tell_of_beat(sender, **kwargs):
    """Whatever this process publishes, beat has published."""
    name = f"{socket.gethostname()}:{settings.BEAT_NAME}"

    def published(**kwargs):
        note(PulseKind.BEAT, name)
        connection.close()

    signals.after_task_publish.connect(published, weak=False)
