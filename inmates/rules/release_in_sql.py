"""`inmates.rules.release` once more, as SQL over `sentence` and `open_custody`, for lists.

PostgreSQL works out a long expression anew wherever it stands, and a list asks for it several
times a row: so what is long stands in each of these once. `NULLIF(LEAST(day, limit), limit)` is the
day where it is before the limit, and null where it is not.
"""

from django.conf import settings
from django.db.models import Case, CharField, DateField, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least, NullIf
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from inmates.rules.release import MONTH_DAYS
from inmates.rules.sentences_in_sql import Later
from inmates.states import ReleaseBasis

STATED, EXPIRES = F("sentence__released_on"), F("sentence__expires")
TWO_THIRDS = F("sentence__two_thirds")
IS_SENTENCED = Q(open_custody__register_class__startswith="B")


def months_later(day, months):
    """`sentences.months_later` of an expression: PostgreSQL clamps at the end of a month, too."""
    return Later(day, Func(Value(months), template="make_interval(months => %(expressions)s)"))


def expected_release(today):
    """The day as an expression for people with an alias `open_custody`; null without a way."""
    ways = _ways()
    coming = (_coming(day, today) for day in ways.values())
    return Coalesce(Least(*coming), Greatest(*ways.values()), output_field=DateField())


def basis(nearest):
    """The first way that leads to this day, which stands there once, as it may be long."""
    ways = (
        Func(day, Value(name), template="%(expressions)s", arg_joiner=" THEN ")
        for name, day in _ways().items()
    )
    return Func(
        nearest,
        *ways,
        template="(CASE %(expressions)s ELSE '' END)",
        arg_joiner=" WHEN ",
        output_field=CharField(),
    )


def _ways():
    return {
        ReleaseBasis.STATED: STATED,
        ReleaseBasis.PAROLE: _parole(),
        ReleaseBasis.LEAVE: _leave(),
        ReleaseBasis.FULL: EXPIRES,
    }


def _coming(day, today):
    """The day unless it is before today."""
    if isinstance(day, F):
        return Case(When(GreaterThanOrEqual(day, Value(today)), then=day), output_field=DateField())
    yesterday = DayBefore(Value(today, output_field=DateField()))
    return NullIf(Greatest(day, yesterday), yesterday)


class DayBefore(Func):
    template = "(%(expressions)s - 1)"
    output_field = DateField()


def _parole():
    served = months_later(F("sentence__detained_since"), settings.PAROLE_SERVED_MONTHS)
    return Case(
        When(
            IS_SENTENCED & Q(sentence__two_thirds__isnull=False),
            then=_before_expiry(Greatest(TWO_THIRDS, served)),
        ),
        output_field=DateField(),
    )


def _leave():
    day = Greatest(TWO_THIRDS, months_later(EXPIRES, -settings.LEAVE_LASTS_MONTHS))
    years, months, days = (Coalesce(f"sentence__{name}", 0) for name in ("years", "months", "days"))
    length = MONTH_DAYS * (12 * years + months) + days
    is_short = Q(GreaterThanOrEqual(MONTH_DAYS * settings.LEAVE_SENTENCE_MONTHS, length))
    is_stated = Q(sentence__two_thirds__isnull=False, sentence__expires__isnull=False)
    return Case(
        When(
            IS_SENTENCED & is_stated & is_short & Q(LessThan(0, length)),
            then=_before_expiry(day),
        ),
        output_field=DateField(),
    )


def _before_expiry(day):
    return NullIf(Least(day, EXPIRES), EXPIRES)
