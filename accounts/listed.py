"""The rows of a list, whose SQL is made once for all readers with the same rights.

Django takes longer to make the SQL of a list than the database to answer it. What a list asks
depends on its view, on what is chosen in its filter and on the reader's rights: so it is made once
for a reader who stands in (`accounts.stand_ins`), and the real ids are put in, as is what somebody
typed (`accounts.words`). Of a reader of one prison or agency the database keeps the plan of the
first page, too; of many, and of what was typed, it makes one for each that is asked.
"""

import re
from collections import OrderedDict
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from threading import Lock
from types import SimpleNamespace

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from psycopg2.extras import Range

from accounts import stand_ins
from accounts.at_most_one import without_idle_joins
from accounts.beforehand import Courses
from accounts.prepared import ForStandIns, OneOf, fetched, has_room
from accounts.statements import Read, Written

FEW = 3  # ids of a reader: the own one, and of a prison or an agency
FEW_OF_A_KIND = bool, int, Decimal, date  # years, days: a list is made for each
PAGE = 25  # rows of a page, unless an address asks for another length
LENGTH, FAR = stand_ins.FURTHER, stand_ins.FURTHER - 1  # of a page, and where it begins
KEPT = 300  # lists with all that was chosen in them that a process remembers


class Later:
    """A queryset that is not built before something is asked of it; of its model only if that is
    not told."""

    def __init__(self, build, model=None):
        self._build, self._built = build, None
        if model:
            self.model = model

    def real(self):
        if self._built is None:
            self._built = self._build()
        return self._built

    def __getattr__(self, name):
        if name.startswith("__") or name in ("_build", "_built"):  # asked of an empty copy
            raise AttributeError(name)
        return getattr(self.real(), name)

    def __iter__(self):
        return iter(self.real())

    def __len__(self):
        return len(self.real())


class Rows(Later):
    """What a list shows its reader: as a queryset is counted, ordered and cut into pages, and
    whatever else it is asked the queryset itself answers.

    `build(request)` returns the queryset for the user of a request, and `shape` says, hashable,
    what it depends on besides the user's rights, the day and the language. For a request that
    stands in it may ask nothing but the user's rights, what `asked` holds of the query string,
    `typed` for what stands for the texts of a filter (`accounts.words.Stands` by their names), and
    no statement but through `accounts.beforehand`; a list that needs more, or depends on the hour,
    is built for each request. Of many tables, the database keeps the plan of their number, too, and
    finds a page before it reads what that shows; so it does of rows in the order of an index, but
    for the first page, where it reads no further than that.
    """

    def __init__(
        self,
        model,
        request,
        shape,
        build,
        *,
        asked=None,
        typed=None,
        order=(),
        of_many_tables=False,
        in_index_order=False,
    ):
        super().__init__(lambda: _ordered(build(request), order), model)
        self._request, self._of_request, self._order = request, build, order
        self._shape, self._asked, self._typed = shape, asked or {}, typed or {}
        self._ways = {"of_many_tables": of_many_tables, "in_index_order": in_index_order}
        self._found = False

    def order_by(self, *names):
        told = {"asked": self._asked, "typed": self._typed, "order": names, **self._ways}
        return Rows(self.model, self._request, self._shape, self._of_request, **told)

    def count(self):
        made, real = self._made_once()
        if made is None:
            return self.real().count()
        return made.count(real)

    def __getitem__(self, key):
        made, real = self._made_once()
        if made is None or not isinstance(key, slice) or key.step or None in (key.start, key.stop):
            return self.real()[key]
        return made.rows(real, key.start, key.stop)

    def told_by(self, build):
        """What the rows tell together: those of `build(queryset)`, a queryset or SQL of one's own
        (`accounts.statements.Written`) that depends on the day at most."""
        made, real = self._made_once()
        if made is None:
            return ForStandIns(build(self.real()), lambda value: False).objects({}, once=True)
        return made.told_by(build, real)

    @property
    def query(self):
        made, _real = self._made_once()
        return self.real().query if made is None else made.query

    def _made_once(self):
        if self._found is False:
            reader, real = stand_ins.of(self._request.user)
            rights = stand_ins.rights(reader)
            said = (self._shape, tuple(self._asked.items()), self._order)
            typed = tuple((name, stands.shape) for name, stands in self._typed.items())
            key = (timezone.localdate(), get_language(), rights, *said, typed)
            for stands in self._typed.values():
                real = real | stands.real
            self._found = self._kept(key, reader).made(real)
        return self._found

    def _kept(self, key, reader):
        with _changing:
            if key in _made:
                _made.move_to_end(key)
                return _made[key]
        made = Courses(partial(self._make, reader))
        with _changing:
            _made[key] = made
            while len(_made) > KEPT:
                _made.popitem(last=False)
        return made

    def _make(self, reader):
        try:
            with connection.execute_wrapper(_refuse):
                typed = {name: stands.value for name, stands in self._typed.items()}
                request = SimpleNamespace(user=reader, GET=_Query(self._asked), typed=typed)
                queryset = self._of_request(request)
            return _Made(_ordered(queryset, self._order), **self._ways)
        except (NotForAll, AttributeError):  # what a request that stands in has not
            return None


_made, _changing = OrderedDict(), Lock()


class NotForAll(Exception):
    """A list asks for something that not all readers with the same rights have in common."""


class _Query(dict):
    """Of a query string what is a part of the shape; asking for anything else is an error."""

    def get(self, name, default=None):
        if name not in self:
            raise NotForAll(name)
        return default if self[name] is None else self[name]


class _Made:
    """The statements of a queryset: how many rows, a page of them, and what they tell together."""

    def __init__(self, queryset, *, of_many_tables, in_index_order):
        if queryset.query.is_sliced:
            raise NotForAll
        self._queryset, self._read, self._counted = queryset, Read(queryset), _counting(queryset)
        self._of_many_tables, self._told = of_many_tables, {}
        self._is_found_first = of_many_tables or in_index_order
        self._first = None
        self.query = SimpleNamespace(order_by=queryset.query.order_by)
        for _sql, params in filter(None, (self._read.made, self._counted)):
            if any(map(_is_of_the_hour, params)):
                raise NotForAll

    def count(self, real):
        if self._counted is None:
            return 0
        if self._is_found_first:
            ((number,),) = self.told_by(_number, real)
            return number
        ((number,),) = fetched(self._counted, real)
        return number

    def rows(self, real, start, stop):
        """The rows of a page; `stop` is no further than their number, as a paginator has it."""
        if self._read.made is None or stop <= start:
            return []
        if not start and stop <= PAGE and _is_kept(real):
            if self._first is None:
                self._first = ForStandIns(self._first_page(), stand_ins.is_one)
            return self._first.objects(real)[:stop]
        if self._is_found_first and _is_kept(real):
            return self._further.objects(real | {LENGTH: stop - start, FAR: start})
        sql, params = self._read.made
        page = f"{sql} LIMIT {stop - start:d} OFFSET {start:d}", params
        return self._read.objects(fetched(page, real))

    def _first_page(self):
        if not self._of_many_tables:
            return self._queryset[:PAGE]
        return self._found_first(0)

    @cached_property
    def _further(self):
        return _Anywhere(self._found_first(-FAR))

    def _found_first(self, start):
        """A page whose rows are found before what it shows of them is read, by their keys."""
        found = without_idle_joins(self._queryset.values("pk"))[start : start + PAGE]
        return self._queryset.filter(OneOf(models.F("pk"), ArraySubquery(found)))

    def told_by(self, build, real):
        if build not in self._told:
            self._told[build] = ForStandIns(build(self._queryset), stand_ins.is_one)
        return self._told[build].objects(real, once=not _is_kept(real))


class _Anywhere(ForStandIns):
    """The rows of a queryset with a page that begins at `-FAR`: `real` says how long it is, and
    where it begins."""

    def __init__(self, queryset):
        super().__init__(queryset, stand_ins.is_one)
        sql, params = self._made
        before, after = sql.split(f"LIMIT {PAGE} OFFSET {-FAR}")
        place = re.findall("%[s%]", before).count("%s")
        params = *params[:place], LENGTH, FAR, *params[place:]
        self._made = f"{before}LIMIT %s OFFSET %s{after}", params


def _is_kept(real):
    """Whether a plan is kept: of a reader whose ids are their own, and those of one place. What
    somebody typed decides how it is best looked for."""
    return len(real) <= FEW and not any(isinstance(each, str) for each in real) and has_room()


def chosen_in(filterset):
    """What is chosen in a filter, hashable, and what stands for the text that somebody typed, by
    the field's name; None and nothing for what no filter says how to put in."""
    chosen, typed = [], {}
    for name, value in filterset.form.cleaned_data.items():
        field = filterset.form.fields[name]
        stands_for = getattr(filterset.filters.get(name), "stands_for", None)
        if value in field.empty_values:
            continue
        if isinstance(value, models.Model):
            chosen.append((name, value.pk))
        elif isinstance(field, forms.ChoiceField) and isinstance(value, str | list):
            chosen.append((name, value if isinstance(value, str) else tuple(value)))
        elif isinstance(value, FEW_OF_A_KIND):
            chosen.append((name, value))
        elif stands_for and not typed:
            typed[name] = stands_for(value)
        else:
            return None, {}
    return tuple(chosen), typed


def _is_of_the_hour(value):
    """Whether a parameter is a moment within a day, or a range of such: a day's begin at none."""
    if isinstance(value, Range):
        return _is_of_the_hour(value.lower) or _is_of_the_hour(value.upper)
    return isinstance(value, datetime) and bool(value.second or value.microsecond)


def _ordered(queryset, order):
    return queryset.order_by(*order) if order else queryset


def _refuse(execute, sql, params, many, context):
    raise NotForAll(sql)


def _counting(queryset):
    """SQL and parameters of the number of rows, None where Django knows without asking: none."""
    rows = queryset.order_by()
    if not (rows.query.distinct or rows.query.combinator):
        rows = rows.values("pk")
    try:
        sql, params = without_idle_joins(rows).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return None
    return f"SELECT COUNT(*) FROM ({sql}) AS counted", params


def _number(queryset):
    about = f"how many {queryset.model._meta.label_lower}"
    return Written(_counting(queryset), width=1, about=about)
