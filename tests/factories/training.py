from datetime import datetime, time, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from psycopg2.extras import DateTimeTZRange

from correspondence.models import Letter, LetterSeries
from correspondence.states import LetterState
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, SignedAgreementFactory, today
from training.models import (
    Batch,
    Candidate,
    Course,
    Enrolment,
    Hearing,
    Instructor,
    Meeting,
    Room,
    Trade,
    WaitingEntry,
)
from training.states import BatchState, CandidateState, DecreeState, HearingState


class TradeFactory(DjangoModelFactory):
    class Meta:
        model = Trade

    name = factory.Sequence(lambda n: f"Kejuruan {n}")


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    trade = factory.SubFactory(TradeFactory)
    code = factory.Sequence(lambda n: f"P{n}")
    name = factory.Sequence(lambda n: f"Las SMAW {n}")
    jp = 240


class BatchFactory(DjangoModelFactory):
    """A planned batch under an agreement in force, starting in a month."""

    class Meta:
        model = Batch

    agreement = factory.SubFactory(SignedAgreementFactory)
    facility = factory.SelfAttribute("agreement.facility")
    agency = factory.SelfAttribute("agreement.agency")
    course = factory.SubFactory(CourseFactory)
    name = factory.Sequence(lambda n: f"Angkatan {n}")
    starts_on = factory.LazyFunction(lambda: today(30))
    ends_on = factory.LazyFunction(lambda: today(70))


class ConfirmedBatchFactory(BatchFactory):
    entered_afterwards = True
    state = BatchState.CONFIRMED
    seats_confirmed = 12


def confirmed_batch(facility, agency, **fields):
    """A confirmed batch of the facility with the agency; twelve seats unless told."""
    agreement = SignedAgreementFactory(facility=facility, agency=agency)
    return ConfirmedBatchFactory(agreement=agreement, **fields)


class CandidateFactory(DjangoModelFactory):
    """Somebody proposed for a batch: in custody at its prison and eligible."""

    class Meta:
        model = Candidate

    batch = factory.SubFactory(ConfirmedBatchFactory)
    facility = factory.SelfAttribute("batch.facility")
    inmate = factory.LazyAttribute(lambda candidate: inmate_at(candidate.batch.facility))
    rank = factory.Sequence(lambda n: n + 1)


class InstructorFactory(DjangoModelFactory):
    class Meta:
        model = Instructor

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Instruktur {n}")


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    facility = factory.SubFactory(FacilityFactory)
    name = factory.Sequence(lambda n: f"Bengkel {n}")


class MeetingFactory(DjangoModelFactory):
    """A meeting of a batch on its n-th day, 08.00 to 14.00 local time, eight JP."""

    class Meta:
        model = Meeting

    batch = factory.SubFactory(ConfirmedBatchFactory)
    facility = factory.SelfAttribute("batch.facility")
    agency = factory.SelfAttribute("batch.agency")
    number = factory.Sequence(lambda n: n + 1)
    jp = 8

    @factory.lazy_attribute
    def during(self):
        days = self.batch.meetings.count()
        return hours(self.batch.starts_on + timedelta(days=days), 8, 14)


def hours(day, start, end):
    """The range from `start` to `end` o'clock of a day, local time."""
    at = [timezone.make_aware(datetime.combine(day, time(hour))) for hour in (start, end)]
    return DateTimeTZRange(*at, "[)")


class WaitingEntryFactory(DjangoModelFactory):
    """Somebody in custody at the facility who waits for a course since a month."""

    class Meta:
        model = WaitingEntry

    facility = factory.SubFactory(FacilityFactory)
    inmate = factory.LazyAttribute(lambda entry: inmate_at(entry.facility))
    course = factory.SubFactory(CourseFactory)
    asked_on = factory.LazyFunction(lambda: today(-30))


def approved(batch, count, **fields):
    """That many approved candidates and the hearing that approved them: (candidates, hearing)."""
    hearing = Hearing.objects.create(
        batch=batch,
        facility=batch.facility,
        held_on=today(),
        number="BA-1/TPP",
        chair="Kasi Binadik",
        state=HearingState.HELD,
        entered_afterwards=True,
    )
    candidates = CandidateFactory.create_batch(
        count, batch=batch, state=CandidateState.APPROVED, entered_afterwards=True, **fields
    )
    for candidate in candidates:
        hearing.recommendations.create(candidate=candidate, result=CandidateState.APPROVED)
    return candidates, hearing


def decree_series(facility, **fields):
    """The prison's own numbering of decrees."""
    fields = {"pattern": "W12.PAS-PK.05.09-{number:04d} TAHUN {year}", **fields}
    return LetterSeries.objects.create(facility=facility, kind="decree", **fields)


def enrolled(batch, inmate=None, **fields):
    """Somebody who takes part in the batch by a decree of the past."""
    (candidate,), hearing = approved(batch, 1, **({"inmate": inmate} if inmate else {}))
    letter = Letter.objects.create(
        facility=batch.facility,
        kind="decree",
        number=f"LAMA-{candidate.pk}",
        year=today().year,
        dated=today(),
        state=LetterState.SIGNED,
        entered_afterwards=True,
    )
    decree = batch.decrees.create(
        facility=batch.facility,
        hearing=hearing,
        letter=letter,
        state=DecreeState.ISSUED,
        entered_afterwards=True,
    )
    return Enrolment.objects.create(
        facility=batch.facility,
        agency=batch.agency,
        batch=batch,
        inmate=candidate.inmate,
        candidate=candidate,
        decree=decree,
        participant_code=f"P-{candidate.pk:05d}",
        **fields,
    )
