"""Badges: a state in its words and colour. The colour never carries the meaning alone."""

from functools import lru_cache, partialmethod
from inspect import getattr_static

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.hashable import make_hashable
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.markup import escaped

# Colours of a state by its stored code; a code that is not here is shown in grey.
TONES = {
    "good": {
        "accepted", "applied", "approved", "completed", "confirmed", "held", "issued", "enrolled",
        "sent", "signed", "in_force", "active", "seated",
    },
    "wait": {
        "negotiating", "open", "prepared", "proposed", "queued", "ready", "review", "uploaded",
        "deferred", "postponed", "unclear", "suspended", "expiring", "taken", "submitted",
        "report_due",
    },
    "info": {
        "running", "reading", "applying", "countered", "finished", "numbered", "received",
        "forwarded", "interview",
    },
    "bad": {
        "declined", "expired", "failed", "rejected", "terminated", "cancelled", "returned", "void",
        "dropped", "lapsed", "not_completed", "ended", "revoked", "report_late",
    },
}  # fmt: skip
_TONE_OF = {state: tone for tone, states in TONES.items() for state in states}
DISPLAY = "_get_FIELD_display"  # of Django, and of `accounts.models.base`
SOON_DAYS = 14


def tone_of(state):
    """The badge colour of a stored state: good, wait, info, bad or quiet."""
    return _TONE_OF.get(state, "quiet")


def badge(text, tone="quiet"):
    """A badge with a text of your own; `tone` is good, wait, info, bad or quiet."""
    return mark_safe(f'<span class="tag tag-{escaped(tone or "quiet")}">{escaped(text)}</span>')


def state_badge(obj, field="state"):
    """A badge of the object's state, in the words of its choices."""
    value, labels = getattr(obj, field), _labels(type(obj), field)
    if labels is None:
        return badge(getattr(obj, f"get_{field}_display")(), tone_of(value))
    return _state_badge(type(obj), field, value, get_language())


@lru_cache(maxsize=2_000)
def _state_badge(kind, field, value, language):
    return badge(_labels(kind, field).get(value, value), tone_of(value))


@lru_cache(maxsize=500)
def _labels(kind, name):
    """The words of a model's choices, found once; None for what is worded in another way."""
    try:
        field = kind._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return None
    return labels_of(kind, field)


def labels_of(kind, field):
    """`{value: words}` of a field's choices, None where the model words them otherwise."""
    if not field.choices:
        return None
    display = getattr_static(kind, f"get_{field.name}_display", None)
    if not isinstance(display, partialmethod) or display.func.__name__ != DISPLAY:
        return None
    return dict(make_hashable(field.flatchoices))


def days_left(day):
    """How far away a deadline is: red when past, amber within two weeks, else grey."""
    if day is None:
        return badge(_("tanpa batas waktu"))
    return _days_left((day - timezone.localdate()).days, get_language())


@lru_cache(maxsize=2_000)
def _days_left(days, language):
    if days < 0:
        return badge(_("lewat %(days)d hari") % {"days": -days}, "bad")
    tone = "wait" if days <= SOON_DAYS else "quiet"
    if days == 0:
        return badge(_("hari ini"), tone)
    if days == 1:
        return badge(_("besok"), tone)
    return badge(_("%(days)d hari lagi") % {"days": days}, tone)
