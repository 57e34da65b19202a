"""Attendance as it is typed: one cell of the grid, or the list of a whole meeting."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from training.services.attendance import Entry
from training.teaching import AttendanceCode

CODES = [("", _("Belum dicatat")), *AttendanceCode.choices]
NOTE_LENGTH = 120
PARTS = ("code", "jp", "note", "seen")


class CellForm(forms.Form):
    """One small request: about whom, which code, and what stood there."""

    who = forms.UUIDField()
    code = forms.ChoiceField(choices=CODES, required=False)
    jp = forms.IntegerField(min_value=0, required=False)
    note = forms.CharField(max_length=NOTE_LENGTH, required=False, empty_value=None)
    seen = forms.ChoiceField(choices=CODES, required=False)
    reason = forms.CharField(max_length=250, required=False)

    def entry(self):
        """A note that was not sent stays as it is."""
        typed = self.cleaned_data
        if typed["note"] is None and "note" in self.data:
            typed["note"] = ""
        return Entry(**{name: typed[name] for name in ("code", "jp", "note", "seen")})


@dataclass
class Line:
    """One participant on the list of a meeting."""

    person: object
    stands: str  # the code that is written down now
    code: forms.BoundField
    jp: forms.BoundField
    note: forms.BoundField
    seen: forms.BoundField

    @property
    def value(self):
        return self.code.value() or ""


class ListForm(forms.Form):
    """All participants of one meeting: `people` as `class_list` gives them, `known` by their pk."""

    reason = forms.CharField(
        label=_("Alasan membetulkan sesudah batas"), max_length=250, required=False
    )

    def __init__(self, *args, people, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        for person in people:
            row, key = known.get(person.pk), person.public_id.hex
            names = {"who": person.label}
            self.fields[f"code-{key}"] = forms.ChoiceField(
                label=_("Kehadiran %(who)s") % names,
                choices=CODES,
                required=False,
                widget=forms.RadioSelect,
                initial=row.code if row else "",
            )
            self.fields[f"jp-{key}"] = forms.IntegerField(
                label=_("JP %(who)s") % names,
                min_value=0,
                required=False,
                initial=row.jp if row else None,
            )
            self.fields[f"note-{key}"] = forms.CharField(
                label=_("Catatan %(who)s") % names,
                max_length=NOTE_LENGTH,
                required=False,
                initial=row.note if row else "",
            )
            self.fields[f"seen-{key}"] = forms.ChoiceField(
                choices=CODES,
                required=False,
                widget=forms.HiddenInput,
                initial=row.code if row else "",
            )

    def lines(self):
        return [
            Line(
                person,
                self.fields[f"seen-{person.public_id.hex}"].initial,
                *(self[f"{part}-{person.public_id.hex}"] for part in PARTS),
            )
            for person in self.people
        ]

    def entries(self):
        """`{person: Entry}` of whom something is said."""
        found = {}
        for person in self.people:
            typed = {part: self.cleaned_data[f"{part}-{person.public_id.hex}"] for part in PARTS}
            if typed["code"] or typed["seen"]:
                found[person] = Entry(**typed)
        return found
