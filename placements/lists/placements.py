from datetime import timedelta

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, NameColumn, StateColumn, Table
from accounts.filters import OfPrison, RecordedFilter
from inmates.filters import PersonFilter
from inmates.models import Inmate
from partners.models import Agency
from placements import figures
from placements.employment import EmployerKind, PlacementKind, PlacementState
from placements.models import Placement
from training.filters import YearFilter
from training.models import Course

BY_ID = {"to_field_name": "public_id"}
DAY = forms.DateInput(attrs={"type": "date"})
FREE, INSIDE = "free", "inside"
LAPSED, LAPSING = "lapsed", "lapsing"
NOBODY = "none"


class PlacementFilter(OfPrison):
    q = PersonFilter(label=_("Cari nama atau Nomor Induk"), method="search")
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=PlacementKind.choices)
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=PlacementState.choices)
    person = filters.ChoiceFilter(
        label=_("Orangnya"),
        choices=[(FREE, _("Sudah bebas")), (INSIDE, _("Masih ditempatkan"))],
        method="standing",
    )
    employer = filters.ModelChoiceFilter(
        label=_("Pemberi kerja"), queryset=lambda request: _named("employer", request.user), **BY_ID
    )
    vacancy = filters.ModelChoiceFilter(
        label=_("Lowongan"), queryset=lambda request: _named("vacancy", request.user), **BY_ID
    )
    papers = filters.ChoiceFilter(
        label=_("Dasar asimilasi"),
        choices=[(LAPSED, _("Sudah berakhir")), (LAPSING, _("Segera atau sudah berakhir"))],
        method="by_papers",
    )
    since = filters.DateFilter(
        label=_("Mulai dari"), field_name="starts_on", lookup_expr="gte", widget=DAY
    )
    until = filters.DateFilter(
        label=_("Mulai sampai"), field_name="starts_on", lookup_expr="lte", widget=DAY
    )
    year = YearFilter(label=_("Tahun mulai"), field_name="starts_on")
    ended = YearFilter(label=_("Tahun berakhir"), field_name="ended_on")
    recorded = RecordedFilter(label=_("Dicatat sejak"))
    employer_kind = filters.ChoiceFilter(
        label=_("Jenis pemberi kerja"),
        choices=[*EmployerKind.choices, (NOBODY, _("Tanpa pemberi kerja"))],
        method="with_kind",
    )
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        **BY_ID,
    )
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), method="learned", **BY_ID
    )

    class Meta:
        model = Placement
        fields = (
            *("q", "kind", "state", "person", "employer", "vacancy", "papers", "since", "until"),
            *("year", "ended", "employer_kind", "agency", "course", "recorded"),
        )

    def search(self, queryset, name, value):
        listed = Inmate.objects.filter(pk__in=queryset.order_by().values("inmate"))
        people = listed.search(value, at=self.request.user.facility_ids)
        return queryset.filter(inmate__in=people.order_by().values("pk"))

    def standing(self, queryset, name, value):
        return queryset.filter(inmate__prison__isnull=value == FREE)

    def with_kind(self, queryset, name, value):
        if value == NOBODY:
            return queryset.filter(employer=None)
        return queryset.filter(employer__kind=value)

    def learned(self, queryset, name, value):
        return figures.of_course(queryset, value.pk)

    def by_papers(self, queryset, name, value):
        days = -1 if value == LAPSED else settings.WORK_RELEASE_SOON_DAYS
        return queryset.lapsing(timezone.localdate() + timedelta(days=days))


class PlacementTable(Table):
    caption = _("Penempatan kerja")

    inmate = NameColumn(
        _("Nama"), linkify=lambda record: record.get_absolute_url(), order_by=("inmate__name", "pk")
    )
    job = tables.Column(_("Pekerjaan"), orderable=False)
    employer = NameColumn(_("Pemberi kerja"), order_by=("employer__name", "pk"))
    kind = tables.Column(_("Jenis"), orderable=False)
    starts_on = DayColumn(verbose_name=_("Mulai"))
    ended_on = DayColumn(verbose_name=_("Berakhir"))
    pay_band = tables.Column(_("Upah"), orderable=False, visible=False)
    state = StateColumn(verbose_name=_("Keadaan"), orderable=False)

    class Meta:
        model = Placement
        fields = ("inmate", "job", "employer", "kind", "starts_on", "ended_on", "pay_band", "state")


def _named(field, user):
    """What the placements of the reader's prisons name in this field."""
    rows = Placement.objects.visible_to(user).order_by()
    related = Placement._meta.get_field(field).related_model
    return related.objects.filter(pk__in=rows.values(field)).order_by(*related._meta.ordering)
