"""`inmates.rules.differences` once more, as a condition in SQL over `sentence`, for lists."""

from datetime import date

from django.conf import settings
from django.db.models import DateField, F, Func, IntegerField, Q
from django.db.models.functions import Abs, Coalesce
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThanOrEqual

from accounts.sheets.dates import YEARS
from inmates.rules.sentences import FRACTIONS, REMISSION_MONTH_DAYS

FIRST, LAST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
DETAINED = F("sentence__detained_since")


class Later(Func):
    """A day and how much later: days as a number, or months as an interval."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "
    output_field = DateField()


class DaysFrom(Func):
    """How many days after the second day the first one is."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def dates_differ():
    """A `Q` that holds where `rules.differences(sentence)` is not empty."""
    months = Func(_count("years"), _count("months"), function="make_interval")
    end = Later(Later(DETAINED, months), _count("days"))
    remitted = REMISSION_MONTH_DAYS * _count("remission_months") + _count("remission_days")
    found = _differs("expires", Later(end, remitted * -1))
    for which, (part, whole) in FRACTIONS.items():
        found |= _differs(which, Later(DETAINED, DaysFrom(end, DETAINED) * part / whole))
    has_length = GreaterThan(_count("years") + _count("months") + _count("days"), 0)
    return Q(sentence__detained_since__isnull=False) & Q(has_length) & _is_known(end) & found


def _differs(which, day):
    apart = Abs(DaysFrom(F(f"sentence__{which}"), day))
    return _is_known(day) & Q(GreaterThan(apart, settings.DATE_TOLERANCE_DAYS))


def _is_known(day):
    return Q(GreaterThanOrEqual(day, FIRST), LessThanOrEqual(day, LAST))


def _count(name):
    return Coalesce(f"sentence__{name}", 0)
