"""Steps of tests about changes of circumstances."""

from correspondence.models import Notice
from inmates.services.circumstances import note
from placements.models import CircumstancePolicy
from placements.services import circumstances
from tests.factories.partners import today


def happened(row, kind, *, by=None, **fields):
    """The change of a candidate's or participant's person, not settled yet."""
    fields = {"effective": today(), "source": "test", **fields}
    return note(inmate=row.inmate, facility_id=row.facility_id, kind=kind, by=by, **fields)


def settled(row, kind, **fields):
    circumstance = happened(row, kind, **fields)
    circumstances.settle(circumstances=[circumstance])
    circumstance.refresh_from_db()
    row.refresh_from_db()
    return circumstance


def policy(kind, effect, facility=None):
    CircumstancePolicy.objects.update_or_create(
        facility=facility, kind=kind, defaults={"effect": effect}
    )


def told(user, kind):
    return list(Notice.objects.live().filter(recipient=user, kind=kind))
