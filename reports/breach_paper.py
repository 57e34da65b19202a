"""The numbers of a breach as plain data for paper: what art. 46 asks a notification to tell.

It names users, because the prison has to answer for them, and no inmate.
"""

from django.utils import timezone, translation

from correspondence import documents
from placements.documents import in_words
from reports.breaches import kinds_of

WITHOUT_PRISON = {"letterhead": ["lapasprog"], "address": "", "office": "", "facility": ""}


@translation.override("id")
def on_paper(looks, *, facility, by):
    """Data of `templates/letters/breach_v1.typ`; `facility` None stands for several prisons."""
    asked, totals, seen = looks.asked, looks.totals(), looks.seen()
    narrowed = [
        ("Pengguna", asked.who),
        ("Alamat jaringan", str(asked.address or "")),
        ("Orang", f"{len(asked.people)}" if asked.is_about_people else ""),
    ]
    head = documents.office(facility) if facility else WITHOUT_PRISON
    return {
        **head,
        "since": in_words(asked.since),
        "until": in_words(asked.until - timezone.timedelta(minutes=1)),
        "narrowed": [[label, value] for label, value in narrowed if value],
        "people": seen.total,
        "users": totals.users,
        "responses": totals.responses,
        "exports": totals.exports,
        "first": in_words(totals.first),
        "last": in_words(totals.last),
        "elsewhere": seen.elsewhere,
        "kinds": [
            [kind.label[:1].upper() + kind.label[1:], ", ".join(kind.pages)]
            for kind in kinds_of(looks.pages())
        ],
        "rows": [
            [
                f"{user.name or user.email}\n{user.email}",
                str(user.people),
                str(user.exports),
                ", ".join(user.addresses or ["tidak tercatat"]),
                f"{in_words(user.first)} – {in_words(user.last)}",
            ]
            for user in looks.users(seen)
        ],
        "made_at": in_words(timezone.now()),
        "made_by": str(by),
    }
