"""The pages of a prison in the smallest country and in the largest, turn by turn.

Both countries are open at once, each in a process of its own: whatever the machine does meanwhile,
it does to both. `python -m bench.growth SMALLEST LARGEST` prints JSON.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys

from bench import site
from bench.looking import LOOKS, WARM
from bench.report import FIRST

APART = 10  # ports


def opened(people):
    """For the process of one country: tells its pages, and stays until nobody listens."""
    from bench import pages

    site.settle(f"country-{people}")
    with site.services() as server, site.webs(server, pages.ROLES):
        rows = [(page.name, page.role, page.path, page.shows) for page in pages.measured()[FIRST]]
        print(json.dumps(rows), flush=True)
        sys.stdin.read()


@contextlib.contextmanager
def country(people, port):
    """`{page: (visitor, path, what it shows)}` of a country, as long as the block lasts."""
    command = [sys.executable, "-m", "bench.growth", str(people)]
    child = subprocess.Popen(
        command,
        env={**os.environ, "BENCH_PORT": str(port)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        rows = json.loads(child.stdout.readline() or "null")
        if rows is None:
            raise SystemExit(f"the country of {people} did not open")
        users = {role: site.signed_in(role, port) for role in {row[1] for row in rows}}
        yield {name: (users[role], path, shows) for name, role, path, shows in rows}
    finally:
        child.stdin.close()
        child.wait(120)


def measured(smallest, largest):
    """`[{"page", "small_ms", "large_ms", "times"}]` of the medians."""
    found = []
    with country(smallest, site.PORT) as small, country(largest, site.PORT + APART) as large:
        for name in [name for name in small if name in large]:
            found.append(_side_by_side(name, small[name], large[name]))
            print(f"  {name}: {found[-1]['times']} x", file=sys.stderr, flush=True)
    return found


def _side_by_side(name, *both):
    looks = [[], []]
    for turn in range(WARM + LOOKS):
        for place in (0, 1) if turn % 2 else (1, 0):
            visitor, path, shows = both[place]
            seconds, status, body = visitor.get(path)
            if status != 200 or shows.encode() not in body:
                raise SystemExit(f"{name}: {path} answered {status} without {shows!r}")
            if turn >= WARM:
                looks[place].append(seconds * 1000)
    before, after = map(statistics.median, looks)
    return {
        "page": name,
        "small_ms": round(before, 1),
        "large_ms": round(after, 1),
        "times": round(after / before, 2),
    }


if __name__ == "__main__":
    if len(sys.argv) == 2:
        opened(int(sys.argv[1]))
    else:
        json.dump(measured(*map(int, sys.argv[1:])), sys.stdout)
