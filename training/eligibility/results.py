"""What a rule says of a person: an outcome, a sentence in either language, and its source."""

from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.days import day_in_words
from inmates.states import DocumentKind, ReleaseBasis


class Outcome(models.TextChoices):
    PASS = "pass", _("Memenuhi")
    WARN = "warn", _("Peringatan")
    FAIL = "fail", _("Tidak memenuhi")
    NO_DATA = "no_data", _("Tidak ada data")


FAIL = Outcome.FAIL


@dataclass(frozen=True)
class Result:
    """What one rule says: `sentence` and `source` are not translated yet, `places` fills both.

    A place is a text, a number, a date, or a list of codes (of documents, of ways out), which are
    read in the reader's language.
    """

    rule: str
    outcome: str
    sentence: str
    source: str
    places: dict = field(default_factory=dict)

    @property
    def text(self):
        return _filled(self.sentence, self.places)

    @property
    def source_text(self):
        return _filled(self.source, self.places)

    @property
    def label(self):
        return Outcome(self.outcome).label

    @property
    def is_fail(self):
        return self.outcome == FAIL

    def as_data(self):
        """Plain data to store with a candidate; `from_data` reads it back in any language."""
        words = {"sentence": self.sentence, "source": self.source}
        places = {name: _plain(value) for name, value in self.places.items()}
        return {"rule": self.rule, "outcome": str(self.outcome), **words, "places": places}

    @classmethod
    def from_data(cls, data):
        """A stored result, also of a rule that is gone or from before a place was added."""
        return cls(
            data["rule"],
            data["outcome"],
            data.get("sentence", ""),
            data.get("source", ""),
            data.get("places") or {},
        )


CODES = {**dict(DocumentKind.choices), **dict(ReleaseBasis.choices)}


def _filled(sentence, places):
    """Only the places that the sentence has are put into words: a page has hundreds of them."""
    sentence = gettext(sentence) if sentence else ""
    try:
        return sentence % {
            name: _in_words(value) for name, value in places.items() if f"%({name})" in sentence
        }
    except (KeyError, TypeError, ValueError):
        return sentence


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [str(code) for code in value]
    return str(value) if isinstance(value, models.TextChoices) else value


def _in_words(value):
    if isinstance(value, list | tuple):
        return ", ".join(str(CODES.get(code, code)) for code in value)
    if isinstance(value, str):
        if not value[:1].isdigit():
            return value
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, date):
        return day_in_words(value)
    return "—" if value is None else value
