from datetime import datetime, time
from functools import partial

import django_filters as filters
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import words
from accounts.forms.layout import DayInput
from accounts.listed import Later
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


class TextFilter(filters.CharFilter):
    """A text that is compared in SQL alone: with `icontains`, or by a method that does no more."""

    stands_for = staticmethod(words.for_any)


class RecordedFilter(filters.DateFilter):
    """Rows written down on a day or later: by a moment, so that its index serves."""

    def __init__(self, *, label, field_name="created_at"):
        super().__init__(label=label, field_name=field_name, lookup_expr="gte", widget=DayInput)

    def filter(self, queryset, value):
        return super().filter(
            queryset, value and timezone.make_aware(datetime.combine(value, time()))
        )


class _Copied(dict):
    """Filters of a class by name; a copy holds copies of them, with extras of their own."""

    def __deepcopy__(self, memo):
        return {name: self._copy(each) for name, each in self.items()}

    @staticmethod
    def _copy(each):
        copied = object.__new__(type(each))
        copied.__dict__.update(each.__dict__, extra=each.extra.copy())
        copied.__dict__.pop("_field", None)
        copied.method = each.method  # what calls it belongs to one filter
        if callable(getattr(each, "queryset", None)):
            copied.queryset = partial(_Offered, each.queryset)
        return copied


class _Offered(Later):
    """The rows that one may choose from, which are not asked for unless one is chosen."""

    def __init__(self, rows_for, request):
        super().__init__(partial(rows_for, request))

    def all(self):
        return self


class FilterSet(filters.FilterSet):
    """Base of our filters: a form of fields that are made for it, where the library copies those
    of a class that it makes for each request."""

    @classmethod
    def get_filters(cls):
        return _Copied(super().get_filters())

    @property
    def form(self):
        if not hasattr(self, "_form"):
            data = self.data if self.is_bound else None
            self._form = self._meta.form(data, prefix=self.form_prefix)
            self._form.fields = {name: each.field for name, each in self.filters.items()}
        return self._form


class OfPrison(FilterSet):
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
