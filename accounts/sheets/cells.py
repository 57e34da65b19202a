"""What a cell of a spreadsheet holds: text, whatever the program made of it."""

import unicodedata


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
    text = str(value)
    if text.isprintable():  # nothing to drop, and no blank but the common one
        return " ".join(text.split())
    kinds = ((char, unicodedata.category(char)) for char in text)
    text = "".join(" " if kind == "Cc" else char for char, kind in kinds if kind not in DROPPED)
    return " ".join(text.split())


DROPPED = {"Cf", "Cs", "Co", "Cn"}


def text_of(value):
    """`tidy`, with an office's ways of saying "nothing" (`-`, `0`) made empty."""
    text = tidy(value)
    return "" if text in EMPTY_TEXTS else text
