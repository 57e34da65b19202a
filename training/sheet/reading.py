"""From a file to rows of values, each with what is wrong in it."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sheets.cells import text_of
from accounts.sheets.files import sheets_in
from accounts.sheets.refusals import NotASheet
from partners.sheet.columns import Misread, bare
from training.teaching import CertificateKind

WITHIN = 30  # rows from the top in which the headings are looked for
FAMILIAR = 3  # so many known headings make a row look like one
AS_PRINTED = ("number", "registration_number")


@dataclass
class Row:
    """One line of the sheet: `values` by field, `problems` by field, `remarks` to look at."""

    number: int
    values: dict
    columns: tuple = field(repr=False)
    problems: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)

    @property
    def told(self):
        """(heading or nothing, sentence) of each problem, in the order of the columns."""
        headings = {column.field: str(column.heading) for column in self.columns}
        order = list(headings)
        return [
            (headings.get(name, ""), sentence)
            for name, sentence in sorted(
                self.problems.items(),
                key=lambda each: order.index(each[0]) if each[0] in headings else -1,
            )
        ]


def read(stream, columns, *, most, one_of=()):
    """The `Row`s of a CSV, XLSX or ODS file, numbered as in the sheet; `NotASheet` if it is none.

    Of the fields `one_of`, a row needs one. Rows of which nothing but those is filled in (people
    that the template listed and who got no certificate) are left out.
    """
    required = [column.field for column in columns if column.is_required]
    closest = {}
    for sheet in sheets_in(stream):
        for number, cells in sheet.top(WITHIN):
            places = _named(cells, columns)
            if len(places) > len(closest):
                closest = places
            if all(name in places for name in required) and _has_one(places, one_of):
                return _rows(sheet, number, places, columns, most, one_of)
    if len(closest) < FAMILIAR:
        raise NotASheet(
            _("Lembar ini tanpa judul kolom yang dikenal. Pakai templat dari halaman ini.")
        )
    headings = {column.field: str(column.heading) for column in columns}
    missing = [f"“{headings[name]}”" for name in required if name not in closest]
    if not _has_one(closest, one_of):
        missing.append(" / ".join(f"“{headings[name]}”" for name in one_of))
    raise NotASheet(_("Kolom ini tidak ada: %(columns)s.") % {"columns": ", ".join(missing)})


def _has_one(places, one_of):
    return not one_of or any(name in places for name in one_of)


def _named(headings, columns):
    """`{field: place}` of the columns that a row of headings names."""
    words = {}
    for column in columns:
        for each in (column.field, str(column.heading), *column.aliases):
            words.setdefault(bare(each), column.field)
    found = {}
    for place, heading in enumerate(headings):
        name = words.get(bare(text_of(heading).rstrip("* ")))
        if name:
            found.setdefault(name, place)
    return found


def _rows(sheet, header, places, columns, most, one_of):
    found, given = [], set(one_of) | {"name"}
    for number, cells in sheet.numbered():
        if number <= header:
            continue
        raw = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(text_of(cell) for name, cell in raw.items() if name not in given):
            continue
        if len(found) == most:
            raise NotASheet(
                _("Lebih dari %(most)s baris. Bagi menjadi beberapa lembar.") % {"most": most}
            )
        found.append(_row(number, raw, columns, one_of))
    if not found:
        raise NotASheet(_("Lembar ini belum berisi sertifikat di bawah judul kolomnya."))
    return found


def _row(number, raw, columns, one_of):
    row = Row(number, {}, columns)
    for column in columns:
        try:
            row.values[column.field] = column.read(raw.get(column.field))
        except Misread as misread:
            row.values[column.field] = None
            row.problems[column.field] = str(misread)
            continue
        if column.is_required and not row.values[column.field]:
            row.problems[column.field] = _("Wajib diisi.")
    if one_of and not any(row.values[name] for name in one_of):
        headings = [str(column.heading) for column in columns if column.field in one_of]
        row.problems.setdefault(
            one_of[0], _("Isi salah satu: %(columns)s.") % {"columns": ", ".join(headings)}
        )
    for name, sentence in _contradictions(row.values):
        row.problems.setdefault(name, sentence)
    row.remarks += _figures(raw, columns)
    return row


def _contradictions(values):
    """What no certificate can be, told beside its column."""
    issued, until = values["issued_on"], values["valid_until"]
    if issued and issued > timezone.localdate():
        yield "issued_on", _("Tanggal terbit tidak boleh di masa depan.")
    if issued and until and until < issued:
        yield "valid_until", _("Masa berlaku berakhir sebelum tanggal terbit.")
    if values["kind"] == CertificateKind.COMPETENCY and not values["scheme"]:
        yield "scheme", _("Sebutkan skema sertifikat kompetensi.")


def _figures(raw, columns):
    for column in columns:
        cell = raw.get(column.field)
        if column.field in AS_PRINTED and isinstance(cell, int | float) and cell:
            yield _(
                "%(column)s tersimpan sebagai angka: nol di depan bisa hilang. Bandingkan dengan "
                "sertifikatnya."
            ) % {"column": column.heading}
