from django.utils import translation
from django.utils.translation import gettext, trans_real


def test_a_text_is_looked_up_once_in_each_language():
    said = {}
    for language in ("id", "en"):
        with translation.override(language):
            gettext("Tahun")
            hits = trans_real.translation(language).gettext.cache_info().hits
            said[language] = gettext("Tahun")
            assert trans_real.translation(language).gettext.cache_info().hits == hits + 1
    assert said == {"id": "Tahun", "en": "Year"}
