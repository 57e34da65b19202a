import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Agency, Agreement, Engagement
from partners.states import (
    PAST_NOTICE,
    AgencyKind,
    AgreementKind,
    AgreementState,
    AgreementStatus,
    EngagementKind,
)

STATUS_CHOICES = [
    (AgreementStatus.IN_FORCE, AgreementStatus.IN_FORCE.label),
    (AgreementStatus.EXPIRING, _("Akan berakhir (90 hari)")),
    PAST_NOTICE,
    (AgreementStatus.NOT_YET, AgreementStatus.NOT_YET.label),
    (AgreementStatus.ENDED, AgreementStatus.ENDED.label),
    (AgreementStatus.UNSIGNED, AgreementStatus.UNSIGNED.label),
    (AgreementStatus.TERMINATED, AgreementStatus.TERMINATED.label),
    (AgreementStatus.CANCELLED, AgreementStatus.CANCELLED.label),
]


def agency_choice():
    """Select box of the agencies that the reader may see."""
    return filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )


class AgencyFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari"), field_name="name", lookup_expr="icontains")
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=AgencyKind.choices)

    class Meta:
        model = Agency
        fields = ("q", "kind")


class EngagementFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari"), method="search")
    agency = agency_choice()
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=EngagementKind.choices)

    class Meta:
        model = Engagement
        fields = ("q", "agency", "kind")

    def search(self, queryset, name, value):
        return queryset.filter(Q(purpose__icontains=value) | Q(result__icontains=value))


class AgreementFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Cari"), method="search")
    agency = agency_choice()
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=AgreementKind.choices)
    status = filters.ChoiceFilter(
        label=_("Masa berlaku"), method="having_status", choices=STATUS_CHOICES
    )
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=AgreementState.choices)

    class Meta:
        model = Agreement
        fields = ("q", "agency", "kind", "status", "state")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(title__icontains=value)
            | Q(our_number__icontains=value)
            | Q(their_number__icontains=value)
            | Q(agency__name__icontains=value)
        )

    def having_status(self, queryset, name, value):
        return queryset.having_status(value)
