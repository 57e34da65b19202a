import django_filters as filters
from django.utils.translation import gettext_lazy as _

from accounts.models import Facility


class OfPrison(filters.FilterSet):
    """Base of filters of rows of prisons: whoever reads several of them may choose one."""

    facility = filters.ModelChoiceFilter(
        label=_("Lapas"),
        queryset=lambda request: Facility.objects.filter(pk__in=request.user.facility_ids),
        to_field_name="code",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(self.request.user.facility_ids) < 2:
            del self.filters["facility"]
