"""A sheet of agreements and their scans, sent together."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.layout import helper
from accounts.refusals import NotAllowed
from partners.sheet import reading

SHEET_MOST_BYTES = 5_000_000


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files; the cleaned value is a list."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        files = [file for file in data or [] if file]
        if self.required and not files:
            raise ValidationError(self.error_messages["required"])
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("Lembar perjanjian"),
        help_text=gettext_lazy("XLSX, ODS atau CSV; paling banyak 300 baris."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    scans = ManyFilesField(
        label=gettext_lazy("Pindaian naskah"),
        required=False,
        widget=ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
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
