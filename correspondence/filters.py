import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence import letter_kinds
from correspondence.models import Letter
from correspondence.states import LetterState


class LetterFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari nomor, perihal atau tujuan"), method="search")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=LetterState.choices)
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=letter_kinds.choices)
    about = filters.ChoiceFilter(
        label=_("Mengenai"),
        field_name="object_type",
        choices=[
            ("partners.agreement", _("Perjanjian")),
            ("partners.engagement", _("Kunjungan")),
            ("partners.agency", _("Instansi")),
        ],
    )
    year = filters.NumberFilter(label=_("Tahun"), field_name="year")

    class Meta:
        model = Letter
        fields = ("q", "state", "kind", "about", "year")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(number__icontains=value)
            | Q(subject__icontains=value)
            | Q(addressed_to__icontains=value)
        )
