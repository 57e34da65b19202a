"""What can be told to people: one entry a kind, with its sentence.

Each app registers its own kinds in `reminders.py` (deadlines) or `kinds.py` (events). A sentence
is a lazy translation with named places that `Notice.data` fills; data holds titles, codes and
dates, never a person's name, because sentences also travel by mail.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """`code` is stored; `label` names the kind; `sentence` is shown; `urgent` mails at once.

    `deadline` marks the kinds of deadline sources, whose `due` counts down; the others are events.
    """

    code: str
    label: str
    sentence: str
    urgent: bool = False
    deadline: bool = False


_kinds = {}


def register(*kinds):
    for kind in kinds:
        _kinds[kind.code] = kind
    return kinds


def get(code):
    """The registered kind, or a neutral one for a code that no app knows any more."""
    return _kinds.get(code) or Kind(code, code, _("Pemberitahuan"))


def choices():
    return [(kind.code, kind.label) for kind in sorted(_kinds.values(), key=lambda k: k.code)]


class _Places(dict):
    def __missing__(self, key):
        return "—"


def sentence_of(notice):
    """The notice in words, in the active language. Dates of `data` are written out."""
    places = _Places({"due": _written(notice.due)})
    for name, value in notice.data.items():
        places[name] = _written(value)
    return str(get(notice.kind).sentence) % places


def _written(value):
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    return formats.date_format(value) if isinstance(value, date) else value


def days_left(notice, today=None):
    """Days from today to the deadline; negative when it has passed."""
    return (notice.due - (today or timezone.localdate())).days
