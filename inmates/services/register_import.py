"""Import of a register: upload, read in chunks, preview, apply in one transaction, or cancel.

The run is the queue: whatever a worker left behind is found again by `resume`. A reader holds a
lease (`claimed_until`) that it renews with every chunk; who lost it stops writing. Who applies
holds an advisory lock, so a killed worker leaves nothing half-imported and nothing locked.

`by` is the user; None stands for the operator at the machine's shell, who needs no post.
"""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from correspondence.enqueue import after_commit
from inmates.models import ImportRow, ImportRun
from inmates.register.files import NotARegister, RegisterFile, is_quick, title_date
from inmates.rules import tidy
from inmates.services import columns
from inmates.services.register_import_apply import apply, refuse_unless_ready
from inmates.services.register_import_read import classified, read
from inmates.services.register_import_runs import (
    APPLY_TASK,
    LEASE,
    READ_TASK,
    end,
    forget_file,
    give_up,
    held,
    is_left_alone,
    locked,
    permit,
)
from inmates.states import ImportState

KEPT_UNAPPLIED = timedelta(days=7)
BEFORE_APPLYING = (
    ImportState.UPLOADED,
    ImportState.READING,
    ImportState.UNCLEAR,
    ImportState.READY,
)


@act
def upload(*, facility, file, file_name, as_of, by, is_complete=False, queue=True):
    """Take a file in and have a worker read it. Not a register: `NotAllowed` beside its field.

    Without `as_of`, the day in the file's title counts, else today. `is_complete`: the file holds
    everybody in custody, so whoever it does not list is missing. With `queue` off the caller
    reads the run itself.
    """
    permit(by, facility.pk)
    today = timezone.localdate()
    if as_of and as_of > today:
        raise NotAllowed({"as_of": _("Tanggal data tidak bisa di masa depan.")})
    try:
        stream = getattr(file, "file", file)
        known = columns.remembered(facility.pk)
        register = RegisterFile(stream, known) if is_quick(stream) else None
    except NotARegister as refusal:
        raise NotAllowed({"file": refusal.messages}) from refusal
    run = ImportRun(
        facility=facility,
        file_name=tidy(file_name)[-200:],
        as_of=as_of or (title_date(register, today) if register else today),
        is_complete=is_complete,
        rows_total=register.rows_total if register else 0,
        created_by=by,
    )
    stream.seek(0)
    run.file.save(uuid4().hex, File(stream), save=False)
    run.save()
    if queue:
        after_commit(READ_TASK, run.pk)
    return run


@act
def queue_apply(*, run, by):
    """Have a worker apply a run that is ready; asked twice is asked once."""
    permit(by, run.facility_id)
    run = locked(run)
    if run.state == ImportState.APPLYING:
        return run
    refuse_unless_ready(run, by)
    if run.state == ImportState.READY:
        run.state, run.applied_by, run.rows_applied = ImportState.APPLYING, by, 0
        run.save(update_fields=["state", "applied_by", "rows_applied"])
        after_commit(APPLY_TASK, run.pk)
    return run


@act
def cancel(*, run, by):
    """Give an import up, whatever a worker does with it; its rows and file are gone then.

    While a worker applies it, it is only asked to stop: the run stays `applying` until its worker
    has taken everything back. Applied: too late.
    """
    permit(by, run.facility_id)
    run = locked(run)
    if run.state == ImportState.CANCELLED:
        return run
    if run.state in BEFORE_APPLYING or (run.state == ImportState.APPLYING and is_left_alone(run)):
        return end(run, ImportState.CANCELLED)
    if run.state == ImportState.APPLYING:
        run.cancel_requested = True
        run.save(update_fields=["cancel_requested"])
        return run
    raise NotAllowed(
        _("Impor ini berstatus “%s” dan tidak bisa dibatalkan.") % run.get_state_display()
    )


@act
def resume():
    """Enqueue again what a killed worker or a lost message left lying, and tidy up.

    Safe to run twice: reading is claimed, applying is locked. Returns how many were enqueued.
    """
    now = timezone.now()
    unread = ImportRun.objects.filter(
        Q(~Q(created_at__range=(now - LEASE, now + LEASE)), state=ImportState.UPLOADED)
        | Q(~held(now), state=ImportState.READING)
    )
    applying = ImportRun.objects.filter(state=ImportState.APPLYING)
    waiting = [(READ_TASK, run.pk) for run in unread]
    waiting += [(APPLY_TASK, run.pk) for run in applying if is_left_alone(run)]
    for task, pk in waiting:
        after_commit(task, pk)
    _tidy_up(now)
    return len(waiting)


def _tidy_up(now):
    """Drop previews that nobody applied, uploads that nobody needs, names that were kept enough."""
    waiting = (ImportState.READY, ImportState.UNCLEAR)
    old = ImportRun.objects.filter(state__in=waiting, created_at__lt=now - KEPT_UNAPPLIED)
    for run in old.select_for_update(skip_locked=True, no_key=True):
        end(run, ImportState.CANCELLED)
    settled = (ImportState.APPLIED, ImportState.FAILED, ImportState.CANCELLED)
    for run in ImportRun.objects.filter(state__in=settled).exclude(file=""):
        transaction.on_commit(lambda run=run: forget_file(run))
    kept = now - timedelta(days=settings.IMPORT_NAMES_KEPT_DAYS)
    forgotten = ImportRun.objects.filter(
        state=ImportState.APPLIED, applied_at__lt=kept, report__names_forgotten__isnull=True
    )
    for run in forgotten.select_for_update(skip_locked=True, no_key=True):
        ImportRow.objects.filter(run=run).update(name="", person_key="", changes=[])
        run.report["names_forgotten"] = True
        run.save(update_fields=["report"])


__all__ = [
    "apply",
    "cancel",
    "classified",
    "give_up",
    "queue_apply",
    "read",
    "resume",
    "upload",
]
