"""What a file with a table really is: its content decides, not its name."""

import io
import re

from django.utils.translation import gettext as _

from accounts.sheets.opendocument import MIME, open_sheets_of
from accounts.sheets.refusals import NotASheet
from accounts.sheets.texts import DELIMITERS, CsvSheet, encoding_of
from accounts.sheets.workbooks import sheets_of

SAMPLE_BYTES = 65_536
ZIP = b"PK\x03\x04"
PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP"}


def sheets_in(stream):
    """Each table in a CSV, XLSX or ODS file in turn, with `top(rows)` and `numbered()`.

    A text is offered once for each separator it may have. What is none of these, or broken, is
    `NotASheet` with a sentence.
    """
    kind = kind_of(stream)
    if kind == "xlsx":
        return sheets_of(stream)
    if kind == "ods":
        return open_sheets_of(stream)
    return (CsvSheet(stream, kind, delimiter) for delimiter in DELIMITERS)


def kind_of(stream):
    """`"xlsx"`, `"ods"`, or the encoding of a text file. Anything else is `NotASheet`."""
    stream.seek(0, io.SEEK_END)
    if stream.tell() == 0:
        raise NotASheet(_("Berkas ini kosong."))
    stream.seek(0)
    start = stream.read(SAMPLE_BYTES)
    _refuse_others(start)
    if start.startswith(ZIP):
        return "ods" if MIME in start[:200] else "xlsx"
    if b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotASheet(_("Berkas ini bukan CSV atau XLSX."))
    return encoding_of(stream, start)


def _refuse_others(start):
    for mark, name in PICTURES.items():
        if start.startswith(mark) and (name != "BMP" or b"\x00" in start[:30]):
            raise NotASheet(_("Berkas ini gambar %s, bukan tabel. Pilih CSV atau XLSX.") % name)
    if start.startswith(b"%PDF"):
        raise NotASheet(_("Berkas ini PDF. Pilih berkas CSV atau XLSX."))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotASheet(
            _("Berkas ini Excel lama (.xls) atau berkata sandi. Simpan sebagai .xlsx atau CSV.")
        )
    if re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", start, re.IGNORECASE):
        raise NotASheet(_("Berkas ini halaman web, bukan CSV atau XLSX. Simpan sebagai .xlsx."))
