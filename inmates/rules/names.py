"""Names as they are searched and compared."""

import re
import unicodedata

from accounts.sheets.cells import APOSTROPHES, tidy

TITLES = {
    *("prof", "dr", "drs", "dra", "drg", "ir", "h", "hj", "kh", "tgk", "dt"),
    *("r", "rm", "rr", "ra", "tb", "ust"),
}


def search_name(name):
    """The name as it is searched and compared: small letters, no titles, marks or degrees.

    `"R.M. ELVIN  ANDRIANI, S.Kom"` and `"elvin andriani"` give the same.
    """
    plain = unicodedata.normalize("NFKD", tidy(name)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    front = plain.split(",")[0]
    words = _words(front) or _words(plain)
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return " ".join(words)


def _words(text):
    """Words of a name; a dot inside initials joins (`r.m.` is `rm`), other marks part."""
    text = re.sub(rf"[{APOSTROPHES}\"]", "", text)
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)
    return re.findall(r"\w+", text.replace("_", " "))
