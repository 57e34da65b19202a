"""Deadlines of whatever kind the matrix's objects have none of: a calendar then holds all."""

from datetime import timedelta

from django.utils import timezone

from partners.states import AgreementState
from placements.employment import ReferralState
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgreementFactory, today
from tests.factories.placements import consent_of, referral_of
from tests.factories.results import certificate_of, finished_batch
from tests.factories.training import MeetingFactory, confirmed_batch, hours
from training.models import Assessment, Hearing
from training.states import BatchState
from training.teaching import AssessmentKind, CertificateKind, Verdict


def of_further_kinds(facility, agency):
    batch, (one, other) = finished_batch(facility, agency)
    Assessment.objects.create(
        facility=facility,
        agency=agency,
        enrolment=one,
        kind=AssessmentKind.COMPETENCY,
        unit=batch.course.units.first().unit,
        result=Verdict.NOT_YET,
        assessor="Asesor",
        assessed_on=today(-35),
    )
    certificate_of(other, kind=CertificateKind.COMPETENCY, scheme="Las", valid_until=today(90))
    consent_of(other.inmate, facility)
    running = confirmed_batch(
        facility, agency, state=BatchState.RUNNING, starts_on=today(-9), ends_on=today(9)
    )
    MeetingFactory(batch=running, during=hours(today(-2), 8, 14))
    Hearing.objects.create(facility=facility, batch=running, held_on=today(5))
    AgreementFactory(
        facility=facility,
        agency=agency,
        state=AgreementState.REVIEW,
        entered_afterwards=True,
        answer_by=today(5),
    )
    referral_of(inmate_at(facility), facility, agency)
    referral_of(
        inmate_at(facility),
        facility,
        agency,
        state=ReferralState.INTERVIEW,
        interview_at=timezone.now() + timedelta(days=3),
    )
