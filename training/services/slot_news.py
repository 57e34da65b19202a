"""What the two sides are told about a round of slots."""

from accounts import roles
from correspondence.services import notices
from partners.services import liaisons
from training.services import slot_mails
from training.states import ProposalState, Side

PRISON_SIDE = (roles.OFFICER, roles.HEAD)
ASKING = ("slots_proposed", "slots_countered")


def _told(kind, proposal, by):
    batch = proposal.batch
    return {
        "kind": kind,
        "obj": proposal,
        "facility_id": proposal.facility_id,
        "due": proposal.respond_by,
        "data": {
            "batch": f"{batch.course.name} – {batch.name}",
            "facility": batch.facility.name,
            "seats": proposal.seats,
            "by": proposal.agency.name if by is None or by.is_liaison else batch.facility.name,
        },
    }


def agency(kind, proposal, by):
    """Tell the agency's liaisons; the link leads to the answer page.

    What asks them for an answer comes as one mail with a link that answers without sign-in.
    """
    asks = kind in ASKING and (proposal.state, proposal.side) == (ProposalState.OPEN, Side.PRISON)
    notices.tell(
        recipients=liaisons.of(proposal.agency_id),
        link=proposal.get_absolute_url(),
        write_mail=slot_mails.writer(proposal, by) if asks else None,
        **_told(kind, proposal, by),
    )


def prison(kind, proposal, by, said_by=None):
    """Tell officer and head; `said_by` names who answered when that is not whoever wrote it."""
    told = _told(kind, proposal, by)
    if said_by:
        told["data"]["by"] = said_by
    notices.tell(
        recipients=notices.holders(proposal.facility_id, *PRISON_SIDE).exclude(
            pk=getattr(by, "pk", None)
        ),
        link=proposal.batch.get_absolute_url(),
        **told,
    )


def other_side(kind, proposal, by, recorded, answered=None):
    """Tell the side that asked; an answer written down for the agency is told to the agency.

    `answered` is the round that was answered when `proposal` is the one that follows it: only
    the answered round can be objected to.
    """
    answered = answered or proposal
    if recorded:
        agency("slots_recorded", answered, by)
        prison(kind, proposal, by, said_by=proposal.agency.name)
    elif answered.side == Side.PRISON:
        prison(kind, proposal, by)
    else:
        agency(kind, proposal, by)
