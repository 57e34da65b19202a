"""Figures of the whole installation, read from the database and the broker.

They are the same on every machine, cost a few indexed counts, and are kept for `KEPT` seconds.
What is long is counted up to `MANY` only.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from accounts.models import Pulse

KEPT = 15  # seconds
MANY = 10_000
PATIENCE_MS = 2000  # so long one statement may take
BROKER_SECONDS = 1
SOON_DAYS = 3
QUEUE = "celery"

STATEMENT = f"""
WITH day AS (
    SELECT (now() AT TIME ZONE %s)::date AS today
), unsent AS (
    SELECT created_at FROM correspondence_mail WHERE state = 'queued' LIMIT {MANY}
), lapsing AS (
    SELECT 1 FROM training_slotproposal, day
     WHERE state = 'open' AND respond_by <= today + {SOON_DAYS} LIMIT {MANY}
), due AS (
    SELECT due, today FROM correspondence_notice, day
     WHERE state = 'live' AND acknowledged_at IS NULL AND told_on IS NOT NULL
       AND due BETWEEN today - 30 AND today
     LIMIT {MANY}
)
SELECT (SELECT count(*) FROM unsent),
       (SELECT EXTRACT(epoch FROM now() - min(created_at)) FROM unsent),
       (SELECT count(*) FROM correspondence_mail WHERE state = 'failed'),
       (SELECT count(*) FROM lapsing),
       (SELECT count(*) FROM due WHERE due = today),
       (SELECT count(*) FROM due WHERE due < today),
       (SELECT max(at) FROM correspondence_sweeprun),
       (SELECT max(at) FROM lapasprog_backuprun WHERE ok),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_setting('max_connections')::int,
       pg_database_size(current_database())
"""


@dataclass
class Figures:
    """Empty fields could not be read: see `database` and `broker`, a word of what failed."""

    database: str = ""
    broker: str = ""
    unsent: int | None = None
    unsent_age: float = 0
    failed_mails: int = 0
    lapsing: int = 0
    due: int = 0
    late: int = 0
    swept_at: datetime | None = None
    backed_up_at: datetime | None = None
    connections: int = 0
    connections_most: int = 0
    database_bytes: int = 0
    queue: int | None = None
    queue_age: float = 0
    pulses: list[Pulse] = field(default_factory=list)


_lock = threading.Lock()
_kept = [0.0, None]  # until when, figures


def read():
    """The figures, at most `KEPT` seconds old."""
    with _lock:
        if _kept[1] is None or time.monotonic() > _kept[0]:
            _kept[:] = time.monotonic() + KEPT, fresh()
        return _kept[1]


def fresh():
    """The figures of this moment; nothing that is away makes this fail."""
    figures = Figures()
    try:
        _ask_database(figures)
    except (DatabaseError, InterfaceError) as error:
        figures.database = type(error).__name__
    try:
        _ask_broker(figures)
    except Exception as error:  # the client raises what it likes
        figures.broker = type(error).__name__
    return figures


def _ask_database(figures):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
        cursor.execute(STATEMENT, [settings.TIME_ZONE])
        (
            figures.unsent,
            age,
            figures.failed_mails,
            figures.lapsing,
            figures.due,
            figures.late,
            figures.swept_at,
            figures.backed_up_at,
            figures.connections,
            figures.connections_most,
            figures.database_bytes,
        ) = cursor.fetchone()
        figures.unsent_age = float(age or 0)
        figures.pulses = list(Pulse.objects.all())


def _ask_broker(figures):
    from lapasprog.celery import app
    from lapasprog.watching.tasks import SENT

    with app.connection_for_read(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
        client = broker.default_channel.client
        figures.queue = client.llen(QUEUE)
        oldest = client.lindex(QUEUE, -1)
    if oldest:
        sent = json.loads(oldest)["headers"].get(SENT)
        figures.queue_age = max(0.0, time.time() - sent) if sent else 0.0
