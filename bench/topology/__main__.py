"""Out of one machine: `make topology`. Writes docs/topology.md.

Two webs behind a real nginx (with `deploy/nginx/lapasprog.conf`, only its ports and certificate
changed), three workers and two beats as processes of their own over one PostgreSQL and one Valkey.
Visitors read pages and invite liaisons, each invitation with an address of its own and one mail.
Under that load a web, a worker and a beat are killed with -9 and the broker is stopped. At the end
every invitation stands once and its mail went once; what failed was in hand when its web died.
`--before REV` lets one of the webs be the code of an older commit.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from bench.topology.house import HERE, WEBS, House, older, prepare
from bench.topology.load import VISITORS, Load
from bench.topology.report import report, settled

REPORT = HERE / "docs" / "topology.md"
# Seconds after the start; what happens; how the phase that begins is called in the report.
COURSE = (
    (0, None, "all there"),
    (12, "kill web", "one web killed with -9"),
    (24, "start web", "it is back"),
    (27, "kill worker", "one worker and one beat killed with -9"),
    (39, "kill broker", "no broker"),
    (54, "start broker", "it is back, and the worker and the beat"),
    (66, "end", ""),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", metavar="REV", help="the second web runs this commit's code")
    parser.add_argument("--data", metavar="FOLDER", help="kept, to be used again; default: none")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    if not shutil.which("nginx"):
        sys.exit("nginx is needed: apt-get install nginx, then try again.")
    with ExitStack() as stack:
        name = arguments.data or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="topology-")
        )
        folder = Path(name)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        os.environ["LAPASPROG_VAR"] = name
        from lapasprog import embedded

        postgres, valkey = embedded.Postgres(), embedded.Valkey()
        for server in (postgres, valkey):
            server.start()
            stack.callback(server.stop)
        house = House(folder, older(folder, arguments.before))
        stack.callback(house.stop)
        prepare(house)
        for each in house.commands:
            house.start(each)
        _wait_until_ready()
        agency = postgres.psql(
            "SELECT public_id FROM partners_agency WHERE name LIKE 'BLK%' ORDER BY id LIMIT 1",
            "lapasprog",
        )
        load = Load(agency)
        phases = _course(house, load, valkey)
        told = report(load, phases, *settled(house, postgres), postgres, arguments.before)
    print(told)
    if not arguments.before:
        REPORT.write_text(told)


def _wait_until_ready():
    for port in WEBS:
        for _try in range(600):
            try:
                if urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").status == 200:
                    break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit(f"the web at port {port} is not ready")


def _course(house, load, valkey):
    acts = {
        "kill web": lambda: house.kill(f"web{WEBS[0]}"),
        "start web": lambda: house.start(f"web{WEBS[0]}"),
        "kill worker": lambda: (house.kill("worker1"), house.kill("beat1")),
        "kill broker": lambda: (valkey.process.kill(), valkey.process.wait()),
        "start broker": lambda: (valkey.start(), house.start("worker1"), house.start("beat1")),
    }
    for thread in load.threads:
        thread.start()
    while len(load.answers) < 5 * VISITORS:  # signed in, templates compiled
        time.sleep(0.1)
    began, phases = time.perf_counter(), []
    for at, act, called in COURSE:
        time.sleep(max(0, began + at - time.perf_counter()))
        phases.append((time.perf_counter(), called))
        if act in acts:
            acts[act]()
    load.over = True
    for thread in load.threads:
        thread.join(90)
    return phases


if __name__ == "__main__":
    main()
