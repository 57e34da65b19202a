"""Statements whose SQL, or whose plan, is made once.

Django makes the SQL of a queryset anew each time, and the database its plan; for a statement that
is answered from an index either takes longer than the answer.
"""

import itertools
import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from weakref import WeakKeyDictionary

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
        try:
            sql, params = queryset.query.sql_with_params()
        except EmptyResultSet:
            return "", ()
        if missing := [name for name, value in self._stand_ins.items() if value not in params]:
            raise ValueError(f"{missing} is no parameter of {sql}")
        return sql, params

    def statement(self, **real):
        """SQL and its parameters; no SQL if no row can be asked for."""
        sql, params = self._statement
        places = {self._stand_ins[name]: value for name, value in real.items()}
        return sql, put(params, places)

    def rows(self, **real):
        """Tuples as the queryset's `values_list` names them."""
        sql, params = self.statement(**real)
        return fetch_planned(sql, params) if sql else []


# --- Plans that the database keeps ---------------------------------------------------------------
# By the driver's connection: the names that it knows.
_kept = WeakKeyDictionary()
TYPES = ((bool, "boolean"), (datetime, "timestamptz"), (date, "date"), (UUID, "uuid"))


def fetch_planned(sql, params):
    """All rows of a long statement, whose plan this connection makes once and for any parameters.

    For statements that look up the same few rows by the same indexes whoever asks. A list holds
    keys of rows, or texts.
    """
    types = [_type_of(value) for value in params]
    name = f"kept_{sha256(repr((sql, types)).encode()).hexdigest()[:24]}"
    given = f" ({', '.join(['%s'] * len(params))})" if params else ""
    with connection.cursor() as cursor:
        _keep(name, sql, types)
        cursor.execute(f"EXECUTE {name}{given}", params)
        return cursor.fetchall()


def _keep(name, sql, types):
    """Past the wrappers of Django's cursor: one that adds values would read `%` as a place."""
    known = _kept.setdefault(connection.connection, set())
    if name in known:
        return
    places = itertools.count(1)
    numbered = re.sub("%[s%]", lambda it: _placed(it[0], places), sql)
    given = f" ({', '.join(types)})" if types else ""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if not known:
            cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE {name}{given} AS {numbered}")
    known.add(name)


def _placed(found, places):
    return "%" if found == "%%" else f"${next(places)}"


def _type_of(value):
    if value is None:
        return "unknown"
    if isinstance(value, int) and not isinstance(value, bool):
        return "integer" if abs(value) < 2**31 else "bigint"
    if isinstance(value, list):
        kinds = {type(each) for each in value}
        return {frozenset({int}): "bigint[]", frozenset({str}): "text[]"}.get(
            frozenset(kinds), "unknown"
        )
    return next((name for kind, name in TYPES if isinstance(value, kind)), "text")


def put(params, places):
    """Parameters in which the stand-ins (keys of `places`) are replaced by the real values."""
    return [_real(value, places) for value in params]


def _real(value, places):
    if isinstance(value, list):
        alone = places.get(value[0]) if len(value) == 1 else None
        return alone if isinstance(alone, list) else [places.get(one, one) for one in value]
    return places.get(value, value) if isinstance(value, int | date) else value
