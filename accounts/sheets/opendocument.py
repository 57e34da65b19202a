"""ODS: read row by row, so that a file that claims a million rows costs nothing.

The parser follows no reference out of the file, and expat itself stops entities that multiply.
"""

import zipfile
import zlib
from datetime import date
from xml.etree import ElementTree

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.sheets.refusals import NotASheet

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
COLUMNS_MOST = 100
UNPACKED_FACTOR = 6  # as a workbook, it may unpack to this many times `IMPORT_MAX_BYTES`
# What zipfile, zlib and expat raise over a damaged or encrypted file.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    KeyError,
    EOFError,
    OSError,
    RuntimeError,
)
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class OpenSheet:
    """The rows of one table of an ODS file, as often as they are asked for."""

    def __init__(self, stream, place):
        self._stream, self._place = stream, place

    def top(self, rows):
        """The first rows."""
        found = []
        for number, cells in self.numbered():
            if number > rows:
                break
            found.append((number, cells))
        return found

    def numbered(self):
        """(number, cells) of the rows that are not empty, numbered as in the sheet."""
        with _content(self._stream) as content:
            place, number = -1, 0
            for event, element in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314 - see the top
                if event == "start":
                    if element.tag == f"{_TABLE}table":
                        place, number = place + 1, 0
                    continue
                if element.tag != f"{_TABLE}table-row":
                    continue
                if place == self._place:
                    cells = _cells(element)
                    if any(cell != "" for cell in cells):
                        yield number + 1, cells
                    number += _repeated(element, "rows")
                element.clear()


def open_sheets_of(stream):
    """Each table of the file in turn."""
    try:
        with _content(stream) as content:
            events = ElementTree.iterparse(content, ("end",))  # noqa: S314 - see the top
            tables = 0
            for _event, element in events:
                tables += element.tag == f"{_TABLE}table"
                if element.tag == f"{_TABLE}table-row":
                    element.clear()
    except BROKEN as error:
        raise NotASheet(
            _("Berkas ODS ini rusak atau berkata sandi. Simpan ulang lalu coba lagi.")
        ) from error
    for place in range(tables):
        yield OpenSheet(stream, place)


def _content(stream):
    stream.seek(0)
    archive = zipfile.ZipFile(stream)
    if archive.getinfo("content.xml").file_size > UNPACKED_FACTOR * settings.IMPORT_MAX_BYTES:
        raise NotASheet(_("Isi berkas ODS ini terlalu besar."))
    return archive.open("content.xml")


def _repeated(element, what):
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdigit() and len(text) < 10 else 1


def _cells(row):
    cells = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        room = COLUMNS_MOST - len(cells)
        cells += [_value(cell)] * min(_repeated(cell, "columns"), room)
        if room <= 0:
            break
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _value(cell):
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "date":
        try:
            return date.fromisoformat((cell.get(f"{_OFFICE}date-value") or "")[:10])
        except ValueError:
            pass
    if kind in ("float", "currency", "percentage"):
        try:
            return float(cell.get(f"{_OFFICE}value"))
        except (TypeError, ValueError):
            pass
    return "\n".join("".join(part.itertext()) for part in cell.findall(f"{_TEXT}p"))
