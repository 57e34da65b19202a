"""What all steps of an import share: who may, the run's locks, and how a run ends badly."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import require
from inmates.models import ImportRun
from inmates.states import ImportState, RowOutcome

READ_TASK, APPLY_TASK = "inmates.read_import", "inmates.apply_import"
LEASE = timedelta(seconds=60)
IMPORTABLE = (RowOutcome.NEW, RowOutcome.UPDATED, RowOutcome.UNCHANGED)
ONE_AT_A_TIME = 7_246_001  # advisory lock: two prisons may import the same new person
APPLIER_OF = 7_246_002 << 32  # plus the run's id: held by whoever applies that run


def held(now):
    """Runs that somebody reads. A lease that ends much later than any can: of a wrong clock."""
    return Q(claimed_until__range=(now, now + 2 * LEASE))


def permit(by, facility_id):
    """`by` None is the operator at the machine's shell, who needs no post."""
    if by is not None:
        require(by, "import_register", facility_id)


def locked(run):
    return ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)


def take_turn(run):
    """Wait until nobody else applies this run, then until nobody applies any other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLIER_OF + run.pk])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def is_left_alone(run):
    """Whether nobody applies the run; nobody can begin to until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [APPLIER_OF + run.pk])
        return cursor.fetchone()[0]


def batches(rows, size):
    """Lists of `ImportRow`s in the sheet's order, `size` at a time."""
    last = 0
    while batch := list(rows.filter(number__gt=last).order_by("number")[:size]):
        last = batch[-1].number
        yield batch


def end(run, state, **fields):
    """The run ends without importing: its rows go at once, its file when that is certain."""
    run.rows.all().delete()
    run.state, run.claimed_until = state, None
    for name, value in fields.items():
        setattr(run, name, value)
    run.save(update_fields=["state", "claimed_until", *fields])
    transaction.on_commit(lambda: forget_file(run))
    return run


def fail(run, sentence):
    with transaction.atomic():
        run = locked(run)
        if run.state in (ImportState.READING, ImportState.APPLYING):
            end(run, ImportState.FAILED, failure=sentence[:400])


def give_up(*, run, refusal=None):
    """End a run that no worker can finish, with the refusal's sentence or a general one.

    A run that is settled already (applied, cancelled, being read again) stays as it is.
    """
    sentence = _("Kesalahan tak terduga. Tidak ada data yang diimpor; hubungi admin sistem.")
    if refusal is not None:
        sentence = " ".join(getattr(refusal, "messages", None) or [str(refusal)])
    fail(run, sentence)


def forget_file(run):
    """The upload also holds what must not be kept; it goes as soon as nobody needs it."""
    if run.file:
        run.file.delete(save=False)
        ImportRun.objects.filter(pk=run.pk).update(file="")
