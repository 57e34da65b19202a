"""What came of it: mails and rows counted, the table written."""

import statistics
import time
from collections import Counter
from email import policy
from email.parser import BytesParser
from itertools import pairwise

from bench.topology.house import LEASE
from bench.topology.load import RUN, VISITORS

SWEEPS = "SELECT count(*) FROM correspondence_sweeprun WHERE at > now() - interval '2 min'"


def settled(house, postgres):
    """Seconds until no mail waits any more, and the mails that went, by address."""
    began = time.perf_counter()
    while (
        postgres.psql(
            "SELECT count(*) FROM correspondence_mail WHERE state = 'queued'", "lapasprog"
        )
        != "0"
        and time.perf_counter() - began < 120
    ):
        time.sleep(0.5)
    took = time.perf_counter() - began
    time.sleep(2 * LEASE)
    went = Counter()
    for path in (house.folder / "outbox").iterdir():
        for text in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            mail = BytesParser(policy=policy.default).parsebytes(text)
            if mail["To"]:
                went[mail["To"], mail["Message-ID"]] += 1
    return took, went


def report(load, phases, took, went, postgres, before):
    lines = [
        "# Two webs, three workers, two beats",
        "",
        "`make topology` (`bench/topology/`): two webs of two processes behind nginx with"
        " `deploy/nginx/lapasprog.conf`, three workers, two beats, one PostgreSQL, one Valkey; all"
        " processes of one machine, none of them the other's child."
        f" {VISITORS} visitors read pages and invite liaisons.",
        "",
        *([f"The second web ran the code of {before} on the new schema.", ""] if before else []),
        "| phase in which a request began | seconds | requests | acts | not answered | median, ms |"
        " p95, ms | acts' median, ms |",
        "|---|---:|---:|---:|---|---:|---:|---:|",
    ]
    for (since, called), (until, _next) in pairwise(phases):
        rows = [row for row in load.answers if since <= row[0] < until]
        times = sorted(row[2] for row in rows)
        bad = Counter(
            f"{'act' if is_act else 'page'} {status}"
            for _at, is_act, _seconds, status in rows
            if status not in (200, 302)
        )
        said = ", ".join(f"{count} x {what}" for what, count in bad.items()) or "none"
        lines.append(
            f"| {called} | {until - since:.0f} | {len(rows)} | {sum(row[1] for row in rows)} |"
            f" {said} | {statistics.median(times) * 1000:.0f} |"
            f" {times[int(len(times) * 0.95)] * 1000:.0f} |"
            f" {statistics.median([row[2] for row in rows if row[1]] or [0]) * 1000:.0f} |"
        )

    def ask(sql):
        return postgres.psql(sql, "lapasprog")

    ours = f"JOIN accounts_user u ON u.id = l.user_id WHERE u.email LIKE '%@{RUN}'"
    standing = int(ask(f"SELECT count(*) FROM partners_liaison l {ours}"))
    distinct = int(ask(f"SELECT count(DISTINCT u.email) FROM partners_liaison l {ours}"))
    mails = {key: count for key, count in went.items() if key[0].endswith(RUN)}
    again = sum(attempt > 1 for attempt in load.invited.values())
    notices = ask(
        "SELECT count(*) || ' / ' || count(DISTINCT (recipient_id, kind, object_type, object_id,"
        " due, offset_days)) FROM correspondence_notice WHERE state = 'live'"
    )
    lines += [
        "",
        f"- {len(load.invited)} invitations were sent off; {again} of them had to be sent once more"
        " after an answer that said nothing;"
        f" {sum(not attempt for attempt in load.invited.values())} were given up.",
        f"- In the database: {standing} invitations for {distinct} addresses.",
        f"- Mails that went to them: {sum(mails.values())}, to {len({key[0] for key in mails})}"
        f" addresses under {len(mails)} Message-IDs.",
        f"- Reminders (live notices / distinct ones), raised by two beats: {notices}.",
        f"- Mails still queued when the load ended were out {took:.0f} s later.",
        f"- Sweeps meanwhile: {ask(SWEEPS)}.",
        "",
    ]
    return "\n".join(lines)
