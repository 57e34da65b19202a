"""From a file to rows of values, each with what is wrong in it."""

from django.utils.translation import gettext as _

from accounts.sheets.cells import text_of
from accounts.sheets.files import sheets_in
from accounts.sheets.refusals import NotASheet
from partners.sheet.columns import Misread, bare
from placements.sheet.columns import COLUMNS, EXAMPLE_MARK, ROWS_MOST
from training.sheet.reading import Row

WITHIN = 30  # rows from the top in which the headings are looked for
FAMILIAR = 3  # so many known headings make a row look like one
NEEDED = [column.field for column in COLUMNS if column.is_required]


def read(stream):
    """The `Row`s of a CSV, XLSX or ODS file, numbered as in the sheet; `NotASheet` if it is none.

    `values` are by field; the worked example of the template is left out.
    """
    closest = {}
    for sheet in sheets_in(stream):
        for line, cells in sheet.top(WITHIN):
            places = _named(cells)
            if len(places) > len(closest):
                closest = places
            if all(name in places for name in NEEDED):
                return _rows(sheet, line, places)
    if len(closest) < FAMILIAR:
        raise NotASheet(
            _("Lembar ini tanpa judul kolom yang dikenal. Pakai templat dari halaman ini.")
        )
    headings = {column.field: str(column.heading) for column in COLUMNS}
    missing = ", ".join(f"“{headings[name]}”" for name in NEEDED if name not in closest)
    raise NotASheet(_("Kolom ini tidak ada: %(columns)s.") % {"columns": missing})


def _named(headings):
    words = {}
    for column in COLUMNS:
        for each in (column.field, str(column.heading), *column.aliases):
            words.setdefault(bare(each), column.field)
    found = {}
    for place, heading in enumerate(headings):
        name = words.get(bare(text_of(heading).rstrip("* ")))
        if name:
            found.setdefault(name, place)
    return found


def _rows(sheet, header, places):
    found = []
    for line, cells in sheet.numbered():
        if line <= header or not any(text_of(cell) for cell in cells):
            continue
        raw = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if text_of(raw["title"]).startswith(EXAMPLE_MARK):
            continue
        if len(found) == ROWS_MOST:
            raise NotASheet(
                _("Lebih dari %(most)s baris. Bagi menjadi beberapa lembar.") % {"most": ROWS_MOST}
            )
        found.append(_row(line, raw))
    if not found:
        raise NotASheet(_("Lembar ini belum berisi lowongan di bawah judul kolomnya."))
    return found


def _row(line, raw):
    row = Row(line, {}, COLUMNS)
    for column in COLUMNS:
        try:
            row.values[column.field] = column.read(raw.get(column.field))
        except Misread as misread:
            row.values[column.field] = None
            row.problems[column.field] = str(misread)
            continue
        if column.is_required and row.values[column.field] in (None, "", 0):
            row.problems[column.field] = _("Wajib diisi.")
    return row
