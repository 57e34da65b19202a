"""Applying a preview: all of it in one transaction, seen from outside while it runs.

The transaction holds advisory locks, not the run's row, so that a connection of its own can write
how far it is and read whether somebody wants it to stop. A killed worker's transaction is gone
with its locks, and the run waits as before.
"""

import pghistory
from django.db import OperationalError, connections, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import ImportRow
from inmates.register.tally import Tally
from inmates.services import absences, register_import_effects, register_rows
from inmates.services.register_import_read import count
from inmates.services.register_import_runs import (
    IMPORTABLE,
    batches,
    end,
    forget_file,
    locked,
    permit,
    take_turn,
)
from inmates.states import ImportState

BATCH_ROWS = 500


class Stopped(Exception):
    """Somebody asked to stop this import; nothing of it may stay."""


def apply(*, run, by):
    """Import every row of the preview, in one transaction, and forget the rows' values.

    Rows are compared once more under locks: who meanwhile is registered elsewhere is left alone.
    Applied already: returned to the same person, `AlreadyDone` for others. Stopped on the way:
    nothing is imported and the run comes back cancelled.
    """
    permit(by, run.facility_id)
    try:
        return _apply(run=run, by=by)
    except Stopped:
        return _stop(run=run)


@act
def _apply(*, run, by):
    take_turn(run)
    run = type(run).objects.select_related("facility", "applied_by").get(pk=run.pk)
    refuse_unless_ready(run, by)
    if run.state == ImportState.APPLIED:
        return run
    with _Progress(run) as progress:
        who = {"user": by and by.pk, "name": str(by or "import_register"), "run": run.pk}
        with pghistory.context(**who):
            _write_rows(run, by, progress)
            report = _final_report(run) | {"returned": absences.note_returned(run=run, by=by)}
            if run.is_complete:
                report["missing"] = absences.note_missing(run=run, by=by)
    run.rows.exclude(values={}).update(values={})
    return _conclude(run, by, report)


def _conclude(run, by, report):
    run = locked(run)
    if run.cancel_requested:
        raise Stopped
    run.report |= report
    run.state, run.claimed_until = ImportState.APPLIED, None
    run.applied_at, run.applied_by = timezone.now(), by
    run.save(update_fields=["state", "claimed_until", "applied_at", "applied_by", "report"])
    transaction.on_commit(lambda: forget_file(run))
    return run


@act
def _stop(*, run):
    run = locked(run)
    if run.state in (ImportState.READY, ImportState.APPLYING):
        end(run, ImportState.CANCELLED)
    return run


def refuse_unless_ready(run, by):
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


def _write_rows(run, by, progress):
    done = 0
    for batch in batches(run.rows.filter(outcome__in=IMPORTABLE), BATCH_ROWS):
        progress.tell(done)
        plans, stored = register_rows.write(
            batch, facility_id=run.facility_id, as_of=run.as_of, by=by
        )
        register_import_effects.follow(batch, plans, stored, run=run, by=by)
        moved = [row for row in batch if _is_otherwise(row, plans[row.pk])]
        for row in moved:
            row.outcome, row.changes = plans[row.pk].outcome, plans[row.pk].changes
            row.messages += [f for f in plans[row.pk].findings if f not in row.messages]
        if moved:
            ImportRow.objects.bulk_update(moved, ["outcome", "messages", "changes"])
        done += len(batch)
    progress.tell(done)


def _is_otherwise(row, plan):
    """Whether the row did something else than its preview said."""
    if (row.outcome, row.changes) != (plan.outcome, plan.changes):
        return True
    return any(found not in row.messages for found in plan.findings)


def _final_report(run):
    tally = Tally()
    for batch in batches(run.rows.defer("values", "name", "person_key", "changes"), BATCH_ROWS):
        count(batch, tally)
    return tally.report()


class _Progress:
    """Tells the page how far an import is, on a connection of its own; `Stopped` if it must end."""

    def __init__(self, run):
        self._run = run

    def __enter__(self):
        self._connection = connections.create_connection("default")
        with self._connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return self

    def __exit__(self, *problem):
        self._connection.close()

    def tell(self, rows):
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE inmates_importrun SET rows_applied = %s WHERE id = %s"
                    " RETURNING cancel_requested",
                    [rows, self._run.pk],
                )
                answer = cursor.fetchone()
        except OperationalError:
            return  # a page holds the row for a moment; the next batch tells more
        if answer and answer[0]:
            raise Stopped
