import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.models import Absence, Circumstance, Inmate, Transfer
from inmates.states import AbsenceDecision, CircumstanceDecision, CircumstanceKind, TransferState

DAY = forms.DateInput(attrs={"type": "date"})


class TransferFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=TransferState.choices)
    way = filters.ChoiceFilter(
        label=_("Arah"), choices=[("in", _("Masuk")), ("out", _("Keluar"))], method="going"
    )

    class Meta:
        model = Transfer
        fields = ("state", "way")

    def going(self, queryset, name, value):
        end = "destination" if value == "in" else "origin"
        return queryset.filter(**{f"{end}__in": self.request.user.facility_ids})


class CircumstanceFilter(filters.FilterSet):
    """Without a choice, what is still open."""

    ALL = "all"

    kind = filters.ChoiceFilter(label=_("Perubahan"), choices=CircumstanceKind.choices)
    decision = filters.ChoiceFilter(
        label=_("Keputusan"),
        choices=[*CircumstanceDecision.choices, (ALL, _("Semua"))],
        empty_label=_("Belum diputuskan"),
        method="decided",
    )
    since = filters.DateFilter(
        label=_("Berlaku dari"), field_name="effective", lookup_expr="gte", widget=DAY
    )
    until = filters.DateFilter(
        label=_("Berlaku sampai"), field_name="effective", lookup_expr="lte", widget=DAY
    )

    class Meta:
        model = Circumstance
        fields = ("kind", "decision", "since", "until")

    def decided(self, queryset, name, value):
        return queryset if value == self.ALL else queryset.filter(decision=value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("decision") else rows.open()


class AbsenceFilter(filters.FilterSet):
    """Without a choice, those of whom nobody has said yet what became of them."""

    ALL = "all"

    q = filters.CharFilter(label=_("Cari nama atau Nomor Induk"), method="search")
    decision = filters.ChoiceFilter(
        label=_("Keputusan"),
        choices=[*AbsenceDecision.choices, (ALL, _("Semua"))],
        empty_label=_("Belum diputuskan"),
        method="decided",
    )

    class Meta:
        model = Absence
        fields = ("q", "decision")

    def search(self, queryset, name, value):
        return queryset.filter(inmate__in=Inmate.objects.search(value))

    def decided(self, queryset, name, value):
        return queryset if value == self.ALL else queryset.filter(decision=value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("decision") else rows.open()
