"""Pages of certificates, what they show to whom, and what the public never reads."""

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AccessRecord
from correspondence.services import verifications
from inmates.models import Consent
from tests.factories.partners import scan_file, today
from tests.factories.planted import seal
from tests.factories.planted_words import NIK
from tests.factories.results import PDF, certificate_series, finished_batch
from training.models import Certificate, Enrolment
from training.services import certificates, outcomes
from training.services.outcomes import Outcome

pytestmark = pytest.mark.django_db
NAME, KEY, NUMBER = "ZAINUDDIN PENGUJIAN RAHASIA", "SDP-99112233", "BI.N. 4471/2031"


@pytest.fixture
def finished(facility, agency, warden):
    certificate_series(facility)
    batch, (one, other) = finished_batch(facility, agency)
    person = one.inmate
    person.name, person.person_key = NAME, KEY
    seal(person)
    person.save()
    person.custodies.update(register_number=NUMBER)
    return batch, (Enrolment.objects.get(pk=one.pk), other)


@pytest.fixture
def own(finished, head):
    """The prison's own letter of participation for the first."""
    batch, (one, _other) = finished
    outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head)
    return certificates.issue(enrolment=one, by=head)


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"%PDF-"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode()


def url(name, row):
    return reverse(f"training:{name}", args=[row.public_id])


class TestWhatThePublicReads:
    def test_no_name_no_prison_no_number_of_the_person(self, own, facility):
        cache.clear()
        body = Client().get(
            reverse("correspondence:verify", args=[verifications.grouped(own.verification.code)])
        )
        assert body.status_code == 200
        text = body.content.decode()
        assert own.number in text
        assert "Z.P.R." in text
        for secret in (NAME, *NAME.split(), KEY, NUMBER, NIK, facility.name, facility.code):
            assert secret.lower() not in text.lower()
        assert str(own.inmate.public_id) not in text
        assert str(own.public_id) not in text

    def test_an_issuer_that_names_a_prison_is_left_out(self, finished, head):
        _batch, (one, _other) = finished
        row = certificates.record(
            enrolment=one,
            kind="training",
            number="77",
            issued_on=today(-2),
            issuer="Lapas Kelas IIA Cilegon",
            by=head,
        )
        assert "issuer" not in row.verification.public
        numbered = certificates.record(
            enrolment=one,
            kind="competency",
            scheme="Las",
            number="LAPAS/77",
            issued_on=today(-2),
            by=head,
        )
        assert numbered.verification is None


class TestPaper:
    def test_front_and_back_without_the_prisons_name(self, own, facility, agency, login, head):
        own.letter.refresh_from_db()
        answer = login(head).get(url("certificate-pdf", own))
        text = text_of(answer)
        assert answer.headers["Content-Type"] == "application/pdf"
        for told in ("SURAT KETERANGAN", NAME, own.number, agency.name, "Penyelenggara"):
            assert told in text or told.upper() in text
        assert verifications.grouped(own.verification.code) in text
        assert not re.search(r"\b(lapas|pemasyarakatan|warga binaan)\b", text, re.IGNORECASE)
        assert NUMBER not in text
        assert KEY not in text
        assert NIK not in text
        (record,) = AccessRecord.objects.filter(act="export")
        assert record.subjects == [own.inmate.public_id]

    def test_the_file_says_nothing_of_the_prison_either(self, own, facility):
        from correspondence.services import letter_papers

        content = letter_papers.file_of(own.letter).pdf.read()
        info = PdfReader(BytesIO(content)).metadata
        assert "lapas" not in str(info).lower()
        assert facility.name.encode() not in content


class TestPages:
    def test_the_list_is_filtered_and_exported(self, finished, own, login, officer, liaison):
        client = login(officer)
        _batch, (_one, other) = finished
        certificates.record(
            enrolment=other,
            kind="competency",
            scheme="Las",
            number="K-9",
            issued_on=today(-5),
            valid_until=today(20),
            by=liaison,
        )
        page = client.get(reverse("training:certificate-list"))
        assert NAME in text_of(page)
        soon = text_of(client.get(reverse("training:certificate-list"), {"standing": "expiring"}))
        assert "K-9" in soon
        assert own.number not in soon
        kind = text_of(client.get(reverse("training:certificate-list"), {"kind": "participation"}))
        assert own.number in kind
        assert "K-9" not in kind
        rows = text_of(client.get(reverse("training:certificate-list"), {"format": "csv"}))
        assert "K-9" in rows
        assert "Akan berakhir" in rows

    def test_a_liaison_reads_codes_in_the_list(self, own, login, liaison, other_liaison):
        text = text_of(login(liaison).get(reverse("training:certificate-list")))
        assert own.enrolment.participant_code in text
        assert NAME not in text
        assert own.number not in text_of(
            login(other_liaison).get(reverse("training:certificate-list"))
        )

    def test_a_liaison_learns_no_name_of_who_took_the_consent_back(
        self, own, facility, login, liaison
    ):
        client = login(liaison)
        assert NAME in text_of(client.get(url("certificate-detail", own)))
        Consent.objects.create(
            inmate=own.inmate,
            facility=facility,
            purpose="training",
            signed_on=today(-90),
            scan=scan_file(),
            withdrawn_on=today(-1),
        )
        for name in ("certificate-detail", "certificate-list"):
            where = url(name, own) if name.endswith("detail") else reverse(f"training:{name}")
            assert NAME not in text_of(client.get(where))
        assert NAME not in text_of(client.get(url("batch-papers", own.enrolment.batch)))
        assert client.get(url("certificate-pdf", own)).status_code == 403

    def test_the_liaison_records_one_with_its_scan(self, finished, login, liaison):
        _batch, (one, _other) = finished
        client = login(liaison)
        page = client.get(url("enrolment-paper", one))
        assert 'name="override_reason"' not in text_of(page)
        sent = {
            "kind": "training",
            "issuer": one.agency.name,
            "number": "BLK-12",
            "issued_on": today(-2).isoformat(),
            "scan": SimpleUploadedFile("s.pdf", PDF),
        }
        answer = client.post(url("enrolment-paper", one), sent)
        row = Certificate.objects.get()
        assert answer.url == row.get_absolute_url()
        assert b"".join(client.get(url("certificate-scan", row)).streaming_content) == PDF

    def test_a_taken_number_is_said_beside_it_and_nothing_typed_is_lost(
        self, finished, login, head, liaison
    ):
        _batch, (one, other) = finished
        certificates.record(
            enrolment=one, kind="training", number="BLK-12", issued_on=today(-2), by=liaison
        )
        answer = login(head).post(
            url("enrolment-paper", other),
            {
                "kind": "training",
                "issuer": one.agency.name,
                "number": "BLK-12",
                "registration_number": "REG-55",
                "issued_on": today(-2).isoformat(),
            },
        )
        assert answer.status_code == 422
        assert "sudah dipakai penerbit itu" in text_of(answer)
        assert "REG-55" in text_of(answer)

    def test_the_head_issues_for_all_from_the_page_of_the_batch(self, finished, login, head):
        batch, rows = finished
        outcomes.complete_suggested(batch=batch, by=head)
        client = login(head)
        assert "bagi 2 orang" in text_of(client.get(url("batch-papers", batch)))
        client.post(url("batch-papers-issue", batch))
        assert Certificate.objects.filter(enrolment__in=rows).count() == 2

    def test_revoked_on_its_page_with_the_reason(self, own, login, head):
        client = login(head)
        assert client.post(url("certificate-revoke", own), {"reason": ""}).status_code == 422
        client.post(url("certificate-revoke", own), {"reason": "Salah cetak"})
        page = text_of(client.get(url("certificate-detail", own)))
        assert "Salah cetak" in page
        assert "Dicabut" in page
        public = Client().get(reverse("correspondence:verify", args=[own.verification.code]))
        assert "DICABUT" in public.content.decode()
