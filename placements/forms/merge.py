"""Choosing, of two records of one person, which is kept and which value of each field."""

from dataclasses import dataclass

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.models import Inmate
from placements.services.merges import MERGED_FIELDS, NIK, fields_told

FIRST, SECOND = "first", "second"


@dataclass
class Line:
    """One field of both records; `choice` is the bound field where they differ."""

    label: str
    first: str
    second: str
    choice: object = None


class MergeForm(forms.Form):
    """`kept` says which record stays in use; one more choice for each field that differs.

    At first it proposes the record that is in custody, then the older one, and its values unless
    it has none.
    """

    kept = forms.ChoiceField(
        label=gettext_lazy("Data yang dipertahankan"), widget=forms.RadioSelect
    )

    def __init__(self, *args, first, second, facility_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.second = first, second
        proposed = SECOND if second.prison_id and not first.prison_id else FIRST
        self.fields["kept"].choices = [(FIRST, first.person_key), (SECOND, second.person_key)]
        self.fields["kept"].initial = proposed
        told = set(fields_told(first, facility_id)) & set(fields_told(second, facility_id))
        self.names = [name for name in MERGED_FIELDS if name in told]
        for name in self.names:
            values = _value(first, name), _value(second, name)
            if values[0] != values[1]:
                self.fields[name] = forms.ChoiceField(
                    label=label_of(name),
                    choices=[
                        (FIRST, _in_words(first, name)),
                        (SECOND, _in_words(second, name)),
                    ],
                    initial=_initial(proposed, values),
                    widget=forms.RadioSelect,
                )

    @property
    def lines(self):
        """Every field that may be compared, the differing ones first."""
        lines = [
            Line(
                label_of(name),
                _in_words(self.first, name),
                _in_words(self.second, name),
                self[name] if name in self.fields else None,
            )
            for name in self.names
        ]
        return sorted(lines, key=lambda line: line.choice is None)

    def merged(self):
        """Arguments of `merges.merge`: winner, loser, and the fields taken from the loser."""
        kept = self.cleaned_data["kept"]
        winner, loser = self.first, self.second
        if kept == SECOND:
            winner, loser = loser, winner
        chosen = [
            name for name in self.names if self.cleaned_data.get(name, kept) not in (kept, "")
        ]
        return {"winner": winner, "loser": loser, "chosen": chosen}


def _initial(proposed, values):
    if values[0] in ("", None):
        return SECOND
    return FIRST if values[1] in ("", None) else proposed


def label_of(name):
    """What a field of a record is called."""
    return _("NIK") if name == NIK else str(Inmate._meta.get_field(name).verbose_name)


def _value(record, name):
    return record.nik_digest if name == NIK else getattr(record, name)


def _in_words(record, name):
    value = _value(record, name)
    if value in ("", None):
        return "—"
    if name == NIK:
        return record.masked_nik or "—"
    if name == "sex":
        return record.get_sex_display()
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return formats.date_format(value) if hasattr(value, "isoformat") else str(value)
