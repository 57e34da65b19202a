"""The rows of a table as HTML, and its cells as values, written without the template engine.

django-tables2 asks for each cell anew how its column is read, rendered, linked and dressed; here
that is found out once for a column. What a cell shows is the same: whatever is out of the
ordinary goes the library's own way.
"""

import inspect
from functools import lru_cache
from operator import attrgetter

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.template import Context
from django.template.engine import Engine
from django.utils.encoding import force_str
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.timezone import template_localtime
from django_tables2 import Column, TemplateColumn

from accounts.badges import labels_of
from accounts.markup import escaped, link


def body_of(table):
    """The `<tr>` of all rows of the present page, as HTML."""
    cells = [Cell(table, column) for column in table.columns]
    lines = []
    for row in table.paginated_rows:
        start = f"<tr {row.attrs.as_html()}>" if table.row_attrs else "<tr>"
        lines.append(start + "".join([cell.html(row) for cell in cells]) + "</tr>")
    return mark_safe("\n".join(lines))


class Cell:
    """How the cells of one column come about."""

    def __init__(self, table, bound):
        self.table, self.bound, self.column = table, bound, bound.column
        self.names, self.name = bound.accessor.bits[:-1], bound.accessor.bits[-1]
        self.displays = {}
        self.dressed = self._is_dressed_by_row()
        self.start = "" if self.dressed else self._start()
        self.render, self.rendering_asks = bound.render, _asked_by(bound.render)
        self.shows_value = getattr(bound.render, "__func__", None) is Column.render
        self.empty, self.link = self.column.empty_values, bound.link
        self.empty_is_false = not any(self.empty)
        plain = getattr(bound.value, "__func__", None) is Column.value
        self.export = self.column.render if plain else bound.value
        self.export_asks = _asked_by(self.export)
        self.is_bare = getattr(self.export, "__func__", None) is Column.render
        self.linked, self.link_asks = _linked_by(bound.link, bound.name)
        self.template = None
        if isinstance(self.column, TemplateColumn) and bound.render == self.column.render:
            self.template = _template(self.column.template_name, self.column.template_code)

    def html(self, row):
        content = self._content(row)
        if self.dressed:
            self.bound.current_value, self.bound.current_record = content, row.record
        start = self._start() if self.dressed else self.start
        return f"{start}{_text(content, self.column.localize)}</td>"

    def value(self, row):
        """What an export holds of the row."""
        try:
            value = self._read(row.record)
        except Exception:
            return force_str(row.get_cell_value(self.bound.name), strings_only=True)
        return self.exported(row, value)

    def exported(self, row, value):
        """What an export holds of a value; the row may be None where `export_asks` for none."""
        if value in self.column.empty_values:
            return None
        exported = self.export(**self._given(self.export_asks, row, value))
        return force_str(exported, strings_only=True)

    def _content(self, row):
        try:
            value = self._read(row.record)
        except Exception:
            return row.get_cell(self.bound.name)
        if (not value or not self.empty_is_false) and value in self.empty:
            return self.bound.default
        if self.shows_value:
            content = value
        else:
            content = self._filled(row, value) if self.template else self._rendered(row, value)
        if not self.link:
            return content
        address = self._address(row, value)
        if address is None:
            return self.link(content, **self._given(None, row, value))
        return link(address, content)

    def _address(self, row, value):
        """Where the cell is linked to, None where the link is out of the ordinary."""
        if self.link_asks is not None:
            return self.link.url(**self._given(self.link_asks, row, value))
        return self.linked and self.linked(row.record)

    def _read(self, record):
        """The value of the record, in the words of its choices; raises what is out of the ordinary,
        so that the library itself looks."""
        for name in self.names:
            record = getattr(record, name)
        kind = type(record)
        if kind not in self.displays:
            self.displays[kind] = _way_to(kind, self.name)
        value = self.displays[kind](record)
        if callable(value):
            raise TypeError(value)
        return value

    def _rendered(self, row, value):
        return self.render(**self._given(self.rendering_asks, row, value))

    def _filled(self, row, value):
        context = getattr(self.table, "context", None) or Context()
        given = self._given(None, row, value)
        with context.push(**self.column.get_context_data(**given)):
            return self.template.render(context)

    def _given(self, asked, row, value):
        if asked == ("value",):
            return {"value": value}
        given = {
            "value": value,
            "record": row and row.record,
            "column": self.column,
            "bound_column": self.bound,
            "bound_row": row,
            "table": self.table,
        }
        return given if asked is None else {name: given[name] for name in asked}

    def _is_dressed_by_row(self):
        attrs = self.column.attrs
        return any(
            callable(value) for value in (attrs.get("td") or attrs.get("cell") or {}).values()
        )

    def _start(self):
        header = self.bound.header
        label = f' data-label="{escaped(header)}"' if header else ""
        return f"<td {self.bound.attrs['td'].as_html()}{label}>"


def _way_to(kind, name):
    """How rows of a class give a value: by the words of its choices, or as an attribute."""
    if issubclass(kind, Model):
        try:
            field = kind._meta.get_field(name)
        except FieldDoesNotExist:
            field = None
        display = getattr(kind, f"get_{name}_display", None)
        if display and getattr(field, "choices", ()):
            return _words(kind, field) or display
    return attrgetter(name)


def _words(kind, field):
    """`get_..._display` with the choices looked up once, or None."""
    labels, read = labels_of(kind, field), attrgetter(field.attname)
    if labels is None:
        return None

    def words(record):
        value = read(record)
        return force_str(labels.get(value, value), strings_only=True)

    return words


def _linked_by(link, name):
    """What gives the address of a column's link for a record, or the arguments that the link's own
    function takes; neither where the link is out of the ordinary."""
    if not link or link.attrs or link.reverse_args:
        return None, None
    if link.url:
        return None, _asked_by(link.url)
    accessor = name if link.accessor is None else link.accessor
    read = attrgetter(accessor.replace("__", "."))

    def address(record):
        try:
            linked = read(record)
        except AttributeError:
            return None
        if not hasattr(linked, "get_absolute_url"):
            linked = record
        return None if callable(linked) else linked.get_absolute_url()

    return address, None


@lru_cache(maxsize=1_000)
def _asks(function):
    parameters = inspect.signature(function).parameters.values()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return None
    return tuple(each.name for each in parameters if each.name != "self")


def _asked_by(function):
    """Names of the arguments it takes; None: all of them."""
    return _asks(getattr(function, "__func__", function))


@lru_cache(maxsize=200)
def _template(name, code):
    engine = Engine.get_default()
    return engine.from_string(code) if code else engine.get_template(name)


def _text(value, localized):
    """As a template shows a value."""
    if isinstance(value, str):
        return escaped(value)
    if localized is not False:
        value = localize(template_localtime(value), use_l10n=localized)
    return escaped(value if isinstance(value, Promise) else str(value))
