"""Tags of ours write what Django's own write; a history is told in full."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.template import Context, Engine, Template
from django.test import override_settings
from django.urls import NoReverseMatch, set_script_prefix
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from accounts.history import Change, Entry
from accounts.templatetags.plain import in_context, value_in_context
from accounts.templatetags.told import told

DJANGOS = Engine(builtins=["django.templatetags.i18n"])


def both(page, **values):
    """What our templates write, and what Django's own tags write."""
    theirs = DJANGOS.from_string(page).render(Context(values))
    return Template(page).render(Context(values)), theirs


@pytest.mark.parametrize("language", ["id", "en", None])
@pytest.mark.parametrize(
    "text",
    [
        '{% translate "Cari" %}',
        "{% translate 'Warga Binaan' %}",
        '{% translate "100%% & <b>" %}',
        '{% translate "Cari" noop %}',
        '{% translate "Cari" as said %}[{{ said }}]',
        '{% translate "Mei" context "bulan" %}',
        "{% translate said %}",
        '{% translate "Cari"|upper %}',
        '{% autoescape off %}{% translate "a < b" %}{% endautoescape %}',
    ],
)
def test_a_text_is_translated_as_django_does(text, language):
    for _again in range(2):
        if language:
            with translation.override(language):
                ours, theirs = both(text, said="Cari")
        else:
            with translation.override(None):
                ours, theirs = both(text, said="Cari")
        assert ours == theirs


def test_a_text_follows_the_language():
    page = Template('{% translate "Cari" %}')
    with translation.override("id"):
        indonesian = page.render(Context())
    with translation.override("en"):
        assert page.render(Context()) != indonesian
    with translation.override("id"):
        assert page.render(Context()) == indonesian


@pytest.mark.parametrize(
    "text",
    [
        "{% url 'inmates:inmate-list' %}",
        "{% url 'inmates:inmate-list' as there %}[{{ there }}]",
        "{% url 'placements:person-detail' key %}",
        "{% url 'placements:person-detail' key as there %}[{{ there }}]",
        "{% url 'placements:person-detail' text %}",
        "{% url 'placements:person-detail' public_id=key %}",
        "{% url name %}",
        "{% url 'placements:person-detail' none as there %}[{{ there }}]",
        "{% url 'reports:history' kind key %}",
        "{% url 'reports:history' kind text %}",
        "{% url 'reports:history' key kind as there %}[{{ there }}]",
        "{% url 'reports:history' odd key as there %}[{{ there }}]",
        "{% url 'nowhere' key as there %}[{{ there }}]",
        "{% url 'nowhere' as there %}[{{ there }}]",
    ],
)
def test_an_address_is_that_of_django(text):
    key = uuid4()
    for _again in range(2):
        ours, theirs = both(
            text,
            key=key,
            text=str(key),
            name="inmates:inmate-list",
            none=None,
            kind="batch",
            odd="a/<b>",
        )
        assert ours == theirs


@pytest.mark.parametrize("text", ["{% url 'nowhere' %}", "{% url 'nowhere' key %}"])
def test_an_address_that_is_none_is_an_error(text):
    with pytest.raises(NoReverseMatch):
        Template(text).render(Context({"key": uuid4()}))


def test_an_address_stands_below_where_the_site_stands():
    page = Template("{% url 'inmates:inmate-list' %}")
    before = page.render(Context())
    set_script_prefix("/below/")
    try:
        assert page.render(Context()) == f"/below{before}"
    finally:
        set_script_prefix("/")


VALUES = st.one_of(
    st.text(),
    st.text().map(mark_safe),
    st.text(max_size=5).map(gettext_lazy),
    *(
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.none(),
        st.dates(),
    ),
    *(st.datetimes(timezones=st.just(UTC)), st.lists(st.text()), st.uuids()),
)


@given(VALUES, st.booleans())
def test_a_value_is_shown_as_django_shows_it(value, escapes):
    context = Context(autoescape=escapes)
    ours, theirs = value_in_context(value, context), in_context(value, context)
    assert (ours, type(ours)) == (theirs, type(theirs))


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_numbers_and_days_are_written_in_the_language():
    page = Template("{{ number }} {{ day }} {{ part }}")
    with translation.override("id"):
        told_ = page.render(
            Context({"number": 1500, "day": date(2026, 8, 17), "part": Decimal("1.5")})
        )
    assert told_ == "1.500 17 Agustus 2026 1,5"


def test_a_history_is_told_in_full_and_escaped():
    entry = Entry(
        at=datetime(2026, 1, 5, 18, tzinfo=UTC),
        who="A & B",
        what="Diubah",
        about="masa pidana",
        why="<alasan>",
        request="abcdefghijklmnop",
        changes=[
            Change("umur", old="<1>", new="2"),
            Change("asal"),
            Change("NIK", hidden=True),
        ],
    )
    page = told([entry])
    assert '<time datetime="2026-01-06T01:00:00+07:00">' in page
    assert "<strong>Masa pidana: diubah</strong>" in page
    assert "A &amp; B" in page
    assert "Alasan: &lt;alasan&gt;" in page
    assert '<li>Umur: <span class="struck">&lt;1&gt;</span> ' in page
    assert "<li>Asal: —</li>" in page
    assert "<li>NIK diubah</li>" in page
    assert "abcdefghijkl" not in page


def test_whose_act_it_was_and_its_request_are_told():
    entry = Entry(at=datetime(2026, 1, 5, tzinfo=UTC), who="", what="<Dicatat>", request="a" * 20)
    page = told([entry], show_request=True)
    assert "<strong>&lt;Dicatat&gt;</strong>" in page
    assert " · sistem · " in page
    assert f"permintaan {'a' * 12}</span>" in page


@pytest.mark.parametrize("nothing", [[], "", None])
def test_a_thing_without_a_history_says_so(nothing):
    assert "<li>Belum ada riwayat.</li>" in told(nothing)
