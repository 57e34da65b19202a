"""What stands in the paper of a hand-over, as plain data. Papers are always in Indonesian."""

from dataclasses import dataclass

from django.utils import formats, timezone, translation

from accounts import roles
from correspondence import documents


@dataclass(frozen=True)
class Party:
    """Somebody who signs: as holder of a post, under the name and title of that day."""

    name: str = ""
    nip: str = ""
    title: str = ""
    acting: str = ""

    @classmethod
    def of(cls, posting):
        return cls(posting.user.name, posting.user.nip, title_of(posting), posting.acting)


def title_of(posting):
    """The post in words: as the posting names it, else as the role is called."""
    return posting.title or str(roles.ROLE_LABELS.get(posting.role_id, posting.role_id))


def handover(*, posting, last_day, sections, receiver, is_successor, witness, note):
    """The memori serah terima jabatan. `receiver` and `witness` are `Party`s, the latter or None.

    `is_successor`: the receiver takes the post; otherwise keeps its work until somebody does.
    """
    with translation.override("id"):
        return {
            **documents.office(posting.facility),
            "post": title_of(posting),
            "starts": formats.date_format(posting.starts, "j F Y"),
            "last_day": formats.date_format(last_day, "j F Y"),
            "weekday": formats.date_format(last_day, "l, j F Y"),
            "made_at": timezone.now().isoformat(),
            "holder": vars(Party.of(posting)),
            "receiver": vars(receiver),
            "is_successor": is_successor,
            "witness": vars(witness) if witness else None,
            "note": note,
            "sections": [
                {
                    "heading": str(section.heading),
                    "rows": [
                        {
                            "what": str(row.what),
                            "about": str(row.about),
                            "due": formats.date_format(row.due, "j F Y") if row.due else "",
                        }
                        for row in section.tasks
                    ],
                }
                for section in sections
            ],
        }
