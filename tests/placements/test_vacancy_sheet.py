"""Vacancies from a sheet: rows judged, employers matched, all written or none, twice nothing."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.refusals import Forbidden, NotAllowed
from accounts.sheets.refusals import NotASheet
from placements.models import Employer, Vacancy
from placements.services import employers, vacancies, vacancy_sheet
from placements.sheet import reading
from placements.sheet.columns import COLUMNS
from placements.sheet.template import workbook
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, placement_of
from tests.partners import sheets
from training.models import CompetencyUnit, Trade

pytestmark = pytest.mark.django_db
HEADINGS = {column.field: str(column.heading) for column in COLUMNS}
NIB = "9120301234567"


@pytest.fixture
def agency(disnaker):
    """Who keeps vacancies beside a prison is a labour office."""
    return disnaker


def row(**more):
    return {
        "employer": "PT Karya Jaya",
        "employer_region": "Kota Cilegon",
        "title": "Juru las",
        "places": 3,
        "closes_on": today(30),
        "pay_from": "4.500.000",
        "education": "SMP/sederajat",
    } | more


def rows(*lines):
    return reading.read(sheets.xlsx(lines, HEADINGS))


def check(by, *lines):
    return vacancy_sheet.check(rows=rows(*lines), by=by, **employers.side_of(by))


def record(by, *lines):
    return vacancy_sheet.record(rows=rows(*lines), by=by, **employers.side_of(by))


def outcomes(report):
    return [line.outcome for line in report.lines]


def told(report, place=0):
    return report.lines[place].row.problems


class TestReading:
    @pytest.mark.parametrize("write", [sheets.xlsx, sheets.ods, sheets.comma_separated])
    def test_all_formats_say_the_same(self, write):
        (found,) = reading.read(write([row()], HEADINGS))
        values = found.values
        assert found.problems == {}
        assert (values["title"], values["places"], values["closes_on"]) == (
            "Juru las",
            3,
            today(30),
        )
        assert (values["pay_from"], values["education"]) == (4_500_000, "SMP")
        assert values["employer_region"] == "36.72"

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            (4500000, 4_500_000),
            ("4.500.000", 4_500_000),
            ("Rp 4.500.000,00", 4_500_000),
            ("Rp4,500,000", 4_500_000),
            ("4,5 juta", 4_500_000),
            ("5 jt", 5_000_000),
            ("Rp 4.500.000,-", 4_500_000),
            ("", None),
        ],
    )
    def test_pay_is_read_as_offices_write_it(self, said, meant):
        (found,) = rows(row(pay_from=said))
        assert (found.values["pay_from"], found.problems) == (meant, {})

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("pay_from", "UMK Cilegon"),
            ("places", "banyak"),
            ("closes_on", "besok"),
            ("education", "lulusan kampus"),
            ("sex", "X"),
            ("kind", "kelompok"),
            ("region_code", "Serang"),
            ("region_code", "Negeri Antah"),
            ("identity_number", 91203012345678901234),
            ("title", "-"),
            ("employer", ""),
        ],
    )
    def test_what_cannot_be_read_is_told_at_its_cell(self, field, said):
        (found,) = rows(row(**{field: said}))
        assert list(found.problems) == [field]

    def test_a_sheet_without_our_headings_is_none(self):
        with pytest.raises(NotASheet, match="templat"):
            reading.read(sheets.xlsx([{"a": 1}], {"a": "Kolom"}))

    def test_a_missing_heading_is_named(self):
        headings = {name: text for name, text in HEADINGS.items() if name != "closes_on"}
        with pytest.raises(NotASheet, match="Ditutup pada"):
            reading.read(sheets.xlsx([row()], headings))

    def test_the_template_holds_an_example_that_is_not_read(self):
        made = io.BytesIO(workbook(["Las"], ["PT Karya Jaya"]))
        assert len(CalamineWorkbook.from_filelike(made).sheet_names) == 2
        made.seek(0)
        with pytest.raises(NotASheet, match="belum berisi"):
            reading.read(made)


class TestRecording:
    def test_a_new_employer_is_entered_once_with_its_vacancies(self, officer, facility):
        Trade.objects.create(name="Las")
        report = record(
            officer,
            row(trade="las", identity_number=NIB),
            row(trade="Las", identity_number=NIB, title="Helper"),
        )
        assert report.written == 2
        employer = Employer.objects.get()
        assert (employer.identity_number, employer.facility) == (NIB, facility)
        made = Vacancy.objects.get(title="Juru las")
        assert (made.places, made.pay_from, made.trade.name) == (3, 4_500_000, "Las")
        assert made.region_code == "36.72"

    def test_new_employers_without_number_are_one_by_name_and_city(self, officer):
        record(officer, row(), row(title="Helper", employer="pt. karya jaya"))
        assert Employer.objects.count() == 1

    def test_sent_twice_nothing_is_written_twice(self, officer):
        lines = [row(), row(title="Helper", report_number="L-1")]
        record(officer, *lines)
        again = check(officer, *lines)
        assert outcomes(again) == ["unchanged", "unchanged"]
        assert not again.can_be_recorded
        assert (Vacancy.objects.count(), Employer.objects.count()) == (2, 1)

    def test_a_known_report_number_changes_what_its_cells_say(self, officer):
        record(officer, row(report_number="L-1", experience="Dua tahun"))
        report = check(officer, row(report_number="L-1", places=5, pay_from="5 juta"))
        assert outcomes(report) == ["updated"]
        changes = [(each.label, each.old, each.new) for each in report.lines[0].changes]
        assert changes == [("Jumlah", "3", "5"), ("Upah dari", "4.500.000", "5.000.000")]
        record(officer, row(report_number="L-1", places=5, pay_from="5 juta"))
        vacancy = Vacancy.objects.get()
        assert (vacancy.places, vacancy.experience) == (5, "Dua tahun")

    def test_all_that_is_wrong_in_a_row_is_told_at_once(self, officer):
        wrong = row(places=0, pay_from="5 juta", pay_to="4 juta", sex="X", identity_number="12345")
        (line,) = check(officer, wrong).lines
        assert set(line.row.problems) == {"places", "pay_to", "sex", "identity_number"}

    def test_one_wrong_row_keeps_all_out(self, officer):
        with pytest.raises(NotAllowed, match="belum ada yang dicatat"):
            record(officer, row(), row(title="Helper", places=0))
        assert not Vacancy.objects.exists()

    def test_who_does_not_keep_vacancies_may_not(self, facility):
        with pytest.raises(Forbidden):
            vacancy_sheet.record(rows=rows(row()), by=staff(facility, "warden"), facility=facility)

    def test_a_liaison_sends_it_for_the_agency(self, liaison, agency):
        record(liaison, row(report_number="L-1"))
        assert Vacancy.objects.get().agency == Employer.objects.get().agency == agency


class TestMatching:
    def test_an_employer_is_known_by_its_number_whatever_its_name(self, officer, facility):
        known = EmployerFactory(facility=facility, name="PT Lama", identity_number=NIB)
        report = check(officer, row(identity_number=NIB))
        assert report.lines[0].employer == known
        assert report.lines[0].row.remarks == ["Nomor ini tercatat atas nama PT Lama."]

    def test_one_that_others_keep_is_joined(self, officer, outsider):
        known = EmployerFactory(facility=outsider.facility, identity_number=NIB)
        record(officer, row(identity_number=NIB))
        assert known in Employer.objects.kept_for(officer)
        assert Vacancy.objects.get().employer == known

    def test_by_name_in_the_same_city(self, officer, facility):
        known = EmployerFactory(facility=facility, name="PT. KARYA JAYA", region_code="36.72.01")
        EmployerFactory(facility=facility, name="PT Karya Jaya", region_code="36.71")
        assert check(officer, row()).lines[0].employer == known

    def test_two_of_that_name_are_asked_for_more(self, officer, facility):
        EmployerFactory(facility=facility, name="PT Karya Jaya", identity_number=NIB)
        EmployerFactory(facility=facility, name="PT Karya Jaya")
        assert list(told(check(officer, row()))) == ["employer"]

    def test_a_like_name_is_remarked(self, officer, facility):
        EmployerFactory(facility=facility, name="PT Karya Jaya Abadi")
        report = check(officer, row())
        assert outcomes(report) == ["new"]
        assert "PT Karya Jaya Abadi" in report.lines[0].row.remarks[0]

    def test_an_inactive_employer_is_told(self, officer, facility):
        EmployerFactory(facility=facility, name="PT Karya Jaya", is_active=False)
        assert list(told(check(officer, row()))) == ["employer"]

    def test_a_vacancy_of_others_is_left(self, officer, outsider):
        record(outsider, row(report_number="L-1", identity_number=NIB))
        report = check(officer, row(report_number="L-1", identity_number=NIB, places=9))
        assert outcomes(report) == ["left"]
        assert not report.can_be_recorded

    def test_a_number_that_belongs_to_another_employer_is_told(self, officer, facility):
        VacancyFactory(employer__facility=facility, report_number="L-1")
        assert list(told(check(officer, row(report_number="L-1")))) == ["report_number"]

    def test_rows_that_mean_the_same_vacancy_are_told(self, officer):
        report = check(officer, row(), row(), row(report_number="L-1"), row(report_number="L-1"))
        assert outcomes(report) == ["new", "error", "new", "error"]
        assert told(report, 1) == {"title": "Sama dengan baris 2."}
        assert told(report, 3) == {"report_number": "Sama dengan baris 4."}

    def test_trades_and_units_are_those_that_are_known(self, officer):
        Trade.objects.create(name="Las")
        CompetencyUnit.objects.create(code="C.1", name="Las")
        report = check(officer, row(trade="Lass", units="C.1; C.2"))
        assert told(report) == {
            "trade": "“Lass” tidak dikenal. Pilih: Las.",
            "units": "Tidak dikenal: C.2.",
        }

    def test_places_below_those_filled_are_told(self, officer, facility):
        record(officer, row(report_number="L-1"))
        vacancy = Vacancy.objects.get()
        for _each in range(2):
            placement_of(inmate_at(facility), facility, vacancy=vacancy, employer=vacancy.employer)
        assert list(told(check(officer, row(report_number="L-1", places=1)))) == ["places"]

    def test_what_closed_already_is_left_and_stops_nothing(self, officer):
        report = record(officer, row(closes_on=today(-3)), row(title="Helper"))
        assert outcomes(report) == ["left", "new"]
        assert Vacancy.objects.get().title == "Helper"

    def test_a_closed_one_is_not_changed(self, officer):
        record(officer, row(report_number="L-1"))
        vacancies.close(vacancy=Vacancy.objects.get(), by=officer)
        report = check(officer, row(report_number="L-1", places=9))
        assert outcomes(report) == ["left"]


class TestPage:
    url = property(lambda self: reverse("placements:vacancy-sheet"))

    def post(self, client, *lines, button="check"):
        file = sheets.sent(sheets.xlsx(lines, HEADINGS), "lowongan.xlsx")
        return client.post(self.url, {"sheet": file, button: "1"})

    def test_a_look_writes_nothing(self, login, officer):
        page = self.post(login(officer), row(), row(title="Helper", places="x"))
        assert page.status_code == 200
        assert "bukan bilangan bulat" in page.content.decode()
        assert not Vacancy.objects.exists()

    def test_recording_leads_to_the_list(self, login, liaison):
        page = self.post(login(liaison), row(), button="record")
        assert page.url == reverse("placements:vacancy-list")
        assert Vacancy.objects.count() == 1

    def test_recording_a_wrong_sheet_is_refused_in_words(self, login, officer):
        page = self.post(login(officer), row(places=0), button="record")
        assert "betulkan dulu baris yang keliru" in page.content.decode()

    @pytest.mark.parametrize("content", [b"", b"\0\1\2", b"%PDF-1.7", b"PK\3\4 broken"])
    def test_other_files_are_refused_in_words(self, login, officer, content):
        file = sheets.sent(io.BytesIO(content), "lowongan.xlsx")
        page = login(officer).post(self.url, {"sheet": file, "check": "1"})
        assert page.status_code == 422

    def test_the_template_is_for_who_may_use_it(self, login, officer, warden):
        url = reverse("placements:vacancy-template")
        assert login(officer).get(url).content[:2] == b"PK"
        assert login(warden).get(url).status_code == 403
