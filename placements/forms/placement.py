"""Forms of work after release: how it begins, is corrected and ends."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from placements.employment import PayBand, PlacementKind
from placements.forms.person import ReasonForm
from placements.models import Employer, Placement, Vacancy
from placements.services.placements import DIRECT

LENGTHS = {name: Placement._meta.get_field(name).max_length for name in ("job", "reason")}
STARTS = _("Hari pertama bekerja; boleh yang sudah lewat.")


def job(**kwargs):
    return forms.CharField(label=_("Pekerjaan"), max_length=LENGTHS["job"], **kwargs)


def pay_band(**kwargs):
    return forms.ChoiceField(
        label=_("Upah"), choices=PayBand.choices, initial=PayBand.UNKNOWN, **kwargs
    )


def ended_fields():
    """For work of the past: when it ended, and why."""
    return {
        "ended_on": day(label=_("Berakhir pada"), required=False),
        "reason": forms.CharField(
            label=_("Sebab berakhir"), max_length=LENGTHS["reason"], required=False
        ),
    }


class BeginForm(forms.Form):
    """Work with an employer or by oneself. `vacancy` is one that was chosen before, if any."""

    kind = forms.ChoiceField(
        label=_("Jenis"),
        choices=[(kind, kind.label) for kind in DIRECT],
        initial=PlacementKind.AFTER_RELEASE,
        widget=forms.RadioSelect,
    )
    job = job()
    employer = forms.ModelChoiceField(
        label=_("Pemberi kerja"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("Kosong untuk wirausaha, atau bila lowongannya dipilih."),
    )
    vacancy = forms.ModelChoiceField(
        label=_("Lowongan"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("Bila ia mengisi tempat sebuah lowongan."),
    )
    starts_on = day(label=_("Mulai bekerja"), initial=timezone.localdate, help_text=STARTS)
    pay_band = pay_band()
    ended_on, reason = ended_fields().values()
    helper = helper(
        "kind",
        "job",
        Row(Column("employer"), Column("vacancy")),
        Row(Column("starts_on"), Column("pay_band")),
        Fieldset(_("Hanya bila sudah berakhir"), Row(Column("ended_on"), Column("reason"))),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = Employer.objects.visible_to(user).filter(is_active=True)
        vacancies = Vacancy.objects.visible_to(user).open().select_related("employer")
        self.fields["vacancy"].queryset = vacancies
        self.fields["vacancy"].label_from_instance = _of_employer


class ReferredForm(forms.Form):
    """Employer and vacancy stand in the referral."""

    job = job()
    starts_on = day(label=_("Mulai bekerja"), initial=timezone.localdate, help_text=STARTS)
    pay_band = pay_band()
    helper = helper("job", Row(Column("starts_on"), Column("pay_band")))


class CorrectForm(forms.Form):
    """Only the fields that may be corrected (`names`) of this placement."""

    job = job()
    employer = forms.ModelChoiceField(
        label=_("Pemberi kerja"), queryset=None, to_field_name="public_id"
    )
    starts_on = day(label=_("Mulai bekerja"))
    pay_band = pay_band()
    reason = ReasonForm.base_fields["reason"]

    def __init__(self, *args, user, placement, names, **kwargs):
        standing = {name: getattr(placement, name) for name in names}
        super().__init__(*args, initial=standing, **kwargs)
        known = Employer.objects.visible_to(user).filter(is_active=True)
        self.fields["employer"].queryset = known | Employer.objects.filter(pk=placement.employer_id)
        if placement.employer:
            self.initial["employer"] = placement.employer.public_id
        for name in set(self.fields) - {*names, "reason"}:
            del self.fields[name]
        self.helper = helper(*self.fields)

    def changes(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class EndForm(forms.Form):
    ended_on = day(label=_("Hari terakhir bekerja"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Sebab berakhir"), max_length=LENGTHS["reason"])
    helper = helper("ended_on", "reason")


def _of_employer(vacancy):
    return f"{vacancy.title} – {vacancy.employer} ({vacancy.places_free})"
