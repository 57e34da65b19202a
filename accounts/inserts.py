"""Rows written with less ado than `bulk_create` and `save`.

Django prepares anew for each value what is the same for a whole column, and for each row what the
database fills in by itself: for a few hundred rows that takes longer than the statement. To save a
row it makes a queryset, which takes longer than a short statement as well.
"""

from datetime import date
from functools import cache
from itertools import chain
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault

DEFAULT = object()
TEXT, NUMBER = {str, type(None)}, {int, type(None)}
# Values that a column of a class stores as they are.
STORED_AS_THEY_ARE = {
    models.CharField: TEXT,
    models.TextField: TEXT,
    models.DateField: {date, type(None)},
    models.BooleanField: {bool, type(None)},
} | dict.fromkeys(
    (
        *(models.SmallIntegerField, models.IntegerField, models.BigIntegerField),
        *(models.PositiveSmallIntegerField, models.PositiveIntegerField, models.BigAutoField),
    ),
    NUMBER,
)


def unsaved(model, **values):
    """An unsaved row, as `model(**values)` makes one, in a third of the time."""
    row = model.__new__(model)
    fixed, made = _defaults(model)
    row.__dict__.update(fixed, _state=ModelState())
    for name, make in made:
        row.__dict__[name] = make()
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _defaults(model):
    """What each column holds of a new row by itself: values, and what makes one for each row."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    made = [field for field in fields if field.has_default() and callable(field.default)]
    fixed = {field.attname: field.get_default() for field in fields if field not in made}
    return fixed, [(field.attname, field.default) for field in made]


def insert(rows, told=()):
    """Insert unsaved rows of one model in one statement. Each gets its key, and of what else the
    database fills in the fields named in `told`. Values are not validated, as in `bulk_create`; no
    signals are sent."""
    if not rows:
        return
    meta, database = rows[0]._meta, connections[DEFAULT_DB_ALIAS]
    fields = [field for field in meta.concrete_fields if not (field.primary_key or field.generated)]
    stored = {field: _values(field, rows, database) for field in fields}
    given = {
        field: values
        for field, values in stored.items()
        if any(value is not DEFAULT for value in values)
    }
    lines = list(zip(*given.values(), strict=True))
    columns = ", ".join(f'"{field.column}"' for field in given)
    params = [value for value in chain.from_iterable(lines) if value is not DEFAULT]
    returned = ", ".join(f'"{meta.get_field(name).column}"' for name in (meta.pk.name, *told))
    with database.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({columns})'
            f" VALUES {_marks(given, lines, database)}"
            f" RETURNING {returned}",
            params,
        )
        written = cursor.fetchall()
    for row, (key, *filled_in) in zip(rows, written, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, database.alias
        row.__dict__.update(zip(told, filled_in, strict=True))


def update(row, *names):
    """Write these fields of a row that is known to be there, as `save(update_fields=names)` does.

    No signals are sent; fields hold values, no expressions."""
    meta, database = row._meta, connections[DEFAULT_DB_ALIAS]
    fields = [meta.get_field(name) for name in names]
    values = [value for field in fields for value in _values(field, [row], database, add=False)]
    columns = ", ".join(f'"{field.column}" = {_place(field, database)}' for field in fields)
    with database.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" SET {columns} WHERE "{meta.pk.column}" = %s',
            [*values, row.pk],
        )
        if not cursor.rowcount:
            raise type(row).DoesNotExist


def _values(field, rows, database, *, add=True):
    """What the rows store in a column, `DEFAULT` for what the database fills in."""
    if type(field).pre_save is models.Field.pre_save:
        values = map(attrgetter(field.attname), rows)
    else:
        values = (field.pre_save(row, add=add) for row in rows)
    stored = field.target_field if field.is_relation else field
    as_they_are = STORED_AS_THEY_ARE.get(type(stored), ())
    return [
        value
        if type(value) in as_they_are
        else DEFAULT
        if isinstance(value, DatabaseDefault)
        else field.get_db_prep_save(value, database)
        for value in values
    ]


def _marks(given, lines, database):
    """A place for each value of each row, as the statement has it."""
    places = [_place(field, database) for field in given]
    whole = f"({', '.join(places)})"
    if not any(DEFAULT in values for values in given.values()):
        return ", ".join([whole] * len(lines))
    return ", ".join(_mark(places, line) if DEFAULT in line else whole for line in lines)


def _mark(places, line):
    marks = zip(places, line, strict=True)
    return f"({', '.join('DEFAULT' if value is DEFAULT else place for place, value in marks)})"


def _place(field, database):
    placed = getattr(field, "get_placeholder", None)
    return placed(None, None, database) if placed else "%s"
