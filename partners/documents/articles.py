"""The articles of an agreement as one types them: `# JUDUL PASAL`, then its text.

The country's own are in `templates/agreements/`; a prison may write its own.
"""

import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

PLACE = re.compile(r"\{([^{}]*)\}")
PLACES = {
    "title": _("judul perjanjian"),
    "facility": _("nama lapas"),
    "agency": _("nama instansi"),
    "scope": _("ruang lingkup"),
    "starts": _("tanggal mulai"),
    "ends": _("tanggal berakhir"),
    "years": _("lamanya, dengan huruf"),
    "seats": _("kursi per tahun, dengan huruf"),
    "notice_months": _("batas usulan perpanjangan (bulan)"),
    "review_months": _("jarak monev (bulan)"),
    "termination_days": _("pemberitahuan penghentian (hari)"),
    "our_liaison": _("narahubung lapas"),
    "their_liaison": _("narahubung instansi"),
}


def standard(kind):
    """The country's articles for a kind of agreement."""
    return parsed((settings.BASE_DIR / "templates" / "agreements" / f"{kind}.txt").read_text())


def parsed(text):
    """`[{"title": ..., "body": ...}, ...]`; what stands before the first title has an empty one."""
    articles = []
    for line in text.splitlines():
        if line.startswith("# "):
            articles.append({"title": line[2:].strip(), "body": ""})
        elif articles:
            articles[-1]["body"] += f"{line.rstrip()}\n"
        elif line.strip():
            articles.append({"title": "", "body": f"{line.rstrip()}\n"})
    return [{**article, "body": article["body"].strip("\n")} for article in articles]


def typed(articles):
    """The text that `parsed` reads."""
    return "\n\n".join(f"# {article['title']}\n\n{article['body']}" for article in articles)


def unknown_places(text):
    """Names between braces that nothing fills, as they stand there."""
    return [f"{{{name}}}" for name in PLACE.findall(text) if name not in PLACES]


def filled(text, values):
    """The text with its places filled from `values`."""
    return PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)
