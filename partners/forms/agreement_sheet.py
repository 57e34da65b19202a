"""A sheet of agreements and their scans, sent together."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.layout import helper
from accounts.refusals import NotAllowed
from partners.forms.uploads import FilesField
from partners.sheet import reading

SHEET_MOST_BYTES = 5_000_000


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("Lembar perjanjian"),
        help_text=gettext_lazy("XLSX, ODS atau CSV; paling banyak 300 baris."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    scans = FilesField(
        label=gettext_lazy("Pindaian naskah"),
        most=settings.UPLOAD_MOST_FILES,
        required=False,
        help_text=gettext_lazy("Pilih semua berkas sekaligus; paling banyak 300 berkas."),
    )
    helper = helper("sheet", "scans")

    def clean_sheet(self):
        """The rows of the sheet."""
        file = self.cleaned_data["sheet"]
        if file.size > SHEET_MOST_BYTES:
            raise ValidationError(
                _("Berkas terlalu besar: paling besar %(most)s MB.")
                % {"most": SHEET_MOST_BYTES // 1_000_000}
            )
        try:
            return reading.read(file.file)
        except NotAllowed as refusal:
            raise ValidationError(refusal.messages) from refusal
