from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files import checked_scan
from accounts.forms.layout import day, helper


class RecordForm(forms.Form):
    """A paper that somebody else issued, of one of `kinds`.

    `overrides` shows the field for a reason.
    """

    kind = forms.ChoiceField(label=_("Jenis"))
    number = forms.CharField(label=_("Nomor sertifikat"), max_length=80)
    registration_number = forms.CharField(
        label=_("Nomor registrasi"), max_length=80, required=False
    )
    issuer = forms.CharField(label=_("Penerbit"), max_length=150)
    scheme = forms.CharField(
        label=_("Skema"),
        max_length=150,
        required=False,
        help_text=_("Untuk sertifikat kompetensi, seperti tertulis di sertifikatnya."),
    )
    issued_on = day(label=_("Tanggal terbit"))
    valid_until = day(
        label=_("Berlaku sampai"),
        required=False,
        help_text=_("Kosong: kompetensi menurut masa berlaku umum, lainnya tanpa batas."),
    )
    scan = forms.FileField(
        label=_("Pindaian sertifikat"),
        required=False,
        validators=[checked_scan],
        help_text=_(
            "PDF, JPEG atau PNG. Yang dicatat instansi atas nama penerbit lain baru dapat "
            "diperiksa umum bila ada pindaiannya."
        ),
    )
    override_reason = forms.CharField(
        label=_("Alasan pengecualian"),
        max_length=250,
        required=False,
        help_text=_("Hanya bila kehadiran kurang dari yang diminta; tersimpan dan terlihat."),
    )

    def __init__(self, *args, kinds, overrides, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        layout = [
            Row(Column("kind"), Column("issuer")),
            Row(Column("number"), Column("registration_number")),
            Row(Column("issued_on"), Column("valid_until")),
            Row(Column("scheme"), Column("scan")),
        ]
        if overrides:
            layout.append("override_reason")
        else:
            del self.fields["override_reason"]
        self.helper = helper(*layout)


class IssueForm(forms.Form):
    override_reason = forms.CharField(
        label=_("Alasan pengecualian"),
        max_length=250,
        required=False,
        help_text=_("Wajib bila kehadiran kurang dari yang diminta; tersimpan dan terlihat."),
    )
    helper = helper("override_reason")


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan pencabutan"),
        max_length=250,
        help_text=_("Pemeriksaan umum akan menunjukkan bahwa sertifikat ini dicabut."),
    )
    helper = helper("reason")
