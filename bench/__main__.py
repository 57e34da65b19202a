"""`make bench`: each size in a database of its own, the tables, and docs/performance.md.

`python -m bench [SIZE ...] [--only pages,visitors,csv,growth,matching,import,races,sweeps]`, by
default 1,000, 100,000 and 1,000,000 people and everything. Databases and what was found stay in
`var/bench/`: a second run fills nothing, and a run of a part keeps the rest as it was found.
"""

import argparse
import json
import subprocess
import sys

from bench import reminders, report
from bench.run import SECTIONS
from bench.site import HERE, folder_of

SIZES = (1_000, 100_000, 1_000_000)
RACES = {"import", "races"}  # both in the database of the races
PARTS = (*SECTIONS, "growth", "matching", "sweeps", *sorted(RACES))
FOUND, TEMPLATE = "found.json", HERE / "bench" / "performance.md"


def asked():
    options = argparse.ArgumentParser()
    options.add_argument("sizes", type=int, nargs="*", default=SIZES)
    options.add_argument("--only", default=",".join(PARTS), type=lambda word: word.split(","))
    found = options.parse_args()
    if unknown := set(found.only) - set(PARTS):
        options.error(f"{', '.join(sorted(unknown))}: no part; parts are {', '.join(PARTS)}")
    return found


def measured(module, *words):
    """What the module prints, in a process of its own."""
    print(" ".join(map(str, words)), "...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", module, *map(str, words)]
    result = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE)
    return json.loads(result.stdout)


def main():
    options = asked()
    kept = folder_of(".") / FOUND
    found = json.loads(kept.read_text()) if kept.exists() else {"countries": {}}
    sections = [part for part in SECTIONS if part in options.only]
    asked_for = [(size, sections) for size in options.sizes if sections]
    if "matching" in options.only:  # of as many people as there are only in the largest
        asked_for.append((max(options.sizes), ["matching"]))
    for size, parts in asked_for:
        told = measured("bench.run", size, *parts)
        known = found["countries"].setdefault(str(size), {})
        found["countries"][str(size)] = known | told
        kept.write_text(json.dumps(found))
    if "growth" in options.only and len(options.sizes) > 1:
        ends = min(options.sizes), max(options.sizes)
        found["growth"] = measured("bench.growth", *ends)
        kept.write_text(json.dumps(found))
    if RACES & set(options.only):
        found["races"] = measured("bench.run", "races")
        kept.write_text(json.dumps(found))
    if "sweeps" in options.only:
        found["sweeps"] = [measured("bench.reminders", each) for each in reminders.NUMBERS]
        kept.write_text(json.dumps(found))
    text = report.write(TEMPLATE.read_text(), found)
    (HERE / "docs" / "performance.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
