"""People in custody here whom a complete register does not list: noted for a decision.

Nobody's stay is ended for it. Whoever a later register lists again is not missing any more.
"""

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.refusals import act
from inmates.models import Absence, Custody, ImportRow, Inmate
from inmates.states import AbsenceDecision, ImportState


def in_custody(run):
    """Those who were in custody at the run's prison on the day of its data, by our records."""
    stays = Custody.objects.open().filter(
        inmate=OuterRef("pk"), facility_id=run.facility_id, starts__lte=run.as_of
    )
    return Inmate.objects.in_custody(run.facility_id).filter(Exists(stays))


def missing(run):
    """Those of `in_custody` who stand in no row of the file, not even in one with an error.

    A record that was merged into another still stands for the same person.
    """
    keys = _keys(run)
    return in_custody(run).exclude(person_key__in=keys).exclude(pk__in=_merged(keys))


def _keys(run):
    return ImportRow.objects.filter(run=run).values("person_key")


def _merged(keys):
    """The records that those with these keys were merged into."""
    merged = Inmate.objects.filter(person_key__in=keys, merged_into__isnull=False)
    return merged.values("merged_into")


def listed_as_missing(run):
    """People to show as missing: foreseen by a preview, or noted when it was applied."""
    if run.state == ImportState.APPLIED:
        return Inmate.objects.filter(pk__in=run.absences.values("inmate"))
    return missing(run)


@act
def note_missing(*, run, by):
    """One open `Absence` for each of `missing` who has none yet, in one statement; how many."""
    open_already = Absence.objects.open().filter(inmate=OuterRef("pk"), facility=run.facility_id)
    people = missing(run).exclude(Exists(open_already)).order_by().values("pk")
    select, values = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inmates_absence (run_id, facility_id, inmate_id, created_by_id)"
            f" SELECT %s, %s, gone.id, %s FROM ({select}) AS gone (id) ON CONFLICT DO NOTHING",
            [run.pk, run.facility_id, by and by.pk, *values],
        )
        return cursor.rowcount


@act
def note_returned(*, run, by):
    """Close the open absences of those whom the file lists again; how many.

    A file that is older than the one that did not list them says nothing about that.
    """
    keys = _keys(run)
    back = Absence.objects.open().filter(
        Q(inmate__person_key__in=keys) | Q(inmate__in=_merged(keys)),
        facility=run.facility_id,
        run__as_of__lte=run.as_of,
    )
    return Absence.objects.filter(pk__in=back.values("pk")).update(
        decision=AbsenceDecision.BACK, decided_at=timezone.now(), decided_by=by
    )
