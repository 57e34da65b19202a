"""The link in a liaison's mail: it shows a round without sign-in, and answers it once.

Looking changes nothing, however often (mail scanners look too). An answer consumes the link in
the transaction of the act; the batch is locked first, so that whoever comes second learns who
was faster. The act itself, its permission and its refusals are those of `slots`.
"""

from dataclasses import dataclass

from accounts.models import ActionLink
from accounts.refusals import act
from accounts.services import action_links
from training.models import SlotProposal
from training.services import slot_rounds, slots
from training.services.slot_mails import ACT
from training.states import ProposalState

USED = "used"


@dataclass(frozen=True)
class LinkedRound:
    """What a link leads to. `end` says why it is dead, empty if it lives.

    It is `used` for whoever answered by it, a state of the round once that is settled, else what
    ended the link itself.
    """

    link: ActionLink
    proposal: SlotProposal

    @property
    def end(self):
        if self.link.used_at:
            return USED
        if self.proposal.state != ProposalState.OPEN:
            return self.proposal.state
        return self.link.end


def look(token):
    """The `LinkedRound` of a token, or None for one that nobody knows."""
    link = action_links.known(token)
    if link is None or link.act != ACT:
        return None
    proposal = (
        SlotProposal.objects.select_related("batch__course", "batch__facility", "agency")
        .filter(pk=link.object_id)
        .first()
    )
    return proposal and LinkedRound(link, proposal)


@act
def accept(*, token):
    """Take the round as it stands; see `slots.accept`."""
    return _answer(token, slots.accept)


@act
def counter(*, token, **terms):
    """Answer with terms of one's own; see `slots.counter`."""
    return _answer(token, slots.counter, **terms)


@act
def decline(*, token, reason):
    """Say no; see `slots.decline`."""
    return _answer(token, slots.decline, reason=reason)


def _answer(token, service, **content):
    linked = look(token)
    if linked is not None:
        slot_rounds.locked(linked.proposal.batch)
        linked = look(token)
        if linked.end not in ("", linked.link.end):
            raise slot_rounds.already_answered(linked.proposal)
    link = action_links.consume(token=token, act=ACT)
    return service(proposal=linked.proposal, by=link.user, **content)
