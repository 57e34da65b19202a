"""Translations that are looked up once a process.

Django looks through one catalogue after the other, and a second time for what is in none: every
text of ours that is read in Indonesian. A page shows a thousand.
"""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import trans_real

KEPT = 20_000  # more than there are


def remember():
    """Let each language keep what it was asked: catalogues change with a new process only."""
    for language, _name in settings.LANGUAGES:
        catalogue = trans_real.translation(language)
        catalogue.gettext = lru_cache(maxsize=KEPT)(catalogue.gettext)
