"""Several visitors at once: eight on each page, and sixty who click through a mix of pages."""

import itertools
import random
import statistics
import threading
import time

from bench import pages
from bench.names import MEASURED

AT_ONCE, SECONDS = 8, 2
VISITORS, CLICKING, PAUSE = 60, 30, (1.0, 2.0)
MOST = 20  # x the one-visitor median of bare
# What people click on: the first pages more often than the others.
MIX = (
    *("home", "people", "people", "one person", "one person", "search: a name", "batches"),
    *("one batch", "agreements", "one agreement", "slots", "notices", "referrals", "hearings"),
    *("people, page 15", "participants", "who could join", "figures of training", "certificates"),
)


def measured(site, say):
    wanted = pages.of_prison(MEASURED, "officer")
    each = []
    for page in wanted:
        each.append({"page": page.name, **_pushed(site, page)})
        say(f"  {AT_ONCE} at once, {page.name}: {each[-1]['a_second']} a second")
    bare = _at_once(lambda: site.bare.get("/"), AT_ONCE, SECONDS)
    return {"at_once": each, "bare_at_once": bare, "crowd": _crowd(site, wanted)}


def _pushed(site, page):
    user = site.users[page.role]
    return _at_once(lambda: user.get(page.path), AT_ONCE, SECONDS)


def _at_once(get, people, seconds):
    end = time.monotonic() + seconds
    taken, failed = [], []

    def visit():
        while time.monotonic() < end:
            took, status, _page = get()
            (taken if status == 200 else failed).append(took)

    began = time.monotonic()
    _together([visit] * people)
    return {
        "a_second": round(len(taken) / (time.monotonic() - began), 1),
        "p95_ms": _p95(taken),
        "errors": len(failed),
    }


def _crowd(site, wanted):
    """All of them at once, each at a pace of its own; beside them nobody else."""
    alone = [site.bare.get("/")[0] * 1000 for _n in range(30)]
    named = {page.name: page for page in wanted}
    end = time.monotonic() + CLICKING
    taken, failed = [], []

    def visit(number):
        chosen = random.Random(number)  # noqa: S311 - nobody guesses anything
        time.sleep(chosen.uniform(0, PAUSE[1]))
        for name in itertools.cycle(chosen.sample(MIX, len(MIX))):
            if time.monotonic() > end:
                return
            page = named[name]
            try:
                took, status, body = site.users[page.role].get(page.path)
            except OSError as problem:
                failed.append(f"{name}: {problem}")
                continue
            if status == 200 and page.shows.encode() in body:
                taken.append(took)
            else:
                failed.append(f"{name}: {status}")
            time.sleep(chosen.uniform(*PAUSE))

    began = time.monotonic()
    _together([lambda number=number: visit(number) for number in range(VISITORS)])
    unit = statistics.median(alone)
    return {
        "visitors": VISITORS,
        "requests": len(taken),
        "a_second": round(len(taken) / (time.monotonic() - began), 1),
        "median_ms": round(statistics.median(taken) * 1000, 1),
        "p95_ms": _p95(taken),
        "bare_ms": round(unit, 1),
        "x_bare": round(_p95(taken) / unit, 1),
        "errors": failed[:5],
        "failed": len(failed),
    }


def _together(calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _p95(taken):
    return round(sorted(taken)[int(len(taken) * 0.95) - 1] * 1000, 1) if taken else None
