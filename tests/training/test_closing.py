"""Closing a batch: what lacks, what is counted, the report on paper, the lock, and the way back."""

from datetime import datetime, time

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Letter
from correspondence.services import letter_papers
from correspondence.services import letters as life
from correspondence.states import LetterState
from tests.factories.correspondence import general_series
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled, hours
from tests.training.conftest import now_of, terms, told
from training import closing_paper, figures
from training.models import (
    Assessment,
    Attendance,
    Certificate,
    CompetencyUnit,
    Enrolment,
    ToolCheck,
)
from training.services import closing
from training.states import BatchState, EnrolmentState
from training.teaching import CertificateKind, MeetingState

pytestmark = pytest.mark.django_db
OBSTACLES = "Listrik bengkel padam dua kali\n- Kawat las datang terlambat"


def held(batch, number, codes, jp=8):
    """A meeting of the past at which each enrolment got its code."""
    meeting = MeetingFactory(
        batch=batch,
        number=number,
        jp=jp,
        during=hours(today(-30 + number), 8, 14),
        state=MeetingState.HELD,
        entered_afterwards=True,
    )
    for enrolment, code in codes.items():
        Attendance.objects.create(
            facility=batch.facility,
            agency=batch.agency,
            meeting=meeting,
            enrolment=enrolment,
            code=code,
            jp=jp if code in "HT" else 0,
        )
    return meeting


@pytest.fixture
def batch(facility, agency):
    """Over since ten days: three participants, all with a result, two meetings."""
    batch = confirmed_batch(
        facility,
        agency,
        name="Angkatan Tamat",
        starts_on=today(-30),
        ends_on=today(-10),
        state=BatchState.FINISHED,
        state_at=timezone.now(),
    )
    rows = {
        name: enrolled(batch, inmate_at(facility, name=name)) for name in ("SITI", "BUDI", "TONO")
    }
    held(batch, 1, {rows["SITI"]: "H", rows["BUDI"]: "H", rows["TONO"]: "A"})
    held(batch, 2, {rows["SITI"]: "H", rows["BUDI"]: "A", rows["TONO"]: "A"})
    ends = {"SITI": "completed", "BUDI": "completed", "TONO": "not_completed"}
    for name, state in ends.items():
        Enrolment.objects.filter(pk=rows[name].pk).update(
            state=state, cause="absent" if name == "TONO" else ""
        )
    judged(rows["SITI"], "K")
    certified(rows["SITI"], CertificateKind.TRAINING, "S-1")
    certified(rows["SITI"], CertificateKind.COMPETENCY, "S-2")
    return now_of(batch)


def judged(enrolment, result):
    unit = CompetencyUnit.objects.create(code=f"C.{enrolment.pk}", name="Mengelas")
    for attempt, found in enumerate(("BK", result), start=1):
        Assessment.objects.create(
            facility=enrolment.facility,
            agency=enrolment.agency,
            enrolment=enrolment,
            kind="competency",
            unit=unit,
            attempt=attempt,
            result=found,
            assessor="Asesor",
            assessed_on=today(-9),
        )


def certified(enrolment, kind, number):
    Certificate.objects.create(
        facility=enrolment.facility,
        agency=enrolment.agency,
        inmate=enrolment.inmate,
        enrolment=enrolment,
        course=enrolment.batch.course,
        kind=kind,
        title="Las",
        issuer="BLK",
        number=number,
        scheme="Skema Las" if kind == CertificateKind.COMPETENCY else "",
        issued_on=today(-8),
    )


class TestFigures:
    def test_are_counted(self, batch):
        counted = figures.of(batch)
        assert (counted.held, counted.cancelled, counted.jp_held) == (2, 0, 16)
        assert (counted.first_held, counted.last_held) == (today(-29), today(-28))
        assert counted.by_state == {EnrolmentState.COMPLETED: 2, EnrolmentState.NOT_COMPLETED: 1}
        assert counted.by_cause == {"absent": 1}
        assert counted.by_certificate == {
            CertificateKind.TRAINING: 1,
            CertificateKind.COMPETENCY: 1,
        }
        assert counted.attended_percent == 50
        by_name = {each.enrolment.inmate.name: each for each in counted.outcomes}
        assert {name: each.attended.percent for name, each in by_name.items()} == {
            "SITI": 100,
            "BUDI": 50,
            "TONO": 0,
        }
        siti = by_name["SITI"]
        assert (siti.competent, siti.not_yet) == (1, 0)

    def test_in_four_queries_whatever_the_size(self, batch, django_assert_num_queries):
        with django_assert_num_queries(4):
            figures.of(batch)

    def test_of_a_batch_that_never_met(self, facility, agency):
        counted = figures.of(confirmed_batch(facility, agency))
        assert (counted.held, counted.first_held, counted.attended_percent) == (0, None, None)
        assert closing_paper.report(counted)["participants"] == []


class TestClosing:
    def test_drafts_the_report_and_tells(self, batch, officer, head, liaison):
        closed = closing.close(batch=batch, cost=48_500_000, obstacles=OBSTACLES, by=officer)
        assert (closed.state, closed.cost) == (BatchState.CLOSED, 48_500_000)
        report = closed.report
        assert (report.kind, report.state) == ("batch_report", LetterState.DRAFT)
        assert report.data["signed_by"] == "head"
        assert "1. Listrik bengkel padam dua kali\n2. Kawat las" in report.data["text"]
        facts = dict(report.data["report"]["facts"])
        assert facts["Biaya"] == "Rp48.500.000"
        assert facts["Jam pelajaran"] == "240 JP direncanakan, 16 JP terlaksana"
        results = dict(report.data["report"]["results"])
        assert results["Tidak menyelesaikan"] == "1 orang (terlalu sering tidak hadir 1)"
        assert results["Kehadiran seluruh peserta"] == "50% JP"
        assert told("batch_closed") == {head, liaison}

    def test_the_report_names_whom_it_lists(self, batch, officer):
        report = closing.close(batch=batch, by=officer).report
        people = {str(row.inmate.public_id) for row in batch.enrolments.select_related("inmate")}
        assert set(report.data["subjects"]) == people
        assert {each["name"] for each in report.data["report"]["participants"]} == {
            "SITI",
            "BUDI",
            "TONO",
        }

    def test_locks_the_attendance(self, batch, officer, head):
        closing.close(batch=batch, by=officer)
        entry = Attendance.objects.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            Attendance.objects.filter(pk=entry.pk).update(note="diubah")
        closing.reopen(batch=batch, reason="Salah hitung", by=head)
        assert Attendance.objects.filter(pk=entry.pk).update(note="diubah") == 1

    def test_twice_by_the_same_is_once(self, batch, officer, head):
        for _time in range(2):
            closing.close(batch=batch, cost=1, obstacles="Tidak ada", by=officer)
        assert Letter.objects.filter(kind="batch_report").count() == 1
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            closing.close(batch=batch, cost=2, by=officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            closing.close(batch=batch, cost=1, obstacles="Tidak ada", by=head)

    def test_only_what_is_finished(self, facility, agency, officer):
        with pytest.raises(NotAllowed, match="dikonfirmasi"):
            closing.close(batch=confirmed_batch(facility, agency), by=officer)

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_by_whoever_plans(self, batch, role, request):
        with pytest.raises(Forbidden):
            closing.close(batch=batch, by=request.getfixturevalue(role))


class TestLacking:
    def refused(self, batch, officer, words):
        with pytest.raises(NotAllowed, match=words):
            closing.close(batch=batch, by=officer)
        assert now_of(batch).state == BatchState.FINISHED
        (lack,) = closing.lacking(batch)
        return lack.url

    def test_a_participant_without_result(self, batch, facility, officer):
        late = enrolled(batch, inmate_at(facility, name="RINA"))
        url = self.refused(batch, officer, f"1 peserta belum punya hasil: {late.participant_code}")
        assert url.startswith(batch.get_absolute_url())

    def test_a_meeting_that_nobody_held_or_called_off(self, batch, officer):
        meeting = MeetingFactory(batch=batch, number=3, during=hours(today(-12), 8, 14))
        assert self.refused(batch, officer, "Pertemuan 3") == meeting.get_absolute_url()

    @pytest.mark.parametrize("back", [None, 1])
    def test_a_tool_that_is_not_back(self, batch, officer, back):
        meeting = batch.meetings.first()
        at = timezone.make_aware(datetime.combine(today(-29), time(14)))
        check = ToolCheck.objects.create(
            facility=batch.facility,
            meeting=meeting,
            name="Palu",
            quantity_out=2,
            out_at=at,
            quantity_in=back,
            in_at=at if back else None,
        )
        assert str(meeting.public_id) in self.refused(batch, officer, "Palu")
        check.quantity_in, check.in_at = 2, at
        check.save()
        assert closing.close(batch=batch, by=officer).state == BatchState.CLOSED


class TestTheReportOfAClosedBatch:
    def test_is_not_thrown_away_by_itself(self, batch, officer):
        report = closing.close(batch=batch, by=officer).report
        with pytest.raises(NotAllowed, match="Batalkan dahulu di sana"):
            life.discard(letter=report, by=officer)
        assert Letter.objects.filter(pk=report.pk).exists()

    def test_its_page_says_why_in_a_sentence(self, batch, officer, login):
        report = closing.close(batch=batch, by=officer).report
        page = login(officer).post(f"{report.get_absolute_url()}discard/", follow=True)
        assert page.status_code < 500
        assert "Batalkan dahulu di sana" in page.content.decode()


class TestReopening:
    def test_throws_the_draft_away(self, batch, officer, head, liaison):
        report = closing.close(batch=batch, by=officer).report
        again = closing.reopen(batch=batch, reason="Sertifikat menyusul", by=head)
        assert (again.state, again.report, again.reason) == (
            BatchState.FINISHED,
            None,
            "Sertifikat menyusul",
        )
        assert not Letter.objects.filter(pk=report.pk).exists()
        assert told("batch_reopened") == {officer, liaison}
        assert closing.close(batch=batch, by=officer).report

    def test_keeps_a_letter_that_has_its_number(self, batch, officer, head, secretariat):
        general_series(batch.facility)
        report = closing.close(batch=batch, by=officer).report
        numbered(report, officer, head, secretariat)
        closing.reopen(batch=batch, reason="Sertifikat menyusul", by=head)
        assert Letter.objects.get(pk=report.pk).number
        assert closing.close(batch=batch, by=officer).report != report

    def test_by_the_head_for_a_reason(self, batch, officer, head):
        closing.close(batch=batch, by=officer)
        with pytest.raises(Forbidden):
            closing.reopen(batch=batch, reason="Salah", by=officer)
        with pytest.raises(NotAllowed) as refusal:
            closing.reopen(batch=batch, reason=" ", by=head)
        assert set(refusal.value.error_dict) == {"reason"}


def numbered(letter, officer, head, secretariat):
    life.initial(letter=letter, by=head)
    life.request_number(letter=letter, by=officer)
    return life.give_number(letter=letter, dated=today(), by=secretariat)


class TestPaper:
    def test_is_printed_as_draft_and_with_its_number(self, batch, officer, head, secretariat):
        general_series(batch.facility)
        report = closing.close(batch=batch, cost=1_000_000, obstacles=OBSTACLES, by=officer).report
        assert letter_papers.preview(report).startswith(b"%PDF")
        numbered(report, officer, head, secretariat)
        report.refresh_from_db()
        assert letter_papers.file_of(report).pdf.read().startswith(b"%PDF")

    def test_reading_the_draft_is_on_record(self, batch, officer, login):
        report = closing.close(batch=batch, by=officer).report
        login(officer).get(f"{report.get_absolute_url()}preview/")
        (record,) = AccessRecord.objects.filter(path__contains="preview")
        assert len(record.subjects) == 3

    def test_the_words_may_be_edited_and_the_tables_stay(self, batch, officer):
        report = closing.close(batch=batch, by=officer).report
        data = {
            name: report.data[name]
            for name in ("nature", "attachments", "classification", "place", "signed_by")
        }
        life.rewrite(
            letter=report,
            subject="Laporan Las",
            addressed_to="Kepala Lapas",
            data={**data, "text": "# Kendala\n\nTidak ada.", "copies": []},
            by=officer,
        )
        report.refresh_from_db()
        assert report.data["report"]["participants"]
        assert letter_papers.preview(report).startswith(b"%PDF")


class TestPages:
    def test_from_the_batch_to_the_report(self, batch, officer, login):
        client = login(officer)
        page = client.get(batch.get_absolute_url()).content.decode()
        assert f"{batch.get_absolute_url()}close/" in page
        answer = client.post(
            f"{batch.get_absolute_url()}close/",
            {"cost": "48500000", "obstacles": OBSTACLES},
            follow=True,
        )
        assert answer.redirect_chain == [(now_of(batch).report.get_absolute_url(), 302)]
        assert "Angkatan ditutup" in answer.content.decode()

    def test_what_lacks_is_listed_with_links(self, batch, officer, login):
        meeting = MeetingFactory(batch=batch, number=3, during=hours(today(-12), 8, 14))
        page = login(officer).get(f"{batch.get_absolute_url()}close/").content.decode()
        assert f'href="{meeting.get_absolute_url()}"' in page
        assert "Tutup dan buat laporan" not in page

    def test_a_cost_that_is_none_keeps_the_words(self, batch, officer, login):
        answer = login(officer).post(
            f"{batch.get_absolute_url()}close/", {"cost": "-1", "obstacles": "Listrik padam"}
        )
        assert answer.status_code == 422
        assert "Listrik padam" in answer.content.decode()

    def test_the_head_takes_it_back_on_the_page(self, batch, officer, head, login):
        closing.close(batch=batch, by=officer)
        address = f"{batch.get_absolute_url()}reopen/"
        assert address not in login(officer).get(batch.get_absolute_url()).content.decode()
        client = login(head)
        assert address in client.get(batch.get_absolute_url()).content.decode()
        client.post(address, {"reason": "Sertifikat menyusul"})
        assert now_of(batch).state == BatchState.FINISHED

    def test_a_liaison_reads_nothing_of_it(self, batch, officer, liaison, login):
        batch.proposals.create(
            facility=batch.facility,
            agency=batch.agency,
            round=1,
            side="prison",
            state="accepted",
            answered_at=timezone.now(),
            entered_afterwards=True,
            **terms(),
        )
        closing.close(batch=batch, cost=7_654_321, by=officer)
        page = login(liaison).get(batch.get_absolute_url()).content.decode()
        assert "Penutupan" not in page
        assert "7.654.321" not in page
