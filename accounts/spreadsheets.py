"""Cells and lines for spreadsheets that others will open: nothing in them runs as a formula."""

import csv
from itertools import islice

# A spreadsheet would run what begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# An Indonesian Excel splits lines here, so that a formula may hide behind one.
SPLITS = ";"
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that a CSV is UTF-8
LINES = 200  # that are sent in one piece


def harmless(cell):
    """The cell, with an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def csv_line(cells):
    """One line of a CSV, its end included; quoted throughout if a cell holds a separator."""
    (line,) = _lines([cells])
    return line


def csv_of(rows):
    """A whole CSV in pieces of many lines, to stream: each piece is a write to the reader."""
    yield BYTE_ORDER_MARK
    lines = _lines(rows)
    while piece := "".join(islice(lines, LINES)):
        yield piece


def _lines(rows):
    plain = csv.writer(_Echo(), quoting=csv.QUOTE_MINIMAL)
    quoted = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [harmless(cell) for cell in row]
        line = plain.writerow(cells)
        yield quoted.writerow(cells) if SPLITS in line else line


class _Echo:
    """csv writes into it; what is written comes straight back."""

    def write(self, line):
        return line
