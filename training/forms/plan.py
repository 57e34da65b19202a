"""The yearly plan as one types it: a line, and all numbers of a year in place."""

import re

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from partners.models import Agency
from training.models import Batch, Course, PlanLine
from training.services.plans import MOST, NUMBERS
from training.teaching import Fund

SEEN = re.compile(r"[0-9]{1,4}")
LABELS = {name: PlanLine._meta.get_field(name).verbose_name for name in NUMBERS}


def number(**kwargs):
    return forms.IntegerField(min_value=0, max_value=MOST, **kwargs)


class FillForm(forms.Form):
    """Every number of the year. What stood there when the page was made comes back with it."""

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            for name in NUMBERS:
                self.fields[_key(line, name)] = number(
                    label=f"{line.course}: {LABELS[name]}",
                    initial=getattr(line, name),
                    required=False,
                    widget=forms.NumberInput(
                        attrs={"class": "form-control plan-number", "inputmode": "numeric"}
                    ),
                )

    def rows(self):
        """Triples: a line, its fields by stage, and the hidden text of what stands there."""
        for line in self.lines:
            fields = [self[_key(line, name)] for name in NUMBERS]
            yield line, fields, self._seen_text(line)

    def changes(self):
        """`{line: {field: (seen, typed)}}` of what was typed over, as `plans.fill` takes it."""
        found = {}
        for line in self.lines:
            seen = self._seen(line)
            typed = {name: self.cleaned_data.get(_key(line, name)) or 0 for name in NUMBERS}
            changed = {
                name: (before, typed[name])
                for name, before in zip(NUMBERS, seen, strict=True)
                if _key(line, name) in self.data and before != typed[name]
            }
            if changed:
                found[line] = changed
        return found

    def _seen(self, line):
        said = self.data.get(f"{line.public_id}-seen", "").split()
        if len(said) == len(NUMBERS) and all(map(SEEN.fullmatch, said)):
            return [int(number) for number in said]
        return [getattr(line, name) for name in NUMBERS]

    def _seen_text(self, line):
        return " ".join(map(str, self._seen(line)))


def _key(line, name):
    return f"{line.public_id}-{name}"


class LineForm(forms.Form):
    course = forms.ModelChoiceField(label=_("Program"), queryset=Course.objects.none())
    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.none(),
        required=False,
        help_text=_("Kosong bila belum ditentukan."),
    )
    fund = forms.ChoiceField(label=_("Sumber dana"), choices=Fund.choices)
    packages_planned = number(label=LABELS["packages_planned"].capitalize(), initial=1)
    seats_planned = number(
        label=LABELS["seats_planned"].capitalize(),
        required=False,
        help_text=_("Kosong: paket kali orang per paket."),
    )
    note = forms.CharField(label=_("Catatan"), max_length=250, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.visible_to(user).offered()
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.helper = helper(
            "course",
            Row(Column("agency"), Column("fund")),
            Row(Column("packages_planned"), Column("seats_planned")),
            "note",
        )

    def clean_seats_planned(self):
        return self.cleaned_data["seats_planned"] or 0


class ChangeForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("Instansi"), queryset=Agency.objects.none(), required=False
    )
    fund = forms.ChoiceField(label=_("Sumber dana"), choices=Fund.choices)
    note = forms.CharField(label=_("Catatan"), max_length=250, required=False)
    helper = helper(Row(Column("agency"), Column("fund")), "note")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)


class AttachForm(forms.Form):
    """Batches that no line counts yet."""

    batches = forms.ModelMultipleChoiceField(
        label=_("Angkatan"),
        queryset=Batch.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    helper = helper("batches")

    def __init__(self, *args, batches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["batches"].queryset = batches
