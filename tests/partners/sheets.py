"""Sheets of agreements as an office may send them: XLSX, ODS and CSV with the same rows."""

import csv
import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.sheet.columns import COLUMNS
from tests.factories.partners import scan_file

HEADINGS = {column.field: str(column.heading) for column in COLUMNS}
GOOD = {
    "agency": "BLK Cilegon",
    "kind": "PKS",
    "title": "PKS Pelatihan Las",
    "our_number": "WP.11-HH.05.05-7",
    "their_number": "560/7/2021",
    "signed_on": "26 Februari 2021",
    "starts_on": date(2021, 2, 26),
    "ends_on": "25/02/2024",
    "scan": "las.pdf",
    "notice_months": 3,
    "review_months": "6 bulan",
    "seats_per_year": 32.0,
    "scope": "Pelatihan",
    "background": "",
    "implementation": "Dua angkatan",
    "benefit": "",
}


def row(**more):
    return GOOD | more


def xlsx(rows, headings=HEADINGS, above=()):
    """A workbook; `above` are lines over the headings."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Perjanjian")
    for number, line in enumerate([*above, headings.values(), *_lines(rows, headings)]):
        for place, cell in enumerate(line):
            if isinstance(cell, date):
                form = book.add_format({"num_format": "dd/mm/yyyy"})
                sheet.write_datetime(number, place, cell, form)
            elif isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                sheet.write_number(number, place, cell)
    book.close()
    stream.seek(0)
    return stream


def comma_separated(rows, headings=HEADINGS, delimiter=";"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(headings.values())
    for line in _lines(rows, headings):
        writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in line])
    return io.BytesIO(text.getvalue().encode())


def ods(rows, headings=HEADINGS, extra=""):
    """An ODS as LibreOffice writes one, with its million empty rows at the end."""
    lines = [headings.values(), *_lines(rows, headings)]
    body = "".join(
        f"<table:table-row>{''.join(map(_cell, line))}</table:table-row>" for line in lines
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:spreadsheet><table:table>{body}{extra}"
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    stream.seek(0)
    return stream


def _cell(cell):
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell}">'
            f"<text:p>{cell:%d/%m/%y}</text:p></table:table-cell>"
        )
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    parts = "".join(f"<text:p>{escape(part)}</text:p>" for part in str(cell).split("\n"))
    return f'<table:table-cell office:value-type="string">{parts}</table:table-cell>'


def _lines(rows, headings):
    return [[each.get(field, "") for field in headings] for each in rows]


def sent(stream, name="perjanjian.xlsx"):
    return SimpleUploadedFile(name, stream.getvalue())


def scan(name="las.pdf", content=b"%PDF-1.7 naskah"):
    return scan_file(content, name)
