"""Writing down that something changed for a person; what follows from it is decided elsewhere.

Every service that changes a status, a date, a restriction or a consent calls `note` in its own
transaction. The row is the queue: a worker settles it by the prison's policy, and whatever the
policy leaves open waits for a post.
"""

from accounts.refusals import act
from correspondence.enqueue import after_commit
from inmates.models import Circumstance

SETTLE_TASK = "placements.settle_circumstances"


@act
def note(*, inmate, facility_id, kind, effective, source, by, old="", new=""):
    """One change of one person at one prison, open until it is settled.

    `old` and `new` are short texts (an ISO date, a class, a code), `source` names where the change
    came from (`"register"`, `"transfer"`, `"restriction"`, `"consent"`, ...).
    """
    (row,) = note_many(
        [
            Circumstance(
                inmate=inmate,
                facility_id=facility_id,
                kind=kind,
                old=str(old)[:60],
                new=str(new)[:60],
                effective=effective,
                source=source,
                created_by=by,
            )
        ]
    )
    return row


@act
def note_many(rows):
    """Store unsaved `Circumstance`s in one statement; returns them with their keys."""
    rows = Circumstance.objects.bulk_create(rows)
    if rows:
        after_commit(SETTLE_TASK)
    return rows
