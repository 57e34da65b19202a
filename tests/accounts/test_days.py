"""Days in words: as Django writes them, in the language of the reader."""

from datetime import UTC, date, datetime

import pytest
from django.utils import formats, translation

from accounts.days import Days, day_in_words

DAY = date(2026, 11, 3)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("pattern", [None, "j F Y", "j M Y"])
def test_a_day_is_written_as_django_writes_it(language, pattern):
    with translation.override(language):
        expected = formats.date_format(DAY, pattern)
        assert day_in_words(DAY, pattern) == expected
        assert Days(pattern)[DAY] == expected


def test_each_page_has_days_in_its_own_language():
    with translation.override("id"):
        indonesian = Days("F")
    with translation.override("en"):
        english = Days("F")
        assert english[date(2026, 8, 17)] == "August"
    with translation.override("id"):
        assert indonesian[date(2026, 8, 17)] == "Agustus"


def test_a_moment_is_written_too():
    moment = datetime(2026, 11, 3, 12, tzinfo=UTC)
    assert day_in_words(moment, "j F Y") == formats.date_format(moment, "j F Y")
