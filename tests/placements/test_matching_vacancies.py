"""The ranked vacancies of one person, and how many queries either list asks."""

import re

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Inmate
from inmates.states import ConsentPurpose, CustodyEnd
from placements.models import Referral
from placements.services import vacancies
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, consent_of
from tests.factories.training import CourseFactory
from tests.placements.matched_people import (
    certified,
    people_of,
    subjects,
    suited,
    text,
    vacancies_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(trade__name="Las")


@pytest.fixture
def client(officer, login):
    return login(officer)


@pytest.fixture
def employer(facility):
    return EmployerFactory(facility=facility)


class TestVacanciesForAPerson:
    def test_the_best_come_first(self, facility, employer, course, client):
        VacancyFactory(employer=employer, trade=course.trade, title="LAS JAUH", region_code="32.73")
        VacancyFactory(employer=employer, trade=course.trade, title="LAS DEKAT")
        VacancyFactory(employer=employer, trade=CourseFactory().trade, title="LAIN BIDANG")
        person = suited(facility, course, domicile_code="36.72.01")
        page = text(client.get(vacancies_of(person)))
        assert page.index("LAS DEKAT") < page.index("LAS JAUH")
        assert "LAIN BIDANG" not in page
        assert subjects() == {person.public_id}

    def test_a_vacancy_that_asks_nothing_suits_whoever_was_trained(
        self, facility, employer, course, client
    ):
        VacancyFactory(employer=employer, title="KERJA APA SAJA")
        trained, untrained = suited(facility, course), inmate_at(facility)
        assert "KERJA APA SAJA" in text(client.get(vacancies_of(trained)))
        assert "KERJA APA SAJA" not in text(client.get(vacancies_of(untrained)))

    def test_what_is_past_closed_or_unseen_is_not_there(
        self, facility, officer, employer, course, client
    ):
        given = {"trade": course.trade}
        closed = VacancyFactory(employer=employer, title="SUDAH DITUTUP", **given)
        vacancies.close(vacancy=closed, by=officer)
        VacancyFactory(employer=employer, title="SUDAH LEWAT", closes_on=today(-1), **given)
        VacancyFactory(employer=EmployerFactory(facility=FacilityFactory()), title="LAIN", **given)
        person = suited(facility, course)
        page = text(client.get(vacancies_of(person)))
        assert "SUDAH LEWAT" not in page
        assert "SUDAH DITUTUP" not in page
        assert "Belum ada lowongan terbuka yang cocok" in page

    def test_of_a_reported_vacancy_elsewhere_one_knows(self, facility, course, client):
        elsewhere = EmployerFactory(facility=FacilityFactory())
        VacancyFactory(
            employer=elsewhere, trade=course.trade, title="TERLAPOR", report_number="LAP-1"
        )
        assert "TERLAPOR" in text(client.get(vacancies_of(suited(facility, course))))

    def test_without_a_consent_one_reads_and_refers_nobody(
        self, facility, employer, course, client, disnaker
    ):
        vacancy = VacancyFactory(employer=employer, trade=course.trade, title="TUKANG LAS")
        person = suited(facility, course, consents=False)
        page = text(client.get(vacancies_of(person)))
        assert "TUKANG LAS" in page
        assert "Belum ada persetujuan untuk dirujuk" in page
        assert f"/inmates/{person.public_id}/consents/" in page
        assert 'name="vacancy"' not in page
        sent = {"vacancy": str(vacancy.public_id), "agency": str(disnaker.public_id)}
        assert client.post(vacancies_of(person), sent).status_code == 422
        assert not Referral.objects.exists()

    def test_the_chosen_one_becomes_a_draft(self, facility, employer, course, client, disnaker):
        vacancy = VacancyFactory(employer=employer, trade=course.trade)
        person = suited(facility, course)
        sent = {"vacancy": str(vacancy.public_id), "agency": str(disnaker.public_id)}
        answer = client.post(vacancies_of(person), sent)
        made = Referral.objects.get()
        assert answer["Location"] == made.get_absolute_url()
        assert (made.inmate, made.vacancy) == (person, vacancy)

    def test_a_refusal_is_read_in_the_page(self, facility, employer, course, client, disnaker):
        vacancy = VacancyFactory(employer=employer, trade=course.trade, sex="P")
        person = suited(facility, course)
        sent = {"vacancy": str(vacancy.public_id), "agency": str(disnaker.public_id)}
        answer = client.post(vacancies_of(person), sent)
        assert answer.status_code == 422
        assert "Lowongan ini untuk perempuan." in text(answer)

    def test_kept_out_says_why(self, facility, employer, course, client):
        VacancyFactory(employer=employer, trade=course.trade, title="UNTUK WANITA", sex="P")
        person = suited(facility, course)
        assert "UNTUK WANITA" not in text(client.get(vacancies_of(person)))
        page = text(client.get(vacancies_of(person, "?show=kept_out")))
        assert "Lowongan ini untuk perempuan." in page

    def test_who_has_left_is_looked_for_only_with_a_consent_to_be_called(
        self, facility, employer, course, client
    ):
        VacancyFactory(employer=employer, trade=course.trade, title="TUKANG LAS")
        person = suited(facility, course)
        custody = person.custodies.get()
        custody.until, custody.ended_how = today(-5), CustodyEnd.RELEASED
        custody.save()
        page = text(client.get(vacancies_of(person)))
        assert "TUKANG LAS" not in page
        assert "setuju dipantau sesudahnya" in page
        consent_of(person, facility, purpose=ConsentPurpose.FOLLOW_UP)
        assert "TUKANG LAS" in text(client.get(vacancies_of(person)))

    def test_a_merged_record_leads_to_the_person(self, facility, course, client):
        person = suited(facility, course)
        twin = inmate_at(facility)
        Inmate.objects.filter(pk=twin.pk).update(merged_into=person)
        assert client.get(vacancies_of(twin))["Location"] == vacancies_of(person)

    def test_another_prison_does_not_know_the_person(self, facility, course, outsider, login):
        assert login(outsider).get(vacancies_of(suited(facility, course))).status_code == 404

    def test_page_by_page_each_vacancy_comes_once(self, facility, employer, course, client):
        for _n in range(30):
            VacancyFactory(employer=employer, trade=course.trade)
        person, seen, query = suited(facility, course), [], ""
        while query is not None:
            page = text(client.get(vacancies_of(person, query)))
            seen += re.findall(r'data-vacancy="([0-9a-f-]+)"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            query = following and following[1].replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == 30

    def test_the_csv_names_each_vacancy(self, facility, employer, course, client):
        VacancyFactory(employer=employer, trade=course.trade, title="TUKANG LAS")
        lines = text(client.get(vacancies_of(suited(facility, course), "?format=csv"))).splitlines()
        assert lines[0].startswith("\ufeffLowongan,Pemberi kerja,Wilayah,Ditutup pada")
        assert lines[1].replace('"', "").startswith("TUKANG LAS,PT Contoh Karya")

    @pytest.mark.parametrize("query", ["?near=2", "?minimum=40", "?in_time=on", "?show=fits"])
    def test_filters_stand_in_the_address(self, facility, employer, course, client, query):
        given = {"employer": employer, "trade": course.trade}
        VacancyFactory(title="DEKAT", **given)
        far = {"region_code": "32.73", "starts_on": today(1), "closes_on": today(1)}
        VacancyFactory(title="JAUH", **given, **far)
        person = suited(facility, course, domicile_code="36.72.01")
        page = text(client.get(vacancies_of(person, query)))
        assert "DEKAT" in page
        assert "JAUH" not in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"starts_on": today(5)}, "5 bulan sesudah mulai kerja"),
        ({"closes_on": today(5)}, "5 bulan sesudah lowongan ditutup"),
    ],
)
def test_how_late_somebody_is_counts_from_the_day_that_is_asked(
    facility, employer, course, client, given, sentence
):
    VacancyFactory(employer=employer, trade=course.trade, **given)
    wanted = given.get("starts_on") or given["closes_on"]
    late = wanted.replace(day=1) + relativedelta(months=5)
    person = suited(facility, course, leaves=(late - today()).days)
    assert sentence in text(client.get(vacancies_of(person, "?show=kept_out"))) + text(
        client.get(vacancies_of(person))
    )


def test_papers_of_a_merged_record_count(facility, employer, course, client):
    vacancy = VacancyFactory(employer=employer, trade=course.trade)
    person = inmate_at(facility, name="UTAMA", sentence={"two_thirds": today(10)})
    earlier = InmateFactory(merged_into=person)
    certified(earlier, facility, course)
    consent_of(earlier, facility)
    assert "UTAMA" in text(client.get(people_of(vacancy)))


@pytest.mark.parametrize(("which", "queries"), [("people", 10), ("vacancies", 10)])
def test_as_many_queries_for_thirty_rows_as_for_one(
    facility, employer, course, client, which, queries
):
    vacancy = VacancyFactory(employer=employer, trade=course.trade)
    person = suited(facility, course)
    address = people_of(vacancy) if which == "people" else vacancies_of(person)
    client.get(address)
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) == queries
        for _n in range(29):
            suited(facility, course)
            VacancyFactory(employer=employer, trade=course.trade)


class TestVacanciesByWhomTheySuit:
    def test_each_says_how_many_could_be_referred(self, facility, employer, course, client):
        vacancy = VacancyFactory(employer=employer, trade=course.trade, title="TUKANG LAS")
        VacancyFactory(employer=employer, trade=CourseFactory().trade, title="TANPA ORANG")
        suited(facility, course, name="SATU")
        suited(facility, course, name="DUA", consents=False)
        page = text(client.get("/vacancies/matches/"))
        row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*TUKANG LAS.*?</tr>", page, re.DOTALL)[0]
        assert f'href="{people_of(vacancy)}">1</a>' in row
        assert [cell.strip() for cell in re.findall(r"<td [^>]*>([^<]*)</td>", row)[-2:]] == [
            "1",
            "32",
        ]
        assert "TANPA ORANG" in page
        assert "SATU" not in page
        assert subjects() == set()

    def test_the_csv_has_the_same_numbers(self, facility, employer, course, client):
        VacancyFactory(employer=employer, trade=course.trade, title="TUKANG LAS")
        suited(facility, course)
        lines = text(client.get("/vacancies/matches/?format=csv")).splitlines()
        assert lines[1].startswith("TUKANG LAS,")
        assert lines[1].endswith(",2,1,0,32")

    def test_only_open_ones(self, facility, employer, course, client):
        VacancyFactory(employer=employer, title="LEWAT", closes_on=today(-1))
        page = text(client.get("/vacancies/matches/"))
        assert "LEWAT" not in page
        assert "Tidak ada lowongan terbuka" in page

    def test_as_many_queries_for_three_as_for_one(self, facility, employer, course, client):
        numbers = set()
        for _n in range(2):
            VacancyFactory.create_batch(2, employer=employer, trade=course.trade)
            suited(facility, course)
            client.get("/vacancies/matches/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/vacancies/matches/")
            numbers.add(len(asked))
        assert len(numbers) == 1
