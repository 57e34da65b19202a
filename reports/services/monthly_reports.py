"""The monthly report: asked for, counted by a worker, completed by hand, sent as a letter.

The row is the queue: what a killed worker left behind is counted again by `resume`. What was
counted stays as it was; a new counting is possible until the letter has its number.
"""

import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence import letter_kinds
from correspondence.enqueue import after_commit
from correspondence.services import letters
from correspondence.states import LETTER_UNNUMBERED, LetterNature
from reports import monthly, monthly_paper
from reports.letter_kinds import MONTHLY_REPORT
from reports.models import Report
from reports.states import ReportState

logger = logging.getLogger(__name__)

COUNT_TASK = "reports.count_report"
LEASE = timedelta(seconds=120)


def prisons_of(user):
    """Prisons of which the user may make reports."""
    return Facility.objects.filter(
        pk__in=[pk for pk in user.facility_ids if may(user, "write_letters", pk)]
    )


@act
def begin(*, facility, month, by):
    """The report of a month (any day of it), counted by a worker; the one there is, if there is.

    Raises `NotAllowed` with a field error for a month that has not begun.
    """
    require(by, "write_letters", facility.pk)
    first = month.replace(day=1)
    if first > timezone.localdate():
        raise NotAllowed({"month": ValidationError(_("Bulan ini belum mulai."))})
    known = Report.objects.filter(facility=facility, starts_on=first).first()
    if known:
        return known
    report = Report.objects.create(
        facility=facility, starts_on=first, due_on=due_day(first), asked_by=by, created_by=by
    )
    after_commit(COUNT_TASK, report.pk)
    return report


@act
def recount(*, report, by):
    """Count once more, as long as its letter has no number; a draft of it is thrown away."""
    require(by, "write_letters", report.facility_id)
    report = _locked(report)
    if report.is_working:
        return report
    _need_unnumbered(report)
    _drop_draft(report, by)
    report.state, report.sections_done, report.asked_by = ReportState.QUEUED, 0, by
    report.save(update_fields=["state", "sections_done", "asked_by", "letter"])
    after_commit(COUNT_TASK, report.pk)
    return report


@act
def complete(*, report, by, activities, obstacles, plan):
    """Write down what no table knows: `activities` are rows as `monthly_paper.ACTIVITIES` names."""
    require(by, "write_letters", report.facility_id)
    report = _locked(report)
    _need_unnumbered(report)
    report.typed = {"activities": activities, "obstacles": obstacles, "plan": plan}
    report.save(update_fields=["typed"])
    return report


@act
def draft(*, report, by):
    """Draft its letter from the figures and what was typed; an older draft is replaced."""
    require(by, "write_letters", report.facility_id)
    report = _locked(report)
    if report.state != ReportState.READY:
        raise NotAllowed(_("Angkanya belum selesai dihitung."))
    _need_unnumbered(report)
    _drop_draft(report, by)
    kind = letter_kinds.get(MONTHLY_REPORT)
    report.letter = letters.draft(
        facility=report.facility,
        kind=kind.code,
        template=kind.template,
        subject=monthly_paper.subject(report.starts_on),
        addressed_to=monthly_paper.addressee(report.facility, timezone.localdate()),
        data={
            "text": monthly_paper.text(report.typed),
            "place": "",
            "nature": LetterNature.NORMAL.value,
            "attachments": "1 (satu) berkas",
            "classification": kind.classification,
            "signed_by": kind.signed_by,
            "copies": [],
            "tables": monthly_paper.tables(report),
        },
        about=report,
        by=by,
    )
    report.save(update_fields=["letter"])
    return report


def count(*, report):
    """Count all sections for the worker, each committed for the progress bar.

    Does nothing when another worker has it. Returns the report.
    """
    token = _claim(report)
    if token is None:
        return report
    first = report.starts_on
    last = last_day(first)
    figures = []
    with translation.override("id"):
        for section in monthly.SECTIONS:
            with transaction.atomic():
                figures.append(section(report.facility, first, last).frozen())
                token = _progress(report, token, len(figures))
            if token is None:
                return report
    Report.objects.filter(pk=report.pk, claimed_until=token).update(
        state=ReportState.READY,
        figures=figures,
        counted_at=timezone.now(),
        claimed_until=None,
    )
    report.refresh_from_db()
    return report


def resume():
    """Publish again what waits for a worker or was left by one; returns how many."""
    left = Report.objects.unfinished().filter(~_held(timezone.now()))
    for pk in left.values_list("pk", flat=True):
        after_commit(COUNT_TASK, pk)
    return len(left)


def give_up(*, report):
    """No worker can count it: the page says so, and offers to try again."""
    Report.objects.unfinished().filter(pk=report.pk).update(
        state=ReportState.FAILED, claimed_until=None
    )


def work(*, pk):
    """What a worker does with a report's id."""
    report = Report.objects.filter(pk=pk).select_related("facility").first()
    if report is None:
        return
    try:
        count(report=report)
    except OperationalError:
        raise  # the database went away: `resume` tries again
    except Exception:
        logger.exception("could not count report %s", pk)
        give_up(report=report)


def differences(report):
    """How a counting now differs from what was reported, as `monthly.differences` tells."""
    first, last = report.starts_on, last_day(report.starts_on)
    with translation.override("id"):
        now = [section(report.facility, first, last).frozen() for section in monthly.SECTIONS]
    return monthly.differences(report.figures, now)


def last_day(month):
    return month + relativedelta(day=31)


def due_day(month):
    """The day of the next month by which it is sent (`MONTHLY_REPORT_DAY`)."""
    return month + relativedelta(months=1, day=settings.MONTHLY_REPORT_DAY)


def _held(now):
    """Counted by somebody. A lease that ends much later than any can: of a clock that was wrong."""
    return Q(claimed_until__range=(now, now + 2 * LEASE))


def _claim(report):
    now = timezone.now()
    free = Q(state=ReportState.QUEUED) | Q(~_held(now), state=ReportState.COUNTING)
    token = now + LEASE
    claimed = Report.objects.filter(free, pk=report.pk).update(
        state=ReportState.COUNTING, claimed_until=token, sections_done=0
    )
    return token if claimed else None


def _progress(report, token, done):
    """The renewed token; None when the claim was lost."""
    renewed = timezone.now() + LEASE
    kept = Report.objects.filter(pk=report.pk, claimed_until=token).update(
        sections_done=done, claimed_until=renewed
    )
    return renewed if kept else None


def _locked(report):
    return (
        Report.objects.select_for_update(no_key=True, of=["self"])
        .select_related("facility", "letter")
        .get(pk=report.pk)
    )


def _need_unnumbered(report):
    if report.letter and report.letter.state not in LETTER_UNNUMBERED:
        raise AlreadyDone(
            _("Laporan ini sudah bernomor %(number)s; isinya tidak berubah lagi.")
            % {"number": report.letter.number}
        )


def _drop_draft(report, by):
    old, report.letter = report.letter, None
    if old:
        report.save(update_fields=["letter"])
        letters.discard(letter=old, by=by)
