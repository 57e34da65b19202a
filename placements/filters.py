import django_filters as filters
from django.utils.translation import gettext_lazy as _

from inmates.models import Transfer
from inmates.states import TransferState


class TransferFilter(filters.FilterSet):
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
