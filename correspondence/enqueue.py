"""The one way to hand work to a worker: by task name, after commit, never failing the act.

Publishing is a hint. The row in the database is the queue, and a sweep picks up whatever is left
unclaimed, so a broker that is down costs a minute, not the work. Nor does it cost the person who
acts: it is asked once, briefly, and one that did not answer is left alone for `PAUSE` seconds.
"""

import logging
import time
from functools import partial

from django.db import transaction
from kombu.pools import producers

logger = logging.getLogger(__name__)

PAUSE = 10  # seconds
# By itself the library tries again after two seconds and after four more, `retry=False` or not.
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 0.5, "socket_timeout": 1}


class _Broker:
    """What this process knows of the broker."""

    away_until = 0.0


def after_commit(task, *args):
    """Publish `task` (its registered name) with plain arguments once this transaction commits."""
    transaction.on_commit(partial(_publish, task, args))


def _publish(task, args):
    from lapasprog.celery import app

    if time.monotonic() < _Broker.away_until:
        return
    try:
        connection = app.connection_for_write(transport_options=IMPATIENT)
        with producers[connection].acquire(block=True, timeout=1) as producer:
            app.send_task(task, args=args, retry=False, producer=producer)
    except Exception as error:  # the broker may fail in any way; the sweep heals it
        _Broker.away_until = time.monotonic() + PAUSE
        logger.warning("could not publish %s: %s", task, type(error).__name__)
