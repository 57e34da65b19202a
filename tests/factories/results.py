"""Finished batches with people in them, and units to assess."""

from django.utils import timezone

from correspondence.models import LetterSeries
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled
from training.models import Attendance, Certificate, CompetencyUnit, SlotProposal
from training.states import BatchState, ProposalState, Side
from training.teaching import CertificateKind, MeetingState

PDF = b"%PDF-1.4 sertifikat"


def finished_batch(facility, agency, people=2, units=2, **fields):
    """A batch that ended a week ago: (batch, enrolments); everybody was at its one meeting.

    The agency had agreed to it, so that its liaison sees it.
    """
    fields = {"starts_on": today(-40), "ends_on": today(-7), "state": BatchState.FINISHED} | fields
    batch = confirmed_batch(facility, agency, **fields)
    SlotProposal.objects.create(
        batch=batch,
        facility=facility,
        agency=agency,
        round=1,
        side=Side.PRISON,
        seats=batch.seats_confirmed,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        respond_by=batch.starts_on,
        state=ProposalState.ACCEPTED,
        answered_at=timezone.now(),
        entered_afterwards=True,
    )
    for position in range(1, units + 1):
        unit = CompetencyUnit.objects.create(
            code=f"C.{batch.course.code}.{position:03d}.1", name=f"Unit uji {position}"
        )
        batch.course.units.create(unit=unit, position=position, jp=40)
    rows = [enrolled(batch) for _person in range(people)]
    meeting = MeetingFactory(
        batch=batch, number=1, state=MeetingState.HELD, entered_afterwards=True
    )
    for row in rows:
        attended(meeting, row)
    return batch, rows


def attended(meeting, enrolment, code="H"):
    jp = meeting.jp if code in ("H", "T") else 0
    return Attendance.objects.create(
        facility=enrolment.facility,
        agency=enrolment.agency,
        meeting=meeting,
        enrolment=enrolment,
        code=code,
        jp=jp,
    )


def certificate_of(enrolment, **fields):
    """A training certificate that the agency gave to a participant."""
    return Certificate.objects.create(
        facility=enrolment.facility,
        agency=enrolment.agency,
        inmate=enrolment.inmate,
        enrolment=enrolment,
        course=enrolment.batch.course,
        **{
            "kind": CertificateKind.TRAINING,
            "title": enrolment.batch.course.name,
            "issuer": enrolment.agency.name,
            "number": f"BLK-{enrolment.pk}",
            "issued_on": today(-3),
            **fields,
        },
    )


def certificate_series(facility):
    """The prison's own numbering of both papers that it may issue."""
    for kind, letters in (("training", "SP"), ("participation", "SK")):
        LetterSeries.objects.create(
            facility=facility,
            kind=f"certificate_{kind}",
            pattern=f"{letters}-{{number:04d}}/{{year}}",
        )
