"""Forms of work while serving. What is missing, the service says beside each field, all at once."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from partners.models import Agreement
from partners.rules import last_day
from partners.states import UMBRELLAS
from placements.employment import Weekday
from placements.forms.person import ReasonForm, scan_field
from placements.forms.placement import LENGTHS, ended_fields, job
from placements.models import Employer, Placement
from placements.services.work_release_checks import PAID_ENOUGH

NUMBER = Placement._meta.get_field("decree_number").max_length
NOTE = Placement._meta.get_field("eligibility_note").max_length
SCAN = _("PDF, JPEG atau PNG.")
WORKING_WEEK = list(Weekday)[:6]
LAYOUT = (
    Fieldset(_("Pekerjaan"), "employer", "job", Row(Column("starts_on"), Column("pay_band"))),
    Fieldset(_("Waktu di luar lapas"), "weekdays", Row(Column("leaves_at"), Column("returns_at"))),
    Fieldset(
        _("Surat-surat"),
        "agreement",
        Row(Column("decree_number"), Column("decree_on"), Column("decree_until")),
        "decree_scan",
        Row(Column("family_guarantee"), Column("institution_guarantee")),
        "eligibility_note",
    ),
)


def hour(**kwargs):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(widget=widget, required=False, **kwargs)


class TermsForm(forms.Form):
    """What work release rests on. `employers` narrows the agreements that are offered."""

    job = job(required=False)
    pay_band = forms.ChoiceField(
        label=_("Upah"),
        choices=[(band, band.label) for band in PAID_ENOUGH],
        help_text=_("Paling sedikit upah minimum."),
    )
    starts_on = day(
        label=_("Hari pertama"), required=False, help_text=_("Boleh beberapa minggu ke depan.")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Hari kerja"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    leaves_at = hour(label=_("Keluar pukul"))
    returns_at = hour(label=_("Kembali pukul"), help_text=_("Pada hari yang sama."))
    agreement = forms.ModelChoiceField(
        label=_("Perjanjian kerja sama"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("PKS dengan mitra yang dihubungkan dengan pemberi kerja."),
    )
    decree_number = forms.CharField(
        label=_("Nomor SK asimilasi"), max_length=NUMBER, required=False
    )
    decree_on = day(label=_("Tanggal SK"), required=False)
    decree_until = day(
        label=_("SK berlaku sampai"), required=False, help_text=_("Kosong: tanpa batas waktu.")
    )
    decree_scan = scan_field(label=_("Pindaian SK"), required=False, help_text=SCAN)
    family_guarantee = scan_field(
        label=_("Jaminan keluarga"),
        required=False,
        help_text=_("Surat yang diketahui lurah. PDF, JPEG atau PNG."),
    )
    institution_guarantee = scan_field(label=_("Jaminan lembaga"), required=False, help_text=SCAN)
    eligibility_note = forms.CharField(
        label=_("Dasar kelayakan"),
        max_length=NOTE,
        required=False,
        help_text=_("Perlu bila SDP tidak memuat 1/2 masa pidana, mis. nomor sidang TPP."),
    )

    def __init__(self, *args, facility_id, employer=None, standing=None, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Agreement.objects.signed_once().filter(facility=facility_id)
        rows = rows.exclude(kind__in=UMBRELLAS)
        if employer is not None:
            rows = rows.filter(agency=employer.partner_id)
        if standing is not None:
            rows = rows | Agreement.objects.filter(pk=standing.pk)
        field = self.fields["agreement"]
        field.queryset = rows.select_related("agency").order_by(
            F("terminated_on").desc(nulls_first=True), "-ends_on", "pk"
        )
        field.label_from_instance = _agreement_in_words


class WorkReleaseForm(TermsForm):
    """For somebody in custody; `employer` when a referral says it."""

    employer = forms.ModelChoiceField(
        label=_("Pemberi kerja"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        help_text=_("Hanya yang dihubungkan dengan mitra; perjanjiannya dipilih di bawah."),
    )
    ended_on, reason = ended_fields().values()
    helper = helper(
        *LAYOUT,
        Fieldset(_("Hanya bila sudah berakhir"), Row(Column("ended_on"), Column("reason"))),
    )

    def __init__(self, *args, user, employer=None, **kwargs):
        super().__init__(*args, employer=employer, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate
        self.fields["weekdays"].initial = WORKING_WEEK
        if employer is not None:
            del self.fields["employer"]
            return
        employers = Employer.objects.visible_to(user).filter(is_active=True)
        self.fields["employer"].queryset = employers = employers.exclude(partner=None)
        agreements = self.fields["agreement"]
        agreements.queryset = agreements.queryset.filter(
            agency__in=employers.order_by().values("partner")
        )


class ChangeForm(TermsForm):
    """Of work release that goes on; a scan that is not chosen stays as it is."""

    reason = forms.CharField(
        label=ReasonForm.base_fields["reason"].label, max_length=LENGTHS["reason"]
    )

    def __init__(self, *args, placement, **kwargs):
        names = set(self.base_fields) - {
            *("reason", "agreement", "decree_scan", "family_guarantee", "institution_guarantee")
        }
        standing = {name: getattr(placement, name) for name in names}
        super().__init__(
            *args,
            facility_id=placement.facility_id,
            employer=placement.employer,
            standing=placement.agreement,
            initial={**standing, "agreement": placement.agreement.public_id},
            **kwargs,
        )
        if placement.starts_on <= timezone.localdate():
            del self.fields["starts_on"]
        first = [name for name in ("starts_on",) if name in self.fields]
        self.helper = helper(
            Fieldset(_("Pekerjaan"), "job", Row(*map(Column, [*first, "pay_band"]))),
            *LAYOUT[1:],
            "reason",
        )

    def changes(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class GateForm(forms.Form):
    """A time of today for what was ticked too late; nothing means now."""

    at = hour(label=_("Pukul"))


class BackForm(GateForm):
    note = forms.CharField(label=_("Catatan"), max_length=200, required=False)


def _agreement_in_words(agreement):
    until = last_day(agreement)
    words = _("%(agency)s: %(title)s, sampai %(until)s")
    if until < timezone.localdate():
        words = _("%(agency)s: %(title)s, sudah berakhir %(until)s")
    return words % {
        "agency": agreement.agency,
        "title": agreement.title,
        "until": formats.date_format(until, "j M Y"),
    }
