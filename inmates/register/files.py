"""Reading a register file: what it really is, where its header stands, its rows one by one.

The content decides, not the file's name. Whatever is wrong comes out as `NotARegister` with one
sentence that says what and where. Rows are numbered as in the sheet, from 1; an empty line is a
row, a quoted cell with line breaks is still one.
"""

import codecs
import contextlib
import csv
import io
import re
import zipfile
from datetime import date

import python_calamine
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed
from inmates.register.columns import REQUIRED, Columns, bare
from inmates.rules import Unreadable, parse_date, tidy

HEADER_WITHIN = 100  # rows from the top in which the header is looked for
SAMPLE_BYTES = 65_536
CELLS_MAX = 15_000_000  # a sheet that claims more is no register (or wants to fill the memory)
UNPACKED_FACTOR = 6  # an XLSX may unpack to this many times `IMPORT_MAX_BYTES`
QUICK_BYTES = 30_000_000  # up to this unpacked size the header is checked while one waits


class NotARegister(NotAllowed):
    """The file cannot be read as a register; the sentence says why."""


PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP"}


class RegisterFile:
    """An opened register: `columns`, `header_row`, `as_of` (from its title, or None), `rows()`.

    `stream` is a binary, seekable file that stays open as long as this is used; `rows_total`
    may be an estimate until all rows are read.
    """

    def __init__(self, stream):
        self.stream = stream
        kind = kind_of(stream)
        if kind == "xlsx":
            self._open_workbook()
        else:
            self._open_text(kind)

    def rows(self):
        """(number, cells) of every row below the header that is not blank throughout."""
        for number, cells in self._numbered():
            if number > self.header_row and any(tidy(cell) for cell in cells):
                yield number, cells

    # --- CSV ---------------------------------------------------------------------------------
    def _open_text(self, encoding):
        self._encoding = encoding
        self.rows_total = _count_lines(self.stream)
        best = None
        for delimiter in ",;\t":
            self._delimiter = delimiter
            header = _Header(self._numbered())
            if header.columns:
                return self._found(header)
            if best is None or header.closeness > best.closeness:
                best = header
        raise NotARegister(best.complaint())

    def _numbered_text(self):
        self.stream.seek(0)
        errors = "strict" if self._encoding == "utf-8-sig" else "replace"
        text = io.TextIOWrapper(self.stream, self._encoding, errors=errors, newline="")
        try:
            yield from enumerate(csv.reader(text, delimiter=self._delimiter), 1)
        except csv.Error as error:
            raise NotARegister(_("Berkas CSV rusak: %s.") % error) from error
        finally:
            text.detach()

    # --- XLSX --------------------------------------------------------------------------------
    def _open_workbook(self):
        with _broken_if_it_fails():
            _refuse_bombs(self.stream)
            self.stream.seek(0)
            book = python_calamine.load_workbook(self.stream)
            names = list(book.sheet_names)
        best = None
        for name in names:
            with _broken_if_it_fails():
                self._sheet = book.get_sheet_by_name(name)
            header = _Header(self._numbered())
            if header.columns:
                self.rows_total = self._sheet.end[0] + 1
                return self._found(header)
            if best is None or header.closeness > best.closeness:
                best = header
        raise NotARegister(best.complaint() if best else _("Berkas XLSX tidak berisi lembar."))

    def _numbered(self):
        if hasattr(self, "_sheet"):
            return enumerate(self._sheet.iter_rows(), 1)
        return self._numbered_text()

    def _found(self, header):
        self.columns, self.header_row = header.columns, header.number
        self.as_of = header.as_of


class _Header:
    """The search for the header among the first rows; `columns` is None when there is none."""

    def __init__(self, numbered):
        self.columns = self.number = self.as_of = None
        self.closeness, self.closest, self.is_empty = 0, None, True
        first_is_no = False
        for number, cells in numbered:
            if number > HEADER_WITHIN or first_is_no:
                break
            self.is_empty = self.is_empty and not any(tidy(cell) for cell in cells)
            columns = Columns(cells)
            if not columns.missing:
                first_is_no = bool(cells) and bare(cells[0]) in {"no", "nomor", "nourut"}
                if self.columns is None or first_is_no:
                    self.columns, self.number = columns, number
            elif self.columns is None:
                self._note(number, cells, columns)
        if hasattr(numbered, "close"):
            numbered.close()

    def _note(self, number, cells, columns):
        self.as_of = self.as_of or _date_in_title(cells)
        if len(columns.positions) > self.closeness:
            self.closeness, self.closest = len(columns.positions), (number, columns)

    def complaint(self):
        if self.is_empty:
            return _("Berkas ini kosong.")
        if self.closeness < 2:
            return _(
                "Berkas ini bukan register: dalam %(rows)s baris pertama tidak ada baris judul"
                " kolom dengan “Nama” dan “Nomor Induk”."
            ) % {"rows": HEADER_WITHIN}
        number, columns = self.closest
        names = {"person_key": "Nomor Induk", "name": "Nama"}
        return _("Judul kolom di baris %(row)s tidak memuat %(missing)s.") % {
            "row": number,
            "missing": ", ".join(f"“{names[field]}”" for field in columns.missing),
        }


_TITLE_DATE = re.compile(r"\bper\s+(?:tanggal\s+)?(.+)$", re.IGNORECASE)


def _date_in_title(cells):
    for cell in cells:
        found = _TITLE_DATE.search(tidy(cell)) if isinstance(cell, str) else None
        if found:
            try:
                return parse_date(found[1])
            except Unreadable:
                continue
    return None


# --- What the content is -----------------------------------------------------------------------
def kind_of(stream):
    """`"xlsx"`, or the encoding of a text file. Anything else is `NotARegister`."""
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    if size == 0:
        raise NotARegister(_("Berkas ini kosong."))
    if size > settings.IMPORT_MAX_BYTES:
        raise NotARegister(
            _("Berkas terlalu besar: paling banyak %(limit)s MB.")
            % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}
        )
    stream.seek(0)
    start = stream.read(SAMPLE_BYTES)
    _refuse_others(start)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start:
        raise NotARegister(_("Berkas ini bukan CSV atau XLSX."))
    return "utf-8-sig" if _is_utf8(stream) else "cp1252"


def _refuse_others(start):
    for mark, name in PICTURES.items():
        if start.startswith(mark) and (name != "BMP" or b"\x00" in start[:30]):
            raise NotARegister(
                _("Berkas ini gambar %s, bukan register. Pilih CSV atau XLSX dari SDP.") % name
            )
    if start.startswith(b"%PDF"):
        raise NotARegister(_("Berkas ini PDF. Pilih berkas CSV atau XLSX dari SDP."))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotARegister(
            _("Berkas ini Excel lama (.xls) atau berkata sandi. Simpan sebagai .xlsx atau CSV.")
        )
    if re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", start, re.IGNORECASE):
        raise NotARegister(_("Berkas ini halaman web, bukan CSV atau XLSX. Simpan sebagai .xlsx."))


def _is_utf8(stream):
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    try:
        while block := stream.read(1_000_000):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count_lines(stream):
    stream.seek(0)
    return sum(block.count(b"\n") for block in iter(lambda: stream.read(1_000_000), b"")) or 1


# --- Workbooks that would fill the memory --------------------------------------------------------
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<>]*?\br\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""\b(?:count|(unique)Count)\s*=\s*["']\s*\+?([0-9]{1,30})""")
_REFERENCE = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")
_TAG_MAX = 4096


@contextlib.contextmanager
def _broken_if_it_fails():
    """zipfile, zlib and the reader fail in a dozen ways on a damaged file; all mean the same."""
    try:
        yield
    except NotARegister:
        raise
    except Exception as error:
        raise NotARegister(_broken_workbook()) from error


def _broken_workbook():
    return _("Berkas XLSX ini rusak atau berkata sandi. Simpan ulang dari Excel lalu coba lagi.")


def is_quick(stream):
    """Whether the header can be looked at while somebody waits for the page."""
    stream.seek(0)
    if stream.read(4) != b"PK\x03\x04":
        return True
    with _broken_if_it_fails(), zipfile.ZipFile(stream) as archive:
        return sum(part.file_size for part in archive.infolist()) <= QUICK_BYTES


def _refuse_bombs(stream):
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        parts = {part.filename: part for part in archive.infolist()}
        if "xl/workbook.xml" not in parts:
            raise NotARegister(_("Berkas ini arsip ZIP, tetapi bukan XLSX."))
        unpacked = sum(part.file_size for part in parts.values())
        if unpacked > UNPACKED_FACTOR * settings.IMPORT_MAX_BYTES:
            raise NotARegister(_("Isi XLSX ini terlalu besar untuk sebuah register."))
        for name, part in parts.items():
            if name.endswith(".xml"):
                _refuse_lying_part(archive, part)


def _refuse_lying_part(archive, part):
    """The reader reserves memory for what a part claims to hold, and dies of a false claim.

    Different texts cannot outnumber the part's bytes, nor other counts the cells of a register;
    one cell far down and right claims all between.
    """
    rows = columns = 0
    rest = b""
    with archive.open(part) as content:
        while block := content.read(1_000_000):
            block = rest + block
            for unique, count in _COUNT.findall(block):
                if int(count) > (part.file_size if unique else CELLS_MAX):
                    raise NotARegister(_broken_workbook())
            for place in _PLACE.findall(block):
                reference = _REFERENCE.fullmatch(place)
                if not reference:
                    raise NotARegister(_broken_workbook())
                rows = max(rows, int(reference[2]))
                columns = max(columns, _column_number(reference[1]))
            rest = block[block.rfind(b"<") :][:_TAG_MAX]
    if rows * columns > CELLS_MAX:
        raise NotARegister(
            _("Lembar XLSX ini menyatakan %(rows)s baris × %(columns)s kolom: bukan register.")
            % {"rows": rows, "columns": columns}
        )


def _column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def title_date(register, today):
    """The day the register's title states, unless it lies in the future; else today."""
    stated = register.as_of
    return stated if isinstance(stated, date) and stated <= today else today


__all__ = ["REQUIRED", "NotARegister", "RegisterFile", "is_quick", "kind_of", "title_date"]
