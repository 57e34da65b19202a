"""The negotiation about a batch told as a conversation: each round, what it changed, its answer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from training.models import SlotProposal
from training.states import ProposalState

TERMS = ("seats", "starts_on", "ends_on", "place", "instructor")


@dataclass
class Extension:
    """More time was given: from one reply date to a later one."""

    at: datetime
    old: date
    new: date


@dataclass
class Turn:
    """One round. `changed` names the terms that differ from the round before; `before` is it."""

    round: SlotProposal
    before: SlotProposal | None = None
    changed: set = field(default_factory=set)
    extensions: list = field(default_factory=list)

    @property
    def is_silent(self):
        """Nobody answered in time."""
        return self.round.state == ProposalState.EXPIRED


def of(batch, user):
    """The `Turn`s of a batch that the user may see, oldest first; two queries."""
    rounds = list(
        SlotProposal.objects.visible_to(user)
        .filter(batch=batch)
        .select_related("answered_by", "created_by", "agency")
        .order_by("round")
    )
    given = _extensions(rounds)
    turns, before = [], None
    for each in rounds:
        changed = {
            name for name in TERMS if before and getattr(each, name) != getattr(before, name)
        }
        turns.append(Turn(each, before, changed, given.get(each.pk, [])))
        before = each
    return turns


def _extensions(rounds):
    """`{id of a round: its extensions}`, from the history."""
    events = (
        SlotProposal.pgh_event_model.objects.filter(pgh_obj__in=rounds)
        .order_by("pgh_obj", "pgh_id")
        .values_list("pgh_obj", "pgh_created_at", "respond_by")
    )
    found = {}
    for pk, rows in groupby(events, key=lambda row: row[0]):
        known = None
        for _pk, at, respond_by in rows:
            if known and respond_by != known:
                found.setdefault(pk, []).append(Extension(at, known, respond_by))
            known = respond_by
    return found
