"""The one way to hand work to a worker: by task name, after commit, never failing the act.

Publishing is a hint. The row in the database is the queue, and a sweep picks up whatever is left
unclaimed, so a broker that is down costs a minute, not the work.
"""

import logging
from functools import partial

from django.db import transaction

logger = logging.getLogger(__name__)


def after_commit(task, *args):
    """Publish `task` (its registered name) with plain arguments once this transaction commits."""
    transaction.on_commit(partial(_publish, task, args))


def _publish(task, args):
    from lapasprog.celery import app

    try:
        app.send_task(task, args=args, retry=False)
    except Exception as error:  # the broker may fail in any way; the sweep heals it
        logger.warning("could not publish %s: %s", task, type(error).__name__)
