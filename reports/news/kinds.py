"""How a kind of news registers itself."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts import roles

# A past fact that was entered in its state is no news; one that has moved since is.
MOVED_HERE = Q(entered_afterwards=False) | Q(state_at__gt=F("created_at"))
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
    place: str

    def is_for(self, user):
        """For its readers; a post that no news was made for reads what the section reads."""
        if user.is_liaison:
            return roles.LIAISON in self.readers
        if user.roles & known_posts():
            return bool(user.roles & set(self.readers))
        return roles.OBSERVER in self.readers

    def lines(self, user, since):
        """What happened at the reader's prisons: people who came since bring no old news along."""
        lines = self.find(since)
        rows = lines.rows.visible_to(user)
        if self.place and not user.is_liaison:
            rows = rows.filter(**{f"{self.place}__in": user.facility_ids})
        return lines.filtered(rows)

    def url(self, since):
        name, _mark, query = self.to.partition("?")
        query = query.replace("SINCE", f"{timezone.localdate(since):%Y-%m-%d}")
        return name and (f"{reverse(name)}?{query}" if query else reverse(name))


registered = []


def known_posts():
    return {reader for kind in registered for reader in kind.readers}


def news(sentence, *, readers=SECTION, to="", together=False, place="facility"):
    """Register the decorated function as a kind of news.

    `sentence` is a lazy plural with `n`, `to` the list of exactly these rows, with `SINCE` where
    the day stands; `place` names the field of the prison, if rows have one. `together`: the rows
    are not told one by one, because they would name people.
    """

    def register(find):
        registered.append(Kind(sentence, find, readers, to, together, place))
        return find

    return register
