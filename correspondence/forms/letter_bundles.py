"""What one types for several letters at once: the numbers of the book, or ticks to sign."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day
from correspondence.models import Letter

LENGTH = Letter._meta.get_field("number").max_length


class _EachLetter(forms.Form):
    """A field for each of the letters, named by its public id."""

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        for letter in waiting:
            self.fields[str(letter.public_id)] = self.field_of(letter)

    def lines(self):
        """Pairs of a letter and its field."""
        return [(letter, self[str(letter.public_id)]) for letter in self.waiting]

    def chosen(self):
        """`{letter: what was typed or ticked}` of those where anything was."""
        found = {row: self.cleaned_data[str(row.public_id)] for row in self.waiting}
        return {row: said for row, said in found.items() if said}


class NumbersForm(_EachLetter):
    dated = day(label=_("Tanggal surat"), initial=timezone.localdate)

    def field_of(self, letter):
        return forms.CharField(label=_("Nomor"), max_length=LENGTH, required=False)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.chosen():
            raise forms.ValidationError(_t("Ketik nomor dari buku agenda, sedikitnya satu."))
        return cleaned


class SignForm(_EachLetter):
    def field_of(self, letter):
        return forms.BooleanField(label=letter.subject, required=False, initial=True)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.chosen():
            raise forms.ValidationError(_t("Centang sedikitnya satu surat."))
        return cleaned


def filled_up(typed, waiting):
    """What was typed, with the numbers that follow the last one above in the empty fields."""
    year, last, found = str(timezone.localdate().year), "", {}
    for letter in waiting:
        name = str(letter.public_id)
        said = typed.get(name, "").strip()[:LENGTH]
        last = said or following(last, year)
        found[name] = last
    return found | {"dated": typed.get("dated", "")}


def following(number, year):
    """The number after this one: its last group of digits that is not the year, one higher."""
    groups = [group for group in re.finditer(r"\d+", number) if group[0] != year]
    if not groups:
        return ""
    first, end = groups[-1].span()
    return f"{number[:first]}{int(number[first:end]) + 1:0{end - first}d}{number[end:]}"
