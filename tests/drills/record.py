"""What the drills found, as a table: printed, and written down where `DRILL_REPORT` says."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """# Drills

Written by `make drill`: on real processes, most of them over a copy of the demo prison, things are
broken on purpose while people work. {day}, {cores} cores, {memory} GB, Python {python}, PostgreSQL
{postgresql}.

After each drill the statements of `check_integrity` found no difference, and `/readyz` said what
was true before, during and after it. *Calm after*: seconds from the last thing that was broken
until all was as it should be, with what had to start anew for it and with leases that had to run
out; on a machine that did other work at the same time, so a quiet one is faster.

| | | what was broken | what was seen meanwhile | lost, doubled | calm after, s |
|---:|---|---|---|---|---:|
"""


@dataclass
class Drill:
    """One row: its place in the table, what it is called, what was broken, what came of it."""

    order: int
    name: str
    broken: str
    seen: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    since: float | None = None
    calm: float | None = None

    def sees(self, sentence):
        """What people, `/readyz` or the database showed while it was broken."""
        self.seen.append(sentence)

    def keeps(self, sentence):
        """What was there afterwards, how often."""
        self.kept.append(sentence)

    def breaks(self):
        """Now something is broken; `is_calm` will count from here."""
        self.since = time.monotonic()

    def is_calm(self):
        """Now all is as it should be. Of several times the longest stands in the table."""
        self.calm = max(self.calm or 0, time.monotonic() - self.since)

    def ends(self):
        told.append(self)

    def row(self):
        calm = "" if self.calm is None else f"{self.calm:.0f}"
        seen, kept = "; ".join(self.seen), "; ".join(self.kept)
        return f"| {self.order} | **{self.name}** | {self.broken} | {seen} | {kept} | {calm} |\n"


told = []


def table(earlier, **facts):
    """Rows of `earlier` whose drill did not run this time stay as they are."""
    rows = {place_of(line): line for line in earlier if place_of(line)}
    rows |= {drill.order: drill.row() for drill in told}
    return HEAD.format(**facts) + "".join(rows[place] for place in sorted(rows))


def place_of(line):
    place = re.match(r"\| (\d+) \| \*\*", line)
    return int(place[1]) if place else 0


def write(**facts):
    if told and (path := os.environ.get("DRILL_REPORT")):
        report = Path(path)
        earlier = report.read_text().splitlines(keepends=True) if report.exists() else []
        written = table(earlier, **facts)
        report.write_text(written)
        print(written)
