"""From a file to rows of values, each with what is wrong in it."""

from dataclasses import dataclass, field
from datetime import date
from itertools import product

from django.utils.translation import gettext as _

from accounts.sheets.cells import text_of
from accounts.sheets.files import sheets_in
from accounts.sheets.refusals import NotASheet
from partners import rules
from partners.register import term_in_years
from partners.sheet.columns import BY_FIELD, COLUMNS, EXAMPLE_MARK, REQUIRED, Misread, named

WITHIN = 30  # rows from the top in which the headings are looked for
FAMILIAR = 3  # so many known headings make a row look like one
ROWS_MOST = 300
SEATS_MOST = 10_000
DEFAULTS = {"notice_months": 3, "review_months": 12}


@dataclass
class Row:
    """One line of the sheet: `values` by field, `problems` by field, `remarks` to look at."""

    number: int
    values: dict
    problems: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)

    @property
    def told(self):
        """(heading or nothing, sentence) of each problem, in the order of the columns."""
        order = [column.field for column in COLUMNS]
        return [
            (str(BY_FIELD[name].heading), sentence)
            for name, sentence in sorted(
                self.problems.items(), key=lambda problem: order.index(problem[0])
            )
        ]


def read(stream):
    """The `Row`s of a CSV, XLSX or ODS file, numbered as in the sheet; `NotASheet` if it is none.

    The worked example of the template is left out.
    """
    closest = {}
    for sheet in sheets_in(stream):
        for number, cells in sheet.top(WITHIN):
            places = named(cells)
            if len(places) > len(closest):
                closest = places
            if all(field in places for field in REQUIRED):
                return _rows(sheet, number, places)
    if len(closest) < FAMILIAR:
        raise NotASheet(
            _("Lembar ini tanpa judul kolom yang dikenal. Pakai templat dari halaman ini.")
        )
    raise NotASheet(
        _("Kolom ini tidak ada: %(columns)s.")
        % {
            "columns": ", ".join(
                f"“{BY_FIELD[field].heading}”" for field in REQUIRED if field not in closest
            )
        }
    )


def _rows(sheet, header, places):
    found = []
    for number, cells in sheet.numbered():
        if number <= header or not any(text_of(cell) for cell in cells):
            continue
        raw = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if text_of(raw["title"]).startswith(EXAMPLE_MARK):
            continue
        if len(found) == ROWS_MOST:
            raise NotASheet(
                _("Lebih dari %(most)s baris. Bagi menjadi beberapa lembar.") % {"most": ROWS_MOST}
            )
        found.append(_row(number, raw))
    if not found:
        raise NotASheet(_("Lembar ini belum berisi perjanjian di bawah judul kolomnya."))
    return found


def _row(number, raw):
    row = Row(number, {})
    for column in COLUMNS:
        try:
            row.values[column.field] = column.read(raw.get(column.field))
        except Misread as misread:
            row.values[column.field] = None
            row.problems[column.field] = str(misread)
            continue
        if column.is_required and not row.values[column.field]:
            row.problems[column.field] = _("Wajib diisi.")
    for name, usual in DEFAULTS.items():
        if row.values[name] is None and name not in row.problems:
            row.values[name] = usual
    _check_terms(row)
    row.remarks += [*_numbers_that_were_figures(raw), *_swapped(row.values)]
    return row


def _check_terms(row):
    """What the services would refuse, told beside its column before anything is written."""
    values = row.values
    terms = {name: values[name] for name in ("starts_on", "ends_on")}
    months = {name: values[name] or usual for name, usual in DEFAULTS.items()}
    found = rules.problems_of_terms(**terms, **months)
    found |= {
        name: sentence
        for name, sentence in rules.problems_of_signing(
            signed_on=values["signed_on"],
            our_number=values["our_number"] or "",
            their_number=values["their_number"] or "",
            signed_scan=values["scan"],
            **terms,
        ).items()
        if name in BY_FIELD and values.get(name)
    }
    for name in ("notice_months", "review_months", "seats_per_year"):
        if values[name] == 0:
            found[name] = _("Isi paling sedikit 1, atau kosongkan.")
    if (values["seats_per_year"] or 0) > SEATS_MOST:
        found["seats_per_year"] = _("Isi paling banyak %(most)s.") % {"most": SEATS_MOST}
    for name, sentence in found.items():
        row.problems.setdefault(name, str(sentence))


def _numbers_that_were_figures(raw):
    for name in ("our_number", "their_number"):
        if isinstance(raw.get(name), int | float) and raw[name]:
            yield _(
                "%(column)s tersimpan sebagai angka: nol di depan atau di belakang koma bisa "
                "hilang. Bandingkan dengan naskahnya."
            ) % {"column": BY_FIELD[name].heading}


def _swapped(values):
    """A remark when only swapping day and month makes the term whole years."""
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    if not starts_on or not ends_on or term_in_years(starts_on, ends_on):
        return
    for first, last in product(*map(_readings, (starts_on, ends_on))):
        if (first, last) != (starts_on, ends_on) and term_in_years(first, last):
            yield _(
                "Masa berlakunya bukan tahun penuh; mungkin hari dan bulan tertukar. "
                "Bandingkan dengan naskahnya."
            )
            return


def _readings(day):
    yield day
    if day.day <= 12 and day.day != day.month:
        yield date(day.year, day.day, day.month)
