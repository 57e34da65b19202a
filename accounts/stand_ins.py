"""What is made once for all readers with the same rights: statements above all.

SQL takes Django longer to make than the database to answer. So it is made for a reader who stands
in: with the same rights, at prisons that are none. For the real one the ids are put in their places
(`accounts.prepared.ForStandIns`).
"""

from datetime import UTC, datetime
from functools import wraps
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User

KEPT = 100  # things that a process remembers of each kind
FIRST = -7_100_000_000  # ids of stand-ins go down from here: no row has such an id
FURTHER = FIRST - 1_000_000  # what else is put in
NOW = datetime(1, 2, 3, tzinfo=UTC)  # the moment of asking

_scopes = []


def scope(ids_of):
    """Decorator: what else than prisons a reader's sight is made of. `ids_of(user)` gives a tuple
    of ids by the attribute of the user that remembers them."""
    _scopes.append(ids_of)
    return ids_of


def is_one(value):
    """Whether a parameter of a statement is an id or a moment that stands in for a real one."""
    if isinstance(value, datetime):
        return value == NOW
    return isinstance(value, int) and value <= FIRST


def of(user):
    """A reader with the user's rights at prisons that are none, and `{its ids: the real ones}`."""
    reader, real = User(pk=FIRST, kind=user.kind), {FIRST: user.pk}
    prisons = _stand_ins(user.facility_ids, real)
    reader.current_postings = [
        SimpleNamespace(facility_id=prisons[one.facility_id], role_id=one.role_id, acts=one.acts)
        for one in user.current_postings
    ]
    for ids_of in _scopes:
        for name, ids in ids_of(user).items():
            known = _stand_ins(ids, real)
            setattr(reader, name, tuple(known[pk] for pk in ids))
    return reader, real


def _stand_ins(keys, real):
    """`{id: what stands in for it}`, which is written down in `real` the other way round."""
    made = {pk: FIRST - len(real) - n for n, pk in enumerate(sorted(keys))}
    real |= {stand_in: pk for pk, stand_in in made.items()}
    return made


def _rights(reader):
    held = {(one.facility_id, one.role_id, *one.acts) for one in reader.current_postings}
    return (reader.kind, frozenset(held), *(tuple(ids_of(reader).items()) for ids_of in _scopes))


def made_once(build):
    """Decorator: `build(reader, *told)` is called once for all readers with the same rights, a day,
    a language and `told` (hashable). The result gives what was made, and the values to put in."""
    kept = {}

    @wraps(build)
    def made_for(user, *told):
        reader, real = of(user)
        key = (timezone.localdate(), get_language(), *_rights(reader), *told)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = build(reader, *told)
        return kept[key], real | {NOW: timezone.now()}

    return made_for
