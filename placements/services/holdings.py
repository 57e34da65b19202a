"""What a record holds open, so that it cannot go out of use: one function a kind, `@held`.

It gets ids of records and yields pairs (record id, what it is in words, the prison's id).
"""

from django.utils.translation import gettext as _

from inmates.models import Transfer
from placements.models import FollowUp, JobSeekerCard, Placement, Referral
from training.models import Candidate, Enrolment, WaitingEntry

_kinds = []


def held(find):
    """Register the decorated function as a kind of holding."""
    _kinds.append(find)
    return find


def of(ids, facility_id):
    """`{record id: sentences}`, one query a kind; what another prison runs is not named."""
    found = {pk: [] for pk in ids}
    for kind in _kinds:
        for pk, what, prison in kind(ids):
            found[pk].append(what if prison == facility_id else _("sesuatu di lapas lain"))
    return found


@held
def candidatures(ids):
    rows = Candidate.objects.open().filter(inmate__in=ids, enrolment__isnull=True)
    for row in rows.select_related("batch__course"):
        yield row.inmate_id, _("calon peserta %(batch)s") % _of(row.batch), row.facility_id


@held
def seats(ids):
    rows = Enrolment.objects.blocking().filter(inmate__in=ids)
    for row in rows.select_related("batch__course"):
        yield row.inmate_id, _("peserta %(batch)s") % _of(row.batch), row.facility_id


@held
def waiting(ids):
    rows = WaitingEntry.objects.open().filter(inmate__in=ids).select_related("course")
    for row in rows:
        words = _("daftar tunggu %(course)s") % {"course": row.course}
        yield row.inmate_id, words, row.facility_id


@held
def transfers(ids):
    rows = Transfer.objects.awaiting_origin().filter(inmate__in=ids)
    for row in rows:
        yield row.inmate_id, _("mutasi yang belum dijawab"), row.origin_id


@held
def cards(ids):
    rows = JobSeekerCard.objects.open().filter(inmate__in=ids)
    for row in rows:
        yield row.inmate_id, _("kartu AK-1 yang berlaku"), row.facility_id


@held
def referrals(ids):
    rows = Referral.objects.not_over().filter(inmate__in=ids)
    for row in rows:
        yield row.inmate_id, _("rujukan kerja"), row.facility_id


@held
def work(ids):
    rows = Placement.objects.running().filter(inmate__in=ids)
    for row in rows:
        yield row.inmate_id, _("penempatan kerja"), row.facility_id


@held
def follow_ups(ids):
    rows = FollowUp.objects.planned().filter(inmate__in=ids)
    for row in rows:
        yield row.inmate_id, _("pemantauan yang dijadwalkan"), row.facility_id


def _of(batch):
    return {"batch": f"{batch.course} – {batch}"}
