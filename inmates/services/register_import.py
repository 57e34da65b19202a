"""Import of a register: upload, read in chunks, preview, apply in one transaction, or cancel.

The run is the queue: whatever a worker left behind is found again by `resume`. A reader holds a
lease (`claimed_until`) that it renews with every chunk; who lost it stops writing. Applying holds
the run's row lock, so a killed worker leaves nothing half-imported.

`by` is the user; None stands for the operator at the machine's shell, who needs no post.
"""

import itertools
import logging
from datetime import timedelta
from uuid import uuid4

import pghistory
from django.core.files import File
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.enqueue import after_commit
from inmates.models import ImportRow, ImportRun
from inmates.register.files import NotARegister, RegisterFile, is_quick, title_date
from inmates.register.findings import finding
from inmates.register.rows import read_row
from inmates.register.tally import Tally
from inmates.rules import tidy
from inmates.services import register_rows
from inmates.states import ImportState, RowOutcome

logger = logging.getLogger(__name__)

CHUNK_ROWS = 500
BATCH_ROWS = 1000
ATTEMPTS = 3  # a file that killed its reader so often is given up
LEASE = timedelta(seconds=60)
KEPT_UNAPPLIED = timedelta(days=7)
IMPORTABLE = (RowOutcome.NEW, RowOutcome.UPDATED, RowOutcome.UNCHANGED)
READ_TASK, APPLY_TASK = "inmates.read_import", "inmates.apply_import"
ONE_AT_A_TIME = 7_246_001  # advisory lock: two prisons may import the same new person


class LostClaim(Exception):
    """The run was cancelled, or another worker reads it now."""


def _require(by, facility_id):
    if by is not None:
        require(by, "import_register", facility_id)


# --- Upload ------------------------------------------------------------------------------------
@act
def upload(*, facility, file, file_name, as_of, by, queue=True):
    """Take a file in and have a worker read it. Not a register: `NotAllowed` beside its field.

    Without `as_of`, the day in the file's title counts, else today. With `queue` off the caller
    reads the run itself.
    """
    _require(by, facility.pk)
    today = timezone.localdate()
    if as_of and as_of > today:
        raise NotAllowed({"as_of": _("Tanggal data tidak bisa di masa depan.")})
    try:
        stream = getattr(file, "file", file)
        register = RegisterFile(stream) if is_quick(stream) else None
    except NotARegister as refusal:
        raise NotAllowed({"file": refusal.messages}) from refusal
    run = ImportRun(
        facility=facility,
        file_name=tidy(file_name)[-200:],
        as_of=as_of or (title_date(register, today) if register else today),
        rows_total=register.rows_total if register else 0,
        created_by=by,
    )
    stream.seek(0)
    run.file.save(uuid4().hex, File(stream), save=False)
    run.save()
    if queue:
        after_commit(READ_TASK, run.pk)
    return run


# --- Read --------------------------------------------------------------------------------------
def read(*, run):
    """Read the file chunk by chunk, each committed for the progress bar, up to READY or FAILED.

    Does nothing when another worker has the run. Returns the run.
    """
    token = _claim(run)
    try:
        if token is not None:
            _read_all(run, token)
    except LostClaim:
        logger.info("import %s is read elsewhere or cancelled", run.pk)
    except (NotARegister, FileNotFoundError) as refusal:
        gone = _("Berkas unggahan tidak ada lagi.")
        _fail(run, " ".join(getattr(refusal, "messages", [gone])))
    run.refresh_from_db()
    return run


def _claim(run):
    """The lease as a fencing token, or None when the run is not free."""
    now = timezone.now()
    if run.report.get("attempts", 0) >= ATTEMPTS:
        give_up(run=run)
        return None
    free = Q(state=ImportState.UPLOADED) | Q(state=ImportState.READING, claimed_until__lt=now)
    token = now + LEASE
    with transaction.atomic():
        claimed = ImportRun.objects.filter(free, pk=run.pk).update(
            state=ImportState.READING,
            claimed_until=token,
            rows_done=0,
            report={"attempts": run.report.get("attempts", 0) + 1},
        )
        if claimed:
            ImportRow.objects.filter(run=run).delete()
    return token if claimed else None


def _read_all(run, token):
    tally, last = Tally(), 0
    with run.file.open("rb") as stream:
        register = RegisterFile(stream)
        ImportRun.objects.filter(pk=run.pk).update(rows_total=register.rows_total)
        for rows in classified(register, facility_id=run.facility_id, as_of=run.as_of):
            _count(rows, tally)
            last = rows[-1].number
            token = _keep_chunk(run, rows, token)
        if not last:
            sentence = _("Tidak ada baris data di bawah judul kolom (baris %s).")
            raise NotARegister(sentence % register.header_row)
        report = tally.report() | {
            "header_row": register.header_row,
            "unknown_columns": register.columns.unknown,
            "dropped_columns": register.columns.dropped,
        }
    if not _mine(run, token).update(
        state=ImportState.READY, claimed_until=None, rows_total=last, rows_done=last, report=report
    ):
        raise LostClaim
    run.refresh_from_db()
    _forget_file(run)


def classified(register, *, facility_id, as_of):
    """Lists of unsaved `ImportRow`s, in constant queries per chunk. Writes nothing."""
    earlier = {}
    rows = (read_row(number, cells, register.columns) for number, cells in register.rows())
    while chunk := list(itertools.islice(rows, CHUNK_ROWS)):
        fresh = []
        for row in chunk:
            if row.is_error:
                continue
            if row.person_key in earlier:
                row.say("duplicate", value=earlier[row.person_key])
            else:
                earlier[row.person_key] = row.number
                fresh.append(row)
        stored = register_rows.Stored(facility_id, as_of, [row.person_key for row in fresh])
        plans = {row.number: stored.plan(row.person_key, row.values) for row in fresh}
        likenesses = register_rows.similar(
            facility_id, [r for r in fresh if plans[r.number].outcome == RowOutcome.NEW]
        )
        yield [_import_row(row, plans.get(row.number), row.number in likenesses) for row in chunk]


def _import_row(row, plan, is_similar):
    findings = row.findings + (plan.findings if plan else [])
    if is_similar:
        findings.append(finding("similar"))
    if plan:
        outcome = plan.outcome
    else:
        is_duplicate = any(found["code"] == "duplicate" for found in findings)
        outcome = RowOutcome.DUPLICATE if is_duplicate else RowOutcome.ERROR
    return ImportRow(
        number=row.number,
        outcome=outcome,
        is_warning=bool(plan) and row.is_warning,
        name=row.name,
        person_key=row.person_key,
        messages=findings,
        values=row.values if plan else {},
    )


def _count(rows, tally):
    for row in rows:
        tally.add(row.number, row.outcome, row.is_warning, row.messages)


def _mine(run, token):
    return ImportRun.objects.filter(pk=run.pk, state=ImportState.READING, claimed_until=token)


def _keep_chunk(run, rows, token):
    """Store one chunk and renew the lease, or raise `LostClaim` and store nothing."""
    renewed = timezone.now() + LEASE
    with transaction.atomic():
        if not _mine(run, token).update(rows_done=rows[-1].number, claimed_until=renewed):
            raise LostClaim
        for row in rows:
            row.run = run
        ImportRow.objects.bulk_create(rows)
    return renewed


def _fail(run, sentence):
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if run.state in (ImportState.READING, ImportState.APPLYING):
            run.rows.all().delete()
            run.state, run.failure, run.claimed_until = ImportState.FAILED, sentence[:400], None
            run.save(update_fields=["state", "failure", "claimed_until"])
    _forget_file(run)


def give_up(*, run, refusal=None):
    """End a run that no worker can finish, with the refusal's sentence or a general one.

    A run that is settled already (applied, cancelled, being read again) stays as it is.
    """
    sentence = _("Kesalahan tak terduga. Tidak ada data yang diimpor; hubungi admin sistem.")
    if refusal is not None:
        sentence = " ".join(getattr(refusal, "messages", None) or [str(refusal)])
    _fail(run, sentence)


def _forget_file(run):
    """The upload also holds what must not be kept; once read it is not needed."""
    if run.file:
        run.file.delete(save=False)
        ImportRun.objects.filter(pk=run.pk).update(file="")


# --- Apply -------------------------------------------------------------------------------------
@act
def queue_apply(*, run, by):
    """Have a worker apply a run that is ready; asked twice is asked once."""
    _require(by, run.facility_id)
    run = _locked(run)
    if run.state == ImportState.APPLYING:
        return run
    _refuse_unless_ready(run, by)
    if run.state == ImportState.READY:
        run.state, run.applied_by = ImportState.APPLYING, by
        run.save(update_fields=["state", "applied_by"])
        after_commit(APPLY_TASK, run.pk)
    return run


@act
def apply(*, run, by):
    """Import every row of the preview, in this one transaction, and forget the rows' values.

    Rows are compared once more under locks: who meanwhile is registered elsewhere is left alone.
    Applied already: returned to the same person, `AlreadyDone` for others.
    """
    _require(by, run.facility_id)
    run = _locked(run)
    _refuse_unless_ready(run, by)
    if run.state == ImportState.APPLIED:
        return run
    _one_at_a_time()
    with pghistory.context(user=by and by.pk, name=str(by or "import_register"), run=run.pk):
        _write_rows(run, by)
    run.report |= _final_report(run)
    run.rows.exclude(values={}).update(values={})
    run.state, run.claimed_until = ImportState.APPLIED, None
    run.applied_at, run.applied_by = timezone.now(), by
    run.save(update_fields=["state", "claimed_until", "applied_at", "applied_by", "report"])
    return run


def _locked(run):
    return ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)


def _refuse_unless_ready(run, by):
    if run.state in (ImportState.READY, ImportState.APPLYING):
        return
    if run.state == ImportState.APPLIED:
        if by is not None and run.applied_by_id == by.pk:
            return
        raise AlreadyDone(
            _("Sudah diterapkan oleh %(who)s pada %(when)s.")
            % {
                "who": run.applied_by or "import_register",
                "when": date_format(timezone.localtime(run.applied_at), "j F Y H.i"),
            }
        )
    raise NotAllowed(
        _("Impor ini berstatus “%s” dan tidak bisa diterapkan.") % run.get_state_display()
    )


def _one_at_a_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _batches(rows):
    """Lists of rows in the sheet's order, `BATCH_ROWS` at a time."""
    last = 0
    while batch := list(rows.filter(number__gt=last).order_by("number")[:BATCH_ROWS]):
        last = batch[-1].number
        yield batch


def _write_rows(run, by):
    for batch in _batches(run.rows.filter(outcome__in=IMPORTABLE)):
        plans = register_rows.write(batch, facility_id=run.facility_id, as_of=run.as_of, by=by)
        moved = [row for row in batch if row.outcome != plans[row.pk].outcome]
        for row in moved:
            row.outcome = plans[row.pk].outcome
            row.messages += [f for f in plans[row.pk].findings if f not in row.messages]
        if moved:
            ImportRow.objects.bulk_update(moved, ["outcome", "messages"])


def _final_report(run):
    tally = Tally()
    for batch in _batches(run.rows.defer("values", "name", "person_key")):
        _count(batch, tally)
    return tally.report()


# --- Cancel, resume ----------------------------------------------------------------------------
@act
def cancel(*, run, by):
    """Give an import up before it is applied; its rows and file are gone then."""
    _require(by, run.facility_id)
    run = _locked(run)
    if run.state == ImportState.CANCELLED:
        return run
    if run.state not in (ImportState.UPLOADED, ImportState.READING, ImportState.READY):
        raise NotAllowed(
            _("Impor ini berstatus “%s” dan tidak bisa dibatalkan.") % run.get_state_display()
        )
    return _drop(run)


def _drop(run):
    run.rows.all().delete()
    run.state, run.claimed_until = ImportState.CANCELLED, None
    run.save(update_fields=["state", "claimed_until"])
    transaction.on_commit(lambda: _forget_file(run))
    return run


@act
def resume():
    """Enqueue again what a killed worker or a lost message left lying, and tidy up.

    Safe to run twice: reading is claimed, applying is locked. Returns how many were enqueued.
    """
    now = timezone.now()
    unread = ImportRun.objects.filter(
        Q(state=ImportState.UPLOADED, created_at__lt=now - LEASE)
        | Q(state=ImportState.READING, claimed_until__lt=now)
    )
    unapplied = ImportRun.objects.filter(state=ImportState.APPLYING).select_for_update(
        skip_locked=True, no_key=True
    )
    waiting = [(READ_TASK, run.pk) for run in unread] + [(APPLY_TASK, run.pk) for run in unapplied]
    for task, pk in waiting:
        after_commit(task, pk)
    old = ImportRun.objects.filter(state=ImportState.READY, created_at__lt=now - KEPT_UNAPPLIED)
    for run in old.select_for_update(skip_locked=True, no_key=True):
        _drop(run)
    unread_states = (ImportState.UPLOADED, ImportState.READING)
    for run in ImportRun.objects.exclude(state__in=unread_states).exclude(file=""):
        transaction.on_commit(lambda run=run: _forget_file(run))
    return len(waiting)
