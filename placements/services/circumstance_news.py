"""Who is told of a change and of what followed. Codes and kinds travel, names never."""

from django.urls import reverse

from accounts import roles
from correspondence.services import notices
from partners.services import liaisons

POSTS = (roles.OFFICER, roles.HEAD)


def waiting(circumstance, by):
    """The posts that decide."""
    _tell_posts("circumstance_waiting", circumstance, by)


def settled(circumstance, count, by):
    """The same posts, when the policy has already decided."""
    _tell_posts("circumstance_settled", circumstance, by, count=count)


def left(leg):
    """The agency, of a participant who does not go on; it never knew a candidate."""
    _tell_agency("participant_left", leg)


def paused(leg):
    _tell_agency("participant_paused", leg)


def back(leg):
    _tell_agency("participant_back", leg)


def _tell_posts(kind, circumstance, by, **data):
    people = notices.holders(circumstance.facility_id, *POSTS)
    notices.tell(
        kind=kind,
        obj=circumstance,
        recipients=[person for person in people if person != by],
        data={"what": circumstance.kind, **data},
        link=circumstance.get_absolute_url(),
        facility_id=circumstance.facility_id,
    )


def _tell_agency(kind, leg):
    if not leg.code:
        return
    notices.close_for(leg.row, "participant_paused", "participant_back")
    notices.tell(
        kind=kind,
        obj=leg.row,
        recipients=liaisons.of(leg.batch.agency_id),
        data={"code": leg.code, "batch": leg.batch.name},
        link=reverse("training:participant-list", args=[leg.batch.public_id]),
        facility_id=leg.row.facility_id,
    )
