import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.filters import FilterSet, RecordedFilter
from accounts.models import AccessRecord
from inmates.filters import PersonFilter
from inmates.models import Absence, Circumstance, Inmate, Transfer
from inmates.states import AbsenceDecision, CircumstanceDecision, CircumstanceKind, TransferState

DAY = forms.DateInput(attrs={"type": "date"})


class TransferFilter(FilterSet):
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


ALL = "all"


class OpenFirst(FilterSet):
    """Without a choice of `decision`, what nobody has decided yet."""

    def __init__(self, data=None, *args, **kwargs):
        # A filter without data is not asked at all.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)

    def decided(self, queryset, name, value):
        return queryset if value == ALL else queryset.filter(decision=value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("decision") else rows.open()


class CircumstanceFilter(OpenFirst):
    kind = filters.ChoiceFilter(label=_("Perubahan"), choices=CircumstanceKind.choices)
    decision = filters.ChoiceFilter(
        label=_("Keputusan"),
        choices=[*CircumstanceDecision.choices, (ALL, _("Semua"))],
        empty_label=_("Belum diputuskan"),
        method="decided",
    )
    asked = filters.ChoiceFilter(
        label=_("Menunggu"), choices=[("yes", _("Keputusan jabatan"))], method="asking_a_post"
    )
    since = filters.DateFilter(
        label=_("Berlaku dari"), field_name="effective", lookup_expr="gte", widget=DAY
    )
    until = filters.DateFilter(
        label=_("Berlaku sampai"), field_name="effective", lookup_expr="lte", widget=DAY
    )
    recorded = RecordedFilter(label=_("Dicatat sejak"))

    class Meta:
        model = Circumstance
        fields = ("kind", "decision", "asked", "since", "until", "recorded")

    def asking_a_post(self, queryset, name, value):
        return queryset.waiting()


class AbsenceFilter(OpenFirst):
    q = PersonFilter(label=_("Cari nama atau Nomor Induk"), method="search")
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
        listed = Inmate.objects.filter(pk__in=queryset.order_by().values("inmate"))
        return queryset.filter(inmate__in=listed.search(value, at=self.request.user.facility_ids))


class AccessFilter(FilterSet):
    who = filters.ChoiceFilter(label=_("Pengguna"), field_name="user_email")
    since = filters.DateFilter(
        label=_("Dari tanggal"), field_name="at", lookup_expr="date__gte", widget=DAY
    )
    until = filters.DateFilter(
        label=_("Sampai tanggal"), field_name="at", lookup_expr="date__lte", widget=DAY
    )

    class Meta:
        model = AccessRecord
        fields = ("who", "since", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        looked = self.queryset.order_by("user_email").values_list("user_email", "user_name")
        self.filters["who"].extra["choices"] = [
            (email, name or email) for email, name in looked.distinct()
        ]


class RetentionFilter(FilterSet):
    """Nothing to choose: the list is short and in order of its days."""

    class Meta:
        model = Inmate
        fields = ()
