"""Two prisons that planned, agreed, taught and placed, as chance has it: drawn, not made to fit."""

import random
from datetime import time, timedelta

from django.utils import timezone

from partners.models import Agreement
from partners.states import AgreementKind, AgreementState, Party
from placements.employment import (
    WITH_AGENCY,
    DeclineReason,
    EmployerKind,
    PlacementKind,
    PlacementState,
    ReferralState,
)
from placements.models import Placement, Referral
from tests.factories.inmates import InmateFactory
from tests.factories.partners import (
    AgreementFactory,
    ObligationFactory,
    SignedAgreementFactory,
    today,
)
from tests.factories.placements import EmployerFactory, placement_of, referral_of
from tests.factories.results import attended
from tests.factories.training import ConfirmedBatchFactory, CourseFactory, MeetingFactory, hours
from training.models import Batch, Enrolment, PlanLine
from training.states import BATCH_BEGUN, BatchState
from training.teaching import AttendanceCode, Fund, MeetingState

SENT_ONCE = (*WITH_AGENCY, *(ReferralState(s) for s in ("accepted", "declined", "lapsed")))


def deal(seed, *places):
    """More of `lives.draw`, for the same prisons (`(facility, agency)` each), after it."""
    chance = random.Random(seed)  # noqa: S311 - data, no secret
    for facility, agency in places:
        _agree(chance, facility, agency)
        _plan(chance, facility, agency)
        _offer(chance, facility, agency)
        _teach(chance, facility)
        for person in [InmateFactory() for _each in range(6)]:
            _refer(chance, person, facility, agency)
            _place(chance, person, facility, agency)
        for enrolment in Enrolment.objects.filter(facility=facility).select_related("inmate"):
            if chance.random() < 0.5:
                _refer(chance, enrolment.inmate, facility, agency)


def _agree(chance, facility, agency):
    for _each in range(12):
        common = {
            "facility": facility,
            "agency": agency,
            "kind": chance.choice(list(AgreementKind)),
            "seats_per_year": chance.choice([None, 0, 20, 32]),
            "notice_months": chance.choice([1, 3, 6]),
        }
        if chance.random() < 0.4:
            row = AgreementFactory(
                **common, state=chance.choice([AgreementState.EXPLORING, AgreementState.DRAFT])
            )
        else:
            row = _signed(chance, common)
        entered = timezone.now() - timedelta(days=chance.randint(0, 300), hours=1)
        Agreement.objects.filter(pk=row.pk).update(created_at=entered)
        for _duty in range(chance.randint(0, 2)):
            done = {"done_on": today(-1)} if chance.random() < 0.3 else {}
            party = chance.choice(list(Party))
            due = today(chance.randint(-60, 60))
            ObligationFactory(agreement=row, party=party, due=due, **done)


def _signed(chance, common):
    starts = today(-chance.choice([-20, 30, 400]))
    ends = starts + timedelta(days=chance.choice([35, 90, 420, 480, 700]))
    row = SignedAgreementFactory(**common, starts_on=starts, ends_on=ends, signed_on=today(-500))
    if chance.random() < 0.4:
        begins = {"starts_on": ends + timedelta(days=1), "ends_on": ends + timedelta(days=365)}
        SignedAgreementFactory(**common, renews=row, **begins)
    return row


def _plan(chance, facility, agency):
    for course in CourseFactory.create_batch(3):
        for year in (today().year, today().year - 1):
            planned = chance.choice([0, 16, 32])
            PlanLine.objects.create(
                facility=facility,
                year=year,
                course=course,
                agency=chance.choice([agency, None]),
                fund=Fund.CITY,
                packages_planned=planned // 16,
                seats_planned=planned,
                packages_requested=planned // 16,
                seats_requested=planned,
                seats_granted=chance.choice([0, planned // 2, planned]),
            )


def _offer(chance, facility, agency):
    """Batches that nobody takes part in yet, some with seats, some given up."""
    for _each in range(4):
        starts = today(chance.choice([-300, -5, 3, 40]))
        extra = chance.choice([0, 2])
        ConfirmedBatchFactory(
            agreement=SignedAgreementFactory(facility=facility, agency=agency),
            starts_on=starts,
            ends_on=starts + timedelta(days=20),
            seats_confirmed=chance.choice([0, 8, 16]),
            seats_extra=extra,
            seats_extra_why="Kursi cadangan" if extra else "",
            state=chance.choice(
                [
                    BatchState.PLANNED,
                    BatchState.CONFIRMED,
                    BatchState.POSTPONED,
                    BatchState.CANCELLED,
                ]
            ),
        )


def _teach(chance, facility):
    untaught = Batch.objects.filter(facility=facility, state__in=BATCH_BEGUN, meetings=None)
    for batch in untaught:
        for number in range(chance.randint(0, 3)):
            state = chance.choice(
                [MeetingState.HELD, MeetingState.HELD, MeetingState.PLANNED, MeetingState.CANCELLED]
            )
            meeting = MeetingFactory(
                batch=batch,
                number=number + 1,
                during=hours(batch.starts_on + timedelta(days=number), 8, 14),
                jp=chance.choice([4, 8]),
                state=state,
                entered_afterwards=True,
            )
            for row in batch.enrolments.all():
                if state == MeetingState.HELD and chance.random() < 0.8:
                    attended(meeting, row, chance.choice(["H", "H", *AttendanceCode.values]))


def _refer(chance, person, facility, agency):
    state = chance.choice(list(ReferralState))
    if state == ReferralState.ACCEPTED and Referral.objects.filter(inmate=person).exists():
        state = ReferralState.WITHDRAWN
    told = {"answer_by": today(chance.randint(-20, 20))}
    if state == ReferralState.DECLINED:
        told["decline_reason"] = chance.choice(list(DeclineReason))
    if state in (*WITH_AGENCY, ReferralState.ACCEPTED):
        told["employer"] = EmployerFactory(facility=facility)
    if state in SENT_ONCE:
        told["sent_at"] = timezone.now() - timedelta(days=chance.randint(0, 90), hours=1)
    if Referral.objects.filter(inmate=person, vacancy=None).exists():
        return
    row = referral_of(person, facility, agency, state=state, **told)
    written = timezone.now() - timedelta(days=chance.choice([0, 100, 400]))
    Referral.objects.filter(pk=row.pk).update(created_at=written)
    works = Placement.objects.filter(inmate=person, state=PlacementState.RUNNING).exists()
    if state == ReferralState.ACCEPTED and not works and chance.random() < 0.6:
        placement_of(person, facility, agency=agency, referral=row, employer=row.employer)


def _place(chance, person, facility, agency):
    kind = chance.choice(list(PlacementKind))
    starts = today(-chance.choice([30, 200, 500]))
    told = {"kind": kind, "starts_on": starts, "agency": chance.choice([agency, None])}
    if kind == PlacementKind.SELF_EMPLOYED:
        told["employer"] = None
    else:
        told["employer"] = EmployerFactory(
            facility=facility, kind=chance.choice(list(EmployerKind))
        )
    is_over = kind == PlacementKind.WORK_RELEASE or chance.random() < 0.5
    running = Placement.objects.filter(inmate=person, state=PlacementState.RUNNING)
    if is_over or running.exists():
        told |= {
            "state": PlacementState.ENDED,
            "entered_afterwards": True,
            "ended_on": starts + timedelta(days=chance.randint(1, 300)),
            "reason": "Selesai",
        }
    if kind == PlacementKind.WORK_RELEASE:
        told |= {
            "decree_number": "W12-1",
            "decree_on": starts,
            "agreement": SignedAgreementFactory(facility=facility, agency=agency),
            "leaves_at": time(8),
            "returns_at": time(16),
            "weekdays": [1, 2],
        }
    placement_of(person, facility, **told)
