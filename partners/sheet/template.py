"""The workbook to fill in: headings, one worked row, and a sheet with what may be written."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from partners.sheet.columns import COLUMNS, EXAMPLE_MARK
from partners.states import AgreementKind

ROWS = 300
TEXT = {"our_number", "their_number", "title", "scan"}


def workbook(agencies):
    """The bytes of an XLSX; `agencies` are the names that may stand under "Instansi"."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    style = {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6F0EE"}
        ),
        "needed": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FBEECB"}
        ),
        "example": book.add_format({"italic": True, "font_color": "#526066"}),
        "text": book.add_format({"num_format": "@"}),
        "bold": book.add_format({"bold": True}),
    }
    sheet, lists = book.add_worksheet(_("Perjanjian")), book.add_worksheet(_("Isian"))
    for place, column in enumerate(COLUMNS):
        sheet.set_column(
            place, place, column.width, style["text"] if column.field in TEXT else None
        )
        heading = f"{column.heading} *" if column.is_required else str(column.heading)
        sheet.write_string(0, place, heading, style["needed" if column.is_required else "head"])
        example = _example(column, agencies)
        if isinstance(example, int):
            sheet.write_number(1, place, example, style["example"])
        elif example:
            sheet.write_string(1, place, example, style["example"])
        if column.hint:
            sheet.write_comment(0, place, str(column.hint))
    sheet.freeze_panes(1, 0)
    _allowed(lists, agencies, style["bold"])
    _choices(sheet, lists.get_name(), len(agencies))
    book.close()
    return stream.getvalue()


def _example(column, agencies):
    if column.field == "agency":
        return agencies[0] if agencies else ""
    if column.field == "title":
        return f"{EXAMPLE_MARK}: {column.example}"
    return column.example


def _allowed(lists, agencies, bold):
    lists.set_column(0, 1, 40)
    lists.set_column(2, 2, 90)
    for place, heading in enumerate((_("Instansi"), _("Jenis"), _("Cara mengisi"))):
        lists.write_string(0, place, heading, bold)
    for row, name in enumerate(agencies, 1):
        lists.write_string(row, 0, name)
    for row, kind in enumerate(AgreementKind, 1):
        lists.write_string(row, 1, str(kind.label))
    hints = [
        _("Baris yang judulnya dimulai dengan CONTOH tidak dibaca."),
        _("Kolom dengan tanda * wajib diisi."),
        *(f"{column.heading}: {column.hint}" for column in COLUMNS if column.hint),
    ]
    for row, hint in enumerate(hints, 1):
        lists.write_string(row, 2, hint)


def _choices(sheet, lists, agencies):
    """Drop-down lists; another spelling is let in, and told when the sheet is read."""
    for place, number, letter in ((0, agencies, "A"), (1, len(AgreementKind), "B")):
        if number:
            sheet.data_validation(
                1,
                place,
                ROWS,
                place,
                {
                    "validate": "list",
                    "source": f"='{lists}'!${letter}$2:${letter}${number + 1}",
                    "error_type": "warning",
                },
            )
