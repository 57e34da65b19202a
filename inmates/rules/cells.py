"""What a cell of an SDP export holds: text, a word for the sex, a small number."""

import re
import unicodedata

from inmates.states import Sex


class Unreadable(ValueError):
    """The cell is not empty and its value cannot be read."""


EMPTY_TEXTS = {"", "-", "--", "0", "0.0"}
APOSTROPHES = "'’‘`´"


def tidy(value):
    """A cell as one line of text: no control characters, single blanks, whole numbers bare."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        value = f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    kinds = ((char, unicodedata.category(char)) for char in str(value))
    text = "".join(" " if kind == "Cc" else char for char, kind in kinds if kind not in DROPPED)
    return " ".join(text.split())


DROPPED = {"Cf", "Cs", "Co", "Cn"}


def text_of(value):
    """`tidy`, with the register's ways of saying "nothing" (`-`, `0`) made empty."""
    text = tidy(value)
    return "" if text in EMPTY_TEXTS else text


def person_key_of(value):
    """SDP's person key without the apostrophe that keeps Excel from eating its zeros."""
    return text_of(text_of(value).lstrip(APOSTROPHES + " "))


def sex_of(value):
    """`Sex`, or an empty string for an empty cell; `Unreadable` for any other word."""
    word = text_of(value).casefold().replace(" ", "").replace("-", "")
    if not word:
        return ""
    if word in {"l", "lk", "laki", "lakilaki", "pria"}:
        return Sex.MALE
    if word in {"p", "pr", "perempuan", "wanita"}:
        return Sex.FEMALE
    raise Unreadable(word)


def count_of(value):
    """A small whole number (years, months, days), None for an empty cell."""
    text = text_of(value)
    if not text:
        return 0 if tidy(value) in {"0", "0.0"} else None
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    raise Unreadable(text)
