"""Tools of classes: counted and complete, missing and released, missing now, out at this hour."""

from reports.demo.acting import day, did
from training.models import Batch, Meeting
from training.services import tools
from training.teaching import MeetingState


def create(office):
    """The welders' last two classes, and the computer class if it meets today."""
    welding = _batch(office, "Las II")
    before, last = welding.meetings.filter(
        state=MeetingState.PLANNED, during__endswith__date__lt=day()
    ).order_by("during")
    missing = _counted(office, before, missing="Sikat kawat")
    did(
        tools.release_gate,
        by=office["security"],
        check=missing,
        reason="Bengkel dan blok digeledah; sikat kawat patah dan terbuang, dicatat hilang",
    )
    _counted(office, last, missing="Palu terak")
    today = Meeting.objects.filter(batch=_batch(office, "Perkantoran I")).on(day()).first()
    if today:
        did(tools.take_out, by=office["officer"], meeting=today, items=tools.usual_of(today))


def _batch(office, name):
    rows = Batch.objects.select_related("course")
    return rows.get(facility=office.prison.facility, name=name)


def _counted(office, meeting, missing):
    """All tools of the course out and back, but one of a kind; returns the check of that kind."""
    checks = did(
        tools.take_out, by=office["officer"], meeting=meeting, items=tools.usual_of(meeting)
    )
    short = next(check for check in checks if check.name == missing)
    counts = {check: check.quantity_out for check in checks} | {short: short.quantity_out - 1}
    did(tools.bring_back_all, by=office["officer"], meeting=meeting, counts=counts)
    return short
