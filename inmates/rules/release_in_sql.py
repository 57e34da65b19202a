"""`inmates.rules.release` once more, as SQL over `sentence` and `open_custody`, for lists."""

from django.conf import settings
from django.db.models import Case, CharField, DateField, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
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
    """(day, basis) as expressions for people with an alias `open_custody`; nulls without a way."""
    days = {
        ReleaseBasis.STATED: STATED,
        ReleaseBasis.PAROLE: _parole(),
        ReleaseBasis.LEAVE: _leave(),
        ReleaseBasis.FULL: EXPIRES,
    }
    coming = (
        Case(When(GreaterThanOrEqual(day, Value(today)), then=day), output_field=DateField())
        for day in days.values()
    )
    nearest = Coalesce(Least(*coming), Greatest(*days.values()), output_field=DateField())
    return nearest, _basis(nearest, days)


def _basis(nearest, days):
    """The first way that leads to this day; the day stands there once, as it is long."""
    ways = (
        Func(day, Value(basis), template="%(expressions)s", arg_joiner=" THEN ")
        for basis, day in days.items()
    )
    return Func(
        nearest,
        *ways,
        template="(CASE %(expressions)s ELSE '' END)",
        arg_joiner=" WHEN ",
        output_field=CharField(),
    )


def _parole():
    served = months_later(F("sentence__detained_since"), settings.PAROLE_SERVED_MONTHS)
    day = Greatest(TWO_THIRDS, served)
    return Case(
        When(
            IS_SENTENCED & Q(sentence__two_thirds__isnull=False) & _before_expiry(day),
            then=day,
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
            IS_SENTENCED & is_stated & is_short & Q(LessThan(0, length)) & _before_expiry(day),
            then=day,
        ),
        output_field=DateField(),
    )


def _before_expiry(day):
    return Q(sentence__expires__isnull=True) | Q(LessThan(day, EXPIRES))
