"""One person of whom everything is held that can be, each text to be recognised by itself.

`WORDS` are the planted texts that tell who it is; a row stands in every table that hangs on a
person, so a new table makes `test_every_table_about_a_person_is_planted` fail until it is here.
"""

from datetime import time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from correspondence.models import Letter
from inmates import nik
from inmates.models import (
    Absence,
    AptitudeAssessment,
    Circumstance,
    Consent,
    Custody,
    DataLimit,
    Distinct,
    Document,
    ImportRow,
    ImportRun,
    Inmate,
    Merge,
    Restriction,
    SkillProfile,
    Transfer,
)
from inmates.services.people import because
from inmates.states import (
    CircumstanceDecision,
    CircumstanceKind,
    ConsentPurpose,
    DocumentKind,
    ImportState,
    RestrictionKind,
    TransferState,
)
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
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import InmateFactory, SentenceFactory
from tests.factories.partners import SignedAgreementFactory, scan_file, today
from tests.factories.placements import EmployerFactory
from tests.factories.training import CourseFactory, MeetingFactory, confirmed_batch, enrolled
from training.models import Assessment, Attendance, Certificate, SeatOffer, WaitingEntry
from training.states import BatchState, EnrolmentState, SeatOfferState, WaitingState
from training.teaching import AssessmentKind, CertificateKind, CertificateState, Verdict

NIK = "3672015508900002"
NAME, EARLIER_NAME = "ZULAIKHAH PRANINGRUM", "ZULEHA PRANINGRUM"
KEY = "ZK4471902"
TWIN_NAME, TWIN_KEY = "SULAIKAH PRANINGRUM", "ZK4471999"
REGISTER, EARLIER_REGISTER, NEXT_REGISTER = "BI.N. 4471/2019", "A.III 4470/2018", "BI 4472/2020"
TEXTS = {
    name: f"Rahasia {name} 4471"
    for name in (
        *("aliases", "birth_place", "address", "return_address"),
        *("circumstance", "withdrawn", "restriction", "work", "skill_note", "assessor", "advice"),
        *(
            "transfer",
            "override",
            "candidate_note",
            "hearing_note",
            "dropped",
            "waiting",
            "correction",
            "seat",
            "attendance",
            "judge",
            "verdict",
            "exception",
            "revoked",
            *("card", "readiness", "message", "answered", "referral", "job", "decree", "placement"),
            *("eligible", "gate"),
            *("summary", "experience", "abilities", "wishes", "phone"),
            *("limit", "unlimited"),
            *("contact", "asked_by", "employer", "help", "follow_up", "probation"),
        ),
    )
}
WORDS = {
    *(NIK, nik.digest(NIK), NAME, NAME.lower(), EARLIER_NAME, EARLIER_NAME.lower(), KEY),
    *(TWIN_NAME, TWIN_NAME.lower(), TWIN_KEY, REGISTER, EARLIER_REGISTER, NEXT_REGISTER),
    *TEXTS.values(),
}
SCAN = b"%PDF-1.7 pindaian rahasia"


def seal(person, number=NIK):
    """Give the person a NIK as the register import does."""
    sealed = nik.seal(number)
    person.nik_cipher, person.nik_key = sealed["cipher"].encode(), sealed["key"]
    person.nik_digest, person.nik_last4 = sealed["digest"], sealed["last4"]


def planted_person(facility, agency, by, *, left_on=None):
    """The person, in custody at the facility since 2019, or gone since `left_on`."""
    person = InmateFactory.build(
        person_key=KEY,
        name=EARLIER_NAME,
        sex="P",
        city="Kota Cilegon",
        **{name: TEXTS[name] for name in ("aliases", "birth_place", "address", "return_address")},
    )
    seal(person)
    person.save()
    person.name, person.search_name = NAME, NAME.lower()
    with because(TEXTS["correction"], ["name"]):
        person.save()
    custody = Custody.objects.create(
        inmate=person,
        facility=facility,
        register_number=EARLIER_REGISTER,
        register_class="A.III",
        starts=today(-3000),
    )
    custody.register_number, custody.register_class = REGISTER, "B.I"
    custody.save()
    if left_on:
        custody.until, custody.ended_how = left_on, "released"
        custody.save()
    SentenceFactory(inmate=person)
    _judged(person, facility)
    _moved(person, facility, by)
    _trained(person, facility, agency, by)
    _working(person, facility, agency)
    _imported(person, facility)
    return Inmate.objects.get(pk=person.pk)


def _judged(person, facility):
    Restriction.objects.create(
        inmate=person,
        facility=facility,
        kind=RestrictionKind.DISCIPLINE,
        starts=today(-900),
        until=today(-800),
        note=TEXTS["restriction"],
    )
    SkillProfile.objects.create(
        inmate=person,
        interests=["Tata boga"],
        earlier_work=TEXTS["work"],
        note=TEXTS["skill_note"],
    )
    AptitudeAssessment.objects.create(
        inmate=person,
        facility=facility,
        assessed_on=today(-700),
        assessor=TEXTS["assessor"],
        scores={"ketelitian": 80},
        recommendation=TEXTS["advice"],
    )
    Document.objects.create(
        inmate=person,
        facility=facility,
        kind=DocumentKind.DIPLOMA,
        seen_on=today(-600),
        scan=SimpleUploadedFile("ijazah.pdf", SCAN),
    )
    consent = Consent.objects.create(
        inmate=person,
        facility=facility,
        purpose=ConsentPurpose.REFERRAL,
        signed_on=today(-600),
        scan=scan_file(SCAN),
    )
    consent.withdrawn_on, consent.withdrawn_why = today(-500), TEXTS["withdrawn"]
    consent.save()

    DataLimit.objects.create(
        inmate=person,
        facility=facility,
        asked_on=today(-480),
        reason=TEXTS["limit"],
        lifted_on=today(-470),
        lifted_why=TEXTS["unlimited"],
    )


def _moved(person, facility, by):
    other = FacilityFactory(name="Lapas Tujuan Uji")
    Transfer.objects.create(
        inmate=person,
        origin=facility,
        destination=other,
        moved_on=today(-400),
        register_number=NEXT_REGISTER,
        state=TransferState.REFUSED,
        entered_afterwards=True,
        reason=TEXTS["transfer"],
    )
    Circumstance.objects.create(
        inmate=person,
        facility=facility,
        kind=CircumstanceKind.DATES,
        effective=today(-300),
        source="register",
        decision=CircumstanceDecision.KEPT,
        reason=TEXTS["circumstance"],
        handled_at=person.created_at,
    )
    twin = InmateFactory(person_key=TWIN_KEY, name=TWIN_NAME)
    twin.merged_into = person
    twin.save()
    Merge.objects.create(
        winner=person,
        loser=twin,
        facility=facility,
        before={"fields": {"name": [EARLIER_NAME, NAME]}},
        created_by=by,
    )
    stranger = InmateFactory()
    Distinct.objects.create(
        first_id=min(person.pk, stranger.pk), second_id=max(person.pk, stranger.pk)
    )


def _trained(person, facility, agency, by):
    batch = confirmed_batch(
        facility,
        agency,
        state=BatchState.FINISHED,
        starts_on=today(-300),
        ends_on=today(-260),
    )
    enrolment = enrolled(batch, person)
    enrolment.state = EnrolmentState.DROPPED
    enrolment.dropped_on, enrolment.reason = today(-280), TEXTS["dropped"]
    enrolment.save()
    candidate = enrolment.candidate
    candidate.eligibility = [{"rule": "age", "outcome": "fail", "text": TEXTS["override"]}]
    candidate.override_reason, candidate.override_by = TEXTS["override"], by
    candidate.note = TEXTS["candidate_note"]
    candidate.save()
    candidate.recommendations.update(note=TEXTS["hearing_note"])
    decree = enrolment.decree
    decree.entries.create(candidate=candidate, position=1)
    Letter.objects.filter(pk=decree.letter_id).update(subject="SK peserta")
    _taught(enrolment)
    WaitingEntry.objects.create(
        facility=facility,
        inmate=person,
        course=CourseFactory(),
        asked_on=today(-350),
        state=WaitingState.WITHDRAWN,
        entered_afterwards=True,
        reason=TEXTS["waiting"],
    )


def _taught(enrolment):
    between = {"facility": enrolment.facility, "agency": enrolment.agency}
    SeatOffer.objects.create(
        facility=enrolment.facility,
        batch=enrolment.batch,
        candidate=enrolment.candidate,
        until=today(-290),
        state=SeatOfferState.REFUSED,
        entered_afterwards=True,
        reason=TEXTS["seat"],
    )
    Attendance.objects.create(
        **between,
        meeting=MeetingFactory(batch=enrolment.batch),
        enrolment=enrolment,
        code="A",
        note=TEXTS["attendance"],
    )
    Assessment.objects.create(
        **between,
        enrolment=enrolment,
        kind=AssessmentKind.EVALUATION,
        result=Verdict.NOT_YET,
        assessor=TEXTS["judge"],
        assessed_on=today(-260),
        note=TEXTS["verdict"],
    )
    Certificate.objects.create(
        **between,
        inmate=enrolment.inmate,
        enrolment=enrolment,
        course=enrolment.batch.course,
        kind=CertificateKind.TRAINING,
        title="Pelatihan uji",
        issuer="BLK Uji",
        number="UJI-4471",
        issued_on=today(-250),
        override_reason=TEXTS["exception"],
        scan=SimpleUploadedFile("sertifikat.pdf", SCAN),
        state=CertificateState.REVOKED,
        entered_afterwards=True,
        reason=TEXTS["revoked"],
    )


def _working(person, facility, agency):
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


def _imported(person, facility):
    run = ImportRun.objects.create(
        facility=facility,
        file_name="register.xlsx",
        as_of=today(-200),
        state=ImportState.APPLIED,
        applied_at=person.created_at - timedelta(days=1),
    )
    ImportRow.objects.create(
        run=run,
        number=1,
        outcome="updated",
        name=NAME,
        person_key=KEY,
        changes=[{"field": "name", "old": EARLIER_NAME, "new": NAME}],
    )
    ImportRow.objects.create(run=run, number=2, outcome="error", name=NAME)
    Absence.objects.create(
        run=run, facility=facility, inmate=person, decision="back", decided_at=person.created_at
    )
