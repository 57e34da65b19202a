"""Attendance as it is typed: one cell of the grid, or the list of a whole meeting."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from training import readings
from training.services.attendance import Entry

NOT_YET = ("", _("Belum dicatat"))
NOTE_LENGTH = 120
PARTS = ("code", "jp", "note", "seen")


class CellForm(forms.Form):
    """One small request: about whom, which code, and what stood there."""

    who = forms.UUIDField()
    code = forms.ChoiceField(required=False)
    jp = forms.IntegerField(min_value=0, required=False)
    note = forms.CharField(max_length=NOTE_LENGTH, required=False, empty_value=None)
    seen = forms.ChoiceField(required=False)
    reason = forms.CharField(max_length=250, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [NOT_YET, *readings.to_mark(user)]
        self.fields["seen"].choices = [NOT_YET, *readings.legend(user)]

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

    @property
    def is_the_prisons(self):
        """What stands there is not the reader's to change."""
        return self.stands == readings.FOLDED


class ListForm(forms.Form):
    """All participants of one meeting: `people` as `class_list` gives them, `known` by their pk.

    `known` are `Reading`s of the user.
    """

    reason = forms.CharField(
        label=_("Alasan membetulkan sesudah batas"), max_length=250, required=False
    )

    def __init__(self, *args, people, known, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        to_mark = [NOT_YET, *readings.to_mark(user)]
        to_meet = [NOT_YET, *readings.legend(user)]
        for person in people:
            row, key = known.get(person.pk), person.public_id.hex
            names = {"who": person.label}
            self.fields[f"code-{key}"] = forms.ChoiceField(
                label=_("Kehadiran %(who)s") % names,
                choices=to_mark,
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
                choices=to_meet,
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
            is_the_prisons = typed["seen"] == readings.FOLDED and not typed["code"]
            if (typed["code"] or typed["seen"]) and not is_the_prisons:
                found[person] = Entry(**typed)
        return found
