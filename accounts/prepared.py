"""Statements whose SQL, or whose plan, is made once.

Django makes the SQL of a queryset anew each time, and the database its plan; for a statement that
is answered from an index either takes longer than the answer.
"""

import itertools
import re
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from hashlib import sha256
from uuid import UUID
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, Value
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import wall, words
from accounts.statements import read_of

ODD_ID = -7_300_000_000  # no row has an id like this
ODD_DAY = date(1, 2, 3)
ODD_MOMENT = datetime(2, 3, 4, tzinfo=UTC)
ODD_KEY = 7  # of a UUID
ROOM = 200  # plans of a connection
KEPT = 50  # shapes of one queryset that a process remembers


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


class ForStandIns:
    """The rows of a queryset that was built for a reader who stands in for others.

    Those of its ids and moments which `is_stand_in` are the parameters of the plan that the
    connection keeps; every other value is a part of its text, so that an index over some of a
    table's rows serves. Nothing else in the queryset may depend on who asks or on the hour.
    """

    def __init__(self, queryset, is_stand_in):
        self._plan, self._is_stand_in = None, is_stand_in
        self.read = read_of(queryset)
        self._made, self._about = self.read.made, self.read.about
        self.is_locking = self.read.is_locking

    def rows(self, real):
        """Tuples as the `values_list` names them, JSON as it came. `real` maps each stand-in to the
        value in its place: one, or a list for a list which holds the stand-in alone."""
        if self._made is None:
            return []
        if self._plan is None:
            self._plan = self._planned(real)
        name, text, types, places = self._plan
        with connection.cursor() as cursor:
            kept = _keep(name, lambda: text, types)
            # What it is about: for who reads a log of slow statements.
            statement = f"EXECUTE {kept}{_places(len(types))} /* {self._about} */"
            cursor.execute(statement, put(places, real))
            return cursor.fetchall()

    def rows_once(self, real):
        """The same without keeping a plan: for what nobody asks again."""
        return fetched(self._made, real)

    def objects(self, real, *, once=False):
        """What the queryset itself would give, related objects included; `once` keeps no plan."""
        ask = self.rows_once if once else self.rows
        return self.read.objects(ask(real)) if self._made else []

    def _check(self, places, real):
        """A stand-in for which nothing is put in was reckoned with, not used as a value."""
        for value in places:
            for one in value if isinstance(value, list) else [value]:
                if one not in real:
                    raise ValueError(f"nothing is put in for {one}")

    def _planned(self, real):
        """Name, text, types and stand-ins of the parameters. Threads that meet make the same."""
        sql, params = written_out(*self._made, self._is_stand_in)
        alike = [tuple(value) if isinstance(value, list) else value for value in params]
        places = {value: place for place, value in enumerate(dict.fromkeys(alike), start=1)}
        numbers = map(places.get, alike)
        text = re.sub("%[s%]", lambda it: _placed(it[0], numbers), sql)
        ordered = [list(value) if isinstance(value, tuple) else value for value in places]
        self._check(ordered, real)
        types = [_type_of(value) for value in ordered]
        return _name_of(text, types), text, types, ordered


class Together(ForStandIns):
    """Several querysets in one statement: the rows of each side by side, in its own columns.

    Each is a branch that is read for its number alone and keeps its order; PostgreSQL finds the
    numbers first, because the branches look at them.
    """

    def __init__(self, querysets, is_stand_in):
        self._plan, self._is_stand_in = None, is_stand_in
        self._reads = [read_of(queryset) for queryset in querysets]
        asked = [read for read in self._reads if read.made]
        self.is_locking = any(read.is_locking for read in asked)
        self._about = ", ".join(dict.fromkeys(read.about for read in asked))
        self._made = _side_by_side([read.made for read in asked]) if asked else None
        self._ends = list(itertools.accumulate((read.width + 1 for read in asked), initial=1))

    def objects(self, real, *, once=False):
        """A list of each queryset's objects."""
        found = [[] for _end in self._ends[1:]]
        for row in self.rows_once(real) if once else self.rows(real):
            if len(row) != self._ends[-1]:
                raise ValueError(f"other columns than Django knows of: {self._about}")
            start, end = self._ends[row[0]], self._ends[row[0] + 1]
            if row[start]:
                found[row[0]].append(row[start + 1 : end])
        rows = iter(found)
        return tuple(read.objects(next(rows)) if read.made else [] for read in self._reads)


def _side_by_side(branches):
    """One statement of several pairs of SQL and parameters: a row's branch is its first column;
    before the columns of each branch stands whether it has a row at all."""
    numbers = ", ".join(f"({number})" for number in range(len(branches)))
    columns = ", ".join(f"b{number}.*" for number in range(len(branches)))
    joined = " ".join(
        f"LEFT JOIN LATERAL (SELECT TRUE, r.* FROM ({sql}) AS r WHERE part.n = {number})"
        f" AS b{number} ON TRUE"
        for number, (sql, _params) in enumerate(branches)
    )
    params = [value for _sql, values in branches for value in values]
    return f"SELECT part.n, {columns} FROM (VALUES {numbers}) AS part (n) {joined}", params


class Shapes:
    """What `build(*args)` asks, made once for all arguments of a shape, every day anew.

    Ids, days, moments, public ids and lists of ids are put in when it is asked, so `build` may use
    them as values only (a list in `among`). None, bools and texts are part of the shape. Nothing in
    the queryset may depend on the hour. A tuple of querysets is asked in one statement (`Together`)
    and gives a tuple of lists.
    """

    def __init__(self):
        self._made = {}

    def rows(self, build, args, *, key=(), real=(), is_stand_in=None):
        """The list of rows. `key` says what else the shape depends on, `real` and `is_stand_in`
        what else is put in (as `ForStandIns` takes them)."""
        shape = (timezone.localdate(), *key, *map(_shape, args))
        if shape not in self._made:
            if len(self._made) >= KEPT:
                self._made.clear()
            stand_ins = [_stand_in(place, arg) for place, arg in enumerate(args)]
            built = build(*stand_ins)
            asked = Together if isinstance(built, tuple) else ForStandIns
            self._made[shape] = asked(
                built,
                lambda value: _is_odd(value) or (is_stand_in is not None and is_stand_in(value)),
            )
        put_in = [(place, arg) for place, arg in enumerate(args) if not _is_of_shape(arg)]
        given = {_odd(place, arg): _plain(arg) for place, arg in put_in}
        return self._objects(self._made[shape], given | dict(real))

    def _objects(self, made, real):
        return made.objects(real)


def asked_often(build):
    """Decorator: `build(*args)` returns a queryset, or a tuple of them; the result gives the list
    of its rows, or a tuple of lists, by SQL that is made once (`Shapes`)."""
    shapes = Shapes()

    @wraps(build)
    def rows(*args):
        return shapes.rows(build, args)

    return rows


def among(field, keys):
    """`field__in=keys` for a list of ids of any length in one statement."""
    return Q(OneOf(F(field), Value(_plain(keys), output_field=ArrayField(BigIntegerField()))))


class OneOf(Func):
    """`value = ANY (array)`: read once and looked up by index, whatever the planner expects."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def _is_of_shape(arg):
    return arg is None or isinstance(arg, bool | str)


def _shape(arg):
    return arg if _is_of_shape(arg) else type(_plain(arg))


def _plain(arg):
    return list(arg) if isinstance(arg, list | tuple | set | frozenset) else arg


def _odd(place, arg):
    """What stands in for an argument; itself if it belongs to the shape."""
    if _is_of_shape(arg):
        return arg
    if isinstance(arg, datetime):
        return ODD_MOMENT + timedelta(place)
    if isinstance(arg, date):
        return ODD_DAY + timedelta(place)
    return UUID(int=ODD_KEY + place) if isinstance(arg, UUID) else ODD_ID - place


def _stand_in(place, arg):
    return [_odd(place, arg)] if isinstance(_plain(arg), list) else _odd(place, arg)


def _is_odd(value):
    if isinstance(value, UUID):
        return value.int < ODD_KEY + KEPT
    if isinstance(value, date):
        return value.year < 1000  # whatever is reckoned from it is none of a row, either
    return isinstance(value, int) and ODD_ID - KEPT < value <= ODD_ID


# --- Plans that the database keeps ---------------------------------------------------------------
# By the driver's connection: the names that it knows.
_kept = WeakKeyDictionary()
TYPES = ((bool, "boolean"), (datetime, "timestamptz"), (date, "date"), (UUID, "uuid"))


def fetched(made, real):
    """All rows of SQL and parameters that were made once, for these values; of None, no rows."""
    if made is None:
        return []
    sql, params = made
    with connection.cursor() as cursor:
        cursor.execute(sql, put(params, real))
        return cursor.fetchall()


def has_room():
    """Whether the connection keeps so few plans that one more, asked by chance, may be kept."""
    connection.ensure_connection()
    return len(_kept.get(connection.connection, ())) < ROOM


def fetch_planned(sql, params):
    """All rows of a long statement, whose plan this connection makes once and for any parameters.

    For statements that look up the same few rows by the same indexes whoever asks. A list holds
    keys of rows, or texts.
    """
    types = [_type_of(value) for value in params]
    name = _name_of(sql, types)
    with connection.cursor() as cursor:
        kept = _keep(name, lambda: _numbered(sql), types)
        cursor.execute(f"EXECUTE {kept}{_places(len(params))}", params)
        return cursor.fetchall()


def _name_of(sql, types):
    return f"kept_{sha256(repr((sql, types)).encode()).hexdigest()[:24]}"


def _places(number):
    return f" ({', '.join(['%s'] * number)})" if number else ""


def _numbered(sql):
    places = itertools.count(1)
    return re.sub("%[s%]", lambda it: _placed(it[0], places), sql)


def _keep(name, text, types):
    """The name under which the connection knows the statement: another one behind a liaison's wall,
    where tables of the same names are views whose columns may be of other types.

    Past the wrappers of Django's cursor: one that adds values would read `%` as a place.
    """
    name = f"{name}_inside" if wall.stands() else name
    known = _kept.setdefault(connection.connection, set())
    if name in known:
        return name
    given = f" ({', '.join(types)})" if types else ""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if not known:
            cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE {name}{given} AS {text()}")
    known.add(name)
    return name


def _placed(found, places):
    return "%" if found == "%%" else f"${next(places)}"


def _type_of(value):
    if value is None:
        return "unknown"
    if isinstance(value, int) and not isinstance(value, bool):
        return "integer" if abs(value) < 2**31 else "bigint"
    if isinstance(value, list):
        kinds = frozenset(map(type, value))
        return {frozenset({int}): "bigint[]", frozenset({str}): "text[]"}.get(kinds, "unknown")
    return next((name for kind, name in TYPES if isinstance(value, kind)), "text")


def written_out(sql, params, is_kept):
    """SQL and parameters in which those that are not kept are a part of the text: so that an index
    over some of a table's rows serves whatever plan is made of it. Of a list any value decides."""
    values, kept = iter(params), []

    def written(found):
        if found[0] == "%%":
            return "%%"
        value = next(values)
        if any(map(is_kept, value if isinstance(value, list) else [value])):
            kept.append(value)
            return "%s"
        return connection.ops.compose_sql("%s", [value]).replace("%", "%%")

    return re.sub("%[s%]", written, sql), kept


def put(params, places):
    """Parameters in which the stand-ins (keys of `places`) are replaced by the real values."""
    return [_real(value, places) for value in params]


def _real(value, places):
    if isinstance(value, list):
        alone = places.get(value[0]) if len(value) == 1 else None
        return alone if isinstance(alone, list) else [places.get(one, one) for one in value]
    if isinstance(value, str):
        return words.put_in(value, places)
    return places.get(value, value) if isinstance(value, int | date | UUID) else value
