"""The workbooks to fill in: headings with hints, and the people or a worked example."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from training.sheet.columns import OF_PRISON, UNIT, of_batch
from training.teaching import CertificateKind, Verdict

ROWS = 1_000


def for_batch(units, roster):
    """The bytes of an XLSX with a row for each participant of the roster, code and name in it."""
    people = [{"code": person.code, "name": person.name} for person in roster]
    return _workbook(of_batch(units), people)


def for_prison():
    """The bytes of an XLSX for old papers of anybody in the prison."""
    return _workbook(OF_PRISON, [])


def _workbook(columns, people):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    head = {"bold": True, "text_wrap": True, "valign": "top"}
    plain = book.add_format(head | {"bg_color": "#E6F0EE"})
    needed = book.add_format(head | {"bg_color": "#FBEECB"})
    text = book.add_format({"num_format": "@"})
    sheet, guide = book.add_worksheet(_("Sertifikat")), book.add_worksheet(_("Cara mengisi"))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, text)
        heading = f"{column.heading} *" if column.is_required else str(column.heading)
        sheet.write_string(0, place, heading, needed if column.is_required else plain)
        if column.hint:
            sheet.write_comment(0, place, str(column.hint))
        _choices(sheet, place, column)
        for row, person in enumerate(people, 1):
            if person.get(column.field):
                sheet.write_string(row, place, person[column.field], text)
    sheet.freeze_panes(1, 0)
    _explain(guide, columns, book.add_format({"bold": True}), book.add_format({"text_wrap": True}))
    book.close()
    return stream.getvalue()


def _choices(sheet, place, column):
    """Drop-down lists; another spelling is let in, and told when the sheet is read."""
    if column.field == "kind":
        source = [str(kind.label) for kind in CertificateKind]
    elif column.field.startswith(UNIT):
        source = [verdict.value for verdict in Verdict]
    else:
        return
    rules = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(1, place, ROWS, place, rules)


def _explain(guide, columns, bold, wrapped):
    guide.set_column(0, 0, 30)
    guide.set_column(1, 1, 90)
    guide.write_string(0, 0, _("Kolom"), bold)
    guide.write_string(0, 1, _("Isi"), bold)
    for row, column in enumerate(columns, 1):
        guide.write_string(row, 0, str(column.heading))
        said = [_("Wajib diisi.")] if column.is_required else []
        said += [str(column.hint)] if column.hint else []
        if column.field.startswith(UNIT):
            said.append(_("Hasil uji unit ini: K atau BK; boleh kosong."))
        guide.write_string(row, 1, " ".join(said), wrapped)
    last = len(columns) + 2
    guide.write_string(
        last, 0, _("Baris yang hanya berisi kode dan nama tidak dibaca: orang itu dilewati.")
    )
