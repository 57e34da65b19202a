"""What follows from imported rows for others: changes of circumstance, moves between prisons.

One statement each per batch, in the import's own transaction.
"""

from datetime import date

from inmates.models import Circumstance
from inmates.services import circumstances, transfers
from inmates.states import CircumstanceKind, ReleaseBasis

SOURCE = "register"


def follow(rows, plans, stored, *, run, by):
    """Write down whose release or register book changed, and ask for those held elsewhere."""
    changes = []
    for row in rows:
        plan = plans[row.pk]
        if plan.before and plan.changed:
            changes += _changes(plan, stored, run, by)
    if changes:
        circumstances.note_many(changes)
    elsewhere = [_move(row, plans[row.pk], run) for row in rows if plans[row.pk].elsewhere]
    if elsewhere:
        transfers.propose_many(destination=run.facility, people=elsewhere, by=by)


def _changes(plan, stored, run, by):
    before, after = plan.before, stored.standing(plan.inmate)
    common = {
        "inmate": plan.inmate,
        "facility_id": run.facility_id,
        "effective": run.as_of,
        "source": SOURCE,
        "created_by": by,
    }
    if "sentence" in plan.changed and _moves(before.release, after.release):
        yield Circumstance(
            kind=CircumstanceKind.DATES,
            old=_iso(before.release),
            new=_iso(after.release),
            **common,
        )
    books = [each.register_class[:1] for each in (before, after)]
    if all(books) and books[0] != books[1]:
        yield Circumstance(
            kind=CircumstanceKind.REGISTER,
            old=before.register_class,
            new=after.register_class,
            **common,
        )


def _moves(before, after):
    """Whether the expected release is another day now; a stated day that has passed is none."""
    if after and after.past and after.basis == ReleaseBasis.STATED:
        return False
    return _iso(before) != _iso(after)


def _iso(release):
    return release.day.isoformat() if release else ""


def _move(row, plan, run):
    custody = row.values["custody"]
    admitted = custody.get("starts")
    return {
        "inmate": plan.inmate,
        "origin_id": plan.elsewhere.facility_id,
        "moved_on": date.fromisoformat(admitted) if admitted else run.as_of,
        "register_number": custody.get("register_number", ""),
        "register_class": custody.get("register_class", ""),
    }
