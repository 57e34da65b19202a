"""Reading a register file: what it really is, where its header stands, its rows one by one.

The content decides, not the file's name. Whatever is wrong comes out as `NotARegister` with one
sentence that says what and where. Rows are numbered as in the sheet, from 1; an empty line is a
row, a quoted cell with line breaks is still one.
"""

import io
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.sheets import files
from accounts.sheets.texts import DELIMITERS, CsvSheet
from accounts.sheets.workbooks import is_quick, sheets_of
from inmates.register.headers import WITHIN, Header
from inmates.register.refusals import NotARegister
from inmates.rules import tidy


class RegisterFile:
    """An opened register: `columns`, `header_row`, `as_of` (from its title, or None), `rows()`.

    `stream` is a binary, seekable file that stays open as long as this is used; `mapping` is what
    the prison said of headers (see `Columns`). While `columns.missing` names required fields, no
    rows can be read: somebody has to say first which column holds them. `rows_total` may be an
    estimate until all rows are read.
    """

    def __init__(self, stream, mapping=None):
        kind = kind_of(stream)
        if kind == "xlsx":
            sheets = sheets_of(stream)
        else:
            sheets = (CsvSheet(stream, kind, delimiter) for delimiter in DELIMITERS)
        self._sheet, header = _with_header(sheets, mapping)
        self.columns, self.header_row = header.columns, header.number
        self.as_of = header.as_of
        self.rows_total = self._sheet.rows_total

    def rows(self):
        """(number, cells) of every row below the header that is not blank throughout."""
        ending = self._sheet.watch(self.columns)
        for number, cells in self._sheet.numbered():
            if number > self.header_row and any(tidy(cell) for cell in cells):
                ending.see(number, cells)
                yield number, cells
        ending.check()


def _with_header(sheets, mapping):
    """The sheet whose header is complete, else one whose columns can be explained."""
    incomplete = closest = None
    for sheet in sheets:
        header = Header(sheet.top(WITHIN + 1), mapping)
        if header.is_complete:
            return sheet, header
        if header.columns and incomplete is None:
            incomplete = (sheet, header)
        if closest is None or header.closeness > closest.closeness:
            closest = header
    if incomplete:
        return incomplete
    raise NotARegister(closest.complaint() if closest else _("Berkas XLSX tidak berisi lembar."))


# --- What the content is -----------------------------------------------------------------------
def kind_of(stream):
    """`"xlsx"`, or the encoding of a text file. Anything else is `NotARegister`."""
    stream.seek(0, io.SEEK_END)
    if stream.tell() > settings.IMPORT_MAX_BYTES:
        raise NotARegister(too_large(stream.tell()))
    kind = files.kind_of(stream)
    if kind == "ods":
        raise NotARegister(_("Berkas ini ODS. Simpan sebagai .xlsx atau CSV."))
    return kind


def too_large(size):
    """The sentence about a file of `size` bytes that is more than `IMPORT_MAX_BYTES`."""
    said = _("Berkas ini %(size)s MB.") % {"size": round(size / 1_000_000)}
    return f"{said} {limit_sentence()}"


def limit_sentence():
    return _(
        "Berkas terlalu besar: paling banyak %(limit)s MB. Ekspor lagi dari SDP tanpa kolom foto,"
        " atau per golongan registrasi."
    ) % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}


def title_date(register, today):
    """The day the register's title states, unless it lies in the future; else today."""
    stated = register.as_of
    return stated if isinstance(stated, date) and stated <= today else today


__all__ = [
    "NotARegister",
    "RegisterFile",
    "is_quick",
    "kind_of",
    "limit_sentence",
    "title_date",
    "too_large",
]
