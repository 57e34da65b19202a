"""The measured numbers as tables, and the targets in words: met, or missed by which."""

import os
import platform
from datetime import date

from bench import crowd, exports, imports, pages, races, reminders

FIRST = "prison of 500"


def write(template, found):
    """`found` is `{"countries": {people: ...}, "races": ..., "sweeps": [...]}`, parts may lack."""
    countries = dict(sorted((int(people), told) for people, told in found["countries"].items()))
    parts = {
        "machine": machine(),
        "targets": _listed(targets(countries, found)),
        "pages": _pages(countries),
        "growth": _grown(found.get("growth")),
        "others": _others(countries),
        "visitors": _visitors(countries),
        "csv": _csv(countries),
        "imports": _imports(found.get("races")),
        "races": _races(found, countries),
        "filled": _filled(countries),
    }
    return template.format(**parts)


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**3
    return (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, {memory} GB, "
        f"Python {platform.python_version()}, gunicorn with 2 workers, database and visitors on "
        f"the same machine, load average {os.getloadavg()[2]:.1f} over the last 15 minutes"
    )


def targets(countries, found):
    """(sentence, whether it is met, what was found) of each target; of the largest country."""
    largest = countries[max(countries)] if countries else {}
    if looked := largest.get("pages"):
        rows = looked["pages"][FIRST]
        yield _bad("every page shows what it should", looked["failed"])
        yield from _limits(rows)
        floor = looked["floor"]["x_bare"]
        yield f"floor <= {pages.EMPTY} x bare", floor <= pages.EMPTY, f"{floor}"
        yield _bad(
            f"no page asks more than {pages.MOST_STATEMENTS} statements",
            [
                f"{row['page']} {row['statements']}"
                for row in rows
                if row["statements"] > pages.MOST_STATEMENTS
            ],
        )
        yield _bad("as many statements in a small country as in a large one", _more(countries))
        wrote = sorted({table for row in rows for table in row["writes"]})
        yield (
            "no GET writes but the access record and the last-seen of a session",
            set(wrote) <= {"accounts_accessrecord"},
            ", ".join(wrote) or "nothing",
        )
    if grown := found.get("growth"):
        yield _growth(grown)
    if pushed := largest.get("visitors"):
        many = pushed["crowd"]
        yield (
            f"{many['visitors']} visitors: no error, p95 <= {crowd.MOST} x bare",
            many["failed"] == 0 and many["x_bare"] <= crowd.MOST,
            f"{many['failed']} errors, {many['x_bare']} x",
        )
    if files := largest.get("csv", {}).get("files"):
        yield from _of_files(files)
    if raced := found.get("races"):
        yield from _of_imports(raced["imports"])
        for name, row in raced.items():
            if name != "imports":
                yield f"{name} <= {races.MOST_X} x plain SQL", *_times(row, races.MOST_X)
    for row in found.get("sweeps", ()):
        if row["agreements"] == max(reminders.NUMBERS):
            name = (
                f"a sweep over {row['agreements']:,} agreements <= {reminders.MOST_X} x plain SQL"
            )
            yield name, *_times(row, reminders.MOST_X)
    if matched := largest.get("matching"):
        name = f"matching of all <= {races.MOST_X} x plain SQL, the same numbers"
        yield (
            name,
            matched["same"] and matched["x_plain"] <= races.MOST_X,
            f"{matched['x_plain']} x",
        )


def _times(row, most):
    return row["x_plain"] <= most, f"{row['x_plain']} x"


def _limits(rows):
    for limit, name in (
        (pages.LISTED, "lists, first page"),
        (pages.FURTHER, "any page of a list, search, details"),
        (pages.RANKED, "rankings and dashboards"),
    ):
        of_kind = [row for row in rows if row["limit"] == limit]
        over = sorted(
            (row for row in of_kind if row["x_bare"] > limit), key=lambda row: -row["x_bare"]
        )
        told = f"{len(of_kind) - len(over)} of {len(of_kind)} pages"
        if over:
            told += "; over it: " + ", ".join(f"{row['page']} {row['x_bare']}" for row in over)
        yield f"{name} <= {limit} x bare", not over, told


def _bad(name, found):
    return name, not found, ", ".join(found) or "none"


def _pairs(countries):
    """Rows of the smallest and of the largest country, page by page."""
    looked = [told["pages"]["pages"][FIRST] for told in countries.values() if "pages" in told]
    if len(looked) < 2:
        return []
    small = {row["page"]: row for row in looked[0]}
    return [(small[row["page"]], row) for row in looked[-1] if row["page"] in small]


def _growth(rows):
    over = [
        f"{row['page']} {row['times']}"
        for row in sorted(rows, key=lambda row: -row["times"])
        if row["times"] > pages.MOST_GROWTH
    ]
    return _bad(f"no page grows by more than {pages.MOST_GROWTH} x between the two ends", over)


def _more(countries):
    return [
        f"{small['page']} {small['statements']} and {large['statements']}"
        for small, large in _pairs(countries)
        if small["statements"] != large["statements"]
    ]


def _of_files(files):
    long = [row for row in files if row["rows"] >= 10_000]
    slow = [
        f"{r['what']} {r['a_second']:,}" for r in long if r["a_second"] < exports.LEAST_A_SECOND
    ]
    slowest = min((row["a_second"] for row in long), default=0)
    yield (
        f"a CSV of 10,000 rows and more at >= {exports.LEAST_A_SECOND:,} rows a second",
        bool(long) and not slow,
        ", ".join(slow) or f"{slowest:,} at least",
    )
    grown = files[-1]["peak_mb"] - files[0]["peak_mb"]
    rows = max(row["rows"] for row in files)
    yield (
        "CSV in flat memory",
        grown <= exports.FLAT_MB,
        f"{grown} MB more after {rows:,} rows than after {files[0]['rows']:,}",
    )


def _of_imports(rows):
    largest = rows[-1]
    yield (
        f"an import costs <= {imports.MOST_MS} ms a row",
        largest["ms_a_row"] <= imports.MOST_MS,
        f"{largest['ms_a_row']} ms",
    )
    yield (
        f"an import of {largest['rows']:,} rows <= {imports.MOST_X} x plain SQL",
        *_times(largest, imports.MOST_X),
    )
    statements = [row["statements_a_batch"] for row in rows]
    yield (
        "as many statements for each batch of an import",
        max(statements) - min(statements) < 1,
        " and ".join(map(str, statements)),
    )
    grown = largest["peak_mb"] - rows[0]["peak_mb"]
    yield "an import in flat memory", grown <= exports.FLAT_MB, f"{grown} MB more at ten times"


def _listed(found):
    return "\n".join(
        f"- {'Met' if met else '**Missed**'}: {name}. Found: {told}." for name, met, told in found
    )


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join("" if c is None else f"{c}" for c in row) + " |" for row in rows]
    return "\n".join(lines)


HEAD = (
    *("page", "people", "statements", "in database, ms", "median, ms", "p95, ms", "x bare"),
    *("x floor", "kB"),
)


def _row(page, size):
    return (
        page["page"],
        size,
        page["statements"],
        page["database_ms"],
        page["median_ms"],
        page["p95_ms"],
        page["x_bare"],
        page["x_floor"],
        page["bytes"] // 1024,
    )


def _pages(countries):
    told = {size: each["pages"] for size, each in countries.items() if "pages" in each}
    if not told:
        return "Not measured."
    rows = [
        _row(row, f"{size:,}")
        for name in dict.fromkeys(
            row["page"] for each in told.values() for row in each["pages"][FIRST]
        )
        for size, each in told.items()
        for row in each["pages"][FIRST]
        if row["page"] == name
    ]
    rows += [_row(each["floor"], f"{size:,}") for size, each in told.items()]
    wrote = next(reversed(told.values()))["wrote"]
    counts = ", ".join(f"{table} {count:,}" for table, count in wrote.items())
    return f"{_table(HEAD, rows)}\n\nRows written meanwhile, by table: {counts or 'none'}."


def _grown(rows):
    if not rows:
        return "Not measured."
    head = ("page", "smallest, ms", "largest, ms", "times")
    return _table(
        head, [(row["page"], row["small_ms"], row["large_ms"], row["times"]) for row in rows]
    )


def _others(countries):
    told = {size: each["pages"]["pages"] for size, each in countries.items() if "pages" in each}
    rows = [
        _row({**page, "page": f"{page['page']}, {who}"}, f"{size:,}")
        for size, each in told.items()
        if size == max(told)
        for who in each
        if who != FIRST
        for page in each[who]
    ]
    return _table(HEAD, rows) if rows else "Not measured."


def _visitors(countries):
    told = {size: each["visitors"] for size, each in countries.items() if "visitors" in each}
    if not told:
        return "Not measured."
    crowds = _table(
        (
            "people",
            "visitors",
            "requests",
            "a second",
            "median, ms",
            "p95, ms",
            "p95 x bare",
            "errors",
        ),
        [
            (
                f"{size:,}",
                many["visitors"],
                many["requests"],
                many["a_second"],
                many["median_ms"],
                many["p95_ms"],
                many["x_bare"],
                many["failed"],
            )
            for size, many in ((size, each["crowd"]) for size, each in told.items())
        ],
    )
    largest = told[max(told)]
    rows = [
        (row["page"], row["a_second"], row["p95_ms"], row["errors"]) for row in largest["at_once"]
    ]
    bare = largest["bare_at_once"]
    rows.append(("bare", bare["a_second"], bare["p95_ms"], bare["errors"]))
    each = _table(("page, 8 at once", "a second", "p95, ms", "errors"), rows)
    return f"{crowds}\n\nEight at once on one page, at {max(told):,} people:\n\n{each}"


def _csv(countries):
    rows = [
        (
            row["what"],
            f"{size:,}",
            f"{row['rows']:,}",
            row["first_byte_s"],
            row["seconds"],
            f"{row['a_second']:,}",
            row["peak_mb"],
        )
        for size, each in countries.items()
        for row in each.get("csv", {}).get("files", ())
    ]
    head = (
        "file",
        "people",
        "rows",
        "first byte, s",
        "all, s",
        "rows a second",
        "worker's peak, MB",
    )
    return _table(head, rows) if rows else "Not measured."


def _imports(raced):
    if not raced:
        return "Not measured."
    head = (
        *("rows", "reading, s", "all, s", "ms a row", "statements a batch", "peak, MB"),
        *("plain SQL, s", "x plain SQL"),
    )
    return _table(
        head,
        [
            (
                f"{row['rows']:,}",
                row["read_s"],
                row["seconds"],
                row["ms_a_row"],
                row["statements_a_batch"],
                row["peak_mb"],
                row["plain_s"],
                row["x_plain"],
            )
            for row in raced["imports"]
        ],
    )


def _races(found, countries):
    rows = [
        (name, row["seconds"], row["plain_s"], row["x_plain"], row["peak_mb"])
        for name, row in (found.get("races") or {}).items()
        if name != "imports"
    ]
    for row in found.get("sweeps", ()):
        first, again = row["first"], row["again"]
        name = (
            f"sweep over {row['agreements']:,} agreements: {first['created']:,} notices, "
            f"{first['queries']} statements (again: {again['seconds']} s)"
        )
        rows.append((name, first["seconds"], row["plain_s"], row["x_plain"], row["peak_mb"]))
    for each in countries.values():
        if row := each.get("matching"):
            name = (
                f"matching {row['vacancies']:,} vacancies x {row['certified_people']:,} people, "
                f"{row['pairs']:,} pairs, {'the same' if row['same'] else 'OTHER'} numbers"
            )
            rows.append((name, row["seconds"], row["plain_s"], row["x_plain"], row["peak_mb"]))
    head = ("what", "seconds", "plain SQL, s", "x plain SQL", "peak, MB")
    return _table(head, rows) if rows else "Not measured."


def _filled(countries):
    told = [
        f"{size:,} people in {each['filled_s']:,} s"
        for size, each in countries.items()
        if each.get("filled_s")
    ]
    return "; ".join(told) or "kept from an earlier run"
