import django_filters as filters
from django.utils.translation import gettext_lazy as _

from partners.models import Agency
from training.models import Batch, Course, Hearing, Trade
from training.states import BatchState, HearingState


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
