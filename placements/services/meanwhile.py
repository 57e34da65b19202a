"""Two people edit the same row: fields that only one of them touched are both kept."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed


def seen_of(row, names):
    """What stands in the row, as plain data that a form carries along until it comes back."""
    return {name: plain(getattr(row, name)) for name in names}


def changes(row, facts, seen):
    """Of `facts`, those to be written: what differs from the row and from what was `seen`.

    Raises `NotAllowed` at each field that somebody else changed since `seen`, to something else
    than what is asked now. Without `seen` the facts simply win.
    """
    differing = {name: value for name, value in facts.items() if getattr(row, name) != value}
    if not seen:
        return differing
    touched = {name: value for name, value in differing.items() if plain(value) != seen.get(name)}
    clashing = [name for name in touched if plain(getattr(row, name)) != seen.get(name)]
    if clashing:
        raise NotAllowed({name: ValidationError(_sentence(row, name)) for name in clashing})
    return touched


def plain(value):
    if isinstance(value, Model):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _sentence(row, name):
    last = row.events.order_by("-pgh_id").first()
    return _(
        "Sementara itu diubah oleh %(who)s menjadi “%(now)s”. Simpan lagi bila isian Anda yang "
        "benar."
    ) % {
        "who": (last and (last.pgh_context or {}).get("name")) or _("orang lain"),
        "now": in_words(type(row), name, getattr(row, name)),
    }


def in_words(model, name, value):
    """A value of the model's field as a reader says it."""
    column = model._meta.get_field(name)
    if value in (None, "", []):
        return "—"
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, date):
        return formats.date_format(value)
    if isinstance(value, int):
        return formats.number_format(value, force_grouping=True)
    return ", ".join(value) if isinstance(value, list) else str(value)
