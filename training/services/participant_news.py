"""What is told of a participant: the code and what became of it, never a name."""

from django.urls import reverse

from accounts import roles
from correspondence.services import notices
from partners.services import liaisons


def left(enrolment):
    """Does not go on."""
    _tell("participant_left", enrolment)


def paused(enrolment):
    """Kept from class for now."""
    _tell("participant_paused", enrolment)


def back(enrolment):
    """In class again."""
    _tell("participant_back", enrolment)


def paper_stands(enrolment, paper):
    """To the head: somebody left who holds a paper of the course."""
    notices.tell(
        kind="paper_of_who_left",
        obj=paper,
        recipients=notices.holders(enrolment.facility_id, roles.HEAD),
        data={"code": enrolment.participant_code, "number": paper.number},
        link=paper.get_absolute_url(),
        facility_id=enrolment.facility_id,
    )


def _tell(kind, enrolment):
    batch = enrolment.batch
    notices.close_for(enrolment, "participant_paused", "participant_back")
    notices.tell(
        kind=kind,
        obj=enrolment,
        recipients=liaisons.of(batch.agency_id),
        data={"code": enrolment.participant_code, "batch": batch.name},
        link=reverse("training:participant-list", args=[batch.public_id]),
        facility_id=enrolment.facility_id,
    )
