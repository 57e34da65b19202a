"""A sheet of vacancies."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.layout import helper
from accounts.refusals import NotAllowed
from placements.sheet import reading

MOST_BYTES = 5_000_000


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("Lembar lowongan"),
        help_text=gettext_lazy("XLSX, ODS atau CSV; paling banyak 500 baris."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    helper = helper("sheet")

    def clean_sheet(self):
        """The rows of the sheet."""
        file = self.cleaned_data["sheet"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _("Berkas terlalu besar: paling besar %(most)s MB.")
                % {"most": MOST_BYTES // 1_000_000}
            )
        try:
            return reading.read(file.file)
        except NotAllowed as refusal:
            raise ValidationError(refusal.messages) from refusal
