"""The list of employers: what it is narrowed by, and its columns."""

import django_filters as filters
import django_tables2 as tables
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.columns import Table
from accounts.filters import AskedChoices, FilterSet, TextFilter
from inmates import regions
from placements.employment import EmployerKind, EmployerSize, Openness
from placements.models import Employer

CITY = 5  # letters of a region's code down to the city: 36.72
INACTIVE, ALL = "inactive", "all"
OPEN = "open"
WIDE = {"td": {"class": "wide"}}


class InRegion(filters.ChoiceFilter):
    """The cities and regencies in which the listed rows are."""

    def filter(self, queryset, value):
        return queryset.in_region(value) if value else queryset


class RegionalFilter(FilterSet):
    """Base of filters with a field `region`, which offers what there is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["choices"] = AskedChoices(self._regions)

    def _regions(self):
        codes = self.queryset.order_by().values_list("region_code", flat=True).distinct()
        cities = {code[:CITY] for code in codes if code}
        named = [(code, regions.name_of(code)) for code in cities]
        return sorted(named, key=lambda choice: choice[1])


class EmployerFilter(RegionalFilter):
    """Employers that are active, unless asked otherwise."""

    q = TextFilter(label=_("Cari nama"), field_name="name", lookup_expr="icontains")
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=EmployerKind.choices)
    sector = filters.ChoiceFilter(label=_("Bidang usaha"))
    size = filters.ChoiceFilter(label=_("Skala"), choices=EmployerSize.choices)
    region = InRegion(label=_("Wilayah"))
    openness = filters.ChoiceFilter(
        label=_("Menerima mantan warga binaan"), choices=Openness.choices
    )
    vacancies = filters.ChoiceFilter(
        label=_("Lowongan"),
        choices=[(OPEN, _("Ada yang dibuka")), ("none", _("Tidak ada yang dibuka"))],
        method="with_open_ones",
    )
    active = filters.ChoiceFilter(
        label=_("Masih aktif"),
        choices=[(INACTIVE, _("Tidak aktif")), (ALL, _("Semua"))],
        empty_label=_("Masih aktif"),
        method="by_activity",
    )

    class Meta:
        model = Employer
        fields = ("q", "kind", "sector", "size", "region", "openness", "vacancies", "active")

    def __init__(self, data=None, *args, **kwargs):
        # A filter without data is not asked at all.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)
        self.filters["sector"].extra["choices"] = AskedChoices(self._sectors)

    def _sectors(self):
        sectors = self.queryset.order_by("sector").values_list("sector", flat=True).distinct()
        return [(each, each) for each in sectors if each]

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("active") else rows.filter(is_active=True)

    def by_activity(self, queryset, name, value):
        return queryset.filter(is_active=False) if value == INACTIVE else queryset

    def with_open_ones(self, queryset, name, value):
        if value == OPEN:
            return queryset.filter(vacancies_open__gt=0)
        return queryset.filter(vacancies_open=0)


class EmployerTable(Table):
    """Without contacts and numbers: those stand on the page of one employer."""

    caption = _("Pemberi kerja")

    name = tables.Column(_("Pemberi kerja"), linkify=True, attrs=WIDE)
    kind = tables.Column(_("Jenis"))
    sector = tables.Column(_("Bidang usaha"))
    size = tables.Column(_("Skala"), orderable=False)
    region = tables.Column(_("Wilayah"), accessor="region_code")
    openness = tables.Column(_("Mantan warga binaan"), orderable=False)
    vacancies_open = tables.Column(_("Lowongan dibuka"))

    class Meta:
        model = Employer
        fields = ("name", "kind", "sector", "size", "region", "openness", "vacancies_open")
        attrs = {"class": "table table-hover table-stacked"}

    def render_region(self, value):
        return regions.place_of(value)

    def value_region(self, value):
        return regions.name_of(value)
