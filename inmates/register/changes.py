"""What an update changes for a person, as the preview shows it: field, old, new, in words."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from inmates.register.fields import LABELS
from inmates.register.rows import INMATE_DATES, SENTENCE_DATES
from inmates.states import RegisterClass, Sex

DATES = INMATE_DATES | SENTENCE_DATES | {"admitted"}
CHOICES = {"register_class": RegisterClass, "sex": Sex}
NOTHING = "—"


def in_words(change):
    """(label, old, new) of a stored change; a NIK is never told, only that it changed."""
    field = change["field"]
    label = str(LABELS.get(field, field))
    if "old" not in change:
        return label, "", _("berubah")
    return label, _shown(field, change["old"]), _shown(field, change["new"])


def sentence_of(change):
    label, old, new = in_words(change)
    return f"{label}: {old} → {new}" if old else f"{label}: {new}"


def _shown(field, value):
    if value in ("", None):
        return NOTHING
    if field in DATES:
        return formats.date_format(date.fromisoformat(value), "j F Y")
    if field in CHOICES and value in CHOICES[field].values:
        return str(CHOICES[field](value).label)
    return str(value)
