"""A sheet of certificates and its scans, sent together; and one old paper by itself."""

from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.layout import DayInput, helper
from accounts.refusals import NotAllowed
from partners.forms.uploads import FilesField, scan_field
from training.models import Certificate
from training.sheet import columns, reading

SHEET_MOST_BYTES = 5_000_000
BATCH_MOST, PRISON_MOST = 300, 1_000  # rows


class _SheetForm(forms.Form):
    """`read` turns the sheet's stream into rows."""

    sheet = forms.FileField(
        label=gettext_lazy("Lembar sertifikat"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    scans = FilesField(
        label=gettext_lazy("Pindaian sertifikat"),
        most=settings.UPLOAD_MOST_FILES,
        required=False,
        help_text=gettext_lazy(
            "PDF, JPEG atau PNG; pilih semua sekaligus, paling banyak 300 berkas. Dicocokkan "
            "menurut kode peserta, nomor sertifikat atau nama dalam nama berkasnya."
        ),
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
            return self.read(file.file)
        except NotAllowed as refusal:
            raise ValidationError(refusal.messages) from refusal

    def answers(self, name):
        """What was chosen in the report, by a line's key: `people` or `files`."""
        return {
            field.removeprefix(f"{name}-"): value.replace("\0", "")
            for field, value in self.data.items()
            if field.startswith(f"{name}-")
        }


class BatchSheetForm(_SheetForm):
    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = columns.of_batch(units)
        self.fields["sheet"].help_text = _("XLSX, ODS atau CSV; paling banyak %(most)s baris.") % {
            "most": BATCH_MOST
        }

    def read(self, stream):
        return reading.read(stream, self.columns, most=BATCH_MOST, one_of=("code", "name"))


class PrisonSheetForm(_SheetForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].help_text = _("XLSX, ODS atau CSV; paling banyak %(most)s baris.") % {
            "most": PRISON_MOST
        }

    def read(self, stream):
        return reading.read(
            stream, columns.OF_PRISON, most=PRISON_MOST, one_of=("key", "register_number")
        )


class OldPaperForm(forms.ModelForm):
    """One certificate of the past; the service decides whether it may stand."""

    class Meta:
        model = Certificate
        fields = (
            "kind",
            "title",
            "issuer",
            "number",
            "registration_number",
            "scheme",
            "issued_on",
            "valid_until",
            "jp",
        )
        widgets = {"issued_on": DayInput, "valid_until": DayInput}

    jp = forms.IntegerField(
        label=gettext_lazy("JP"), min_value=1, max_value=columns.JP_MOST, required=False
    )
    scan = scan_field(label=gettext_lazy("Pindaian"), required=False)
    helper = helper(
        "kind",
        "title",
        "issuer",
        Row(
            Column("number", css_class="col-md"), Column("registration_number", css_class="col-md")
        ),
        "scheme",
        Row(
            Column("issued_on", css_class="col-md"),
            Column("valid_until", css_class="col-md"),
            Column("jp", css_class="col-md"),
        ),
        "scan",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = _("Nama pelatihan, seperti tercetak.")
        self.fields["issuer"].help_text = _("Lembaga, seperti tercetak.")
        self.fields["scheme"].help_text = _("Untuk sertifikat kompetensi.")
        self.fields["valid_until"].help_text = _(
            "Kosong: kompetensi menurut masa berlaku umum, lainnya tanpa batas."
        )

    def _post_clean(self):
        """Constraints are the service's business: it says them with who wrote what before."""
