"""Several connections do something at the same moment."""

import threading

from django.db import connections


def race(*calls):
    """Run each call in a thread of its own, all released together.

    Returns, in the order of `calls`, what each returned, or the exception that it raised.
    """
    outcomes = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(index, call):
        try:
            start.wait(timeout=60)
            outcomes[index] = call()
        except Exception as error:  # the outcome of a loser
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    return outcomes
