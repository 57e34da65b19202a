"""What every process counts, for `/metrics`."""

import os

from prometheus_client import values

from lapasprog.watching import counters, sharing

if os.environ.get(sharing.FOLDER):
    values.MmapedDict = counters.ReservedDict
    values.ValueClass = values.MultiProcessValue(process_identifier=sharing.process_name)

from prometheus_client import Counter, Histogram

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
REQUESTS = Histogram(
    "lapasprog_request_seconds", "Requests by view and status", ["view", "status"], buckets=SECONDS
)
TASKS = Histogram(
    "lapasprog_task_seconds", "Tasks by name and outcome", ["task", "outcome"], buckets=SECONDS
)
SLOW = Counter("lapasprog_slow", "Requests and statements over their limit", ["what"])
DATABASE_ERRORS = Counter("lapasprog_database_errors", "Requests and tasks without a database")
