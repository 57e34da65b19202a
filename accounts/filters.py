from datetime import datetime, time

import django_filters as filters
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import DayInput
from accounts.models import Facility


class AskedChoices:
    """Choices of a field that `ask()` gives: once, when the form is shown or one is chosen."""

    def __init__(self, ask):
        self._ask = ask

    def __deepcopy__(self, memo):
        return self

    def __iter__(self):
        return iter(self._choices)

    @cached_property
    def _choices(self):
        return list(self._ask())


class RecordedFilter(filters.DateFilter):
    """Rows written down on a day or later: by a moment, so that its index serves."""

    def __init__(self, *, label, field_name="created_at"):
        super().__init__(label=label, field_name=field_name, lookup_expr="gte", widget=DayInput)

    def filter(self, queryset, value):
        return super().filter(
            queryset, value and timezone.make_aware(datetime.combine(value, time()))
        )


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
