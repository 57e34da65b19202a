"""The search for the header among a sheet's first rows; it may be one row or two.

Two rows: a group above its parts ("Lama Pidana" above "Tahun", "Bulan", "Hari"), as merged cells
come out of a spreadsheet. The better of all readings wins; a header that lacks a required column
is still one when its place may be taken by a column that nobody has explained yet.
"""

import re

from django.utils.translation import gettext as _

from inmates.register.columns import REQUIRED, Columns, bare, is_known
from inmates.register.fields import LABELS
from inmates.rules import Unreadable, parse_date, tidy

WITHIN = 100  # rows from the top in which the header is looked for
FAMILIAR = 2  # so many known headers make a row look like one
_FIGURES = re.compile(r"\d{2}")  # no part of a header holds them, most cells of a person do


class Header:
    """`columns` (None when there is no header), `number` of its last row, `as_of` of the title.

    `rows` are (number, cells) from the top, one more than `WITHIN`.
    """

    def __init__(self, rows, mapping=None):
        self._rows, self._mapping = rows, mapping or {}
        self.columns = self.number = self.first = None
        place = self._complete()
        if place is None:
            place = self._in_two_rows()
        if place is None:
            place = self._to_be_explained()
        title = rows if place is None else rows[:place]
        self.as_of = next((day for _n, cells in title if (day := _date_in_title(cells))), None)

    @property
    def is_complete(self):
        return self.columns is not None and not self.columns.missing

    def _complete(self):
        found = None
        for place, (_number, cells) in enumerate(self._rows[:WITHIN]):
            columns = Columns(cells, self._mapping)
            if columns.missing:
                continue
            if found is None or columns.starts_with_number:
                found = place
            if columns.starts_with_number:
                break
        return None if found is None else self._take(found)

    def _take(self, place):
        """The row at `place`, with a second header row below or above where there is one."""
        self.columns, self.number = Columns(self._rows[place][1], self._mapping), place
        self._widen_below(place)
        if self.number == place and place:
            joined = Columns(self._joined(place - 1, place), self._mapping)
            if len(joined.positions) > len(self.columns.positions) and not joined.missing:
                self.columns, place = joined, place - 1
        self.first, self.number = self._rows[place][0], self._rows[self.number][0]
        return place

    def _widen_below(self, place):
        if place + 1 >= len(self._rows):
            return
        below = self._rows[place + 1][1]
        told = [(i, tidy(cell)) for i, cell in enumerate(below) if tidy(cell)]
        whole = {i for name in REQUIRED for i in self.columns.positions.get(name, ())}
        if not told or not whole or whole & {i for i, _cell in told}:
            return
        top = self._rows[place][1]
        joined = self._joined(place, place + 1)
        is_text = not any(_FIGURES.search(cell) for _i, cell in told)
        under_a_gap = is_text and any(i >= len(top) or not tidy(top[i]) for i, _cell in told)
        if under_a_gap or all(is_known(bare(joined[i])) for i, _cell in told):
            columns = Columns(joined, self._mapping)
            if set(self.columns.positions) <= set(columns.positions):
                self.columns, self.number = columns, place + 1

    def _joined(self, above, below):
        """The headers of two rows as one: a group's name reaches over the gaps to its right."""
        top, parts, group, joined = self._rows[above][1], self._rows[below][1], "", []
        for i in range(max(len(top), len(parts))):
            name = tidy(top[i]) if i < len(top) else ""
            part = tidy(parts[i]) if i < len(parts) else ""
            group = name or group
            both = f"{group} {part}".strip()
            if not part:
                joined.append(name)
            elif is_known(bare(both)) or not is_known(bare(part)):
                joined.append(both)
            else:
                joined.append(part)
        return joined

    def _in_two_rows(self):
        for place in range(min(WITHIN, len(self._rows) - 1)):
            columns = Columns(self._joined(place, place + 1), self._mapping)
            if not columns.missing and columns.familiar > len(columns.unknown):
                self.columns = columns
                self.first, self.number = self._rows[place][0], self._rows[place + 1][0]
                return place
        return None

    def _to_be_explained(self):
        place, columns = self._closest()
        if columns and columns.can_be_explained:
            return self._take(place)
        return None

    def _closest(self):
        found = (None, None)
        for place, (_number, cells) in enumerate(self._rows[:WITHIN]):
            columns = Columns(cells, self._mapping)
            if found[1] is None or columns.familiar > found[1].familiar:
                found = (place, columns)
        return found

    @property
    def closeness(self):
        """How much the best row resembles a header."""
        columns = self._closest()[1]
        return len(columns.positions) if columns else 0

    def complaint(self):
        """Why no register can be read from here."""
        if not any(tidy(cell) for _number, cells in self._rows for cell in cells):
            return _("Berkas ini kosong.")
        place, columns = self._closest()
        if len(columns.positions) < FAMILIAR:
            return _(
                "Berkas ini bukan register: dalam %(rows)s baris pertama tidak ada baris judul"
                " kolom dengan “Nama” dan “Nomor Induk”."
            ) % {"rows": WITHIN}
        sentence = lacks(columns, self._rows[place][0])
        if place + 1 < len(self._rows):
            number, cells = self._rows[place + 1]
            if Columns(cells, self._mapping).familiar >= FAMILIAR:
                sentence += " " + _(
                    "Judulnya tampak terbagi di baris %(first)s dan %(second)s: satukan menjadi"
                    " satu baris."
                ) % {"first": self._rows[place][0], "second": number}
        return sentence


def lacks(columns, row):
    """The sentence about a header without a required column."""
    return _("Judul kolom di baris %(row)s tidak memuat %(missing)s.") % {
        "row": row,
        "missing": ", ".join(f"“{LABELS[field]}”" for field in columns.missing),
    }


_TITLE_DATE = re.compile(r"\bper\s+(?:tanggal\s+)?(.+)$", re.IGNORECASE)


def _date_in_title(cells):
    for cell in cells:
        found = _TITLE_DATE.search(tidy(cell)) if isinstance(cell, str) else None
        if found:
            try:
                return parse_date(found[1])
            except Unreadable:
                continue
    return None
