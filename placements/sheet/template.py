"""The workbook to fill in with vacancies: headings, one worked row, and what may be written."""

import io
from datetime import timedelta

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.employment import SCHOOLING, EmployerKind
from placements.sheet.columns import COLUMNS, EXAMPLE_MARK, ROWS_MOST

AS_TYPED = {"places", "age_from", "age_to", "pay_from", "pay_to", "closes_on", "starts_on"}
AHEAD = {"closes_on": 30, "starts_on": 45}  # days of the worked row's dates


def workbook(trades, employers):
    """The bytes of an XLSX; `trades` and `employers` are names that may stand in it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    head = {"bold": True, "text_wrap": True, "valign": "top"}
    style = {
        "head": book.add_format(head | {"bg_color": "#E6F0EE"}),
        "needed": book.add_format(head | {"bg_color": "#FBEECB"}),
        "example": book.add_format({"italic": True, "font_color": "#526066"}),
        "text": book.add_format({"num_format": "@"}),
        "bold": book.add_format({"bold": True}),
    }
    sheet, guide = book.add_worksheet(_("Lowongan")), book.add_worksheet(_("Isian"))
    for place, column in enumerate(COLUMNS):
        kept = None if column.field in AS_TYPED else style["text"]
        sheet.set_column(place, place, column.width, kept)
        heading = f"{column.heading} *" if column.is_required else str(column.heading)
        sheet.write_string(0, place, heading, style["needed" if column.is_required else "head"])
        if column.hint:
            sheet.write_comment(0, place, str(column.hint))
        sheet.write(1, place, _example(column), style["example"])
    sheet.freeze_panes(1, 0)
    _guide(sheet, guide, trades, employers, style["bold"])
    book.close()
    return stream.getvalue()


def _example(column):
    if column.field in AHEAD:
        return f"{timezone.localdate() + timedelta(days=AHEAD[column.field]):%d/%m/%Y}"
    if column.field == "title":
        return f"{EXAMPLE_MARK}: {column.example}"
    return column.example


def _guide(sheet, guide, trades, employers, bold):
    """What may be written: on the second page, and as drop-down lists that let others in."""
    lists = {
        "employer": employers,
        "kind": [str(kind.label) for kind in EmployerKind],
        "trade": trades,
        "education": list(SCHOOLING),
        "sex": ["L", "P"],
    }
    places = {column.field: place for place, column in enumerate(COLUMNS)}
    headings = {column.field: str(column.heading) for column in COLUMNS}
    for place, (field, values) in enumerate(lists.items()):
        guide.set_column(place, place, 30)
        guide.write_string(0, place, headings[field], bold)
        for row, value in enumerate(values, 1):
            guide.write_string(row, place, value)
        if values:
            letter = chr(ord("A") + place)
            rule = {
                "validate": "list",
                "source": f"='{guide.get_name()}'!${letter}$2:${letter}${len(values) + 1}",
                "error_type": "warning",
            }
            sheet.data_validation(1, places[field], ROWS_MOST, places[field], rule)
    hints = [
        _("Satu baris untuk setiap lowongan; kolom dengan tanda * wajib diisi."),
        _("Baris yang jabatannya dimulai dengan CONTOH tidak dibaca."),
        _("Nomor laporan yang sudah ada: lowongannya diperbarui; sel kosong tidak mengubahnya."),
        *(f"{column.heading}: {column.hint}" for column in COLUMNS if column.hint),
    ]
    place = len(lists)
    guide.set_column(place, place, 90)
    guide.write_string(0, place, _("Cara mengisi"), bold)
    for row, hint in enumerate(hints, 1):
        guide.write_string(row, place, hint)
