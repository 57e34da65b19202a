"""Who is told of a change and of what followed. Codes and kinds travel, names never."""

from accounts import roles
from correspondence.services import notices
from training.services import participant_news

POSTS = (roles.OFFICER, roles.HEAD)


def waiting(circumstance, by):
    """The posts that decide."""
    _tell_posts("circumstance_waiting", circumstance, by)


def settled(circumstance, count, by):
    """The same posts, when the policy has already decided."""
    _tell_posts("circumstance_settled", circumstance, by, count=count)


PARTICIPANT = "enrolment"


def left(leg):
    """The agency, of a participant who does not go on; it never knew a candidate."""
    if leg.what == PARTICIPANT:
        participant_news.left(leg.row)


def paused(leg):
    if leg.what == PARTICIPANT:
        participant_news.paused(leg.row)


def back(leg):
    if leg.what == PARTICIPANT:
        participant_news.back(leg.row)


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
