"""`make bench`: each size in a database of its own, the tables, and docs/performance.md.

`python -m bench [SIZE ...]`, by default 1,000, 100,000 and 1,000,000 people; then sweeps of the
reminders, and matching. The databases stay in `var/bench/`, so that a second run
need not fill them again.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

from bench import reminders

HERE = Path(__file__).resolve().parent.parent
SIZES = (1_000, 100_000, 1_000_000)
MATCHED = 220_000  # people, nearly all of them certified, against 1,000 vacancies
HEAD = ("page", "people", "statements", "in database, ms", "median, ms", "p95, ms", "x bare")


def measured(module, number, what, *options):
    """What the module prints of this size, in a data folder of its own."""
    folder = HERE / "var" / "bench" / f"{what}-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", module, str(number), *options]
    env = {**os.environ, "LAPASPROG_VAR": str(folder)}
    print(f"{number:,} {what} ...", file=sys.stderr)
    result = subprocess.run(command, cwd=HERE, env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(result.stdout)


def table(runs):
    """Markdown: for each page one line per size."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    for place in range(len(runs[0]["pages"])):
        for run in runs:
            page = run["pages"][place]
            cells = (
                page["page"],
                f"{run['inmates']:,}",
                page["statements"],
                page["database_ms"],
                page["median_ms"],
                page["p95_ms"],
                page["x_bare"],
            )
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def sweeps(runs):
    """Markdown: a line for the first sweep over each number of agreements, and one for the next."""
    lines = ["| agreements | sweep | notices | statements | seconds |", "|---:|---|---:|---:|---:|"]
    for run in runs:
        for which in ("first", "again"):
            sweep = run[which]
            cells = (
                f"{run['agreements']:,}",
                which,
                f"{sweep['created']:,}",
                sweep["queries"],
                sweep["seconds"],
            )
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def matched(run):
    """Markdown: the pages of matching, and a sentence about all vacancies at once."""
    pages = table([{**run, "inmates": run["people"]}])
    at_once = run["all_at_once"]
    ratio = at_once["seconds"] / at_once["plain_seconds"]
    return (
        f"{pages}\n\nAll at once: {at_once['vacancies']:,} vacancies and the "
        f"{at_once['certified_people']:,} of {run['people']:,} people who finished a course and "
        f"may be asked, {at_once['pairs']:,} pairs that fit, {at_once['seconds']} s; plain SQL "
        f"written for just that {at_once['plain_seconds']} s ({ratio:.2f} x), "
        f"{'the same numbers' if at_once['same'] else 'OTHER NUMBERS'}."
    )


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**3
    return (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, {memory} GB, "
        f"Python {platform.python_version()}, gunicorn with 2 workers, database on the same machine"
    )


def main():
    pages = [measured("bench.run", int(size), "people") for size in sys.argv[1:] or SIZES]
    swept = [measured("bench.reminders", number, "agreements") for number in reminders.NUMBERS]
    found = measured("bench.matching", MATCHED, "matching", "--all", str(MATCHED))
    parts = {"table": table(pages), "sweeps": sweeps(swept), "matching": matched(found)}
    text = (HERE / "bench" / "performance.md").read_text().format(machine=machine(), **parts)
    print(*parts.values(), sep="\n\n")
    (HERE / "docs" / "performance.md").write_text(text)


if __name__ == "__main__":
    main()
