"""What somebody learned, from all records and prisons: batches, results and papers."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import may
from accounts.refusals import Forbidden
from inmates.models import Custody, Inmate
from training.attended import Attended
from training.models import Certificate, Enrolment
from training.services.results import results_of_people


@dataclass
class Leg:
    """One batch: the enrolment, how much was attended, results, and the papers of it."""

    enrolment: Enrolment
    attended: Attended
    results: object
    certificates: list = field(default_factory=list)


@dataclass
class TrainingRecord:
    """`others` are papers of no batch here, from elsewhere or from before.

    `custody` is the stay at `facility`, which writes the record; over for a prison of the past.
    """

    person: Inmate
    custody: Custody
    facility: Facility
    legs: list
    others: list
    on: date

    @property
    def jp(self):
        """JP attended in all, in the batches of which attendance is known."""
        return sum(leg.attended.attended for leg in self.legs)


def gather(*, inmate, by):
    """The `TrainingRecord` of a person: everything while in custody at a prison of `by`.

    After custody it holds what those prisons did themselves. The same number of queries for any
    length. Raises `Forbidden` unless `by` sees people where the person is or was.
    """
    person = inmate.merged_into or inmate
    prisons = [pk for pk in by.facility_ids if may(by, "see_people", pk)]
    records = list(Inmate.objects.records_of(inmate))
    stays = list(
        Custody.objects.filter(inmate__in=records, facility__in=prisons)
        .select_related("facility")
        .order_by("starts", "pk")
    )
    if not stays:
        raise Forbidden(_("Orang ini tidak ditempatkan di lapas Anda."))
    here = next((stay for stay in stays if not stay.until), None)
    only = {} if here else {"facility__in": prisons}
    enrolments = list(
        Enrolment.objects.filter(inmate__in=records, **only)
        .with_attendance()
        .select_related("batch__course", "batch__agency", "facility", "decree__letter")
        .order_by("batch__starts_on", "pk")
    )
    results = results_of_people(enrolments)
    legs = {row.pk: Leg(row, Attended.of(row), results[row.pk]) for row in enrolments}
    others = []
    for certificate in (
        Certificate.objects.issued()
        .filter(inmate__in=records, **only)
        .select_related("verification", "facility")
        .order_by("issued_on", "pk")
    ):
        leg = legs.get(certificate.enrolment_id)
        (leg.certificates if leg else others).append(certificate)
    custody = here or stays[-1]
    return TrainingRecord(
        person=person,
        custody=custody,
        facility=custody.facility,
        legs=list(legs.values()),
        others=others,
        on=timezone.localdate(),
    )
