"""What is written about one person: corrections, skills, assessments, consents, papers."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper, text
from inmates.models import AptitudeAssessment, Consent, Document, Inmate, SkillProfile
from inmates.services.people import CORRECTABLE
from inmates.states import ConsentPurpose, DocumentKind
from training.models import Trade

SCORED = 5  # rows for scores on the form; more are added once these are filled


def scan_field(**kwargs):
    return forms.FileField(
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}), **kwargs
    )


class ReasonForm(forms.Form):
    """Why something that was wrong is taken away."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=250,
        help_text=_("Tersimpan di riwayat; jangan menulis data pribadi."),
    )
    helper = helper("reason")


class CorrectForm(forms.ModelForm):
    """What is held on the person, as it should be. The NIK is only ever written, never shown."""

    nik = forms.CharField(
        label=_("NIK baru"),
        max_length=20,
        required=False,
        help_text=_("Kosongkan bila tidak berubah."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = ReasonForm.base_fields["reason"]
    birth_date = day(label=_("Tanggal lahir"), required=False)
    domicile_as_of = day(label=_("Wilayah KTP per"), required=False)

    class Meta:
        model = Inmate
        fields = CORRECTABLE

    helper = helper(
        Fieldset(
            _("Data diri"),
            "name",
            "aliases",
            Row(Column("birth_place"), Column("birth_date")),
            Row(Column("sex"), Column("nik")),
            Row(Column("education"), Column("occupation")),
            "is_foreigner",
        ),
        Fieldset(
            _("Tempat tinggal"),
            "address",
            Row(Column("city"), Column("province")),
            Row(Column("domicile_code"), Column("domicile_as_of")),
        ),
        Fieldset(_("Setelah bebas"), "return_address", "return_city"),
        Fieldset(_("Dasar pembetulan"), "reason"),
    )

    def _post_clean(self):
        """The service judges the values; nothing is written to the row here."""

    def changes(self):
        """What was typed differently from what stands there, for the service."""
        names = set(self.changed_data) - {"reason"}
        return {name: self.cleaned_data[name] for name in names}


class TradeChoices(forms.MultipleChoiceField):
    """Names of trades, and those that stand in the row already though the list has them no more."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, standing=()):
        names = [*Trade.objects.values_list("name", flat=True)]
        names += [name for name in standing if name not in names]
        self.choices = [(name, name) for name in names]


class _Lines(forms.CharField):
    """A list, written with commas."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [part.strip() for part in super().to_python(value).split(",") if part.strip()]


class SkillsForm(forms.Form):
    interests = TradeChoices(label=_("Minat kejuruan"), required=False)
    languages = _Lines(
        label=_("Bahasa"), required=False, help_text=_("Pisahkan dengan koma: Indonesia, Sunda.")
    )
    earlier_work = text(
        rows=4,
        label=_("Pengalaman kerja"),
        required=False,
        help_text=_("Satu pekerjaan per baris."),
    )
    note = forms.CharField(
        label=_("Catatan"),
        required=False,
        max_length=SkillProfile._meta.get_field("note").max_length,
    )
    helper = helper("interests", "languages", "earlier_work", "note")

    def __init__(self, *args, profile=None, **kwargs):
        names = self.base_fields
        standing = {name: getattr(profile, name) for name in names} if profile else {}
        super().__init__(*args, initial=standing, **kwargs)
        self.fields["interests"].offer(standing.get("interests", ()))


class AssessmentForm(forms.Form):
    """An assessment; each score is a name and a number from 0 to 100."""

    assessed_on = day(label=_("Tanggal asesmen"), initial=timezone.localdate)
    assessor = forms.CharField(
        label=_("Asesor"),
        max_length=AptitudeAssessment._meta.get_field("assessor").max_length,
        help_text=_("Nama dan jabatan atau lembaga."),
    )
    recommended = TradeChoices(label=_("Kejuruan yang disarankan"), required=False)
    recommendation = forms.CharField(
        label=_("Saran"),
        required=False,
        max_length=AptitudeAssessment._meta.get_field("recommendation").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, assessment=None, **kwargs):
        initial = {}
        if assessment:
            names = ("assessed_on", "assessor", "recommended", "recommendation")
            initial = {name: getattr(assessment, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        standing = list(assessment.scores.items()) if assessment else []
        self.fields["recommended"].offer(assessment.recommended if assessment else ())
        self.rows = max(SCORED, len(standing) + 1)
        for number in range(self.rows):
            name, value = standing[number] if number < len(standing) else (None, None)
            self._add_score(number, name, value)
        if assessment:
            self.fields["reason"] = ReasonForm(prefix=None).fields["reason"]
        self.helper = helper(
            Row(Column("assessed_on"), Column("assessor")),
            Fieldset(
                _("Nilai"),
                *(
                    Row(
                        Column(f"score_name_{n}", css_class="col-sm-8"),
                        Column(f"score_{n}", css_class="col-sm-4"),
                    )
                    for n in range(self.rows)
                ),
            ),
            "recommended",
            "recommendation",
            *(["reason"] if assessment else []),
        )

    def _add_score(self, number, name, value):
        which = number + 1
        self.fields[f"score_name_{number}"] = forms.CharField(
            label=format_lazy(_("Yang dinilai ({number})"), number=which),
            required=False,
            max_length=60,
            initial=name,
        )
        self.fields[f"score_{number}"] = forms.IntegerField(
            label=format_lazy(_("Nilai ({number})"), number=which),
            required=False,
            min_value=0,
            max_value=100,
            initial=value,
        )

    def clean(self):
        cleaned = super().clean()
        scores = {}
        for number in range(self.rows):
            name = cleaned.pop(f"score_name_{number}", "")
            value = cleaned.pop(f"score_{number}", None)
            if f"score_{number}" in self.errors:
                continue
            if name and value is None:
                self.add_error(f"score_{number}", _("Isi nilainya, atau kosongkan namanya."))
            elif value is not None and not name:
                self.add_error(f"score_name_{number}", _("Sebutkan apa yang dinilai."))
            elif name in scores:
                self.add_error(f"score_name_{number}", _("Sudah ada nilai dengan nama ini."))
            elif name:
                scores[name] = value
        return {**cleaned, "scores": scores}


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Untuk"), choices=ConsentPurpose.choices)
    signed_on = day(label=_("Ditandatangani pada"), initial=timezone.localdate)
    until = day(
        label=_("Berlaku sampai"), required=False, help_text=_("Kosong: tanpa batas waktu.")
    )
    scan = scan_field(label=_("Pindaian surat persetujuan"), help_text=_("PDF, JPEG atau PNG."))
    helper = helper("purpose", Row(Column("signed_on"), Column("until")), "scan")

    def __init__(self, *args, has_left=False, **kwargs):
        super().__init__(*args, **kwargs)
        if has_left:  # for who is free, it is only about being asked how it goes
            purpose = ConsentPurpose.FOLLOW_UP
            self.fields["purpose"].choices = [(purpose.value, purpose.label)]


class WithdrawConsentForm(forms.Form):
    on = day(label=_("Ditarik pada"), initial=timezone.localdate)
    why = forms.CharField(
        label=_("Alasan"), max_length=Consent._meta.get_field("withdrawn_why").max_length
    )
    helper = helper("on", "why")


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Dokumen"), choices=DocumentKind.choices)
    seen_on = day(
        label=Document._meta.get_field("seen_on").verbose_name, initial=timezone.localdate
    )
    scan = scan_field(
        label=_("Pindaian"), required=False, help_text=_("PDF, JPEG atau PNG; boleh menyusul.")
    )
    helper = helper("kind", "seen_on", "scan")
