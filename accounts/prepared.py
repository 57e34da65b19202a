"""Statements whose SQL is made once: for what every page asks.

Django makes the SQL of a queryset anew each time; for a statement that the database answers from
an index, that takes longer than the answer.
"""

from contextlib import suppress
from datetime import date, timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.functional import cached_property

ODD_ID = -7_300_000_000  # no row has an id like this
ODD_DAY = date(1, 2, 3)


class Prepared:
    """The rows of a `values_list` queryset, for other values each time.

    `build` gets a stand-in for each name, an id or a day as `ids` and `days` say, and returns the
    queryset. `rows` puts the real values into their places. Nothing else in the queryset may depend
    on who asks or when.
    """

    def __init__(self, build, *, ids=(), days=()):
        self._build = build
        self._stand_ins = {name: ODD_ID - place for place, name in enumerate(ids)}
        self._stand_ins |= {name: ODD_DAY + timedelta(place) for place, name in enumerate(days)}

    @cached_property
    def _statement(self):
        queryset = self._build(**self._stand_ins)
        with suppress(EmptyResultSet):
            return queryset.query.sql_with_params()
        return "", ()

    def rows(self, **real):
        """Tuples as the queryset's `values_list` names them."""
        sql, params = self._statement
        if not sql:
            return []
        places = {self._stand_ins[name]: value for name, value in real.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, put(params, places))
            return cursor.fetchall()


def put(params, places):
    """Parameters in which the stand-ins (keys of `places`) are replaced by the real values."""
    return [_real(value, places) for value in params]


def _real(value, places):
    if isinstance(value, list):
        alone = places.get(value[0]) if len(value) == 1 else None
        return alone if isinstance(alone, list) else [places.get(one, one) for one in value]
    return places.get(value, value) if isinstance(value, int | date) else value
