"""The rows behind `slots`: one round opened, answered, closed; and why that is refused.

Every function here expects the batch to be locked (`locked`) and the permission to be asked.
"""

from django.db.models import Max
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.services import notices
from training.models import Batch, SlotProposal
from training.services import slot_mails
from training.states import BatchState


def locked(batch):
    """The batch, locked, with what a round needs of it."""
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("agreement", "course", "facility", "agency")
        .get(pk=batch.pk)
    )


def open_round(batch, side, by, **terms):
    """The next round of the batch, open."""
    latest = batch.proposals.aggregate(latest=Max("round"))["latest"] or 0
    return SlotProposal.objects.create(
        batch=batch,
        facility_id=batch.facility_id,
        agency_id=batch.agency_id,
        round=latest + 1,
        side=side,
        created_by=by,
        **terms,
    )


def answer(proposal, state, by, *, reason="", recorded=None):
    """Close an open round by one conditional update: (proposal, whether it was so already)."""
    changed = (
        SlotProposal.objects.open()
        .filter(pk=proposal.pk)
        .update(state=state, answered_at=timezone.now(), answered_by=by, answer_reason=reason)
    )
    proposal = SlotProposal.objects.select_related("batch", "answered_by", "agency").get(
        pk=proposal.pk
    )
    if not changed:
        same = (proposal.state, proposal.answered_by, proposal.answer_reason)
        said = (proposal.recorded_channel, proposal.recorded_from)
        if same == (state, by, reason) and said == _said(recorded):
            return proposal, True
        raise already_answered(proposal)
    if recorded:
        for name, value in recorded.fields().items():
            setattr(proposal, name, value)
        proposal.save(update_fields=list(recorded.fields()))
    close(proposal)
    return proposal, False


def close(proposal):
    """A round that is settled is waited for no more: its links are dead, its notices closed."""
    slot_mails.end_links(proposal)
    notices.close_for(proposal)


def move(batch, state, by, also=()):
    """Write a state, and with it the fields named in `also`."""
    batch.state, batch.state_at, batch.state_by = state, timezone.now(), by
    batch.save(update_fields=["state", "state_at", "state_by", *also])


def end_round(batch, by):
    """The round came to nothing: a batch that was negotiating is planned again."""
    if batch.state == BatchState.NEGOTIATING:
        move(batch, BatchState.PLANNED, by)


def has(proposal, terms):
    """Whether the round says exactly this."""
    return all(getattr(proposal, name) == value for name, value in terms.items())


def already_open(proposal):
    return AlreadyDone(
        _("Masih ada usulan yang belum dijawab, dari %(who)s pada %(when)s.")
        % {"who": proposal.created_by or "—", "when": _clock(proposal.created_at)}
    )


def already_answered(proposal):
    return AlreadyDone(
        _("Usulan ini sudah ditutup (%(state)s) oleh %(who)s pada %(when)s.")
        % {
            "state": proposal.get_state_display(),
            "who": proposal.answered_by or _("sistem"),
            "when": _clock(proposal.answered_at) if proposal.answered_at else "—",
        }
    )


def impossible_for(batch):
    return NotAllowed(
        _("Kuota tidak bisa diusulkan: angkatan ini %(state)s.")
        % {"state": batch.get_state_display().lower()}
    )


def _said(recorded):
    return (recorded.channel, recorded.said_by) if recorded else ("", "")


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
