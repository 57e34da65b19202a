import django_filters as filters
from django.utils.translation import gettext_lazy as _

from inmates.models import Inmate
from inmates.states import RegisterClass


class InmateFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari nama atau Nomor Induk"), method="search")
    register_class = filters.ChoiceFilter(
        label=_("Golongan registrasi"),
        choices=[choice for choice in RegisterClass.choices if choice[0]],
        method="in_class",
    )
    resident = filters.ChoiceFilter(
        label=_("Asal"),
        choices=[("yes", _("Warga kota ini")), ("no", _("Dari luar kota"))],
        method="of_city",
    )

    class Meta:
        model = Inmate
        fields = ("q", "register_class", "resident")

    def search(self, queryset, name, value):
        return queryset.search(value)

    def in_class(self, queryset, name, value):
        return queryset.held_at(self.request.user.facility_ids, register_class=value)

    def of_city(self, queryset, name, value):
        facility = self.request.user.facility
        return queryset.from_city(facility.city if facility else "", is_from=value == "yes")
