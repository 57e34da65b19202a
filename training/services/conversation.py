"""The negotiation about a batch told as a conversation: each round, what it changed, its answer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from accounts.stand_ins import asked_often
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
    """The `Turn`s of a batch that the user may see, oldest first; one query."""
    return told(*_rows(user, batch.pk))


def asked(reader, batch):
    """What `told` needs of a batch (its id), as querysets: the rounds, and the days by which an
    answer to each was asked for."""
    rounds = SlotProposal.objects.visible_to(reader).filter(batch=batch).order_by("round")
    events = SlotProposal.pgh_event_model.objects.filter(
        pgh_obj__in=rounds.order_by().values("pk")
    ).order_by("pgh_obj", "pgh_id")
    return (
        rounds.select_related("answered_by", "created_by", "agency"),
        events.values_list("pgh_obj", "pgh_created_at", "respond_by"),
    )


_rows = asked_often(asked)


def told(rounds, events):
    """The `Turn`s of these rounds."""
    given = _extensions(events)
    turns, before = [], None
    for each in rounds:
        changed = {
            name for name in TERMS if before and getattr(each, name) != getattr(before, name)
        }
        turns.append(Turn(each, before, changed, given.get(each.pk, [])))
        before = each
    return turns


def _extensions(events):
    """`{id of a round: its extensions}`, from the history."""
    found = {}
    for pk, rows in groupby(events, key=lambda row: row[0]):
        known = None
        for _pk, at, respond_by in rows:
            if known and respond_by != known:
                found.setdefault(pk, []).append(Extension(at, known, respond_by))
            known = respond_by
    return found
