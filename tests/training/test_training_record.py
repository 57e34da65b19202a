"""A person's training record: what it tells, to whom, and what it never tells."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AccessRecord
from accounts.refusals import Forbidden
from correspondence.services import verifications
from inmates.models import Inmate
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, inmate_at
from tests.factories.partners import today
from tests.factories.planted import planted_person
from tests.factories.planted_words import NIK, TEXTS
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled
from training.models import Attendance, CompetencyUnit, CourseUnit
from training.services import assessments, certificates, old_certificates, training_record
from training.services.assessments import Entry
from training.services.results import parts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(facility, agency, head):
    """Somebody with a batch, attendance, a unit, a certificate of it, and an old paper."""
    person = inmate_at(facility, name="BUDI SANTOSO", birth_place="Serang")
    batch = confirmed_batch(
        facility, agency, state="finished", starts_on=today(-90), ends_on=today(-60)
    )
    unit = CompetencyUnit.objects.create(code="C.24LAS01.028.1", name="Mengelas pelat")
    CourseUnit.objects.create(course=batch.course, unit=unit, position=1)
    enrolment = enrolled(batch, person)
    meeting = MeetingFactory(batch=batch, state="held", entered_afterwards=True)
    Attendance.objects.create(
        facility=facility, agency=agency, meeting=meeting, enrolment=enrolment, code="H", jp=8
    )
    assessments.record(
        batch=batch,
        entries=[Entry(enrolment=enrolment, part=parts_of(batch)[1], result="K")],
        assessor="Ir. Heru",
        assessed_on=today(-61),
        by=head,
    )
    certificates.record(
        enrolment=enrolment, kind="training", number="560/1", issued_on=today(-50), by=head
    )
    old_certificates.record_existing(
        facility=facility,
        inmate=person,
        kind="competency",
        title="Barista",
        issuer="LSP Kopi",
        number="BNSP-7",
        scheme="Barista muda",
        issued_on=today(-2000),
        valid_until=today(-900),
        by=head,
    )
    return person


def text_of(client, person):
    answer = client.get(reverse("training:person-record", args=[person.public_id]))
    assert answer.status_code == 200
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_tells_batches_results_and_papers(client, trained, head):
    client.force_login(head)
    text = text_of(client, trained)

    batch = trained.enrolments.get().batch
    for word in (batch.name, "kehadiran 100%", "C.24LAS01.028.1", "560/1", "BNSP-7", head.name):
        assert word in text
    assert "tidak berlaku lagi" in text
    code = trained.certificates.get(number="560/1").verification.code
    assert verifications.grouped(code) in text


def test_never_tells_why_somebody_is_here(client, facility, agency, head):
    person = planted_person(facility, agency, head)
    client.force_login(head)
    text = text_of(client, person)

    told = {name for name, words in TEXTS.items() if words in text}
    assert told <= {"birth_place"}
    assert NIK not in text


def test_each_one_is_on_record(client, trained, registrar):
    client.force_login(registrar)
    text_of(client, trained)

    assert AccessRecord.objects.get(act="export").subjects == [trained.public_id]


def test_a_revoked_paper_is_left_out(trained, head):
    certificate = trained.certificates.get(number="560/1")
    certificates.revoke(certificate=certificate, reason="Salah nama", by=head)

    (leg,) = training_record.gather(inmate=trained, by=head).legs
    assert leg.certificates == []


def test_who_holds_the_person_now_has_what_was_learned_elsewhere(facility, agency, head, trained):
    custody = trained.custodies.get()
    custody.until, custody.ended_how = today(-1), "transferred"
    custody.save()
    other = FacilityFactory()
    CustodyFactory(inmate=trained, facility=other, starts=today(-1))
    warden = staff(other, "warden")

    assert len(training_record.gather(inmate=trained, by=warden).legs) == 1
    enrolled(confirmed_batch(other, agency, starts_on=today(5), ends_on=today(9)), trained)
    assert len(training_record.gather(inmate=trained, by=warden).legs) == 2
    assert len(training_record.gather(inmate=trained, by=head).legs) == 1


def test_merged_records_are_one_person(facility, agency, head, trained):
    twin = inmate_at(facility)
    enrolled(confirmed_batch(facility, agency, starts_on=today(5), ends_on=today(9)), twin)
    twin.custodies.update(until=today(-1), ended_how="error")
    Inmate.objects.filter(pk=twin.pk).update(merged_into=trained)

    assert len(training_record.gather(inmate=trained, by=head).legs) == 2


@pytest.mark.parametrize("who", ["outsider", "liaison"])
def test_not_for_others(request, trained, who):
    with pytest.raises(Forbidden):
        training_record.gather(inmate=trained, by=request.getfixturevalue(who))


def test_nothing_learned_yet_is_a_paper_too(client, facility, head):
    client.force_login(head)

    assert "Belum ada pelatihan" in text_of(client, inmate_at(facility))


def test_the_number_of_queries_does_not_grow(
    facility, agency, head, trained, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(9) as first:
        training_record.gather(inmate=trained, by=head)
    for start in (5, 15, 25):
        batch = confirmed_batch(facility, agency, starts_on=today(start), ends_on=today(start + 5))
        enrolled(batch, trained)
    with django_assert_num_queries(len(first)):
        training_record.gather(inmate=trained, by=head)
