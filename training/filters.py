import django_filters as filters
from django.utils.translation import gettext_lazy as _

from inmates.models import Inmate
from partners.models import Agency
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
    year = filters.NumberFilter(label=_("Tahun"), field_name="starts_on", lookup_expr="year")

    class Meta:
        model = Batch
        fields = ("q", "state", "agency", "year")

    def search(self, queryset, name, value):
        return queryset.filter(name__icontains=value) | queryset.filter(
            course__name__icontains=value
        )


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
