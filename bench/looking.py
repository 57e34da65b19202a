"""One visitor at a time: time, statements and writes of each page, beside both yardsticks."""

import os
import statistics
import time

from bench import pages
from bench.site import FLOOR

WARM = 10  # looks: each worker's connection has made its plans by then
LOOKS, AT_MOST = 45, 15  # times; seconds for a page
MAY_WRITE = {"accounts_accessrecord"}
TOUCHED = """
    SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables
     WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1"""


class Unexpected(Exception):
    """A page that did not show what it should."""


def measured(site, say):
    """`{"pages": {who: rows}, "floor": row, "wrote": {table: rows}}`.

    `BENCH_PAGES` names some pages only, by commas: to look at one again after a change.
    """
    everything = pages.measured()
    if some := set(filter(None, os.environ.get("BENCH_PAGES", "").split(","))):
        everything = {
            who: found
            for who, rows in everything.items()
            if (found := [page for page in rows if page.name in some])
        }
    for user in site.users.values():
        for _n in range(WARM):
            user.get(FLOOR)
    before = _touched(site)
    found, failed = {}, []
    for who, wanted in everything.items():
        found[who] = []
        for page in wanted:
            try:
                row = _look(site, page, LOOKS if who == "prison of 500" else LOOKS // 3)
            except Unexpected as problem:
                failed.append(f"{who}, {problem}")
                say(f"  {failed[-1]}")
                continue
            found[who].append(row)
            say(f"  {who}, {page.name}: {row['x_bare']} x bare")
    floor = _look(site, pages.Page("floor", "officer", FLOOR, "", pages.EMPTY), LOOKS)
    after = _touched(site)
    wrote = {table: count - before.get(table, 0) for table, count in after.items()}
    return {
        "pages": found,
        "failed": failed,
        "floor": floor,
        "wrote": {table: count for table, count in wrote.items() if count},
    }


def _look(site, page, times):
    user = site.users[page.role]
    try:
        _seconds, status, body = user.get(page.path)
    except OSError as problem:  # no answer in time
        raise Unexpected(f"{page.name}: {page.path}: {problem}") from problem
    if status != 200 or page.shows.encode() not in body:
        raise Unexpected(f"{page.name}: {page.path} answered {status} without {page.shows!r}")
    for _n in range(WARM):
        user.get(page.path)
    seen = [site.statements.of(lambda: user.get(page.path)) for _n in range(2)]
    mine, bare, floor = [], [], []
    until = time.monotonic() + AT_MOST
    while len(mine) < times and (len(mine) < 3 or time.monotonic() < until):
        mine.append(user.get(page.path)[0] * 1000)
        bare.append(site.bare.get("/")[0] * 1000)
        floor.append(user.get(FLOOR)[0] * 1000)
    median = statistics.median(mine)
    return {
        "page": page.name,
        "limit": page.limit,
        "statements": max(each.count for each in seen),
        "database_ms": round(statistics.median(each.milliseconds for each in seen), 1),
        "writes": sorted({table for each in seen for table in each.written}),
        "median_ms": round(median, 1),
        "p95_ms": round(sorted(mine)[int(len(mine) * 0.95) - 1], 1),
        "bare_ms": round(statistics.median(bare), 1),
        "x_bare": round(median / statistics.median(bare), 2),
        "x_floor": round(median / statistics.median(floor), 2),
        "bytes": len(body),
    }


def _touched(site):
    """Rows that each table has seen written."""
    rows = site.statements.psql(TOUCHED, "lapasprog")
    return {
        name: sum(map(int, counts))
        for name, *counts in (line.split("|") for line in rows.splitlines())
    }
