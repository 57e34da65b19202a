import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import DayInput
from accounts.roles import LIAISON, ROLE_LABELS
from reports.models import Handover


class HandoverFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama"), method="search")
    role = filters.ChoiceFilter(
        label=_("Jabatan"),
        field_name="posting__role",
        choices=[(role, label) for role, label in ROLE_LABELS.items() if role != LIAISON],
    )
    since = filters.DateFilter(
        label=_("Hari terakhir dari"),
        field_name="posting__until",
        lookup_expr="gte",
        widget=DayInput,
    )
    until = filters.DateFilter(
        label=_("Hari terakhir sampai"),
        field_name="posting__until",
        lookup_expr="lte",
        widget=DayInput,
    )
    succeeded = filters.ChoiceFilter(
        label=_("Penerus"),
        method="with_successor",
        choices=[("yes", _("Ada")), ("no", _("Belum ada"))],
    )

    class Meta:
        model = Handover
        fields = ("q", "role", "since", "until", "succeeded")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(posting__user__name__icontains=value) | Q(successor__user__name__icontains=value)
        )

    def with_successor(self, queryset, name, value):
        return queryset.filter(successor__isnull=value == "no")
