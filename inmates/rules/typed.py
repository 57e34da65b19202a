"""What somebody typed to find a person: words of a name, a number, a person key, or a NIK."""

import re
from dataclasses import dataclass

from accounts.sheets.cells import tidy
from inmates.rules.cells import person_key_of
from inmates.rules.names import search_name
from inmates.rules.nik import nik_problem

SHORTEST = 3  # letters; a shorter text has no trigram that an index could find
TELLING = 6  # letters of a word that stay alike when one of them is mistyped
LONGEST, CUT = 150, 1_000
MOST_WORDS = 8
KEY_LENGTH = 30


@dataclass(frozen=True)
class Typed:
    """A text, read in every way that may find a person; what does not apply is empty.

    `text` is what was typed, tidied. `words` each stand somewhere in a name. `number` is a register
    number without marks, in small letters. With `nik` all else is empty: a NIK is looked for by
    its digest and nowhere else.
    """

    text: str = ""
    words: tuple = ()
    number: str = ""
    key: str = ""
    nik: str = ""

    @property
    def is_too_short(self):
        """Too little to look for: fewer than three letters or digits."""
        return not (self.nik or self.words or self.number or self.key)

    @property
    def phrase(self):
        return " ".join(self.words)

    @property
    def patterns(self):
        """What the searched text must contain, in any order.

        Words too short for the index are looked for as one piece, unless a longer one leads.
        """
        if any(len(word) >= SHORTEST for word in self.words):
            return self.words
        return (self.phrase,) if self.words else ()

    @property
    def pieces(self):
        """What must each resemble a part of the searched text when nothing contains `patterns`."""
        telling = tuple(word for word in self.words if len(word) >= TELLING)
        return telling or (self.phrase,)

    @property
    def is_a_name(self):
        return bool(self.words) and not self.number


def read_typed(text):
    """The `Typed` of any text; never raises."""
    text = tidy(str(text)[:CUT])[:LONGEST]
    digits = re.sub(r"[\s.,'’-]", "", text)
    if nik_problem(digits) is None and len(digits) == 16:
        return Typed(nik=digits)
    bare = re.sub(r"[^a-z0-9]+", "", text.lower())
    words = tuple(dict.fromkeys(search_name(text).split()))[:MOST_WORDS]
    if len(bare) < SHORTEST and len("".join(words)) < SHORTEST:
        return Typed(text=text)
    return Typed(
        text=text,
        words=words,
        number=bare if re.search("[0-9]", bare) else "",
        key=person_key_of(text)[:KEY_LENGTH],
    )
