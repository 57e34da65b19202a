import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence.models import Letter
from correspondence.states import LetterState


class LetterFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari nomor atau perihal"), method="search")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=LetterState.choices)
    year = filters.NumberFilter(label=_("Tahun"), field_name="year")

    class Meta:
        model = Letter
        fields = ("q", "state", "year")

    def search(self, queryset, name, value):
        return queryset.filter(Q(number__icontains=value) | Q(subject__icontains=value))
