"""The history of one object in words, from the rows that the database triggers wrote."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from operator import attrgetter

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import privacy
from accounts.models import User
from accounts.prepared import Shapes

# Ids, search copies, and what the timeline says anyway: when (and who, see `_is_untold`).
UNTOLD = {
    "id",
    "public_id",
    "created_at",
    "state_at",
    "handled_at",
    "search_name",
    "entered_afterwards",
    "claimed_until",
    "counter_year",
    "user_kind",
}


@dataclass
class Change:
    label: str
    old: str = ""
    new: str = ""
    hidden: bool = False


@dataclass
class Entry:
    at: datetime
    who: str
    what: str
    changes: list = field(default_factory=list)
    why: str = ""
    about: str = ""
    row: int = 0  # id of the row that changed
    request: str = ""  # the id that the log lines of the same request carry


def timeline(obj, reader, events=None):
    """Entries of the object's history, newest first; `events` are its `events_of` if known.

    One query, and one more per model that a changed reference points to; such a reference is
    named only if `reader` may see it. Fields with the privacy word *mask* or *drop* only say that
    they changed.
    """
    model = type(obj)
    if events is None:
        events = _EVENTS.rows(partial(events_of, model), [obj.pk], key=[model])
    return timeline_of(model, events, reader)


def events_of(model, pk):
    """The history rows of one object of a model."""
    return model.events.rel.related_model.objects.filter(pgh_obj=pk)


_EVENTS = Shapes()


def timeline_of(model, events, reader):
    """Entries of several objects of one model together, from their history rows.

    An act may say why it was done, and which fields the history does not hold at all: it wraps
    its writing in `pghistory.context(reason=..., fields=[...])`.
    """
    moves, last = [], {}
    for event in sorted(events, key=attrgetter("pgh_id")):
        old = last.get(event.pgh_obj_id)
        moves.append((old, event, _changed_fields(old, event)))
        last[event.pgh_obj_id] = event
    names = _names_of_references(moves, reader)
    entries = [
        Entry(
            at=event.pgh_created_at,
            who=_said(event, "name"),
            what=_headline(event, fields),
            changes=[_change(model, old, event, f, names) for f in fields]
            + _changes_not_kept(model, event),
            why=_said(event, "reason"),
            row=event.pgh_obj_id,
            request=_said(event, "request"),
        )
        for old, event, fields in moves
        if fields or event.pgh_label != "update" or _said(event, "fields")
    ]
    return entries[::-1]


def _said(event, name):
    return (event.pgh_context or {}).get(name, "")


def _changes_not_kept(model, event):
    kept = {column.name for column in event._meta.concrete_fields}
    said = set(_said(event, "fields") or ()) - kept  # of all rows of one transaction
    return [
        Change(label=_label(field), hidden=True)
        for field in model._meta.concrete_fields
        if field.name in said and not _is_untold(field)
    ]


def _tracked_fields(event):
    for column in event._meta.concrete_fields:
        if not column.name.startswith("pgh_") and not _is_untold(column):
            yield column


def _is_untold(column):
    is_person = column.is_relation and column.related_model is User
    return column.name in UNTOLD or (is_person and column.name.endswith("_by"))


def _changed_fields(old, new):
    if old is None or new.pgh_label != "update":
        return []
    return [
        column
        for column in _tracked_fields(new)
        if getattr(old, column.attname) != getattr(new, column.attname)
    ]


def _headline(event, fields):
    if event.pgh_label == "insert":
        return _("Dicatat")
    if event.pgh_label == "delete":
        return _("Dihapus")
    if any(column.name == "state" for column in fields):
        return event.get_state_display()
    return _("Diubah")


def _change(model, old, new, column, names):
    try:
        label = _label(model._meta.get_field(column.name))
    except FieldDoesNotExist:
        label = _label(column)
    if privacy.is_hidden(model, column.name) or isinstance(
        column, models.FileField | models.JSONField
    ):
        return Change(label=label, hidden=True)
    was, now = (_in_words(event, column, names) for event in (old, new))
    return Change(label=label, old=was, new=now, hidden=was == now)


def _label(field):
    """The field's name; of a reference that was given none, what it points to."""
    is_unnamed = field.verbose_name == field.name.replace("_", " ")
    named = field.related_model._meta if field.is_relation and is_unnamed else field
    return str(named.verbose_name)


def _in_words(event, column, names):
    value = getattr(event, column.attname)
    if value is None or value == "":
        return ""
    if column.is_relation:
        return names.get((column.related_model, value), _("(tidak ditampilkan)"))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value)
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return f"{formats.date_format(value.lower)} – {formats.date_format(value.upper)}"
    return str(value)


def _names_of_references(moves, reader):
    wanted = {}
    for old, new, fields in moves:
        for column in fields:
            if column.is_relation:
                values = {getattr(event, column.attname) for event in (old, new)}
                wanted.setdefault(column.related_model, set()).update(values - {None})
    names = {}
    for model, keys in wanted.items():
        rows = model._default_manager.filter(pk__in=keys)
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(reader)
        names |= {(model, row.pk): str(row) for row in rows}
    return names
