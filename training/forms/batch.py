from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import READ_OUTSIDE, day, helper, text
from partners.models import Agency, Agreement
from training import rules
from training.models import Course, PlanLine
from training.teaching import Fund

COST_MOST = 100_000_000_000
FUNDS = [("", _("Belum diketahui")), *Fund.choices]


class PlanLineField(forms.ModelChoiceField):
    def label_from_instance(self, line):
        words = [line.year, line.course, line.get_fund_display(), line.agency]
        return " · ".join(str(word) for word in words if word)


def rupiah(**kwargs):
    return forms.IntegerField(min_value=0, max_value=COST_MOST, **kwargs)


class BatchForm(forms.Form):
    """What is planned. With `batch` it edits that one: what is agreed cannot be typed any more."""

    course = forms.ModelChoiceField(label=_("Program"), queryset=Course.objects.none())
    name = forms.CharField(
        label=_("Nama angkatan"), max_length=120, help_text=_("Misalnya: Angkatan I 2027.")
    )
    agency = forms.ModelChoiceField(label=_("Instansi pelatih"), queryset=Agency.objects.none())
    agreement = forms.ModelChoiceField(
        label=_("Perjanjian"),
        queryset=Agreement.objects.none(),
        required=False,
        help_text=_("Harus berlaku pada seluruh masa pelatihan."),
    )
    exception = forms.CharField(
        label=_("Dasar tanpa perjanjian"),
        max_length=250,
        required=False,
        help_text=_("Hanya bila tidak ada perjanjian: kontrak DIPA, surat tugas."),
    )
    starts_on = day(label=_("Mulai"))
    ends_on = day(label=_("Selesai"))
    place = forms.CharField(label=_("Tempat"), max_length=150, required=False)
    minimum_seats = forms.IntegerField(
        label=_("Peserta paling sedikit"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Di bawah ini instansi menunda. Kosong: tidak ada batas."),
    )
    fund = forms.ChoiceField(label=_("Sumber dana"), choices=FUNDS, required=False)
    cost = rupiah(label=_("Perkiraan biaya (rupiah)"), required=False)
    plan_line = PlanLineField(
        label=_("Baris rencana tahunan"), queryset=PlanLine.objects.none(), required=False
    )

    def __init__(self, *args, user, batch=None, **kwargs):
        super().__init__(*args, **kwargs)
        agreements = Agreement.objects.visible_to(user)
        usable = agreements.usable()
        lines = PlanLine.objects.visible_to(user).select_related("course", "agency")
        if batch:
            lines = lines.filter(facility=batch.facility_id)
            usable = usable | agreements.filter(pk=batch.agreement_id)
            for name in rules.fixed_terms(batch):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Sudah disepakati; tidak bisa diubah di sini.")
        self.fields["course"].queryset = Course.objects.visible_to(user).offered()
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agreement"].queryset = usable.order_by("title")
        self.fields["plan_line"].queryset = lines
        self.helper = helper(
            "course",
            "name",
            "agency",
            Row(Column("agreement"), Column("exception")),
            Row(Column("starts_on"), Column("ends_on")),
            Row(Column("place"), Column("minimum_seats")),
            Row(Column("fund"), Column("cost")),
            "plan_line",
        )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=250, help_text=READ_OUTSIDE)
    helper = helper("reason")


class PostponeForm(forms.Form):
    reason = forms.CharField(label=_("Alasan penundaan"), max_length=250, help_text=READ_OUTSIDE)
    helper = helper("reason")


class ResumeForm(forms.Form):
    """New dates of a postponed batch, and the ground on which they stand."""

    starts_on = day(label=_("Mulai"))
    ends_on = day(label=_("Selesai"))
    agreement = forms.ModelChoiceField(
        label=_("Perjanjian"), queryset=Agreement.objects.none(), required=False
    )
    exception = forms.CharField(label=_("Dasar tanpa perjanjian"), max_length=250, required=False)
    helper = helper(
        Row(Column("starts_on"), Column("ends_on")), Row(Column("agreement"), Column("exception"))
    )

    def __init__(self, *args, user, batch, **kwargs):
        super().__init__(*args, **kwargs)
        agreements = Agreement.objects.visible_to(user)
        usable = agreements.usable() | agreements.filter(pk=batch.agreement_id)
        self.fields["agreement"].queryset = usable.order_by("title")


class ExtraSeatsForm(forms.Form):
    seats = forms.IntegerField(
        label=_("Kursi tambahan"),
        min_value=0,
        max_value=1000,
        help_text=_("Di luar kursi yang dikonfirmasi instansi. 0: tidak ada lagi."),
    )
    reason = forms.CharField(label=_("Alasan"), max_length=250)
    helper = helper("seats", "reason")


class CloseForm(forms.Form):
    """What the report says beside the figures that are counted."""

    cost = rupiah(label=_("Biaya sebenarnya (rupiah)"), required=False)
    obstacles = text(
        label=_("Kendala dan saran"),
        required=False,
        max_length=4000,
        help_text=_("Satu per baris. Jangan menyebut nama."),
    )
    helper = helper("cost", "obstacles")
