"""Whose looks a reader may ask about."""

from uuid import UUID

from django.db.models import Q

from accounts.permissions import may
from accounts.states import UserKind
from inmates.models import Inmate

MOST_MEANT = 50  # people that a typed name may mean


def prisons_of(user):
    """Ids of the prisons about whose people the user may ask; None is all of them (an admin).

    Empty: the user may not ask at all.
    """
    if user.kind == UserKind.ADMIN and user.has_perm("accounts.view_accessrecord"):
        return None
    return {pk for pk in user.facility_ids if may(user, "see_access", pk)}


def names_people(user):
    """Whether the answer may name people: an admin without register data gets their ids."""
    return user.kind != UserKind.ADMIN or user.has_perm("inmates.view_inmate")


def people_meant(text, prisons):
    """Canonical records that a typed name, key or public id means, at most `MOST_MEANT` + 1."""
    people = Inmate.objects.all() if prisons is None else Inmate.objects.been_at(prisons)
    try:
        found = people.filter(public_id=UUID(text.strip()))
    except ValueError:
        found = people.search(text, at=prisons or ())
    return list(found.order_by("pk")[: MOST_MEANT + 1])


def records_of(people):
    """Public ids of all records of these people, merged ones too."""
    ids = {person.merged_into_id or person.pk for person in people}
    found = Inmate.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    return list(found.values_list("public_id", flat=True)) if ids else []
