"""What is made once for all readers with the same rights: statements above all.

A home asks dozens of kinds of rows in a few statements, whose SQL takes Django longer to make than
the database to answer. So it is made for a reader who stands in: with the same rights, at prisons
that are none. For the real one the ids are put in their places (`accounts.prepared.ForStandIns`).
"""

from datetime import UTC, datetime
from functools import wraps
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from partners.models import Agency

KEPT = 100  # things that a process remembers of each kind
FIRST = -7_100_000_000  # ids of stand-ins go down from here: no row has such an id
AGENCIES = FIRST - 100_000
FURTHER = FIRST - 1_000_000  # what else is put in
NOW = datetime(1, 2, 3, tzinfo=UTC)  # the moment of asking


def is_one(value):
    return (
        value == NOW if isinstance(value, datetime) else isinstance(value, int) and value <= FIRST
    )


def of(user):
    """A reader with the user's rights at prisons and agencies that are none, and `{its ids: the
    real ones}`."""
    fake = _numbered(user.facility_ids, FIRST - 1)
    reader = User(pk=FIRST, kind=user.kind)
    reader.current_postings = [
        SimpleNamespace(facility_id=fake[one.facility_id], role_id=one.role_id, acts=one.acts)
        for one in user.current_postings
    ]
    real = {stand_in: pk for pk, stand_in in fake.items()}
    if user.is_liaison:
        own, below = Agency.objects.own_ids(user), Agency.objects.ids_under(user)
        agencies = _numbered({*own, *below}, AGENCIES)
        reader._own_agency_ids = tuple(agencies[pk] for pk in own)
        reader._agency_ids = tuple(agencies[pk] for pk in below)
        real |= {stand_in: pk for pk, stand_in in agencies.items()}
    return reader, real | {FIRST: user.pk}


def _numbered(keys, first):
    return {pk: first - n for n, pk in enumerate(sorted(keys))}


def _rights(reader):
    if reader.is_liaison:
        return reader.kind, reader._own_agency_ids, reader._agency_ids
    held = {(one.facility_id, one.role_id, *one.acts) for one in reader.current_postings}
    return reader.kind, frozenset(held)


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
