"""The rows that a filter offers to choose from: those of all its select boxes in one statement.

A box of Django's asks for its rows by itself, through a cursor that it opens and closes. What a
filter offers depends on its class and on what the reader may see: so its SQL is made once.
"""

from types import SimpleNamespace

from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import cached_property

from accounts.stand_ins import asked_often

_asked = {}


def together(filterset):
    """Let the boxes of this filter's form read their rows together, once one of them is written.

    A filter's `queryset` may use no more of the request than its user.
    """
    fields = filterset.form.fields
    names = tuple(
        name
        for name, field in fields.items()
        if isinstance(getattr(field.widget, "choices", None), ModelChoiceIterator)
        and getattr(field, "null_label", None) is None
        and name in filterset.base_filters
    )
    rows = _Rows(filterset, names)
    for place, name in enumerate(names):
        fields[name].widget.choices = _Choices(fields[name], rows, place)


class _Rows:
    def __init__(self, filterset, names):
        self._class, self._names, self._user = type(filterset), names, filterset.request.user

    @cached_property
    def found(self):
        """A list of rows of each box."""
        key = self._class, self._names
        if key not in _asked:
            _asked[key] = asked_often(_build(*key))
        return _asked[key](self._user)


def _build(filterset_class, names):
    querysets = [filterset_class.base_filters[name].queryset for name in names]

    def build(reader):
        request = SimpleNamespace(user=reader)
        return tuple(each(request) if callable(each) else each.all() for each in querysets)

    return build


class _Choices(BaseChoiceIterator):
    """The choices of one box, as Django's iterator gives them."""

    def __init__(self, field, rows, place):
        self._field, self._rows, self._place = field, rows, place

    def __iter__(self):
        field = self._field
        if field.empty_label is not None:
            yield "", field.empty_label
        for row in self._rows.found[self._place]:
            value = ModelChoiceIteratorValue(field.prepare_value(row), row)
            yield value, field.label_from_instance(row)
