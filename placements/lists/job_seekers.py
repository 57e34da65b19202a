import django_filters as filters
import django_tables2 as tables
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, Table
from accounts.filters import FilterSet
from inmates.filters import PersonFilter
from inmates.models import Inmate
from partners.models import Agency
from partners.states import AgencyKind
from placements.employment import CardEnd, CardStanding
from placements.models import JobSeekerCard

ALL = "all"


def issuers(user):
    """Disnaker that may have issued a card: those which the user's prisons work with."""
    return Agency.objects.visible_to(user).filter(kind=AgencyKind.DISNAKER)


class CardFilter(FilterSet):
    """Without a choice of `standing`, the cards that have not ended."""

    q = PersonFilter(label=_("Nama, nomor atau NIK"), method="search")
    standing = filters.ChoiceFilter(
        label=_("Keadaan"),
        choices=[*CardStanding.choices, (ALL, _("Semua"))],
        empty_label=_("Belum berakhir"),
        method="with_standing",
    )
    agency = filters.ModelChoiceFilter(
        label=_("Disnaker penerbit"),
        queryset=lambda request: issuers(request.user),
        to_field_name="public_id",
    )
    ended_why = filters.ChoiceFilter(label=_("Sebab berakhir"), choices=CardEnd.choices)

    class Meta:
        model = JobSeekerCard
        fields = ("q", "standing", "agency", "ended_why")

    def __init__(self, data=None, *args, **kwargs):
        # A filter without data is not asked at all.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)

    def search(self, queryset, name, value):
        people = Inmate.objects.visible_to(self.request.user)
        found = people.search(value, at=self.request.user.facility_ids)
        records = Inmate.objects.filter(pk__in=found.values("pk"))
        merged = Inmate.objects.filter(merged_into__in=found.values("pk"))
        return queryset.filter(inmate__in=records.union(merged).values("pk"))

    def with_standing(self, queryset, name, value):
        return queryset if value == ALL else queryset.standing(value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data
        return rows if chosen.get("standing") or chosen.get("ended_why") else rows.open()


class CardTable(Table):
    caption = _("Kartu pencari kerja")

    inmate = tables.Column(
        _("Nama"), linkify=lambda record: record.get_absolute_url(), order_by=("inmate__name", "pk")
    )
    number = tables.Column(_("Nomor pendaftaran"), orderable=False)
    agency = tables.Column(_("Penerbit"), order_by=("agency__name", "pk"))
    issued_on = DayColumn(verbose_name=_("Terbit"))
    report_by = DayColumn(verbose_name=_("Lapor sebelum"))
    expires_on = DayColumn(verbose_name=_("Berlaku sampai"))
    standing = tables.TemplateColumn(
        '{% state_badge record "standing" %}', verbose_name=_("Keadaan"), orderable=False
    )
    ended = tables.Column(
        _("Berakhir"), accessor="get_ended_why_display", orderable=False, empty_values=("",)
    )

    class Meta:
        model = JobSeekerCard
        fields = (
            *("inmate", "number", "agency", "issued_on", "report_by", "expires_on", "standing"),
            "ended",
        )

    def value_standing(self, record):
        return record.standing.label

    def render_inmate(self, record):
        return (record.inmate.merged_into or record.inmate).name

    value_inmate = render_inmate

    def render_ended(self, record):
        return f"{record.get_ended_why_display()}, {record.ended_on:%d/%m/%Y}"
