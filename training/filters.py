import django_filters as filters
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import DayInput
from inmates.models import Inmate
from partners.models import Agency, Agreement
from training.models import Batch, Course, Hearing, Trade, WaitingEntry
from training.states import Asker, BatchState, HearingState, WaitingState


class BatchFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari"), method="search")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=BatchState.choices)
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    agreement = filters.ModelChoiceFilter(
        label=_("Perjanjian"),
        queryset=lambda request: Agreement.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    covered = filters.ChoiceFilter(
        label=_("Dasar perjanjian"),
        method="with_cover",
        choices=[("no", _("Tidak tercakup lagi"))],
    )
    seats = filters.ChoiceFilter(
        label=_("Kursi"),
        method="with_seats",
        choices=[("granted", _("Sudah dikonfirmasi")), ("used", _("Sudah terisi"))],
    )
    year = filters.NumberFilter(label=_("Tahun"), field_name="starts_on", lookup_expr="year")
    since = filters.DateFilter(
        label=_("Mulai dari"), field_name="starts_on", lookup_expr="gte", widget=DayInput
    )
    until = filters.DateFilter(
        label=_("Mulai sampai"), field_name="starts_on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Batch
        fields = ("q", "state", "agency", "agreement", "covered", "seats", "year")

    def search(self, queryset, name, value):
        return queryset.filter(name__icontains=value) | queryset.filter(
            course__name__icontains=value
        )

    def with_cover(self, queryset, name, value):
        return queryset.uncovered()

    def with_seats(self, queryset, name, value):
        """The rows that a sum of seats stands for: those of cancelled batches count nowhere."""
        column = {"granted": "seats_confirmed", "used": "seats_taken"}[value]
        return queryset.exclude(state=BatchState.CANCELLED).filter(**{f"{column}__gt": 0})


class CourseFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari"), field_name="name", lookup_expr="icontains")
    trade = filters.ModelChoiceFilter(label=_("Kejuruan"), queryset=Trade.objects.all())

    class Meta:
        model = Course
        fields = ("q", "trade")


class HearingFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Cari angkatan"), field_name="batch__name", lookup_expr="icontains"
    )
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=HearingState.choices)
    year = filters.NumberFilter(label=_("Tahun"), field_name="held_on", lookup_expr="year")

    class Meta:
        model = Hearing
        fields = ("q", "state", "year")


class WaitingFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari nama"), method="search")
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), to_field_name="public_id"
    )
    asked_by = filters.ChoiceFilter(label=_("Atas usul"), choices=Asker.choices)
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=WaitingState.choices, empty_label=None)

    class Meta:
        model = WaitingEntry
        fields = ("q", "course", "asked_by", "state")

    def search(self, queryset, name, value):
        people = Inmate.objects.filter(prison__in=self.request.user.facility_ids).search(value)
        return queryset.filter(inmate__in=people.values("pk"))
