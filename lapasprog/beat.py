"""The clock of the house: Celery's own schedule on disk, proof against a clock and a broker.

A task that could not be handed to the broker would otherwise count as asked for, and the hourly
sweep would be an hour late for a broker that was away for a second.
"""

import time

from celery.beat import PersistentScheduler, SchedulingError

AGAIN_SECONDS = 5


class Scheduler(PersistentScheduler):
    """What was last run in the future, by a clock that was wrong then, counts as run now.

    Otherwise nothing would be swept, sent or saved until that future has come.
    """

    def __init__(self, *args, **kwargs):
        self.unsent, self.again_at = {}, 0.0
        super().__init__(*args, **kwargs)

    def apply_async(self, entry, *args, **kwargs):
        try:
            result = super().apply_async(entry, *args, **kwargs)
        except SchedulingError:
            self.unsent[entry.name] = entry
            raise
        self.unsent.pop(entry.name, None)
        return result

    def tick(self, *args, **kwargs):
        self._forget_the_future()
        seconds = super().tick(*args, **kwargs)
        if not self.unsent:
            return seconds
        if time.monotonic() >= self.again_at:
            for entry in list(self.unsent.values()):
                self.apply_entry(entry, producer=self.producer)
                if entry.name in self.unsent:  # the broker is still away
                    break
            self.again_at = time.monotonic() + AGAIN_SECONDS
        return min(seconds, AGAIN_SECONDS)

    def _forget_the_future(self):
        ahead = [
            entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()
        ]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None  # Celery's own plan of what comes when; it is made anew
