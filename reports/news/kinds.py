"""How a kind of news registers itself."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts import roles

LIAISONS = (roles.LIAISON,)
SECTION = (roles.OFFICER, roles.HEAD, roles.WARDEN, roles.OBSERVER)


@dataclass(frozen=True)
class Kind:
    """`find(since)` gives `Lines` of rows with `since` as their moment."""

    sentence: object
    find: Callable
    readers: tuple
    to: str
    together: bool

    def is_for(self, user):
        """For its readers; a post that no news was made for reads what the section reads."""
        if user.is_liaison:
            return roles.LIAISON in self.readers
        if user.roles & known_posts():
            return bool(user.roles & set(self.readers))
        return roles.OBSERVER in self.readers

    def lines(self, user, since):
        lines = self.find(since)
        return lines.filtered(lines.rows.visible_to(user))

    def url(self, since):
        name, _mark, query = self.to.partition("?")
        query = query.replace("SINCE", f"{timezone.localdate(since):%Y-%m-%d}")
        return name and (f"{reverse(name)}?{query}" if query else reverse(name))


registered = []


def known_posts():
    return {reader for kind in registered for reader in kind.readers}


def news(sentence, *, readers=SECTION, to="", together=False):
    """Register the decorated function as a kind of news.

    `sentence` is a lazy plural with `n`, `to` the list of exactly these rows, with `SINCE` where
    the day stands. `together`: the rows are not
    told one by one, because they would name people.
    """

    def register(find):
        registered.append(Kind(sentence, find, readers, to, together))
        return find

    return register
