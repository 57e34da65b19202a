"""Certificates of a batch from a sheet: looked at first, then all of them or none."""

import pytest
from django.core.files.storage import default_storage

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Consent
from tests.factories.partners import AgencyFactory, today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled
from tests.training.certificate_sheets import named_batch, of_batch_rows, paper, scan
from training.models import Attendance, Batch, Certificate
from training.services import certificate_uploads
from training.services.certificate_lines import ASK, ERROR, EXISTING, NEW, SKIPPED

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return named_batch(facility, agency)[0]


def codes(batch):
    return {row.inmate.name: row.participant_code for row in batch.enrolments.all()}


def look(batch, by, *rows, scans=(), **answers):
    return certificate_uploads.check(
        batch=batch, rows=of_batch_rows(*rows), scans=scans, by=by, **answers
    )


def write(batch, by, *rows, scans=(), **answers):
    return certificate_uploads.record(
        batch=batch, rows=of_batch_rows(*rows), scans=scans, by=by, **answers
    )


def outcomes(report):
    return [line.outcome for line in report.lines]


class TestWhose:
    def test_the_same_name_is_certain(self, batch, liaison):
        (line,) = look(batch, liaison, paper(name="Budi Santoso, S.T.")).lines

        assert (line.outcome, line.sureness) == (NEW, "sure")
        assert line.person.name == "BUDI SANTOSO"

    def test_a_code_is_enough(self, batch, liaison):
        (line,) = look(
            batch, liaison, paper(name="", code=codes(batch)["SITI NURHALIZA"].lower())
        ).lines

        assert (line.outcome, line.person.name) == (NEW, "SITI NURHALIZA")

    def test_a_mistyped_name_waits_for_a_word(self, batch, liaison):
        report = look(batch, liaison, paper(name="M. Riski Pratama"))

        (line,) = report.lines
        assert (line.outcome, line.sureness) == (ASK, "likely")
        assert line.person.name == "MUHAMMAD RIZKI PRATAMA"
        assert not report.is_ready

    def test_a_name_of_two_is_asked(self, batch, liaison):
        (line,) = look(batch, liaison, paper(name="Budi")).lines

        assert (line.outcome, line.person) == (ASK, None)
        assert {person.name for person in line.near} == {"BUDI SANTOSO", "BUDI SETIAWAN"}

    def test_what_was_chosen_goes_before(self, batch, liaison):
        line = look(batch, liaison, paper(name="Budi")).lines[0]
        code = codes(batch)["BUDI SETIAWAN"]

        (again,) = look(batch, liaison, paper(name="Budi"), people={line.key: code}).lines

        assert (again.outcome, again.person.name) == (NEW, "BUDI SETIAWAN")

    def test_a_stranger_is_an_error_and_may_be_chosen_or_left_out(self, batch, liaison):
        row = paper(name="Joko Widodo")
        line = look(batch, liaison, row).lines[0]
        assert line.outcome == ERROR
        assert len(line.choices) == 4

        assert outcomes(look(batch, liaison, row, people={line.key: "skip"})) == [SKIPPED]

    def test_a_code_of_one_with_the_name_of_another_is_asked(self, batch, liaison):
        (line,) = look(
            batch, liaison, paper(code=codes(batch)["SITI NURHALIZA"], name="Budi Santoso")
        ).lines

        assert line.outcome == ASK
        assert [person.name for person in line.near][:2] == ["SITI NURHALIZA", "BUDI SANTOSO"]

    def test_people_of_other_batches_are_not_found(self, batch, facility, agency, liaison):
        named_batch(facility, agency, names=["JOKO SUSILO"])

        (line,) = look(batch, liaison, paper(name="Joko Susilo")).lines

        assert "JOKO SUSILO" not in {person.name for person in line.near}
        assert line.outcome == ERROR

    def test_who_took_the_consent_back_is_known_by_code_only(self, batch, facility, liaison):
        participant = batch.enrolments.get(inmate__name="SITI NURHALIZA")
        Consent.objects.create(
            inmate=participant.inmate,
            facility=facility,
            purpose="training",
            signed_on=today(-50),
            withdrawn_on=today(-1),
            withdrawn_why="Tidak mau",
        )
        by_name, by_code = look(
            batch,
            liaison,
            paper(name="Siti Nurhaliza"),
            paper(name="", code=participant.participant_code, number="560/2"),
        ).lines

        assert by_name.outcome == ERROR
        assert (by_code.outcome, by_code.person.name) == (NEW, "")


class TestProblems:
    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ({"issued_on": "besok"}, "issued_on"),
            ({"issued_on": ""}, "issued_on"),
            ({"issued_on": today(2)}, "issued_on"),
            ({"issued_on": today(-90)}, "issued_on"),
            ({"valid_until": today(-30)}, "valid_until"),
            ({"kind": "Piagam"}, "kind"),
            ({"kind": "kompetensi"}, "scheme"),
            ({"scan": "tidak-ada.pdf"}, "scan"),
            ({"number": "x" * 81}, "number"),
        ],
    )
    def test_stand_beside_their_column(self, batch, liaison, row, field):
        (line,) = look(batch, liaison, paper(**row)).lines

        assert line.outcome == ERROR
        assert field in line.row.problems

    def test_rows_are_numbered_as_in_the_sheet(self, batch, liaison):
        report = look(batch, liaison, paper(), {}, paper(name="Joko", number="560/2"))

        assert [line.row.number for line in report.lines] == [2, 4]

    def test_a_number_twice_and_a_person_twice_are_told(self, batch, liaison):
        first, second, third = look(
            batch,
            liaison,
            paper(),
            paper(name="Siti Nurhaliza"),
            paper(number="560/3"),
        ).lines

        assert first.outcome == NEW
        assert "baris 2" in second.row.problems["number"]
        assert "baris 2" in third.row.problems["number"]

    def test_two_papers_of_different_weight_are_fine(self, batch, liaison):
        report = look(
            batch,
            liaison,
            paper(),
            paper(kind="Sertifikat kompetensi", scheme="Las", number="BNSP 1", issuer="LSP Las"),
        )

        assert outcomes(report) == [NEW, NEW]

    def test_who_did_not_complete_gets_none(self, batch, liaison):
        row = batch.enrolments.get(inmate__name="BUDI SANTOSO")
        row.state = "not_completed"
        row.save()

        (line,) = look(batch, liaison, paper()).lines

        assert "tidak selesai" in line.row.problems["name"]

    def test_too_little_attendance_is_told_before(self, batch, liaison, head):
        meeting = MeetingFactory(batch=batch, state="held", entered_afterwards=True)
        row = batch.enrolments.get(inmate__name="BUDI SANTOSO")
        Attendance.objects.create(
            facility=batch.facility, agency=batch.agency, meeting=meeting, enrolment=row, code="A"
        )
        excused = paper(override_reason="Bukti belajar mandiri")

        assert "Kehadiran 0%" in look(batch, liaison, excused).lines[0].row.told[0][1]
        assert outcomes(look(batch, head, paper())) == [ERROR]
        write(batch, head, excused)
        assert Certificate.objects.get().override_reason == "Bukti belajar mandiri"

    def test_one_row_in_error_and_nothing_is_written(self, batch, liaison):
        with pytest.raises(NotAllowed):
            write(batch, liaison, paper(), paper(name="Joko", number="560/2"))

        assert not Certificate.objects.exists()

    def test_an_unanswered_row_and_nothing_is_written(self, batch, liaison):
        with pytest.raises(NotAllowed):
            write(batch, liaison, paper(), paper(name="M. Riski Pratama", number="560/2"))

        assert not Certificate.objects.exists()


class TestScans:
    def test_are_found_by_number_code_and_name(self, batch, liaison):
        report = look(
            batch,
            liaison,
            paper(number="560/1/BLK"),
            paper(name="Siti Nurhaliza", number="7"),
            paper(name="Budi Setiawan", number="8"),
            scans=[
                scan("Sertifikat_BUDI-SETIAWAN.pdf"),
                scan(f"scan {codes(batch)['SITI NURHALIZA']}.pdf"),
                scan("560-1-BLK.PDF"),
                scan("lain.pdf"),
            ],
        )

        assert [line.scan_how for line in report.lines] == ["number", "code", "person"]
        assert report.unused == ["lain.pdf"]

    def test_named_in_the_column(self, batch, liaison):
        report = look(
            batch, liaison, paper(scan="Scans\\A.PDF"), scans=[scan("a.pdf"), scan("b.pdf")]
        )

        assert (report.lines[0].scan_name, report.unused) == ("a.pdf", ["b.pdf"])

    def test_from_the_order_only_when_confirmed(self, batch, liaison):
        rows = [paper(), paper(name="Siti Nurhaliza", number="560/2")]
        files = [scan("IMG_1.jpg", b"\xff\xd8\xff 1"), scan("IMG_2.jpg", b"\xff\xd8\xff 2")]
        report = look(batch, liaison, *rows, scans=files)
        assert outcomes(report) == [ASK, ASK]
        assert [line.scan_name for line in report.lines] == ["IMG_1.jpg", "IMG_2.jpg"]

        said = {line.key: line.scan_name for line in report.lines}
        assert outcomes(look(batch, liaison, *rows, scans=files, files=said)) == [NEW, NEW]

    def test_one_that_is_no_scan_is_told_in_its_row(self, batch, liaison):
        (line,) = look(
            batch, liaison, paper(scan="a.pdf"), scans=[scan("a.pdf", b"MZ program")]
        ).lines

        assert "bukan PDF" in line.row.problems["scan"]

    def test_are_kept_under_a_name_that_says_nothing(self, batch, liaison):
        write(batch, liaison, paper(scan="budi.pdf"), scans=[scan("budi.pdf")])

        certificate = Certificate.objects.get()
        assert "budi" not in certificate.scan.name
        assert certificate.scan.read() == b"%PDF-1.7 sertifikat"

    def test_go_again_when_a_row_fails(self, batch, liaison, monkeypatch):
        before = _stored()
        monkeypatch.setattr(certificate_uploads, "_recorded", _fails_at_the_second())
        with pytest.raises(RuntimeError):
            write(
                batch,
                liaison,
                paper(scan="a.pdf"),
                paper(name="Siti Nurhaliza", number="2", scan="b.pdf"),
                scans=[scan("a.pdf"), scan("b.pdf")],
            )

        assert not Certificate.objects.exists()
        assert _stored() == before


def _stored():
    folder = f"certificates/{today().year}"
    return set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()


def _fails_at_the_second():
    real, calls = certificate_uploads._recorded, []

    def recorded(*args):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError
        return real(*args)

    return recorded


class TestRecording:
    def test_writes_what_the_sheet_says(self, batch, liaison):
        report = write(
            batch,
            liaison,
            paper(number="560/1/BLK"),
            paper(
                name="Budi Santoso",
                kind="kompetensi",
                scheme="Welder 3G",
                number="24130 0000123",
                registration_number="LAS 1",
                issuer="LSP Las",
                valid_until=today(900),
            ),
        )

        assert len(report.written) == 2
        training, competency = Certificate.objects.order_by("pk")
        assert (training.title, training.issuer) == (batch.course.name, batch.agency.name)
        assert training.inmate.name == competency.inmate.name == "BUDI SANTOSO"
        assert (competency.issuer, competency.scheme) == ("LSP Las", "Welder 3G")
        assert competency.valid_until == today(900)
        assert training.agency == competency.agency == batch.agency

    def test_the_same_sheet_again_changes_nothing(self, batch, liaison):
        rows = [paper(), paper(name="M. Riski Pratama", number="560/2")]
        line = look(batch, liaison, *rows).lines[1]
        write(batch, liaison, *rows, people={line.key: line.person.code})

        report = write(batch, liaison, *rows, scans=[scan("560-1-BLK.pdf")])

        assert outcomes(report) == [EXISTING, EXISTING]
        assert report.changes_nothing
        assert Certificate.objects.count() == 2

    def test_what_differs_is_told_and_stays(self, batch, liaison):
        write(batch, liaison, paper())

        (line,) = write(batch, liaison, paper(issued_on=today(-9))).lines

        assert line.outcome == EXISTING
        assert "tidak diubah" in line.row.remarks[0]
        assert Certificate.objects.get().issued_on == today(-10)

    def test_a_number_of_somebody_else_is_an_error(self, batch, liaison):
        write(batch, liaison, paper())

        (line,) = look(batch, liaison, paper(name="Siti Nurhaliza")).lines

        assert codes(batch)["BUDI SANTOSO"] in line.row.problems["number"]

    def test_a_second_certificate_of_the_course_is_an_error(self, batch, liaison):
        write(batch, liaison, paper())

        (line,) = look(batch, liaison, paper(number="560/99")).lines

        assert "560/1/BLK" in line.row.problems["number"]

    def test_nothing_of_another_agency_is_told(self, batch, facility, head, liaison):
        other, _people = named_batch(facility, AgencyFactory())
        write(other, head, paper(issuer=batch.agency.name, name="Siti Nurhaliza"))

        (line,) = look(batch, liaison, paper()).lines

        assert "orang lain" in line.row.problems["number"]

    def test_each_paper_can_be_verified(self, batch, liaison):
        write(batch, liaison, paper())

        certificate = Certificate.objects.get()
        assert certificate.verification.number == certificate.number


class TestWho:
    def test_the_head_does_it_for_the_agency(self, batch, head):
        assert len(write(batch, head, paper()).written) == 1

    @pytest.mark.parametrize("who", ["officer", "warden", "other_liaison"])
    def test_nobody_else(self, request, batch, who):
        with pytest.raises(Forbidden):
            write(batch, request.getfixturevalue(who), paper())

    def test_not_before_the_training_began(self, facility, agency, liaison):
        batch, _people = named_batch(facility, agency, state="confirmed")
        with pytest.raises(NotAllowed):
            look(batch, liaison, paper())


def test_a_batch_of_the_past_is_its_agencys_too(facility, agency, liaison, other_liaison):
    batch = confirmed_batch(facility, agency)  # nobody was asked here
    assert not Batch.objects.visible_to(liaison).exists()

    enrolled(batch)

    assert list(Batch.objects.visible_to(liaison)) == [batch]
    assert not Batch.objects.visible_to(other_liaison).exists()
