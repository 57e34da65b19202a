"""Expressions that the database works out once a row, however often a query uses them.

Django writes an annotation anew wherever it is filtered or ordered by, and PostgreSQL works out
each of these. Here it stands beside the row, behind a fence (`OFFSET 0`), and is used as a column.
The fence also keeps conditions on it away from the joins before it, which PostgreSQL would think
so dear that it reads whole tables instead of looking up a few rows.
"""

from copy import copy

from django.db.models import Exists, Q
from django.db.models.expressions import Col
from django.db.models.sql.constants import INNER

from accounts import shared

NAME = "once"


def worked_out_once(rows, **expressions):
    """The queryset with annotations that are worked out once a row.

    For expressions that are filtered or ordered by. Of what is only shown each row of a page is
    enough, and a number of rows does without.
    """
    return _joined(rows, expressions, NAME, shared.table_of(rows, expressions))


def worked_out_for_few(rows, **expressions):
    """The same of what is asked of few rows alone, whichever table the others share: each
    expression is a `Case` of what these few are known by, which is worked out before it."""
    return _joined(rows, expressions, "_".join(expressions))


def _joined(rows, expressions, name, table=None):
    """Each name stands once in a query: of a second one Django would not know how to quote it."""
    rows = rows.all()
    query = rows.query
    found = {name: each.resolve_expression(query) for name, each in expressions.items()}
    start = query.get_initial_alias()
    alias = query.join(shared.Joined(start, table) if table else _Beside(name, start, found))
    return rows.annotate(**{name: _column(alias, name, each) for name, each in found.items()})


def _column(alias, name, expression):
    field = copy(expression.output_field)
    field.column = name  # and no name: it is no field of a model
    return Col(alias, field)


class _Beside:
    """What Django's query takes for a join of one row to each of its own."""

    join_type, nullable, filtered_relation = INNER, False, None

    def __init__(self, table_name, parent_alias, expressions, table_alias=None):
        self.table_name, self.parent_alias, self.table_alias = table_name, parent_alias, table_alias
        self.expressions = expressions

    def __eq__(self, other):
        return isinstance(other, _Beside) and self._identity() == other._identity()

    def __hash__(self):
        return hash(self._identity())

    def _identity(self):
        return self.table_name, self.parent_alias, tuple(self.expressions.items())

    def relabeled_clone(self, change_map):
        expressions = {
            name: each.relabeled_clone(change_map) for name, each in self.expressions.items()
        }
        aliases = (change_map.get(each, each) for each in (self.parent_alias, self.table_alias))
        parent_alias, table_alias = aliases
        return _Beside(self.table_name, parent_alias, expressions, table_alias)

    def as_sql(self, compiler, connection):
        columns, params = [], []
        for name, each in self.expressions.items():
            sql, values = compiler.compile(each)
            columns.append(f"{sql} AS {connection.ops.quote_name(name)}")
            params += values
        alias = compiler.quote_name_unless_alias(self.table_alias)
        return f"CROSS JOIN LATERAL (SELECT {', '.join(columns)} OFFSET 0) {alias}", params


class LookedUp(Exists):
    """`Exists` that is looked up for each row that gets so far: how few these are PostgreSQL does
    not see, and reads all rows of the table beforehand instead."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def looked_up(condition):
    """The condition with each `Exists` in it looked up (`LookedUp`)."""
    if isinstance(condition, Exists):
        return LookedUp(condition.query)
    if isinstance(condition, Q):
        parts = map(looked_up, condition.children)
        return Q.create(list(parts), condition.connector, condition.negated)
    return condition
