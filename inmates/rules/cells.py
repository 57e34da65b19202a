"""What a cell of an SDP export holds: text, a word for the sex, a small number."""

import re

from accounts.sheets.cells import APOSTROPHES, Unreadable, text_of, tidy
from inmates.states import Sex


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
