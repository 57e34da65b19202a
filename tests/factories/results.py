"""Finished batches with people in them, and units to assess."""

from correspondence.models import LetterSeries
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled
from training.models import Attendance, CompetencyUnit
from training.states import BatchState
from training.teaching import MeetingState

PDF = b"%PDF-1.4 sertifikat"


def finished_batch(facility, agency, people=2, units=2, **fields):
    """A batch that ended a week ago: (batch, enrolments); everybody was at its one meeting."""
    fields = {"starts_on": today(-40), "ends_on": today(-7), "state": BatchState.FINISHED} | fields
    batch = confirmed_batch(facility, agency, **fields)
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


def certificate_series(facility):
    """The prison's own numbering of both papers that it may issue."""
    for kind, letters in (("training", "SP"), ("participation", "SK")):
        LetterSeries.objects.create(
            facility=facility,
            kind=f"certificate_{kind}",
            pattern=f"{letters}-{{number:04d}}/{{year}}",
        )
