"""A year's plan as a file to take along: CSV, or a workbook."""

import tempfile
from itertools import chain

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

from accounts.spreadsheets import BYTE_ORDER_MARK, csv_line, harmless
from training import plan_paper

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEMORY_BYTES = 5_000_000


def as_csv(lines, year):
    rows = [
        [column.heading for column in plan_paper.COLUMNS],
        *([column.value(line) for column in plan_paper.COLUMNS] for line in lines),
    ]
    return StreamingHttpResponse(
        chain([BYTE_ORDER_MARK], map(csv_line, rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name(year)}.csv"'},
    )


def as_xlsx(lines, year):
    stream = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet(plan_paper.sheet_name()[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6F0EE"})
    for place, column in enumerate(plan_paper.COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), head)
    for row, line in enumerate(lines, 1):
        for place, column in enumerate(plan_paper.COLUMNS):
            value = column.value(line)
            write = sheet.write_number if isinstance(value, int) else sheet.write_string
            write(row, place, harmless(value))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(len(lines), 1), len(plan_paper.COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    stream.seek(0)
    return FileResponse(
        stream, content_type=XLSX, as_attachment=True, filename=f"{_name(year)}.xlsx"
    )


def _name(year):
    return f"rencana-pelatihan-{year}"
