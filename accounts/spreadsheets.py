"""Cells and lines for spreadsheets that others will open: nothing in them runs as a formula."""

import csv
import io

# A spreadsheet would run what begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # one letter each
# An Indonesian Excel splits lines here, so that a formula may hide behind one.
SPLITS = ";"
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that a CSV is UTF-8


def harmless(cell):
    """The cell, with an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def harmless_texts(texts):
    """`harmless` of many at once, each a string or None."""
    return [f"'{text}" if text and text[0] in FORMULA_STARTS else text for text in texts]


def csv_line(cells):
    """One line of a CSV, its end included; quoted throughout if a cell holds a separator."""
    return _written([[harmless(cell) for cell in cells]])


def csv_of(chunks):
    """A whole CSV in pieces, to stream: each piece is a write to the reader.

    `chunks` are lists of lines; their cells are harmless already.
    """
    yield BYTE_ORDER_MARK
    for lines in chunks:
        yield _written(lines)


def _written(lines):
    whole = io.StringIO(newline="")
    csv.writer(whole).writerows(lines)
    text = whole.getvalue()
    return "".join(_each(lines)) if SPLITS in text else text


def _each(lines):
    plain = csv.writer(_Echo(), quoting=csv.QUOTE_MINIMAL)
    quoted = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    for cells in lines:
        line = plain.writerow(cells)
        yield quoted.writerow(cells) if SPLITS in line else line


class _Echo:
    """csv writes into it; what is written comes straight back."""

    def write(self, line):
        return line
