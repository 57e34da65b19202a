"""XLSX: opened only when it claims no more than a table of ours may hold, and when it is whole."""

import contextlib
import re
import zipfile
import zlib
from itertools import islice

import python_calamine
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.sheets.refusals import NotASheet

CELLS_MAX = 15_000_000  # a sheet that claims more wants to fill the memory
UNPACKED_FACTOR = 6  # an XLSX may unpack to this many times `IMPORT_MAX_BYTES`
QUICK_BYTES = 30_000_000  # up to this unpacked size the header is checked while one waits
BLOCK = 1_000_000


class WorkbookSheet:
    """The rows of one sheet, as often as they are asked for."""

    def __init__(self, sheet):
        self._sheet = sheet

    def top(self, rows):
        """The first rows."""
        return list(islice(self.numbered(), rows))

    @property
    def rows_total(self):
        return self._sheet.end[0] + 1

    def numbered(self):
        return enumerate(self._sheet.iter_rows(), 1)

    def watch(self, columns):
        return _AlwaysWhole()


class _AlwaysWhole:
    """Rows of a sheet are as wide as the sheet; what was cut off was found when it was opened."""

    def see(self, number, cells):
        pass

    def check(self):
        pass


def sheets_of(stream):
    """Each sheet in turn, loaded when its turn comes."""
    with _broken_if_it_fails(stream):
        _refuse_bombs(stream)
        stream.seek(0)
        book = python_calamine.load_workbook(stream)
        names = list(book.sheet_names)
    for name in names:
        with _broken_if_it_fails(stream):
            sheet = WorkbookSheet(book.get_sheet_by_name(name))
        yield sheet


def is_quick(stream):
    """Whether the header can be looked at while somebody waits for the page."""
    stream.seek(0)
    if stream.read(4) != b"PK\x03\x04":
        return True
    with _broken_if_it_fails(stream), zipfile.ZipFile(stream) as archive:
        return sum(part.file_size for part in archive.infolist()) <= QUICK_BYTES


@contextlib.contextmanager
def _broken_if_it_fails(stream):
    """zipfile, zlib and the reader fail in a dozen ways on a damaged file; all mean the same."""
    try:
        yield
    except NotASheet:
        raise
    except Exception as error:
        row = _last_row_of_a_torso(stream) if isinstance(error, zipfile.BadZipFile) else None
        raise NotASheet(_cut_off(row) if row else _broken()) from error


def _broken():
    return _("Berkas XLSX ini rusak atau berkata sandi. Simpan ulang dari Excel lalu coba lagi.")


def _cut_off(row):
    return (
        _(
            "Berkas XLSX ini terpotong: isinya terbaca hanya sampai baris %s. Tidak ada yang"
            " diimpor; unduh atau simpan ulang."
        )
        % row
    )


# --- Claims that would fill the memory -----------------------------------------------------------
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<>]*?\br\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""\b(?:count|(unique)Count)\s*=\s*["']\s*\+?([0-9]{1,30})""")
_REFERENCE = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_SHEET_END = re.compile(rb"worksheet\s*/?>\s*$")
_TAG_MAX = 4096


def _refuse_bombs(stream):
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        parts = {part.filename: part for part in archive.infolist()}
        if "xl/workbook.xml" not in parts:
            raise NotASheet(_("Berkas ini arsip ZIP, tetapi bukan XLSX."))
        unpacked = sum(part.file_size for part in parts.values())
        if unpacked > _unpacked_max():
            raise NotASheet(_("Isi XLSX ini terlalu besar."))
        for name, part in parts.items():
            if name.endswith(".xml"):
                _refuse_lying_part(archive, part)


def _unpacked_max():
    return UNPACKED_FACTOR * settings.IMPORT_MAX_BYTES


def _refuse_lying_part(archive, part):
    """The reader reserves memory for what a part claims to hold, and dies of a false claim.

    Different texts cannot outnumber the part's bytes, nor other counts the cells of a table;
    one cell far down and right claims all between. A sheet without its end is a torso.
    """
    rows = columns = 0
    rest = end = b""
    with archive.open(part) as content:
        while block := content.read(BLOCK):
            end = (end + block)[-100:]
            block = rest + block
            for unique, count in _COUNT.findall(block):
                if int(count) > (part.file_size if unique else CELLS_MAX):
                    raise NotASheet(_broken())
            for place in _PLACE.findall(block):
                reference = _REFERENCE.fullmatch(place)
                if not reference:
                    raise NotASheet(_broken())
                rows = max(rows, int(reference[2]))
                columns = max(columns, _column_number(reference[1]))
            rest = block[block.rfind(b"<") :][:_TAG_MAX]
    if rows * columns > CELLS_MAX:
        raise NotASheet(
            _("Lembar XLSX ini menyatakan %(rows)s baris × %(columns)s kolom: terlalu besar.")
            % {"rows": rows, "columns": columns}
        )
    if _SHEET.fullmatch(part.filename) and not _SHEET_END.search(end):
        raise NotASheet(_cut_off(rows) if rows else _broken())


def _column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- Where a file stops that was cut off ---------------------------------------------------------
_LOCAL = b"PK\x03\x04"
_LOCAL_BYTES = 30


def _last_row_of_a_torso(stream):
    """The last row of the sheets in an archive without its end, None if none is readable."""
    stream.seek(0)
    content, place, last = stream.read(), 0, None
    while (place := content.find(_LOCAL, place)) >= 0:
        header = content[place : place + _LOCAL_BYTES]
        name_length = int.from_bytes(header[26:28], "little")
        start = place + _LOCAL_BYTES + name_length + int.from_bytes(header[28:30], "little")
        name = content[place + _LOCAL_BYTES : place + _LOCAL_BYTES + name_length]
        if header[8:10] == b"\x08\x00" and _SHEET.fullmatch(name.decode("latin-1")):
            last = _last_row(memoryview(content)[start:]) or last
        place += len(_LOCAL)
    return last


def _last_row(packed):
    unpacker, rest, row, seen = zlib.decompressobj(-15), b"", None, 0
    while packed and not unpacker.eof and seen < _unpacked_max():
        try:
            block = unpacker.decompress(packed, BLOCK)
        except zlib.error:
            break
        packed = unpacker.unconsumed_tail
        seen += len(block)
        block = rest + block
        for place in _PLACE.findall(block):
            reference = _REFERENCE.fullmatch(place)
            row = int(reference[2]) if reference else row
        rest = block[block.rfind(b"<") :][:_TAG_MAX] if b"<" in block else b""
    return row
