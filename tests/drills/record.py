"""What the drills found, as a table: printed, and written down where `DRILL_REPORT` says."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """# Drills

Written by `make drill`: on real processes, over a copy of the demo prison, things are broken on
purpose. {day}, {cores} cores, {memory} GB, Python {python}, PostgreSQL {postgresql}.

After each drill `check_integrity`'s statements found no difference, and `/readyz` said what was
true before, during and after it. Seconds are of the wall, on a machine that may be busy.

| drill | what was done | what was found | seconds |
|---|---|---|---:|
"""


@dataclass
class Drill:
    """One row: its place in the table, what it is called, what was done, what was found."""

    order: int
    name: str
    done: str
    found: list = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0

    def finds(self, sentence):
        self.found.append(sentence)

    def ends(self):
        self.seconds = time.monotonic() - self.began
        told.append(self)


told = []


def table(**facts):
    rows = sorted(told, key=lambda drill: drill.order)
    return HEAD.format(**facts) + "".join(
        f"| {drill.name} | {drill.done} | {'; '.join(drill.found)} | {drill.seconds:.0f} |\n"
        for drill in rows
    )


def write(**facts):
    if told and (path := os.environ.get("DRILL_REPORT")):
        Path(path).write_text(table(**facts))
        print(table(**facts))
