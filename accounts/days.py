"""Days in words: a page is full of the same days, which are written once."""

from datetime import date
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language


def day_in_words(value, pattern=None):
    """A day or moment in the reader's language, as `date_format` writes it (`3 November 2026`)."""
    if type(value) is date:
        return _written(value, pattern, get_language())
    return formats.date_format(value, pattern)


class Days(dict):
    """Days in words by the day, all by one pattern in the language of now: for one page."""

    def __init__(self, pattern=None):
        super().__init__()
        self._pattern, self._language = pattern, get_language()

    def __missing__(self, day):
        self[day] = words = _written(day, self._pattern, self._language)
        return words


@lru_cache(maxsize=10_000)
def _written(day, pattern, language):
    return formats.date_format(day, pattern)
