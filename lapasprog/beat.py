"""The clock of the house: Celery's own schedule on disk, but proof against a clock set back."""

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """What was last run in the future, by a clock that was wrong then, counts as run now.

    Otherwise nothing would be swept, sent or saved until that future has come.
    """

    def is_due(self, entry):
        now = entry.default_now()
        if entry.last_run_at > now:
            entry.last_run_at = now
        return super().is_due(entry)
