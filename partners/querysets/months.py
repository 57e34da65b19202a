"""Whole months before and after a date, in SQL."""

from django.db import models


class MonthsBefore(models.Func):
    """A date less whole months, clamped to the month's end: `rules.months_before` in SQL."""

    arity = 2
    arg_joiner = " - make_interval(months => "
    template = "(%(expressions)s))::date"
    output_field = models.DateField()


class MonthsAfter(MonthsBefore):
    """A date plus whole months, clamped to the month's end."""

    arg_joiner = " + make_interval(months => "
