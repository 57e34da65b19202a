"""One person of whom everything is held that can be.

A row stands in every table that hangs on a person, so a new table makes
`test_every_table_about_a_person_is_planted` fail until it is here.
"""

from datetime import timedelta

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
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import InmateFactory, SentenceFactory
from tests.factories.partners import scan_file, today
from tests.factories.planted_words import (
    EARLIER_NAME,
    EARLIER_REGISTER,
    KEY,
    NAME,
    NEXT_REGISTER,
    NIK,
    REGISTER,
    SCAN,
    TEXTS,
    TWIN_KEY,
    TWIN_NAME,
)
from tests.factories.planted_work import plant_work
from tests.factories.training import CourseFactory, MeetingFactory, confirmed_batch, enrolled
from training.models import Assessment, Attendance, Certificate, SeatOffer, WaitingEntry
from training.states import BatchState, EnrolmentState, SeatOfferState, WaitingState
from training.teaching import AssessmentKind, CertificateKind, CertificateState, Verdict


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
    plant_work(person, facility, agency)
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
