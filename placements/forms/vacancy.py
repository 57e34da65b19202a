from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from inmates import regions
from inmates.states import Sex
from partners.sheet.columns import Misread
from placements.employment import SCHOOLING
from placements.forms.region import RegionField
from placements.forms.seen import EditForm
from placements.models import Employer, Vacancy
from placements.services.meanwhile import seen_of
from placements.services.vacancies import AGES, FACTS, PLACES_MOST
from placements.sheet.cells import rupiah
from training.models import CompetencyUnit, Trade

LENGTHS = {name: Vacancy._meta.get_field(name).max_length for name in FACTS}
ANY = [("", _("Tidak ditentukan"))]


def _text(name, label, **kwargs):
    return forms.CharField(label=label, max_length=LENGTHS[name], required=False, **kwargs)


class RupiahField(forms.CharField):
    """Whole rupiah, typed as one writes them: `4.500.000`, `4,5 juta`."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, max_length=30, widget=widget, **kwargs)

    def prepare_value(self, value):
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value

    def clean(self, value):
        try:
            return rupiah(super().clean(value))
        except Misread as misread:
            raise ValidationError(str(misread)) from misread


def _age(label):
    return forms.IntegerField(label=label, required=False, min_value=AGES[0], max_value=AGES[1])


class VacancyForm(EditForm):
    title = forms.CharField(label=_("Jabatan"), max_length=LENGTHS["title"])
    trade = forms.ModelChoiceField(
        label=_("Kejuruan"), queryset=Trade.objects.all(), required=False
    )
    units = forms.MultipleChoiceField(
        label=_("Unit kompetensi yang diminta"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    places = forms.IntegerField(label=_("Jumlah orang"), min_value=1, max_value=PLACES_MOST)
    region_code = RegionField(label=_("Wilayah tempat kerja"), required=False)
    place = _text("place", _("Tempat kerja"))
    pay_from = RupiahField(label=_("Upah sebulan dari (rupiah)"))
    pay_to = RupiahField(label=_("Sampai (rupiah)"))
    education = forms.ChoiceField(label=_("Pendidikan paling rendah"), required=False)
    sex = forms.ChoiceField(label=_("Jenis kelamin"), required=False, choices=[*ANY, *Sex.choices])
    age_from = _age(_("Umur dari (tahun)"))
    age_to = _age(_("Umur sampai (tahun)"))
    experience = _text("experience", _("Pengalaman"))
    starts_on = day(label=_("Mulai bekerja"), required=False)
    closes_on = day(label=_("Ditutup pada"), help_text=_("Hari terakhir lamaran diterima."))
    report_number = _text(
        "report_number",
        _("Nomor laporan lowongan"),
        help_text=_(
            "Nomor di sistem Kemnaker (Karirhub/SIAPkerja). Yang bernomor terbaca oleh semua lapas."
        ),
    )
    conditions = _text("conditions", _("Syarat lain"))

    def __init__(self, *args, vacancy=None, near="", **kwargs):
        standing_units, standing_school = [], ""
        if vacancy is not None:
            standing = {name: getattr(vacancy, name) for name in FACTS}
            kwargs["initial"] = standing | {"seen": seen_of(vacancy, FACTS)}
            standing_units, standing_school = vacancy.units, vacancy.education
        super().__init__(*args, **kwargs)
        units = [(unit.code, str(unit)) for unit in CompetencyUnit.objects.all()]
        known = {code for code, _label in units}
        units += [(code, code) for code in standing_units if code not in known]
        self.fields["units"].choices = units
        schools = [*SCHOOLING]
        if standing_school and standing_school not in schools:
            schools.append(standing_school)
        self.fields["education"].choices = [*ANY, *((each, each) for each in schools)]
        self.fields["region_code"].widget.cities = regions.cities_near(near)
        self.helper = helper("seen", *self.layout())

    def layout(self):
        return [
            Row(Column("title"), Column("places")),
            Row(Column("region_code"), Column("place")),
            Row(Column("starts_on"), Column("closes_on")),
            Row(Column("pay_from"), Column("pay_to")),
            Row(Column("report_number"), Column("conditions")),
            Fieldset(
                _("Yang diminta"),
                Row(Column("trade"), Column("education")),
                Row(Column("age_from"), Column("age_to")),
                Row(Column("sex"), Column("experience")),
                *(["units"] if self.fields["units"].choices else []),
            ),
        ]


class NewVacancyForm(VacancyForm):
    """With the employer to choose from those that the reader sees and that are active."""

    employer = forms.ModelChoiceField(
        label=_("Pemberi kerja"), queryset=Employer.objects.none(), to_field_name="public_id"
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        seen = Employer.objects.visible_to(user).filter(is_active=True)
        self.fields["employer"].queryset = seen
        self.fields["region_code"].help_text = _("Kosong: wilayah pemberi kerjanya.")
        self.helper = helper("employer", *self.layout())


class CloseForm(forms.Form):
    reason = forms.CharField(label=_("Catatan"), max_length=250, required=False)
    helper = helper("reason")


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=250)
    helper = helper("reason")


class ReopenForm(forms.Form):
    closes_on = day(label=_("Ditutup lagi pada"))
    helper = helper("closes_on")
