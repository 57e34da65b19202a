"""Columns of our tables: days, moments and states, made without a template for each cell."""

from copy import copy

import django_tables2 as tables
from django.utils.timezone import template_localtime

from accounts.badges import badge, tone_of
from accounts.listed import PAGE

LONGEST_PAGE = 100  # rows


class Table(tables.Table):
    """Base of our tables: each copies the columns of its class, but nothing deeper."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.base_columns = _Copied(cls.base_columns)

    def paginate(self, *args, per_page=PAGE, **kwargs):
        """An address may ask for a page of another length, but for none that takes long."""
        return super().paginate(*args, per_page=min(max(per_page, 1), LONGEST_PAGE), **kwargs)


class _Copied(dict):
    def __deepcopy__(self, memo):
        return {name: copy(column) for name, column in self.items()}


class DayColumn(tables.Column):
    """A day, or the day of a moment, as `03/11/2026`; in an export as ISO 8601."""

    def render(self, value):
        return self.written(template_localtime(value))

    def written(self, value):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"

    def value(self, value):
        return template_localtime(value).isoformat()


class MomentColumn(DayColumn):
    """A moment as `03/11/2026 14.05`, Jakarta time."""

    def written(self, value):
        return f"{super().written(value)} {value.hour:02}.{value.minute:02}"


class NameColumn(tables.Column):
    """Another record as it says itself; `named_by` is the field that it says, all that a file
    reads of it."""

    def __init__(self, *args, named_by="name", **kwargs):
        super().__init__(*args, **kwargs)
        self.named_by = named_by


def made_of(*names):
    """Says of a table's `value_...(self, record)` that it reads only these stored, hashable values
    of the record, so that a file reads no more either."""

    def say(function):
        function.made_of = names
        return function

    return say


class StateColumn(tables.Column):
    """A state as a badge in the words of its choices; in an export the words."""

    def render(self, value, record, bound_column):
        return badge(value, tone_of(bound_column.accessor.resolve(record)))

    def value(self, value):
        return value
