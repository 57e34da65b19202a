"""The monthly report: counted once, frozen, completed by hand, told apart from later data."""

import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Letter, LetterSeries
from correspondence.services import letter_papers, letters
from inmates.models import Inmate
from reports.models import Report
from reports.services import monthly_reports
from reports.states import ReportState
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.correspondence import letterhead_of
from tests.factories.inmates import inmate_at
from tests.factories.partners import PartnershipFactory, today
from tests.reports import lives
from training.models import Batch

pytestmark = pytest.mark.django_db

THIS_MONTH = today().replace(day=1)
RECOUNTS = {
    "people": """
        SELECT count(*) FROM inmates_custody WHERE facility_id = %(facility)s
           AND starts <= %(last)s AND (until IS NULL OR until > %(last)s)
           AND ended_how <> 'duplicate'""",
    "trainings": """
        SELECT count(*) FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
         WHERE b.facility_id = %(facility)s AND b.state IN ('running', 'finished', 'closed')
           AND b.starts_on <= %(last)s AND b.ends_on >= %(first)s AND e.state <> 'dropped'""",
    "placed": """
        SELECT count(*) FROM placements_placement WHERE facility_id = %(facility)s
           AND kind = 'after_release' AND starts_on BETWEEN %(first)s AND %(last)s""",
    "agreements": """
        SELECT count(*) FROM partners_agreement WHERE facility_id = %(facility)s
           AND state IN ('signed', 'terminated') AND starts_on <= %(last)s
           AND ends_on >= %(last)s AND (terminated_on IS NULL OR terminated_on > %(last)s)""",
}


def asked(facility, by, month=THIS_MONTH):
    report = monthly_reports.begin(facility=facility, month=month, by=by)
    return monthly_reports.count(report=report)


def section(report, key):
    return next(each for each in report.figures if each["key"] == key)


def number(key, report):
    found = section(report, key)
    column = {"people": 4, "trainings": 6}.get(key)
    if key == "agreements":
        return len(found["rows"])
    if key == "placed":
        return dict(found["rows"])["Mulai bekerja pada pemberi kerja"]
    return found["total"][column] if found["total"] else 0


@pytest.mark.parametrize("seed", [1, 2])
def test_every_section_equals_a_recount(facility, agency, officer, seed):
    other = FacilityFactory()
    lives.draw(seed, (facility, agency), (other, PartnershipFactory(facility=other).agency))
    for month in (THIS_MONTH, (THIS_MONTH - today().resolution).replace(day=1)):
        report = asked(facility, officer, month)
        days = {
            "facility": facility.pk,
            "first": month,
            "last": monthly_reports.last_day(month),
        }
        for key, statement in RECOUNTS.items():
            with connection.cursor() as cursor:
                cursor.execute(statement, days)
                assert number(key, report) == cursor.fetchone()[0], (key, month)


def test_it_names_no_inmate(facility, agency, officer):
    lives.draw(3, (facility, agency))
    told = str(asked(facility, officer).figures)
    assert not [name for name in Inmate.objects.values_list("name", flat=True) if name in told]


def test_one_report_a_month_and_none_of_a_month_to_come(facility, officer):
    first = monthly_reports.begin(facility=facility, month=THIS_MONTH, by=officer)
    assert monthly_reports.begin(facility=facility, month=today(), by=officer) == first
    with pytest.raises(NotAllowed):
        monthly_reports.begin(facility=facility, month=today(40), by=officer)
    assert Report.objects.get().due_on.day == 5


def test_who_may_write_no_letters_asks_for_none(facility, warden, liaison):
    for user in (warden, liaison):
        with pytest.raises(Forbidden):
            monthly_reports.begin(facility=facility, month=THIS_MONTH, by=user)


def test_the_figures_stay_and_what_changes_is_told(facility, officer):
    inmate_at(facility)
    report = asked(facility, officer)
    assert monthly_reports.differences(report) == []
    inmate_at(facility)
    report.refresh_from_db()
    assert section(report, "people")["total"][4] == 1
    (difference,) = [each for each in monthly_reports.differences(report) if each[2] == "Jumlah"]
    assert difference[3:] == (1, 2)


def test_a_batch_that_came_later_is_a_row_that_differs(facility, agency, officer):
    report = asked(facility, officer)
    lives.draw(4, (facility, agency))
    batches = Batch.objects.filter(facility=facility, ends_on__gte=THIS_MONTH)
    batches = batches.filter(state__in=["running", "finished", "closed"])
    told = {each[1] for each in monthly_reports.differences(report) if each[0] == "Pelatihan"}
    assert told == {f"{batch.course.name} – {batch.name}" for batch in batches}


def test_a_worker_takes_each_report_once(facility, officer):
    report = monthly_reports.begin(facility=facility, month=THIS_MONTH, by=officer)
    monthly_reports.count(report=report)
    counted = Report.objects.get().counted_at
    monthly_reports.count(report=Report.objects.get())
    assert Report.objects.get().counted_at == counted


def test_what_a_killed_worker_left_is_counted_again(facility, officer, monkeypatch):
    report = monthly_reports.begin(facility=facility, month=THIS_MONTH, by=officer)
    token = monthly_reports._claim(report)
    assert monthly_reports.count(report=report).state != ReportState.READY
    assert monthly_reports.resume() == 0
    Report.objects.update(claimed_until=token - 2 * monthly_reports.LEASE)
    assert monthly_reports.resume() == 1
    assert monthly_reports.count(report=Report.objects.get()).state == ReportState.READY


def test_what_cannot_be_counted_says_so(facility, officer, monkeypatch):
    report = monthly_reports.begin(facility=facility, month=THIS_MONTH, by=officer)
    monkeypatch.setattr("reports.monthly.SECTIONS", (lambda *_days: 1 / 0,))
    monthly_reports.work(pk=report.pk)
    assert Report.objects.get().state == ReportState.FAILED


class TestLetter:
    @pytest.fixture
    def report(self, facility, officer):
        inmate_at(facility)
        report = asked(facility, officer)
        return monthly_reports.complete(
            report=report,
            by=officer,
            activities=[["Meubelair", 12, 0, "8 kursi", 4_000_000, 800_000, 200_000]],
            obstacles="Listrik padam",
            plan="Membuka kelas las",
        )

    def test_it_says_what_was_counted_and_typed(self, report, officer, head):
        letter = monthly_reports.draft(report=report, by=officer).letter
        titles = [table["title"] for table in letter.data["tables"]]
        assert titles[:2] == ["Penghuni", "Warga binaan bekerja"]
        assert "Listrik padam" in letter.data["text"]
        assert letter.data["tables"][1]["rows"][0][4] == "4.000.000"

    def test_a_new_draft_replaces_the_old(self, report, officer):
        first = monthly_reports.draft(report=report, by=officer).letter
        second = monthly_reports.draft(report=report, by=officer).letter
        assert first != second
        assert list(Letter.objects.filter(kind="monthly_report")) == [second]

    def test_once_numbered_nothing_changes(
        self, report, facility, officer, head, warden, secretariat
    ):
        letterhead_of(facility, "KEMENTERIAN", "KANTOR WILAYAH DKI JAKARTA", "LAPAS UJI")
        LetterSeries.objects.create(
            facility=facility, kind="monthly_report", pattern="LAP-{number:03d}/{year}"
        )
        letter = monthly_reports.draft(report=report, by=officer).letter
        letters.initial(letter=letter, by=head)
        letters.request_number(letter=letter, by=officer)
        letter = letters.give_number(letter=letter, dated=today(), by=secretariat)
        assert letter.addressed_to == "Kepala Kantor Wilayah DKI Jakarta"
        assert (letter.signatory["name"], letter.data["known_by"]["name"]) == (
            head.name,
            warden.name,
        )
        report.refresh_from_db()
        for change in (
            lambda: monthly_reports.recount(report=report, by=officer),
            lambda: monthly_reports.draft(report=report, by=officer),
            lambda: monthly_reports.complete(
                report=report, by=officer, activities=[], obstacles="", plan=""
            ),
        ):
            with pytest.raises(AlreadyDone):
                change()

    def test_counted_again_the_draft_is_thrown_away(self, report, officer):
        monthly_reports.draft(report=report, by=officer)
        report = monthly_reports.recount(report=report, by=officer)
        assert (report.state, report.letter) == (ReportState.QUEUED, None)
        assert not Letter.objects.filter(kind="monthly_report").exists()
        assert report.typed["obstacles"] == "Listrik padam"


class TestPages:
    @pytest.fixture
    def report(self, facility, agency, officer):
        lives.draw(5, (facility, agency))
        return asked(facility, officer)

    def typed(self, **changed):
        return {
            "activity-TOTAL_FORMS": "2",
            "activity-INITIAL_FORMS": "0",
            "activity-0-name": "Meubelair",
            "activity-0-men": "12",
            "activity-0-product": "=8 kursi",
            "activity-0-sales": "4000000",
            "obstacles": "Listrik padam",
            "plan": "",
        } | changed

    def test_progress_is_shown_and_ends(self, facility, officer, login):
        client = login(officer)
        answer = client.post("/reports/new/", {"facility": "CLG", "month": f"{today():%Y-%m}"})
        page = client.get(answer["Location"]).content.decode()
        assert "report-progress" in page
        report = Report.objects.get()
        monthly_reports.count(report=report)
        headers = {"HX-Request": "true", "HX-Target": "report-progress"}
        assert client.get(answer["Location"], headers=headers)["HX-Refresh"] == "true"
        assert "Penghuni" in client.get(answer["Location"]).content.decode()

    def test_typed_twice_or_without_a_name_is_said_beside_it(self, report, officer, login):
        url = f"/reports/{report.public_id}/complete/"
        twice = {"activity-1-name": "meubelair"}
        answer = login(officer).post(url, self.typed(**twice))
        assert answer.status_code == 422
        assert "Satu kegiatan tertulis dua kali." in answer.content.decode()
        nameless = {"activity-1-men": "3"}
        page = login(officer).post(url, self.typed(**nameless)).content.decode()
        assert "Sebutkan kegiatannya." in page
        assert "Listrik padam" in page

    def test_saved_and_drafted_at_once(self, report, officer, login):
        url = f"/reports/{report.public_id}/complete/"
        answer = login(officer).post(url, self.typed(draft="1"))
        letter = Report.objects.get().letter
        assert answer["Location"] == letter.get_absolute_url()
        pdf = letter_papers.preview(letter)
        said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        assert "Meubelair" in said
        assert "LAMPIRAN LAPORAN" in said
        assert "Mengetahui," in said

    def test_the_workbook_holds_the_same_and_no_formula(self, report, officer, login):
        client = login(officer)
        client.post(f"/reports/{report.public_id}/complete/", self.typed())
        answer = client.get(f"/reports/{report.public_id}/report.xlsx")
        data = b"".join(answer.streaming_content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        assert book.sheet_names[0] == "Penghuni"
        typed = book.get_sheet_by_name("Warga binaan bekerja").to_python()
        assert typed[1][3:5] == ["'=8 kursi", 4_000_000]
        people = section(report, "people")
        rows = book.get_sheet_by_name("Penghuni").to_python()
        assert len(rows) == len(people["rows"]) + 1 + bool(people["total"])
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
            assert not [name for name in sheets if b"<f>" in parts.read(name)]

    def test_the_regional_office_reads_and_writes_nothing(self, report, facility, login):
        client = login(staff(facility, "observer"))
        page = client.get(report.get_absolute_url()).content.decode()
        assert "Penghuni" in page
        assert "Hitung lagi" not in page

    def test_the_list_says_what_is_not_sent_yet(self, report, officer, login):
        client = login(officer)
        assert client.get("/reports/?sent=no").context["table"].paginator.count == 1
        assert "Tidak ada yang cocok" in client.get("/reports/?sent=yes").content.decode()
        csv = b"".join(client.get("/reports/?format=csv").streaming_content).decode()
        assert report.starts_on.isoformat() in csv

    def test_the_number_of_statements_does_not_grow(self, report, facility, agency, officer, login):
        client = login(officer)
        counts = []
        for seed in (6, 7):
            lives.draw(seed, (facility, agency))
            with CaptureQueriesContext(connection) as caught:
                client.get(report.get_absolute_url())
            counts.append(len(caught))
        assert counts[0] == counts[1]


def test_the_month_is_a_month(facility, officer):
    report = monthly_reports.begin(facility=facility, month=date(2026, 2, 17), by=officer)
    assert (report.starts_on, report.due_on) == (date(2026, 2, 1), date(2026, 3, 5))
    assert monthly_reports.last_day(report.starts_on) == date(2026, 2, 28)
