"""Cells and lines for spreadsheets that others will open: nothing in them runs as a formula."""

import csv

# A spreadsheet would run what begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# An Indonesian Excel splits lines here, so that a formula may hide behind one.
SPLITS = ";"
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that a CSV is UTF-8


def harmless(cell):
    """The cell, with an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def csv_line(cells):
    """One line of a CSV, its end included; quoted throughout if a cell holds a separator."""
    cells = [harmless(cell) for cell in cells]
    is_split = any(SPLITS in cell for cell in map(str, cells))
    return csv.writer(_Echo(), quoting=csv.QUOTE_ALL if is_split else csv.QUOTE_MINIMAL).writerow(
        cells
    )


class _Echo:
    """csv writes into it; what is written comes straight back."""

    def write(self, line):
        return line
