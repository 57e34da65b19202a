"""The end of a batch: what still lacks, the report that is drafted, attendance locked; and back.

Once a batch is closed the database refuses to change its attendance. The report is an ordinary
letter from then on: its words are edited, it is initialled, numbered and signed like any other.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence import letter_kinds
from correspondence.services import letters, notices
from correspondence.states import LETTER_UNNUMBERED, LetterNature
from training import closing_paper, figures
from training.letter_kinds import BATCH_REPORT
from training.models import ToolCheck
from training.services import batch_rows as rows
from training.states import BatchState
from training.teaching import MeetingState

NAMED = 8  # of each kind that a list of what lacks names


@dataclass(frozen=True)
class Lack:
    """Something that must be settled before the batch is closed, and the page where it is."""

    text: str
    url: str


def lacking(batch):
    """What keeps the batch from being closed, as `Lack`s; three queries."""
    return [*_without_result(batch), *_not_held(batch), *_tools_out(batch)]


@act
def close(*, batch, by, cost=None, obstacles=""):
    """Close a finished batch and draft its report, `batch.report`.

    Raises `NotAllowed` with a sentence for each thing that lacks.
    """
    require(by, "plan_batch", batch.facility_id)
    batch = rows.locked(batch)
    said = {"cost": cost, "obstacles": obstacles.strip()}
    if batch.state != BatchState.FINISHED:
        return rows.move(batch, BatchState.CLOSED, by, **said)
    lacks = lacking(batch)
    if lacks:
        raise NotAllowed([lack.text for lack in lacks])
    rows.move(batch, BatchState.CLOSED, by, **said)
    rows.write(batch, report=_draft(batch, by))
    notices.close_for(batch, "batch_reopened")
    rows.tell("batch_closed", batch, by)
    return batch


@act
def reopen(*, batch, reason, by):
    """A batch that was closed too early is finished again; the head says why.

    A draft of its report is thrown away; a letter that has its number stays in the register.
    """
    require(by, "correct_state", batch.facility_id)
    batch = rows.locked(batch)
    reason = reason.strip()
    if not reason and batch.state == BatchState.CLOSED:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if batch.state != BatchState.CLOSED:
        return rows.move(batch, BatchState.FINISHED, by, reason=reason)
    report = batch.report
    rows.move(batch, BatchState.FINISHED, by, reason=reason, report=None)
    if report and report.state in LETTER_UNNUMBERED:
        letters.discard(letter=report, by=by)
    notices.close_for(batch, "batch_closed")
    rows.tell("batch_reopened", batch, by)
    return batch


def _draft(batch, by):
    kind = letter_kinds.get(BATCH_REPORT)
    counted = figures.of(batch)
    return letters.draft(
        facility=batch.facility,
        kind=kind.code,
        template=kind.template,
        subject=closing_paper.subject(batch),
        addressed_to=f"Kepala {batch.facility.name}",
        data={
            "text": closing_paper.text(batch.obstacles),
            "place": "",
            "nature": LetterNature.NORMAL.value,
            "attachments": "1 (satu) berkas" if counted.outcomes else "",
            "classification": kind.classification,
            "signed_by": kind.signed_by,
            "copies": [],
            "report": closing_paper.report(counted),
        },
        about=batch,
        people=[outcome.enrolment.inmate for outcome in counted.outcomes],
        by=by,
    )


def _without_result(batch):
    codes = list(
        batch.enrolments.blocking()
        .order_by("participant_code")
        .values_list("participant_code", flat=True)
    )
    if codes:
        text = ngettext(
            "%(number)d peserta belum punya hasil: %(codes)s.",
            "%(number)d peserta belum punya hasil: %(codes)s.",
            len(codes),
        ) % {"number": len(codes), "codes": _some(codes)}
        yield Lack(text, f"{batch.get_absolute_url()}#results")


def _not_held(batch):
    waiting = batch.meetings.filter(state=MeetingState.PLANNED)
    for meeting in waiting:
        yield Lack(
            _("Pertemuan %(number)s (%(day)s) belum dilaksanakan dan belum dibatalkan.")
            % {
                "number": meeting.number,
                "day": formats.date_format(timezone.localdate(meeting.during.lower)),
            },
            meeting.get_absolute_url(),
        )


def _tools_out(batch):
    out = ToolCheck.objects.unsettled().filter(meeting__batch=batch).select_related("meeting")
    for check in out:
        yield Lack(
            _("Alat belum kembali dari pertemuan %(number)s: %(name)s.")
            % {"number": check.meeting.number, "name": check.name},
            reverse("training:meeting-tools", args=[check.meeting.public_id]),
        )


def _some(words):
    """The first few words, and how many more there are."""
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" (+{more})" if more > 0 else "")
