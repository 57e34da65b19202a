"""The planted person at work: card, referral, placement, follow-ups."""

from datetime import time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from placements.employment import (
    CardEnd,
    ContactChannel,
    CVLanguage,
    CVPart,
    DeclineReason,
    FollowUpOutcome,
    FollowUpOwner,
    FollowUpState,
    PlacementKind,
    PlacementState,
    Readiness,
    ReferralState,
)
from placements.models import (
    CurriculumVitae,
    FollowUp,
    FollowUpAttempt,
    FollowUpLink,
    JobSeekerCard,
    Placement,
    ReadinessItem,
    Referral,
    WorkDay,
)
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.placements import EmployerFactory
from tests.factories.planted_words import SCAN, TEXTS


def plant_work(person, facility, agency):
    between = {"facility": facility, "agency": agency, "inmate": person}
    JobSeekerCard.objects.create(
        **between,
        number=TEXTS["card"],
        issued_on=today(-250),
        expires_on=today(480),
        ended_on=today(-100),
        ended_why=CardEnd.WORK,
        scan=SimpleUploadedFile("ak1.pdf", SCAN),
    )
    ReadinessItem.objects.create(
        facility=facility, inmate=person, kind=Readiness.BANK, note=TEXTS["readiness"]
    )
    CurriculumVitae.objects.create(
        facility=facility,
        inmate=person,
        language=CVLanguage.INDONESIAN,
        shares=CVPart.values,
        written_at=person.created_at,
        approved_on=today(-220),
        **{name: TEXTS[name] for name in ("summary", "experience", "abilities", "wishes", "phone")},
    )
    referral = Referral.objects.create(
        **between,
        employer=EmployerFactory(facility=facility),
        consent=person.consents.get(),
        person_code="UJI-4471",
        available_from=today(-200),
        message=TEXTS["message"],
        state=ReferralState.DECLINED,
        decline_reason=DeclineReason.OTHER,
        entered_afterwards=True,
        recorded_from=TEXTS["answered"],
        reason=TEXTS["referral"],
    )
    placement = Placement.objects.create(
        **between,
        employer=referral.employer,
        kind=PlacementKind.WORK_RELEASE,
        agreement=SignedAgreementFactory(facility=facility, agency=agency),
        decree_on=today(-160),
        leaves_at=time(7),
        returns_at=time(16),
        weekdays=[1],
        job=TEXTS["job"],
        starts_on=today(-150),
        ended_on=today(-120),
        decree_number=TEXTS["decree"],
        eligibility_note=TEXTS["eligible"],
        decree_scan=SimpleUploadedFile("sk.pdf", SCAN),
        family_guarantee=SimpleUploadedFile("jaminan.pdf", SCAN),
        state=PlacementState.ENDED,
        entered_afterwards=True,
        reason=TEXTS["placement"],
    )
    WorkDay.objects.create(
        facility=facility,
        placement=placement,
        day=today(-140),
        out_at=person.created_at,
        due_back_at=person.created_at + timedelta(hours=9),
        back_at=person.created_at + timedelta(hours=8),
        note=TEXTS["gate"],
    )
    follow_up = FollowUp.objects.create(
        **between,
        placement=placement,
        owner=FollowUpOwner.PROBATION,
        months=1,
        counted_from=today(-150),
        due_on=today(-120),
        contact=TEXTS["contact"],
        channel=ContactChannel.CALL,
        done_on=today(-119),
        done_by=TEXTS["asked_by"],
        outcome=FollowUpOutcome.FORMAL,
        employer=TEXTS["employer"],
        help_needed=TEXTS["help"],
        state=FollowUpState.DONE,
        entered_afterwards=True,
        reason=TEXTS["follow_up"],
    )
    FollowUpAttempt.objects.create(
        follow_up=follow_up,
        tried_on=today(-121),
        channel=ContactChannel.CALL,
        tried_by=TEXTS["asked_by"],
    )
    FollowUpLink.objects.create(
        follow_up=follow_up,
        token_hash="4471" * 16,
        sent_to=TEXTS["probation"],
        expires_at=person.created_at,
    )
