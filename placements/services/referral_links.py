"""The link in a liaison's mail: it says that a referral waits, and receives it without sign-in.

It names a code and no person: who it is, and every further answer, stand behind the sign-in.
Looking changes nothing; the POST uses the link up in the transaction of the act.
"""

from dataclasses import dataclass

from accounts.models import ActionLink
from accounts.refusals import act
from accounts.services import action_links
from placements.employment import ReferralState
from placements.models import Referral
from placements.services import referral_answers, referral_rows
from placements.services.referral_mails import ACT

USED = "used"


@dataclass(frozen=True)
class LinkedReferral:
    """What a link leads to. `end` says why it is dead, empty if it lives."""

    link: ActionLink
    referral: Referral

    @property
    def end(self):
        if self.link.used_at:
            return USED
        if self.referral.state != ReferralState.SENT:
            return self.referral.state
        return self.link.end


def look(token):
    """The `LinkedReferral` of a token, or None for one that nobody knows."""
    link = action_links.known(token)
    if link is None or link.act != ACT:
        return None
    referral = (
        Referral.objects.select_related("facility", "agency").filter(pk=link.object_id).first()
    )
    return referral and LinkedReferral(link, referral)


@act
def receive(*, token):
    """See `referral_answers.receive`; whoever comes second learns who was first."""
    linked = look(token)
    if linked is not None:
        referral = referral_rows.locked_one(linked.referral)
        linked = look(token)
        if linked.end not in ("", linked.link.end):
            raise referral_rows.settled(referral, linked.link.user)
    link = action_links.consume(token=token, act=ACT)
    return referral_answers.receive(referral=linked.referral, by=link.user)
