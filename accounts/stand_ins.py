"""What is made once for all readers with the same rights: statements above all.

SQL takes Django longer to make than the database to answer. So it is made for a reader who stands
in: with the same rights, at prisons that are none. For the real one the ids are put in their places
(`accounts.prepared.ForStandIns`).
"""

import json
from datetime import UTC, datetime
from functools import partial, wraps
from types import SimpleNamespace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from accounts.beforehand import Courses
from accounts.models import Facility, User
from accounts.prepared import ForStandIns, Shapes, Together

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
    """A reader with the user's rights at prisons that are none, and `{its ids: the real ones}`;
    once per user object."""
    if not hasattr(user, "_stand_in"):
        user._stand_in = _made_for(user)
    return user._stand_in


def _made_for(user):
    known = {"id": FIRST, "kind": user.kind, "is_active": user.is_active}
    reader = User.from_db(None, known.keys(), known.values())
    real = {FIRST: user.pk}
    prisons = _stand_ins(user.facility_ids, real)
    reader.current_postings = [
        SimpleNamespace(
            facility_id=prisons[one.facility_id],
            facility=Facility.from_db(None, ["id"], [prisons[one.facility_id]]),
            role_id=one.role_id,
            acts=one.acts,
        )
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


def rights(reader):
    """What all readers for whom this one stands in have in common, hashable."""
    held = {(one.facility_id, one.role_id, *one.acts) for one in reader.current_postings}
    return (
        reader.kind,
        reader.is_active,
        frozenset(held),
        *(tuple(ids_of(reader).items()) for ids_of in _scopes),
    )


def asked_often(build):
    """Decorator: `build(reader, *args)` returns a queryset of what the reader sees, or a tuple of
    them; the result gives the list of its rows for a user, or a tuple of lists, by SQL that is made
    once for all with the same rights (`accounts.prepared.Shapes`)."""
    shapes = Shapes()

    @wraps(build)
    def rows(user, *args):
        reader, real = of(user)
        return shapes.rows(
            partial(build, reader), args, key=rights(reader), real=real, is_stand_in=is_one
        )

    return rows


_asked = {}


def known_by(queryset, user, public_id):
    """The row with this `public_id` among those of the queryset that the user sees, in a list."""
    rows = queryset.all()
    shape = _said_by(rows)
    if shape is None or not user.is_authenticated or not isinstance(public_id, UUID):
        return list(rows.visible_to(user).filter(public_id=public_id))
    if shape not in _asked:  # there are as many shapes as detail pages
        _asked[shape] = asked_often(
            lambda reader, public_id: rows.visible_to(reader).filter(public_id=public_id)
        )
    return _asked[shape](user, public_id)


def _said_by(rows):
    """Of a queryset that says no more than which related rows it brings along: model and those.
    None for one with conditions of its own."""
    query, beside = rows.query, rows._prefetch_related_lookups
    says_more = query.where, query.annotations, query.extra, query.distinct, query.is_sliced
    says_more += query.select_for_update, query.combinator, query.deferred_loading[0]
    if any(says_more) or not all(isinstance(each, str) for each in beside):
        return None
    return rows.model, json.dumps(query.select_related), beside


def made_once(build):
    """Decorator: `build(reader, *told)` is called once for all readers with the same rights, a day,
    a language and `told` (hashable). The result gives what was made, and the values to put in."""
    kept = {}

    @wraps(build)
    def made_for(user, *told):
        reader, real = of(user)
        key = (timezone.localdate(), get_language(), *rights(reader), *told)
        if key not in kept:
            if len(kept) >= KEPT:
                kept.clear()
            kept[key] = build(reader, *told)
        return kept[key], real | {NOW: timezone.now()}

    return made_for


def asked_for_text(build):
    """Decorator: `build(reader, text)` returns a queryset, or a tuple of them, of what the reader
    finds by a text; it may ask beforehand (`accounts.beforehand`). The result gives the list of
    rows, or a tuple of lists, for a user and for what stands for a text (`accounts.words.Stands`),
    by SQL that is made once for all texts of a shape; how it is best looked for is planned anew."""

    @made_once
    def made(reader, _shape, text):
        return Courses(partial(_asking, partial(build, reader, text)))

    @wraps(build)
    def rows(user, stands):
        courses, real = made(user, stands.shape, stands.value)
        asked, real = courses.made(real | stands.real)
        return asked.objects(real, once=True)

    return rows


def _asking(build):
    built = build()
    return (Together if isinstance(built, tuple) else ForStandIns)(built, is_one)
