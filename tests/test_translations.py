"""Everything the product says can be said in English, and no page says anything untranslatable."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from lapasprog import messages

PLACES = re.compile(r"%\((\w+)\)[sd]")

# Words that are the same in every language.
NEVER_TRANSLATED = {"lapasprog", "JP", "NIK", "NIP", "PDF", "CSV", "XLSX", "SK"}
NEVER_TRANSLATED |= {"English", "Bahasa", "Indonesia"}  # a language is called by its own name
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
SPOKEN = re.compile(
    r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|<!--.*?-->|<(script|style)\b.*?</\3>",
    re.DOTALL,
)
READ_OUT = re.compile(r"""\b(?:alt|title|placeholder|aria-label)=(["'])(.*?)\1""", re.DOTALL)
MARKUP = re.compile(r"<[^<>]*>", re.DOTALL)
ENTITY = re.compile(r"&#?\w+;")
WORD = re.compile(r"[^\W\d_]{2,}")


def strings_of(message):
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def test_every_sentence_has_its_english():
    english = messages.translated()
    without = []
    for wanted in messages.collect():
        if not wanted.id:
            continue
        one = wanted.id[0] if isinstance(wanted.id, tuple | list) else wanted.id
        found = english.get(one, wanted.context)
        if found is None or found.fuzzy or not all(strings_of(found)):
            without.append(one)
    assert not without


def test_the_english_fills_in_what_the_indonesian_does():
    for message in messages.translated():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        places = {place for text in ids for place in PLACES.findall(text)}
        for text in strings_of(message):
            assert set(PLACES.findall(text)) <= places, message.id


def test_the_plural_is_english():
    assert messages.translated().num_plurals == 2


def test_no_sentence_hides_in_a_formatted_string_where_none_is_found():
    hidden = [
        f"{name}:{call.lineno}"
        for name in messages.sources()
        if name.endswith(".py")
        for text in ast.walk(ast.parse((settings.BASE_DIR / name).read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if getattr(getattr(call, "func", None), "id", "") in messages.KEYWORDS
    ]
    assert not hidden


TEMPLATES = [
    pytest.param(path, id=path.relative_to(settings.BASE_DIR).as_posix())
    for path in sorted(Path(settings.BASE_DIR / "templates").rglob("*"))
    if path.suffix in (".html", ".txt")
    and path.parent.name != "agreements"  # articles of official papers, which are Indonesian
]


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_says_nothing_outside_its_translate_tags(path):
    assert not bare_words(path.read_text())


def bare_words(source):
    """Words that a reader would see or hear and that no translation reaches."""
    text = TAGS.sub(" ", SPOKEN.sub(" ", source))
    heard = " ".join(words for _quote, words in READ_OUT.findall(text))
    seen = MARKUP.sub(" ", text)
    found = WORD.findall(ENTITY.sub(" ", f"{seen} {heard}"))
    return [word for word in found if word not in NEVER_TRANSLATED]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p class="lead">{% translate "Halo" %} {{ name }}</p>', []),
        ("<p>Halo {{ name }}</p>", ["Halo"]),
        ("{% blocktranslate %}Halo <b>{{ name }}</b>{% endblocktranslate %}", []),
        ('<img alt="Lambang">', ["Lambang"]),
        ("{# seen by nobody #}<b>240 JP</b>&nbsp;·", []),
    ],
)
def test_what_bare_words_are(source, words):
    assert bare_words(source) == words
