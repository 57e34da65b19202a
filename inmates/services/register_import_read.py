"""Reading an uploaded register, chunk by chunk, into the rows of a preview."""

import itertools
import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.inserts import insert, unsaved
from inmates.models import ImportRow, ImportRun
from inmates.register.files import NotARegister, RegisterFile
from inmates.register.findings import finding
from inmates.register.rows import read_row
from inmates.register.tally import Tally
from inmates.services import columns, register_rows
from inmates.services.register_import_runs import LEASE, fail, forget_file, give_up, held
from inmates.states import ImportState, RowOutcome

logger = logging.getLogger(__name__)

CHUNK_ROWS = 500
ATTEMPTS = 3  # a file that killed its reader so often is given up


class LostClaim(Exception):
    """The run was cancelled, or another worker reads it now."""


def read(*, run):
    """Read the file chunk by chunk, each committed for the progress bar.

    Ends in READY, in UNCLEAR when a required column has to be explained first, or in FAILED. Does
    nothing when another worker has the run. Returns the run.
    """
    token = _claim(run)
    try:
        if token is not None:
            _read_all(run, token)
    except LostClaim:
        logger.info("import %s is read elsewhere or cancelled", run.pk)
    except (NotARegister, FileNotFoundError) as refusal:
        gone = _("Berkas unggahan tidak ada lagi.")
        fail(run, " ".join(getattr(refusal, "messages", [gone])))
    run.refresh_from_db()
    return run


def _claim(run):
    """The lease as a fencing token, or None when the run is not free."""
    now = timezone.now()
    if run.report.get("attempts", 0) >= ATTEMPTS:
        give_up(run=run)
        return None
    free = Q(state=ImportState.UPLOADED) | Q(~held(now), state=ImportState.READING)
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
        register = RegisterFile(stream, columns.remembered(run.facility_id))
        ImportRun.objects.filter(pk=run.pk).update(
            rows_total=register.rows_total, mapping=columns.used(register.columns)
        )
        about = {"header_row": register.header_row, **columns.described(register.columns)}
        if register.columns.missing:
            return _settle(run, token, state=ImportState.UNCLEAR, report=about)
        for rows in classified(register, facility_id=run.facility_id, as_of=run.as_of):
            count(rows, tally)
            last = rows[-1].number
            token = _keep_chunk(run, rows, token)
    if not last:
        sentence = _("Tidak ada baris data di bawah judul kolom (baris %s).")
        raise NotARegister(sentence % register.header_row)
    _settle(
        run,
        token,
        state=ImportState.READY,
        rows_total=last,
        rows_done=last,
        report=tally.report() | about,
    )
    if not register.columns.unknown:
        run.refresh_from_db()
        forget_file(run)
    return None


def _settle(run, token, **fields):
    if not _mine(run, token).update(claimed_until=None, **fields):
        raise LostClaim


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
    return unsaved(
        ImportRow,
        number=row.number,
        outcome=outcome,
        is_warning=bool(plan) and row.is_warning,
        name=row.name,
        person_key=row.person_key,
        messages=findings,
        values=row.values if plan else {},
        changes=plan.changes if plan else [],
    )


def count(rows, tally):
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
        insert(rows)
    return renewed
