"""What is typed to find a person, in SQL that is made once: what stands for it is read alike."""

from accounts import words
from inmates import nik, rules
from inmates.rules.typed import SHORTEST, TELLING

NUMBER, KEY = 20, 21  # places of marks, after those of the words
NIK = words.mark(22, 16)


class Text(str):
    """A text and what `read_typed` made of it (`typed`)."""

    __slots__ = ("typed",)


def read(text):
    """The `Typed` of a text, also of one that stands for another."""
    return text.typed if isinstance(text, Text) else rules.read_typed(text)


def stands_for(text):
    """`accounts.words.Stands` for what somebody typed; `read` reads it as the text itself is."""
    return stands_for_typed(read(text), text)


def stands_for_typed(typed, text):
    """The same of a text that was read."""
    lengths = tuple(map(_like, typed.words))
    value, real = Text(words.WHOLE), {words.WHOLE: text}
    marks = tuple(words.mark(place, length) for place, length in enumerate(lengths))
    value.typed = rules.Typed(
        text=words.WHOLE,
        words=marks,
        number=typed.number and words.mark(NUMBER),
        key=typed.key and words.mark(KEY),
        nik=typed.nik and NIK,
    )
    real |= dict(zip(marks, typed.words, strict=True))
    real |= {words.mark(NUMBER): typed.number, words.mark(KEY): typed.key}
    if typed.nik:
        real[nik.digest(NIK)] = nik.digest(typed.nik)
    return words.Stands(value, (lengths, *map(bool, (typed.number, typed.key, typed.nik))), real)


def _like(word):
    """A length that makes as much of a word as its own does."""
    return max(each for each in (1, SHORTEST, TELLING) if each <= max(len(word), 1))
