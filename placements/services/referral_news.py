"""Who is told of what becomes of a referral. Codes travel, names never."""

from accounts import roles
from correspondence.services import notices
from partners.services import liaisons
from placements.services import referral_mails

PRISON = (roles.OFFICER, roles.HEAD)


def agency(kind, referral, by, due=None, **data):
    """The agency's liaisons; what asks them for an answer comes with a link of their own."""
    asks = kind in referral_mails.ASKING
    _tell(
        kind,
        referral,
        [person for person in liaisons.of(referral.agency_id) if person != by],
        by,
        due=due,
        write_mail=referral_mails.writer(referral, by) if asks else None,
        **data,
    )


def prison(kind, referral, by, *to, due=None, **data):
    """Officer and head of the prison, or the roles named."""
    people = notices.holders(referral.facility_id, *(to or PRISON))
    _tell(kind, referral, [person for person in people if person != by], by, due=due, **data)


def answered(kind, referral, by, recorded, **data):
    """The prison of an answer; the agency too, of one that was written down for it."""
    if recorded:
        agency("referral_recorded", referral, by)
    prison(kind, referral, by, **data)


def both(kind, referral, by, due=None, **data):
    """Prison and agency; the agency only of what has reached it."""
    prison(kind, referral, by, due=due, **data)
    if referral.sent_at:
        agency(kind, referral, by, due=due, **data)


def _tell(kind, referral, recipients, by, due=None, write_mail=None, **data):
    speaks = referral.facility if by is None or not by.is_liaison else referral.agency
    notices.tell(
        kind=kind,
        obj=referral,
        recipients=recipients,
        data={
            "code": referral.person_code,
            "facility": referral.facility.name,
            "agency": referral.agency.name,
            "by": speaks.name,
            **data,
        },
        link=referral.get_absolute_url(),
        facility_id=referral.facility_id,
        due=due,
        write_mail=write_mail,
    )
