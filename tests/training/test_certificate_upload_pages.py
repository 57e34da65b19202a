"""The page on which a liaison sends a sheet of certificates with its scans."""

import io
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import load_workbook

from accounts.models import AccessRecord
from tests.training.certificate_sheets import (
    OF_PRISON,
    comma_separated,
    named_batch,
    paper,
    scan,
    xlsx,
)
from training.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return named_batch(facility, agency)[0]


@pytest.fixture
def page(batch):
    return reverse("training:batch-certificates", args=[batch.public_id])


def sent(stream, name="sertifikat.xlsx"):
    return SimpleUploadedFile(name, stream.getvalue())


def post(client, page, rows, button="check", scans=(), **more):
    data = {button: "1", "sheet": sent(xlsx(rows)), "scans": list(scans), **more}
    return client.post(page, data)


def fields_in(answer):
    """Names of the questions that the answer asks."""
    return re.findall(r'<select class="form-select" name="([^"]+)"', answer.content.decode())


class TestChecking:
    def test_writes_nothing_and_says_who_is_meant(self, client, batch, page, liaison):
        client.force_login(liaison)

        answer = post(client, page, [paper(), paper(name="M. Riski", number="560/2/BLK")])

        text = answer.content.decode()
        assert answer.status_code == 200
        assert "MUHAMMAD RIZKI PRATAMA" in text
        assert not Certificate.objects.exists()
        assert len(fields_in(answer)) == 1

    def test_whom_it_names_is_on_record(self, client, batch, page, liaison):
        client.force_login(liaison)
        post(client, page, [paper()])

        person = batch.enrolments.get(inmate__name="BUDI SANTOSO").inmate
        assert AccessRecord.objects.get(act="view").subjects == [person.public_id]

    def test_csv_is_read_too(self, client, batch, page, liaison):
        client.force_login(liaison)
        answer = client.post(page, {"check": "1", "sheet": sent(comma_separated([paper()]))})

        assert "siap dicatat" in answer.content.decode()

    @pytest.mark.parametrize(
        "content",
        [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x00\x01\x02", b"a;b\n"],
    )
    def test_what_is_no_sheet_is_told_beside_the_field(self, client, page, liaison, content):
        client.force_login(liaison)
        answer = client.post(
            page, {"check": "1", "sheet": SimpleUploadedFile("sertifikat.xlsx", content)}
        )

        assert answer.status_code == 422
        assert "id_sheet" in answer.content.decode()

    def test_too_many_files_are_told_beside_the_field(self, client, page, liaison):
        client.force_login(liaison)
        most = settings.UPLOAD_MOST_FILES
        files = [scan(f"{number}.pdf") for number in range(most + 5)]
        answer = post(client, page, [paper()], scans=files)

        assert answer.status_code == 422
        assert f"Paling banyak {most} berkas sekaligus" in answer.content.decode()
        assert not Certificate.objects.exists()

    def test_htmx_shows_what_is_wrong(self, client, page, liaison):
        client.force_login(liaison)
        answer = client.post(page, {"check": "1"}, headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert 'href="#id_sheet"' in answer.content.decode()


class TestRecording:
    def test_with_an_answer_writes_all(self, client, batch, page, liaison):
        client.force_login(liaison)
        rows = [paper(), paper(name="M. Riski", number="560/2/BLK")]
        (question,) = fields_in(post(client, page, rows))
        code = batch.enrolments.get(inmate__name="MUHAMMAD RIZKI PRATAMA").participant_code

        answer = post(
            client, page, rows, "record", scans=[scan("560-1-BLK.pdf")], **{question: code}
        )

        assert "2 sertifikat dicatat" in answer.content.decode()
        assert Certificate.objects.count() == 2
        assert Certificate.objects.exclude(scan="").get().number == "560/1/BLK"

    def test_without_an_answer_writes_nothing_and_asks(self, client, page, liaison):
        client.force_login(liaison)
        answer = post(client, page, [paper(), paper(name="Budi", number="2")], "record")

        assert answer.status_code == 422
        assert "belum ada yang dicatat" in answer.content.decode()
        assert fields_in(answer)
        assert not Certificate.objects.exists()

    def test_a_row_that_cannot_stand_may_be_left_out(self, client, page, liaison):
        client.force_login(liaison)
        rows = [paper(), paper(name="Siti Nurhaliza", number="2", issued_on="besok")]
        answer = post(client, page, rows)
        (box,) = re.findall(r'type="checkbox" id="[^"]+" name="([^"]+)"', answer.content.decode())

        answer = post(client, page, rows, "record", **{box: "skip"})

        assert "1 sertifikat dicatat" in answer.content.decode()
        assert Certificate.objects.get().number == "560/1/BLK"

    def test_twice_says_that_nothing_changed(self, client, page, liaison):
        client.force_login(liaison)
        post(client, page, [paper()], "record")

        answer = post(client, page, [paper()], "record")

        assert "tidak ada yang berubah" in answer.content.decode()
        assert Certificate.objects.count() == 1


class TestReport:
    def test_can_be_taken_away_once_shown(self, client, batch, page, liaison):
        client.force_login(liaison)
        answer = post(client, page, [paper(), paper(name="=HYPERLINK(1)", number="2")])
        signed = re.search(r'name="report" value="([^"]+)"', answer.content.decode())[1]

        report = client.post(reverse("training:certificate-report"), {"report": signed})

        text = report.content.decode("utf-8-sig")
        assert "BUDI SANTOSO" in text
        assert "'=HYPERLINK(1)" in text
        person = batch.enrolments.get(inmate__name="BUDI SANTOSO").inmate
        assert person.public_id in AccessRecord.objects.get(act="export").subjects

    def test_not_by_anybody_else(self, client, page, liaison, head):
        client.force_login(liaison)
        answer = post(client, page, [paper()])
        signed = re.search(r'name="report" value="([^"]+)"', answer.content.decode())[1]

        client.force_login(head)
        report = client.post(reverse("training:certificate-report"), {"report": signed})

        assert report.status_code == 403

    def test_not_what_was_made_up(self, client, liaison):
        client.force_login(liaison)
        report = client.post(reverse("training:certificate-report"), {"report": "e30:x:y"})

        assert report.status_code == 302


class TestTemplate:
    def test_has_the_participants_and_the_units(self, client, batch, liaison):
        client.force_login(liaison)
        answer = client.get(reverse("training:batch-certificates-template", args=[batch.public_id]))

        rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        codes = sorted(batch.enrolments.values_list("participant_code", flat=True))
        assert [row[0] for row in rows[1:]] == codes
        assert len(AccessRecord.objects.get(act="export").subjects) == 4


def test_the_sheet_of_a_prison_is_checked_and_recorded(client, batch, head):
    client.force_login(head)
    person = batch.enrolments.get(inmate__name="SITI NURHALIZA").inmate
    row = paper(name="Siti Nurhaliza", key=person.person_key, title="Barista", issuer="LPK Kopi")
    page = reverse("training:old-certificate-sheet")
    data = {"record": "1", "sheet": sent(xlsx([row], OF_PRISON))}

    answer = client.post(page, data)

    assert "1 sertifikat dicatat" in answer.content.decode()
    assert Certificate.objects.get().inmate == person
