"""CSV of long lists: rows a second, and the memory of the worker that writes them."""

import time
from pathlib import Path

LEAST_A_SECOND = 20_000
FLAT_MB = 30
ROLES = ("largest", "country")
# (what, who, path): of a long list and of one ten times as long, where the database has them.
FILES = (
    ("people of the largest prison", "largest", "/inmates/?format=csv"),
    ("people of all prisons", "country", "/inmates/?format=csv"),
    ("batches of all prisons", "country", "/batches/?format=csv"),
)


def measured(site, say):
    """In the order of `FILES`; memory is the peak of the one worker so far, so it only grows."""
    found = []
    (worker,) = _children(site.process.pid)
    for role in ROLES:
        for path in ("/healthz/page/", "/inmates/", "/batches/"):
            site.users[role].get(path)
    start = _peak(worker)
    for what, role, path in FILES:
        began = time.monotonic()
        status, rows, first = _downloaded(site.users[role], path)
        took = time.monotonic() - began
        if status != 200:
            raise SystemExit(f"{what}: {path} answered {status}")
        found.append(
            {
                "what": what,
                "rows": rows,
                "seconds": round(took, 2),
                "first_byte_s": round(first - began, 2),
                "a_second": round(rows / took),
                "peak_mb": _peak(worker),
            }
        )
        say(f"  {what}: {rows:,} rows, {found[-1]['a_second']:,} a second")
    return {"before_mb": start, "files": found}


def _downloaded(user, path):
    """(status, lines below the header, moment of the first byte); nothing is kept."""
    connection = user.connection()
    cookies = "; ".join(f"{name}={value}" for name, value in user.cookies.items())
    connection.request("GET", path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    lines, first = -1, None
    while block := answer.read1(1 << 16):
        first = first or time.monotonic()
        lines += block.count(b"\n")
    connection.close()
    return answer.status, lines, first


def _children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _peak(pid):
    """Megabytes that the process has held at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
