"""Giving stored NIKs a newer key, a batch at a time, while people work.

Each batch is a transaction of its own, so that a rotation may be killed at any moment: what is done
is done, the rest is still under its old key, and both can be read. `inmates.nik` tells the steps.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from inmates import nik
from inmates.models import ImportRow, Inmate

BATCH = 500


@dataclass
class Batch:
    """What became of a batch; `last` is the primary key it came to, None when it was empty."""

    renewed: int = 0
    unreadable: int = 0
    last: int | None = None


def renew_people(*, after=0, digests=False, size=BATCH):
    """Seal the NIK of the next people, by primary key, with the newest key; returns a `Batch`.

    Who is locked by somebody at work is left for another round. With `digests` everybody is sealed
    anew, digest included, and locked rows are waited for. What no configured key opens is counted
    and left as it is.
    """
    people = _people() if digests else _under_older_key(_people(), "nik_key")
    fields = ["nik_cipher", "nik_key", *(["nik_digest"] if digests else [])]
    return _renew(people, _renew_person, fields, after, digests, size)


def renew_imports(*, after=0, digests=False, size=BATCH):
    """`renew_people` for the rows of register files that were read and are not applied yet."""
    rows = _rows() if digests else _under_older_key(_rows(), "values__inmate__nik__key")
    return _renew(rows, _renew_row, ["values"], after, digests, size)


def left():
    """How many stored NIKs are not under the newest key yet."""
    people = _under_older_key(_people(), "nik_key")
    rows = _under_older_key(_rows(), "values__inmate__nik__key")
    return people.count() + rows.count()


def _people():
    return Inmate.objects.filter(nik_cipher__isnull=False)


def _rows():
    return ImportRow.objects.filter(values__inmate__nik__has_key="cipher")


def _under_older_key(queryset, name):
    return queryset.filter(~Q(**{name: nik.newest_key()}))


def _renew(queryset, renew, fields, after, digests, size):
    batch, changed = Batch(), []
    with transaction.atomic():
        locked = queryset.select_for_update(no_key=True, skip_locked=not digests, of=["self"])
        for row in locked.filter(pk__gt=after).order_by("pk")[:size]:
            batch.last = row.pk
            try:
                renew(row, digests)
            except nik.UnknownKey:
                batch.unreadable += 1
            else:
                changed.append(row)
        queryset.model.objects.bulk_update(changed, fields)
    batch.renewed = len(changed)
    return batch


def _renew_person(inmate, digests):
    sealed = nik.seal(nik.reveal(inmate.nik_cipher))
    inmate.nik_cipher, inmate.nik_key = sealed["cipher"].encode(), sealed["key"]
    if digests:
        inmate.nik_digest = sealed["digest"]


def _renew_row(row, digests):
    held = row.values["inmate"]["nik"]
    sealed = nik.seal(nik.reveal(held["cipher"].encode()))
    row.values["inmate"]["nik"] = sealed if digests else sealed | {"digest": held["digest"]}
