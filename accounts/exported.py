"""The lines of an export, read in chunks and made column by column.

Each cell is what django-tables2's `as_values` gives, made harmless. Where all columns show stored
values, the rows are read as tuples of just those values and no model objects are made; so a column
that asks for `value` alone is cheaper than one that asks for `record`, unless that says what it is
`columns.made_of`. What a column makes of its values is kept for the length of an export: of equal
ones it has to make the same.
"""

from itertools import islice
from types import SimpleNamespace

from django.core.exceptions import FieldDoesNotExist
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.query import ModelIterable
from django.db.models.query_utils import DeferredAttribute
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django_tables2.data import TableQuerysetData
from django_tables2.rows import BoundRow

from accounts import wall
from accounts.badges import labels_of
from accounts.cells import Cell
from accounts.spreadsheets import harmless, harmless_texts

CHUNK = 2_000
KEPT_MOST = 10_000  # values of a column
# Equal values of these are written alike (1.0 and 1.00 are not).
KEPT = (
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.IntegerField,
    models.TextField,
    models.UUIDField,
)
ASKED_OF_A_VALUE = {"value", "column", "bound_column", "table"}


def chunks_of(table):
    """The table's lines in lists, the headers first; the database gives them as they are taken."""
    columns = [
        column for column in table.columns.iterall() if not column.column.exclude_from_export
    ]
    yield [[harmless(_header(column)) for column in columns]]
    cells = [Cell(table, column) for column in columns]
    yield from _by_values(table, cells) or _by_records(table, cells)


def _header(column):
    """The column's own words, else its name: files are read by programs of others, too."""
    own = column.column.header
    if own is None:
        own = capfirst(column.name.replace("_", " "))
    return force_str(own, strings_only=True)


def _by_records(table, cells):
    rows = table.data.data
    if hasattr(rows, "iterator"):
        rows = rows.iterator(chunk_size=CHUNK)
    for records in _in_chunks(rows):
        bound = [BoundRow(record, table) for record in records]
        yield [[harmless(cell.value(row)) for cell in cells] for row in bound]


def _by_values(table, cells):
    """As `_by_records`, from tuples; None where that does not give the same."""
    if not isinstance(table.data, TableQuerysetData) or table.data.data._result_cache is not None:
        return None
    rows = table.data.data
    query = rows.query
    counts_together = query.distinct or query.combinator or query.group_by is not None
    if rows._iterable_class is not ModelIterable or counts_together:
        return None
    stored = [_stored(query, cell) for cell in cells]
    if not all(stored) or not _joins_all(query, _paths(stored)):
        return None
    return _lines(rows, stored)


def _lines(rows, stored):
    paths = _paths(stored)
    ways = [([paths.index(path) for path in each.paths], each.texts()) for each in stored]
    values = rows.prefetch_related(None).values_list(*paths).iterator(chunk_size=CHUNK)
    for some in _in_chunks(values):
        columns = list(zip(*some, strict=True))
        cells = [texts(*[columns[place] for place in places]) for places, texts in ways]
        yield list(zip(*cells, strict=True))


def _paths(stored):
    return list(dict.fromkeys(path for each in stored for path in each.paths))


def _in_chunks(rows):
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        yield some


def _joins_all(query, paths):
    """Whether tuples of these paths are of the same rows as the query's model objects.

    A key leads to a row, so that nothing is lost by not joining it; behind the wall it may not.
    """
    related = query.select_related
    if related is True or not wall.stands():
        return related is not True
    return all(
        any(path.startswith(f"{way}{models.constants.LOOKUP_SEP}") for path in paths)
        for way in _ways(related or {})
    )


def _ways(related, before=""):
    for name, further in related.items():
        way = f"{before}{name}"
        yield way
        yield from _ways(further, f"{way}__")


def _stored(query, cell):
    """How a column's cells come from stored values, None where they need more."""
    made_of = getattr(cell.export, "made_of", ())
    may_ask = ASKED_OF_A_VALUE | {"record"} if made_of else ASKED_OF_A_VALUE
    if cell.export_asks is None or not may_ask.issuperset(cell.export_asks):
        return None
    own = _own(query, cell)
    return _Made(own, query.model, made_of) if own and made_of else own


def _own(query, cell):
    *way, last = [*cell.names, cell.name]
    if named := getattr(cell.column, "named_by", ""):
        way, last = [*way, last], named
    model = query.model
    for name in way:
        field = _field(model, name)
        if field is None or not (field.many_to_one or field.one_to_one) or not field.concrete:
            return None
        model = field.related_model
    if not way and last in query.annotation_select:
        return _Stored(cell, last, query.annotation_select[last].output_field)
    said = last.removeprefix("get_").removesuffix("_display")
    field = _field(model, said)
    if field is None or field.is_relation or field.descriptor_class is not DeferredAttribute:
        return None
    labels = labels_of(model, field)
    if last != field.name and (last != f"get_{field.name}_display" or not labels):
        return None
    if field.choices and not labels:
        return None
    return _Stored(cell, "__".join([*way, field.name]), field, labels)


def _field(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


class _Stored:
    """A column whose cells are made of the value at a path of `values_list`, its only one."""

    def __init__(self, cell, path, field, labels=None):
        self.cell, self.paths, self.field, self.labels = cell, [path], field, labels

    def texts(self):
        """A function from the column's values of many rows to its cells."""
        is_text = isinstance(self.field, models.CharField | models.TextField)
        if is_text and not self.labels and self.cell.is_bare:
            return harmless_texts
        if isinstance(self.field, KEPT):
            kept = _Kept(self._cell)
            return lambda values: list(map(kept.__getitem__, values))
        return lambda values: list(map(self._cell, values))

    def _cell(self, value):
        return harmless(self.cell.exported(None, self.worded(value)))

    def worded(self, value):
        if not self.labels:
            return value
        return force_str(self.labels.get(value, value), strings_only=True)


class _Made:
    """A column whose cells are made of its own value and of a record that has a few more."""

    def __init__(self, own, model, names):
        fields = [field for field in model._meta.concrete_fields if field.name in names]
        self.own, self.model, self.names = own, model, [field.attname for field in fields]
        self.paths = [*own.paths, *self.names]

    def texts(self):
        kept = _Kept(self._cell)
        return lambda *columns: list(map(kept.__getitem__, zip(*columns, strict=True)))

    def _cell(self, values):
        value, *others = values
        row = SimpleNamespace(record=self.model.from_db(DEFAULT_DB_ALIAS, self.names, others))
        return harmless(self.own.cell.exported(row, self.own.worded(value)))


class _Kept(dict):
    """What a function made of each value, as long as there are not too many of them."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, value):
        if len(self) >= KEPT_MOST:
            self.clear()
        self[value] = made = self.make(value)
        return made
