"""What the headers of a prison's files mean: asked once on the preview, remembered ever after."""

from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from correspondence.enqueue import after_commit
from inmates.models import ColumnMapping
from inmates.register.columns import FIELDS, MANY, REQUIRED, bare
from inmates.register.dropped import reason_for
from inmates.register.fields import LABELS
from inmates.services.register_import_runs import READ_TASK, locked, permit
from inmates.states import ImportState

EXPLAINABLE = (ImportState.READY, ImportState.UNCLEAR)


def remembered(facility_id):
    """`{bare header: field, or "" to leave it unread}` of a prison."""
    rows = ColumnMapping.objects.filter(facility_id=facility_id)
    return dict(rows.values_list("header", "field"))


def used(columns):
    """The part of the prison's mapping that one sheet made use of."""
    return {bare(label): field for label, field in columns.explained.items()}


def described(columns):
    """What became of each column of a sheet, as it is stored with the run."""
    return {
        "missing_fields": columns.missing,
        "read_columns": columns.labels,
        "explained_columns": columns.explained,
        "unknown_columns": columns.unknown,
        "repeated_columns": columns.repeated,
        "dropped_columns": columns.dropped,
    }


def choices_for(report):
    """Fields that a column of the run may still be said to hold."""
    taken = {
        field
        for field, label in report.get("read_columns", {}).items()
        if label not in report.get("explained_columns", {})
    }
    return [(field, label) for field, label in LABELS.items() if field not in taken - MANY]


@act
def explain(*, run, answers, by):
    """Remember for the prison what headers mean, and read the file again while it is still there.

    `answers` is `{header as in the file: field, "" to leave it unread, None to be asked again}`.
    Returns the run; it waits to be read when its file was kept.
    """
    permit(by, run.facility_id)
    run = locked(run)
    if run.state not in EXPLAINABLE:
        raise NotAllowed(
            _("Impor ini berstatus “%s”; kolomnya tidak bisa dijelaskan lagi.")
            % run.get_state_display()
        )
    _check(run, answers)
    told = {bare(label): field for label, field in answers.items() if field is not None}
    asked_again = [bare(label) for label, field in answers.items() if field is None]
    ColumnMapping.objects.filter(facility=run.facility_id, header__in=asked_again).delete()
    ColumnMapping.objects.bulk_create(
        [
            ColumnMapping(facility_id=run.facility_id, header=header, field=field)
            for header, field in told.items()
        ],
        update_conflicts=True,
        unique_fields=["facility", "header"],
        update_fields=["field"],
    )
    if run.file:
        run.rows.all().delete()
        run.state, run.report, run.rows_done = ImportState.UPLOADED, {}, 0
        run.save(update_fields=["state", "report", "rows_done"])
        after_commit(READ_TASK, run.pk)
    return run


def _check(run, answers):
    offered = {field for field, _label in choices_for(run.report)}
    seen = set()
    for label, field in answers.items():
        header = bare(label)
        if not header or header in FIELDS or reason_for(header):
            raise NotAllowed(_("Kolom “%s” tidak bisa dijelaskan.") % label)
        if not field:
            continue
        if field not in offered or (field in seen and field not in MANY):
            raise NotAllowed(
                _("“%(field)s” sudah dibaca dari kolom lain; kolom “%(column)s” tidak bisa.")
                % {"field": LABELS.get(field, field), "column": label}
            )
        seen.add(field)
    missing = [LABELS[name] for name in _still_missing(run, seen)]
    if missing:
        raise NotAllowed(
            _("Tunjukkan kolom yang memuat %s; tanpa itu berkas ini tidak bisa dibaca.")
            % ", ".join(f"“{label}”" for label in missing)
        )


def _still_missing(run, told):
    """Required fields without a column, once `told` counts; what was told before may be undone."""
    explained = run.report.get("explained_columns", {})
    read = {
        field
        for field, label in run.report.get("read_columns", {}).items()
        if label not in explained
    }
    return [name for name in REQUIRED if name not in read | told]
