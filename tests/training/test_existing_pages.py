"""Entering batches of the past on a page and from a sheet, as the head does it."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AccessRecord
from inmates.models import Custody
from tests.factories.inmates import inmate_at
from tests.factories.partners import SignedAgreementFactory, scan_file, today
from tests.factories.training import CourseFactory
from training.models import Batch
from training.sheet import batches, outcomes
from training.sheet.batch_template import workbook

pytestmark = pytest.mark.django_db
FORM, SHEET = "/batches/existing/", "/batches/existing/sheet/"


@pytest.fixture
def agreement(facility, agency):
    return SignedAgreementFactory(
        facility=facility, agency=agency, starts_on=today(-600), ends_on=today(300)
    )


@pytest.fixture
def course(db):
    return CourseFactory(code="LAS-1", name="Las SMAW")


@pytest.fixture
def people(facility):
    return [inmate_at(facility, name=name) for name in ("ADI SAPUTRA", "BAMBANG")]


def number_of(person):
    return Custody.objects.get(inmate=person).register_number


@pytest.fixture
def typed(course, agency, agreement, people):
    return {
        "course": course.pk,
        "name": "Las I",
        "agency": agency.pk,
        "agreement": agreement.pk,
        "starts_on": str(today(-100)),
        "ends_on": str(today(-60)),
        "state": "closed",
        "hearing_number": "BA-3/TPP",
        "heard_on": str(today(-110)),
        "number": "SK-7",
        "dated": str(today(-105)),
        "signed_by": "Kalapas Lama",
        "scan": scan_file(),
        "people": "\n".join(number_of(person) for person in people),
    }


def text(answer):
    return answer.content.decode()


class TestTheForm:
    def test_enters_the_batch(self, typed, head, login):
        answer = login(head).post(FORM, typed)
        assert answer.status_code == 302
        assert Batch.objects.get().seats_taken == 2

    def test_a_line_that_means_nobody_is_told_by_its_number_and_nothing_is_lost(
        self, typed, head, login
    ):
        typed["people"] += "\nB.I 999/1999\nB.I 1/2; menari"
        answer = login(head).post(FORM, typed)
        assert answer.status_code == 422
        assert "Baris 3: “B.I 999/1999” tidak dikenal" in text(answer)
        assert "Baris 4: “menari” bukan hasil" in text(answer)
        assert "BA-3/TPP" in text(answer)
        assert not Batch.objects.exists()

    def test_what_the_service_refuses_stands_beside_its_field(self, typed, head, login):
        answer = login(head).post(FORM, typed | {"ends_on": str(today(5))})
        assert answer.status_code == 422
        assert "Belum selesai menurut tanggalnya" in text(answer)

    def test_people_are_looked_up_and_added_without_losing_anything(
        self, typed, head, login, people
    ):
        client = login(head)
        del typed["scan"]
        found = client.post(FORM, typed | {"find": "1", "q": "bambang"})
        assert "BAMBANG" in text(found)
        assert str(people[1].public_id) in text(found)
        assert "BA-3/TPP" in text(found)
        shown = {subject for record in AccessRecord.objects.all() for subject in record.subjects}
        assert people[1].public_id in shown
        added = client.post(
            FORM, typed | {"add": "1", "people": "", "found": [str(people[1].public_id), "x"]}
        )
        assert f"{people[1].person_key} # BAMBANG" in text(added)

    def test_whoever_is_added_is_on_record_and_nonsense_adds_nobody(
        self, typed, head, login, people
    ):
        client = login(head)
        del typed["scan"]
        nonsense = ["zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "x" * 36, str(people[0].public_id)]
        added = client.post(FORM, typed | {"add": "1", "people": "", "found": nonsense})
        assert added.status_code in (200, 422)
        assert "# ADI SAPUTRA" in text(added)
        shown = {subject for record in AccessRecord.objects.all() for subject in record.subjects}
        assert shown == {people[0].public_id}

    def test_a_liaison_and_an_officer_get_403(self, officer, liaison, login):
        assert login(officer).get(FORM).status_code == 403
        assert login(liaison).get(SHEET).status_code == 403


HEADINGS = [str(column.heading) for column in batches.COLUMNS]
FIELDS = [column.field for column in batches.COLUMNS]


def sheet_of(*rows):
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    writer.writerows([[row.get(field, "") for field in FIELDS] for row in rows])
    return SimpleUploadedFile("angkatan.csv", stream.getvalue().encode())


@pytest.fixture
def first(course, agency, agreement, people):
    """The first row of a batch: what describes it, and one participant."""
    return {
        "course": "las-1",
        "name": "Las I",
        "agency": agency.name,
        "agreement": agreement.our_number,
        "starts_on": str(today(-100)),
        "ends_on": str(today(-60)),
        "state": "Ditutup",
        "hearing_number": "BA-3/TPP",
        "heard_on": str(today(-110)),
        "number": "SK-7",
        "dated": str(today(-105)),
        "signed_by": "Kalapas Lama",
        "scan": "naskah.pdf",
        "who": number_of(people[0]),
        "person": "Adi Saputra",
    }


class TestTheSheet:
    def send(self, client, *rows, record=False, scans=True):
        data = {"sheet": sheet_of(*rows), "record" if record else "check": "1"}
        return client.post(SHEET, data | ({"scans": [scan_file()]} if scans else {}))

    def test_is_looked_at_first_and_writes_nothing(self, first, people, head, login):
        second = {"who": people[1].person_key, "outcome": "tidak selesai"}
        answer = self.send(login(head), first, second)
        assert answer.status_code == 200
        assert "Tekan “Catat”" in text(answer)
        assert "ADI SAPUTRA" in text(answer)
        assert not Batch.objects.exists()

    def test_then_all_is_recorded(self, first, people, head, login):
        second = {"who": people[1].person_key, "outcome": "tidak selesai"}
        other = first | {"name": "Las II", "number": "SK-8", "scan": "sk-8.pdf"}
        data = {
            "sheet": sheet_of(first, second, other),
            "record": "1",
            "scans": [scan_file(), scan_file(name="sk-8.pdf")],
        }
        assert login(head).post(SHEET, data).status_code == 302
        assert Batch.objects.get(name="Las I").enrolments.count() == 2
        assert Batch.objects.get(name="Las II").enrolments.count() == 1

    def test_or_nothing_when_one_row_is_wrong(self, first, head, login):
        second = {"who": "B.I 999/1999"}
        other = first | {"name": "Las II", "number": "SK-8", "scan": "naskah.pdf"}
        answer = self.send(login(head), first, second, other, record=True)
        assert "Belum ada yang dicatat" in text(answer)
        assert "tidak dikenal di lapas ini" in text(answer)
        assert "sudah dipakai oleh angkatan lain" in text(answer)
        assert not Batch.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"course": "LAS-9"}, "tidak ada di katalog. Mungkin: "),
            ({"agency": "BLK Entah"}, "belum menjadi mitra"),
            ({"agreement": "X"}, "bukan nomor perjanjian"),
            ({"starts_on": "31/31/2024"}, "bukan tanggal"),
            ({"state": "macet"}, "bukan keadaan"),
            ({"number": ""}, "Wajib diisi"),
            ({"scan": "lain.pdf"}, "tidak ikut dikirim"),
            ({"ends_on": str(today(3))}, "Belum selesai menurut tanggalnya"),
            ({"who": ""}, "Wajib diisi"),
            ({"outcome": "Peserta"}, "tidak bisa"),
        ],
    )
    def test_each_cell_is_told_beside_its_row(self, first, head, login, changed, sentence):
        answer = self.send(login(head), first | changed)
        assert answer.status_code == 200
        assert sentence in text(answer)

    def test_a_row_that_contradicts_its_batch_is_told(self, first, people, head, login):
        second = first | {"who": people[1].person_key, "number": "SK-9"}
        assert "Berbeda dengan baris 2" in text(self.send(login(head), first, second))

    def test_another_name_than_in_the_register_is_a_remark(self, first, head, login):
        answer = self.send(login(head), first | {"person": "CECEP"})
        assert "Di register bernama ADI SAPUTRA" in text(answer)
        assert "Tekan “Catat”" in text(answer)

    def test_what_stands_there_already_is_left_out(self, first, typed, head, login):
        client = login(head)
        client.post(FORM, typed)
        assert "sudah ada" in text(self.send(client, first))

    def test_a_file_that_is_no_sheet_is_a_message(self, head, login):
        answer = login(head).post(SHEET, {"sheet": scan_file(), "check": "1"})
        assert answer.status_code == 422
        assert "PDF" in text(answer)

    def test_the_template_can_be_read_and_its_examples_are_left_out(self, first):
        stream = io.BytesIO(workbook(["LAS-1"], ["BLK Kota"]))
        with pytest.raises(Exception, match="belum berisi peserta"):
            batches.read(stream)


def test_lines_say_who_and_what_became_of_them():
    one, two, three, four = outcomes.lines(
        "B.I 1/2024\n\n12345 # BUDI\n"
        "B.I 2/2024; berhenti; 3/5/2026; sakit; Dirawat; lama\n; selesai"
    )
    assert (one.who, one.outcome, one.number) == ("B.I 1/2024", "", 1)
    assert (two.who, two.number) == ("12345", 3)
    assert (three.outcome, str(three.left_on), three.cause) == ("dropped", "2026-05-03", "sick")
    assert three.reason == "Dirawat; lama"
    assert four.problem
