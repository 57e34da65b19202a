"""What one types about an agreement. Whether the terms make sense is said by the services."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accounts.files import checked_scan
from accounts.forms.layout import day, helper, text
from partners import rules
from partners.models import Agency
from partners.states import AgreementKind

TERM_YEARS = (1, 2, 3, 5)
USUAL_END = _(
    "Perjanjian masih berlaku pada tanggal ini. Lazimnya tanggal mulai ditambah masa berlaku "
    "dikurangi satu hari: 26-02-2021 selama 2 tahun berakhir 25-02-2023."
)


class TermsForm(forms.Form):
    """The terms that may be written until the signing."""

    title = forms.CharField(label=_("Judul"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=AgreementKind.choices, initial=AgreementKind.PKS
    )
    scope = text(label=_("Ruang lingkup"), required=False)
    our_number = forms.CharField(
        label=_("Nomor pihak kesatu (lapas)"),
        max_length=80,
        required=False,
        help_text=_("Boleh menyusul; wajib saat ditandatangani."),
    )
    their_number = forms.CharField(
        label=_("Nomor pihak kedua (instansi)"), max_length=80, required=False
    )
    starts_on = day(label=_("Berlaku mulai"), required=False)
    ends_on = day(label=_("Berlaku sampai"), required=False, help_text=USUAL_END)
    notice_months = forms.IntegerField(
        label=_("Batas usulan perpanjangan (bulan)"),
        min_value=1,
        max_value=rules.NOTICE_MONTHS_MOST,
        initial=3,
        help_text=_("Berapa bulan sebelum berakhir usulan perpanjangan harus diajukan."),
    )
    review_months = forms.IntegerField(
        label=_("Monev setiap (bulan)"),
        help_text=_("Monitoring dan evaluasi bersama instansi."),
        min_value=1,
        max_value=rules.REVIEW_MONTHS_MOST,
        initial=12,
    )
    seats_per_year = forms.IntegerField(
        label=_("Kursi dijanjikan per tahun"), min_value=1, max_value=10_000, required=False
    )

    helper = helper(
        "title",
        "kind",
        "scope",
        Row(Column("our_number"), Column("their_number")),
        Row(Column("starts_on"), Column("ends_on")),
        Row(Column("notice_months"), Column("review_months")),
        "seats_per_year",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        suggest_ends(self)


class AgreementForm(TermsForm):
    """A new agreement: the terms, and with whom."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())

    helper = helper("agency", *TermsForm.helper.layout.fields)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agency"].to_field_name = "public_id"


class SignForm(forms.Form):
    signed_on = day(label=_("Ditandatangani pada"), initial=timezone.localdate)
    our_number = forms.CharField(label=_("Nomor pihak kesatu (lapas)"), max_length=80)
    their_number = forms.CharField(label=_("Nomor pihak kedua (instansi)"), max_length=80)
    starts_on = day(label=_("Berlaku mulai"))
    ends_on = day(label=_("Berlaku sampai"), help_text=USUAL_END)
    signed_scan = forms.FileField(
        label=_("Pindaian naskah bertanda tangan"),
        validators=[checked_scan],
        help_text=_("PDF, JPEG atau PNG."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    helper = helper(
        "signed_on",
        Row(Column("our_number"), Column("their_number")),
        Row(Column("starts_on"), Column("ends_on")),
        "signed_scan",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        suggest_ends(self)


class RecordExistingForm(AgreementForm, SignForm):
    """An agreement of the past: its terms and its signing at once."""

    field_order = ("agency", "title", "kind", "scope")
    helper = helper(
        "agency",
        "title",
        "kind",
        "scope",
        Row(Column("our_number"), Column("their_number")),
        "signed_on",
        Row(Column("starts_on"), Column("ends_on")),
        Row(Column("notice_months"), Column("review_months")),
        "seats_per_year",
        "signed_scan",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].initial = None
        for name in ("our_number", "their_number", "starts_on", "ends_on"):
            self.fields[name].required = True
        self.fields["our_number"].help_text = ""


class TerminateForm(forms.Form):
    terminated_on = day(
        label=_("Dihentikan per"),
        help_text=_("Hari pertama tanpa perjanjian ini."),
        initial=timezone.localdate,
    )
    reason = forms.CharField(label=_("Alasan penghentian"), max_length=250)
    helper = helper("terminated_on", "reason")


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=250)
    helper = helper("reason")


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan pembetulan"), max_length=250, help_text=_("Tertulis dalam riwayat.")
    )
    helper = helper("reason")


def suggest_ends(form):
    """Once the start is known, the help text beside the end names the usual last days."""
    starts_on = form.initial.get("starts_on")
    if not starts_on:
        return
    form.fields["ends_on"].help_text = _("Lazimnya: %(ends)s.") % {
        "ends": "; ".join(
            _("%(years)s tahun → %(end)s")
            % {
                "years": years,
                "end": formats.date_format(
                    rules.suggested_end(starts_on, years), "SHORT_DATE_FORMAT"
                ),
            }
            for years in TERM_YEARS
        )
    }
