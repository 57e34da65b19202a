"""The workbook to fill in with batches that exist already: headings, worked rows, hints."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from training.sheet.batches import COLUMNS, EXAMPLE_MARK, OF_PERSON, ROWS_MOST, STATE_WORDS
from training.states import EnrolmentState, LeaveCause

DAYS = ("starts_on", "ends_on", "heard_on", "dated", "left_on")


def workbook(courses, agencies):
    """The bytes of an XLSX; `courses` are codes, `agencies` names that may stand in it."""
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
    sheet, guide = book.add_worksheet(_("Angkatan")), book.add_worksheet(_("Isian"))
    examples = {"agency": agencies[0] if agencies else ""}
    for place, column in enumerate(COLUMNS):
        kept = style["text"] if column.field not in (*DAYS, "seats") else None
        sheet.set_column(place, place, column.width, kept)
        heading = f"{column.heading} *" if column.is_required else str(column.heading)
        sheet.write_string(0, place, heading, style["needed" if column.is_required else "head"])
        if column.hint:
            sheet.write_comment(0, place, str(column.hint))
        example = str(examples.get(column.field, column.example))
        if column.field == "name":
            example = f"{EXAMPLE_MARK}: {example}"
        sheet.write_string(1, place, example, style["example"])
        if column in OF_PERSON:
            second = "B.I 13/2023" if column.field == "who" else example
            sheet.write_string(2, place, second, style["example"])
    sheet.freeze_panes(1, 0)
    _lists(sheet, guide, courses, agencies, style["bold"])
    book.close()
    return stream.getvalue()


def _lists(sheet, guide, courses, agencies, bold):
    """What may be written: on the second page, and as drop-down lists that let others in."""
    columns = {
        "course": courses,
        "agency": agencies,
        "state": [str(state.label) for state in STATE_WORDS],
        "outcome": [str(state.label) for state in EnrolmentState],
        "cause": [str(cause.label) for cause in LeaveCause],
    }
    headings = {column.field: str(column.heading) for column in COLUMNS}
    places = {column.field: place for place, column in enumerate(COLUMNS)}
    for place, (field, values) in enumerate(columns.items()):
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
        _("Satu baris untuk setiap peserta."),
        _("Data angkatan cukup di baris pertamanya; baris di bawahnya boleh kosong."),
        _("Baris yang angkatannya dimulai dengan CONTOH tidak dibaca, juga baris di bawahnya."),
        *(f"{column.heading}: {column.hint}" for column in COLUMNS if column.hint),
    ]
    place = len(columns)
    guide.set_column(place, place, 90)
    guide.write_string(0, place, _("Cara mengisi"), bold)
    for row, hint in enumerate(hints, 1):
        guide.write_string(row, place, hint)
