"""Figures as a file to take along: CSV line by line, or a workbook of which little is in memory."""

import tempfile
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

from accounts.spreadsheets import BYTE_ORDER_MARK, csv_line, harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEMORY_BYTES = 5_000_000
TITLE_MOST, CELL_MOST = 31, 32_767  # letters that a sheet's name, and a cell, may have
NOT_IN_TITLES = str.maketrans("", "", "[]:*?/\\")
FIRST_WIDTH, WIDTH = 40, 16


@dataclass(frozen=True)
class Sheet:
    """A table; its rows may be read only once. `total` stands below them."""

    title: str
    columns: list
    rows: object
    total: list = ()


def as_csv(name, sheet):
    """One table, streamed."""
    lines = (csv_line(row) for row in (sheet.columns, *sheet.rows))
    return StreamingHttpResponse(
        _after_mark(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def as_xlsx(name, sheets):
    """Each table on a sheet of its own; a text stays a text, whatever it begins with."""
    stream = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    looks = {
        "head": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6F0EE"}),
        "plain": book.add_format({"num_format": "#,##0"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "total": book.add_format({"bold": True, "num_format": "#,##0", "top": 1}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(sheet.title.translate(NOT_IN_TITLES)[:TITLE_MOST]), sheet, looks)
    book.close()
    stream.seek(0)
    return FileResponse(stream, content_type=XLSX, as_attachment=True, filename=f"{name}.xlsx")


def _after_mark(lines):
    yield BYTE_ORDER_MARK
    yield from lines


def _write(page, sheet, looks):
    page.set_column(0, 0, FIRST_WIDTH)
    page.set_column(1, max(len(sheet.columns) - 1, 1), WIDTH)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, harmless(str(column)), looks["head"])
    number = 0
    for number, row in enumerate(sheet.rows, start=1):
        _write_row(page, number, row, looks["plain"], looks["day"])
    if sheet.total:
        _write_row(page, number + 1, sheet.total, looks["total"], looks["total"])
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_row(page, number, row, look, day):
    for place, cell in enumerate(row):
        if isinstance(cell, int):
            page.write_number(number, place, cell, look)
        elif isinstance(cell, date):
            page.write_datetime(number, place, cell, day)
        elif cell is not None and cell != "":
            page.write_string(number, place, harmless(str(cell))[:CELL_MOST], look)
