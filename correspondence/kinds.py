"""What can be told to people: one entry a kind, with its sentence.

Each app registers its own kinds in `reminders.py` (deadlines) or `kinds.py` (events). A sentence
is a lazy translation with named places that `Notice.data` fills; data holds titles, codes and
dates, never a person's name, because sentences also travel by mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.days import day_in_words
from accounts.roles import ROLE_LABELS


@dataclass(frozen=True)
class Kind:
    """`code` is stored; `label` names the kind; `sentence` is shown; `urgent` mails at once.

    `deadline` marks the kinds of deadline sources, whose `due` counts down; the others are events.
    Of a `mandatory` kind, and of an urgent one, nobody may switch the mails off. `codes` names the
    places of the sentence whose values are codes, with their labels: data holds no words of the
    language of the moment.
    """

    code: str
    label: str
    sentence: str
    urgent: bool = False
    deadline: bool = False
    mandatory: bool = False
    codes: Mapping[str, type[TextChoices]] = field(default_factory=dict, hash=False)

    @property
    def may_be_silenced(self):
        """Whether a person may say that they want no mail of this kind."""
        return not self.urgent and not self.mandatory


_kinds = {}


def register(*kinds):
    for kind in kinds:
        _kinds[kind.code] = kind
    return kinds


def get(code):
    """The registered kind, or a neutral one for a code that no app knows any more."""
    return _kinds.get(code) or Kind(code, code, _("Pemberitahuan"))


def silenceable():
    """The kinds whose mails a person may switch off, by label."""
    return sorted(
        (kind for kind in _kinds.values() if kind.may_be_silenced), key=lambda kind: str(kind.label)
    )


def choices():
    return [(kind.code, kind.label) for kind in sorted(_kinds.values(), key=lambda k: k.code)]


class _Places(dict):
    def __missing__(self, key):
        return "—"


def sentence_of(notice):
    """The notice in words, in the active language. Dates of `data` are written out."""
    sentence = words_of(notice.kind, notice.due, notice.data)
    if notice.escalated_from:
        sentence = gettext("%(sentence)s (Diteruskan: %(post)s belum menandai.)") % {
            "sentence": sentence,
            "post": ROLE_LABELS.get(notice.escalated_from, notice.escalated_from),
        }
    return sentence


def words_of(kind, due, data):
    """The sentence of a kind with its places filled."""
    kind = get(kind)
    places = _Places({"due": _written(due)})
    for name, value in data.items():
        labels = dict(kind.codes[name].choices) if name in kind.codes else {}
        places[name] = _written(labels.get(value, value))
    return str(kind.sentence) % places


def _written(value):
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    return day_in_words(value) if isinstance(value, date) else value


def days_left(notice, today=None):
    """Days from today to the deadline; negative when it has passed."""
    return (notice.due - (today or timezone.localdate())).days
