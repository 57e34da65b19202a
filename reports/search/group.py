"""What was found, as the page shows it."""

from dataclasses import dataclass, field

from django.utils.safestring import mark_safe

from accounts.markup import escaped, link

SHOWN = 20
CAP = 1_000  # rows that are looked at; more are only said to be more


@dataclass
class Hit:
    title: str
    about: str
    url: str


@dataclass
class Group:
    """What was found of one kind. `count` is at most `CAP + 1`; `more_url` lists all of it."""

    title: str
    hits: list
    count: int = 0
    lead: str = ""
    more_url: str = ""
    people: list = field(default_factory=list)

    cap = CAP

    @property
    def is_capped(self):
        return self.count > CAP

    @property
    def items(self):
        """The hits as items of a list, written without a template."""
        return mark_safe(
            "\n".join(
                f"<li>{link(hit.url, hit.title)}<p>{escaped(hit.about)}</p></li>"
                for hit in self.hits
            )
        )

    @property
    def hidden(self):
        """How many more were found than are shown."""
        return max(min(self.count, CAP) - len(self.hits), 0)


def in_one_line(*facts):
    return " · ".join(str(fact) for fact in facts if fact)
