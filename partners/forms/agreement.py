"""What one types about an agreement. Whether the terms make sense is said by the services."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper, text
from partners import rules
from partners.forms.uploads import scan_field
from partners.models import Agency, Agreement
from partners.states import AgreementKind

TERM_YEARS = (1, 2, 3, 5)
TERMINATION_DAYS = 30  # when nothing else is said
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
    parent = forms.ModelChoiceField(
        label=_("Perjanjian induk"),
        queryset=Agreement.objects.none(),
        required=False,
        help_text=_("Nota Kesepahaman atau Nota Kesepakatan yang menjadi payungnya, bila ada."),
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
    termination_days = forms.IntegerField(
        label=_("Pemberitahuan penghentian (hari)"),
        help_text=_("Berapa hari sebelumnya penghentian harus diberitahukan."),
        min_value=0,
        max_value=rules.TERMINATION_DAYS_MOST,
        initial=TERMINATION_DAYS,
        required=False,
    )
    seats_per_year = forms.IntegerField(
        label=_("Kursi dijanjikan per tahun"), min_value=1, max_value=10_000, required=False
    )

    helper = helper(
        "title",
        "kind",
        "parent",
        "scope",
        Row(Column("our_number"), Column("their_number")),
        Row(Column("starts_on"), Column("ends_on")),
        Row(Column("notice_months"), Column("review_months")),
        Row(Column("termination_days"), Column("seats_per_year")),
    )

    def __init__(self, *args, user, agency=None, **kwargs):
        super().__init__(*args, **kwargs)
        umbrellas = Agreement.objects.visible_to(user).umbrellas(agency).order_by("title")
        self.fields["parent"].queryset = umbrellas
        self.fields["parent"].to_field_name = "public_id"
        if self.initial.get("parent"):
            self.initial["parent"] = self.initial["parent"].public_id
        suggest_ends(self)

    def clean_termination_days(self):
        days = self.cleaned_data["termination_days"]
        return TERMINATION_DAYS if days is None else days


class AgreementForm(TermsForm):
    """A new agreement: the terms, and with whom."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())

    helper = helper("agency", *TermsForm.helper.layout.fields)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agency"].to_field_name = "public_id"


class SignForm(forms.Form):
    signed_on = day(label=_("Ditandatangani pada"), initial=timezone.localdate)
    our_number = forms.CharField(label=_("Nomor pihak kesatu (lapas)"), max_length=80)
    their_number = forms.CharField(label=_("Nomor pihak kedua (instansi)"), max_length=80)
    starts_on = day(label=_("Berlaku mulai"))
    ends_on = day(label=_("Berlaku sampai"), help_text=USUAL_END)
    signed_scan = scan_field(label=_("Pindaian naskah bertanda tangan"))

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
        "parent",
        "scope",
        Row(Column("our_number"), Column("their_number")),
        "signed_on",
        Row(Column("starts_on"), Column("ends_on")),
        Row(Column("notice_months"), Column("review_months")),
        Row(Column("termination_days"), Column("seats_per_year")),
        "signed_scan",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].initial = None
        for name in ("our_number", "their_number", "starts_on", "ends_on"):
            self.fields[name].required = True
        self.fields["our_number"].help_text = ""


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
