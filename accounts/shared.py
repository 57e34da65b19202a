"""What several querysets of one statement work out once a row (`accounts.once`), worked out once
for all of them: a table before the statement, which each joins."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from django.db.models.sql.constants import INNER

NAME = "once"
_standing = ContextVar("shared", default=None)


class Shared:
    """What several querysets of one statement work out once a row, worked out once for all of them.

    `narrow` gives, by model, a function that leaves those of its rows which any of the querysets
    is about. They are built inside `standing()`; `made(sql, params)` is their statement.
    """

    def __init__(self, narrow):
        self._narrow, self._tables = narrow, {}

    @contextmanager
    def standing(self):
        token = _standing.set(self)
        try:
            yield self
        finally:
            _standing.reset(token)

    def table_of(self, rows, expressions):
        if rows.model not in self._narrow:
            return None
        narrowed = self._narrow[rows.model](rows).order_by().annotate(**expressions)
        columns = (rows.model._meta.pk.column, *expressions)
        return self._named(narrowed.values_list("pk", *expressions), columns)

    def keys(self, values):
        """The keys that a queryset of one value gives, as an array: read once for all who ask."""
        name = self._named(values, ("key",))
        sql = f'ARRAY(SELECT "key" FROM "{name}")' if name else "ARRAY[]::bigint[]"
        return RawSQL(sql, [], output_field=ArrayField(BigIntegerField()))

    def _named(self, queryset, columns):
        try:
            sql, params = queryset.query.sql_with_params()
        except EmptyResultSet:
            return None
        asked = (sql, tuple(params), columns)
        return self._tables.setdefault(asked, f"{NAME}_{len(self._tables)}")

    def made(self, sql, params):
        if not self._tables:
            return sql, params
        quoted, before = connection.ops.quote_name, []
        for (each, values, columns), name in reversed(self._tables.items()):
            head = f"{quoted(name)} ({', '.join(map(quoted, columns))})"
            before.insert(0, f"{head} AS MATERIALIZED ({each})")
            params = (*values, *params)
        return f"WITH {', '.join(before)} {sql}", params


def table_of(rows, expressions):
    """The name of the table that holds the expressions of these rows while a `Shared` stands; None
    where they are worked out beside each row."""
    shared = _standing.get()
    return shared.table_of(rows, expressions) if shared else None


class Joined:
    """What Django's query takes for a join of each row to its own in a `Shared` table."""

    join_type, nullable, filtered_relation = INNER, False, None

    def __init__(self, parent_alias, table_name, table_alias=None):
        self.parent_alias, self.table_name, self.table_alias = parent_alias, table_name, table_alias

    def __eq__(self, other):
        return isinstance(other, Joined) and self._identity() == other._identity()

    def __hash__(self):
        return hash(self._identity())

    def _identity(self):
        return self.parent_alias, self.table_name

    def relabeled_clone(self, change_map):
        aliases = (change_map.get(each, each) for each in (self.parent_alias, self.table_alias))
        parent_alias, table_alias = aliases
        return Joined(parent_alias, self.table_name, table_alias)

    def as_sql(self, compiler, connection):
        parent, alias = map(compiler.quote_name_unless_alias, (self.parent_alias, self.table_alias))
        name = connection.ops.quote_name(self.table_name)
        key = connection.ops.quote_name(compiler.query.get_meta().pk.column)
        return f"INNER JOIN {name} {alias} ON ({alias}.{key} = {parent}.{key})", []
