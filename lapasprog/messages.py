"""Every sentence that the code and the templates can show, for the English catalogue.

The source language is Indonesian (docs/decisions/0003). Babel reads the Python; Django's own
`templatize` turns a template into something Babel can read. No gettext tools are needed.
"""

import io

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = {name.split(".")[0] for name in settings.INSTALLED_APPS} | {"templates"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources():
    """Names of the files that may hold messages: Python and templates of our apps."""
    places = [*settings.BASE_DIR.glob("*/**/*.py"), *settings.BASE_DIR.glob("templates/**/*.html")]
    places += settings.BASE_DIR.glob("templates/**/*.txt")
    for path in sorted(places):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        if name.split("/")[0] in APPS and "/migrations/" not in name:
            yield name


def collect():
    """A Babel catalogue of every message in the repository, with its places."""
    catalogue = Catalog(locale="en", domain="django", project="lapasprog", fuzzy=False)
    for name in sources():
        text = (settings.BASE_DIR / name).read_text()
        if not name.endswith(".py"):
            lines = templatize(text, origin=name).split("\n")
            text = "\n".join(line.strip() for line in lines)  # an indent is no Python here
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
        for _line, message, _comments, context in found:
            catalogue.add(message, context=context, locations=[(name, 1)])
    return catalogue


def translated():
    """The English catalogue as it is stored."""
    with CATALOGUE.open("rb") as stored:
        return read_po(stored, locale="en")


def update():
    """Bring the stored catalogue up to the code; returns how many sentences lack English."""
    catalogue = translated() if CATALOGUE.exists() else Catalog(locale="en")
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as stored:
        write_po(stored, catalogue, width=99, sort_output=True, no_location=True)
    return sum(1 for message in catalogue if message.id and not all(_strings(message)))


def _strings(message):
    return message.string if isinstance(message.string, tuple | list) else [message.string]
