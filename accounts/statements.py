"""What is asked: a queryset with its SQL, or SQL of one's own around querysets."""

from copy import copy

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils.functional import cached_property


class Read:
    """A queryset with the SQL of it, None where Django knows without asking: no rows."""

    def __init__(self, queryset):
        self._queryset, self._compiler = queryset, queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.about = queryset.model._meta.label_lower
        self.is_locking = queryset.query.select_for_update
        try:
            self.made = self._compiler.as_sql()
        except EmptyResultSet:
            self.made = None

    @property
    def width(self):
        return self._compiler.col_count

    def objects(self, rows):
        """Django reads the rows: only its compiler is told not to make the SQL again."""
        if not rows:
            return []
        compiler = copy(self._compiler)
        compiler.connection = connection  # of this thread
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        compiler.get_converters = lambda expressions: self._converters
        queryset = self._queryset.all()
        queryset.query.get_compiler = lambda *args, **kwargs: compiler
        return list(queryset)

    @cached_property
    def _converters(self):
        selected = self._compiler.select[: self._compiler.col_count]
        return self._compiler.get_converters([expression for expression, *_sql in selected])


class Written:
    """SQL of one's own in the place of a queryset, with so many columns: its rows are tuples.

    `made` are SQL and parameters, None where Django knows without asking: no rows. `about` is what
    a log of slow statements says of it.
    """

    is_locking = False

    def __init__(self, made, *, width, about):
        self.made, self.width, self.about = made, width, about

    def fetched(self):
        """Its rows, for whoever asks once."""
        if self.made is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*self.made)
            return cursor.fetchall()

    def objects(self, rows):
        return list(rows)


def read_of(asked):
    """`Read` of a queryset; SQL of one's own as it is."""
    return asked if isinstance(asked, Written) else Read(asked)
