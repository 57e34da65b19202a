"""One box over all that one may see: people, and each kind of thing that `things` knows."""

from reports.search.people import people
from reports.search.things import things

__all__ = ["groups_for"]


def groups_for(user, typed):
    """The groups in which something was found, people first; none for too short a text.

    `typed` is what `inmates.rules.read_typed` made of it. A NIK is asked of people only.
    """
    if typed.is_too_short:
        return []
    found = people(user, typed)
    if not typed.nik:
        found += things(user, typed)
    return [group for group in found if group.hits]
