"""The ranked lists as an officer uses them: who is named, who is counted, whom one refers."""

import re

import pytest

from accounts.models import AccessRecord
from inmates.models import SkillProfile
from inmates.states import ConsentPurpose, CustodyEnd
from placements.employment import ReferralState
from placements.models import Referral
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import liaison_of, today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    consent_of,
)
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
def vacancy(facility, course):
    return VacancyFactory(employer=EmployerFactory(facility=facility), trade=course.trade)


@pytest.fixture
def client(officer, login):
    return login(officer)


class TestPeopleForAVacancy:
    def test_the_best_come_first_with_the_points_told(self, facility, vacancy, course, client):
        suited(facility, course, name="JAUH", domicile_code="32.73.01")
        near = suited(facility, course, name="DEKAT", domicile_code="36.72.01")
        SkillProfile.objects.create(inmate=near, interests=["LAS"])
        page = text(client.get(people_of(vacancy)))
        assert page.index("DEKAT") < page.index("JAUH")
        assert "47 poin" in page
        assert "sertifikat kompetensi Las: 20" in page
        assert "kota/kabupaten yang sama: Kota Cilegon, Banten: 9" in page
        assert "berminat pada Las: 6" in page

    def test_the_points_open_to_their_parts(self, facility, vacancy, course, client):
        suited(facility, course)
        page = text(client.get(people_of(vacancy)))
        details = re.search(r"<details class=\"small\">.*?</details>", page, re.DOTALL)[0]
        for label in ("Kejuruan", "Wilayah", "Tersedia", "AK-1", "Dokumen"):
            assert f"<strong>{label}</strong>" in details

    def test_who_was_never_trained_is_not_there(self, facility, vacancy, client):
        consent_of(inmate_at(facility, name="BELUM DILATIH"), facility)
        page = text(client.get(people_of(vacancy)))
        assert "BELUM DILATIH" not in page
        assert "Belum ada yang cocok dan setuju dirujuk" in page

    def test_people_of_another_prison_are_not_there(self, vacancy, course, client):
        suited(FacilityFactory(), course, name="ORANG LAIN")
        assert "ORANG LAIN" not in text(client.get(people_of(vacancy)))

    def test_who_was_released_is_there_with_a_consent_to_be_called(
        self, facility, vacancy, course, client
    ):
        people = [suited(facility, course, name=name) for name in ("BISA", "TIDAK")]
        for person in people:
            custody = person.custodies.get()
            custody.until, custody.ended_how = today(-5), CustodyEnd.RELEASED
            custody.save()
        consent_of(people[0], facility, purpose=ConsentPurpose.FOLLOW_UP)
        page = text(client.get(people_of(vacancy)))
        assert "BISA" in page
        assert "sudah bebas: 12" in page
        assert "TIDAK<" not in page

    def test_looking_is_on_record(self, facility, vacancy, course, client):
        person = suited(facility, course)
        client.get(people_of(vacancy))
        assert subjects() == {person.public_id}

    def test_page_by_page_everybody_comes_once(self, facility, vacancy, course, client):
        for number in range(30):
            suited(facility, course, name=f"ORANG {number:02}")
        seen, address = [], people_of(vacancy)
        while address:
            page = text(client.get(address))
            seen += re.findall(r'data-person="([0-9a-f-]+)"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            address = following and people_of(vacancy, following[1].replace("&amp;", "&"))
        assert len(seen) == len(set(seen)) == 30
        assert "Dari yang teratas" in page

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["DEKAT", "JAUH"]),
            ("?q=deka", ["DEKAT"]),
            ("?near=2", ["DEKAT"]),
            ("?minimum=35", ["DEKAT"]),
            ("?in_time=on", ["DEKAT"]),
            ("?minimum=900", []),
        ],
    )
    def test_filters_stand_in_the_address(self, facility, vacancy, course, client, query, names):
        suited(facility, course, name="DEKAT", domicile_code="36.72.01", leaves=10)
        suited(facility, course, name="JAUH", domicile_code="32.73.01", leaves=120)
        page = text(client.get(people_of(vacancy, query)))
        assert [name for name in ("DEKAT", "JAUH") if name in page] == names
        assert ("Tidak ada yang cocok dengan saringan ini." in page) == (not names)

    def test_by_a_trade_that_the_vacancy_does_not_ask(self, facility, vacancy, course, client):
        other = CourseFactory(trade__name="Garmen")
        both = suited(facility, course, name="DUA BIDANG")
        certified(both, facility, other)
        suited(facility, course, name="SATU BIDANG")
        page = text(client.get(people_of(vacancy, f"?trade={other.trade_id}")))
        assert "DUA BIDANG" in page
        assert "SATU BIDANG" not in page

    @pytest.mark.parametrize(
        "query",
        ["?near=x&minimum=-1&trade=x", "?after=x", "?show=x", "?minimum=99999", "?q=%00"],
    )
    def test_an_odd_address_is_no_error(self, facility, vacancy, course, client, query):
        suited(facility, course)
        assert client.get(people_of(vacancy, query)).status_code == 200

    def test_after_somebody_who_is_gone_the_list_begins_again(
        self, facility, vacancy, course, client
    ):
        suited(facility, course, name="MASIH ADA")
        gone = inmate_at(facility).public_id
        assert "MASIH ADA" in text(client.get(people_of(vacancy, f"?after={gone}")))

    def test_the_csv_holds_each_part(self, facility, vacancy, course, client):
        person = suited(facility, course, name="=RUMUS", domicile_code="36.72")
        lines = text(client.get(people_of(vacancy, "?format=csv"))).splitlines()
        assert lines[0].startswith("\ufeffNama,Nomor registrasi,Poin,Unit kompetensi,Kejuruan")
        assert "'=RUMUS" in lines[1]
        assert ",41,,20,,9,12,,0,0,sertifikat kompetensi Las;" in lines[1].replace('"', "")
        assert AccessRecord.objects.get().act == "export"
        assert subjects() == {person.public_id}


class TestReferring:
    def test_those_ticked_become_drafts_in_the_order_of_the_page(
        self, facility, vacancy, course, client, disnaker
    ):
        people = [suited(facility, course, name=name) for name in ("B", "A")]
        page = text(client.get(people_of(vacancy)))
        assert str(disnaker.public_id) in page
        answer = client.post(
            people_of(vacancy),
            {
                "people": [str(person.public_id) for person in people],
                "agency": str(disnaker.public_id),
                "message": "Mohon diteruskan",
            },
        )
        assert answer.status_code == 302
        assert f"vacancy={vacancy.public_id}" in answer["Location"]
        made = Referral.objects.order_by("pk")
        assert [row.inmate for row in made] == people
        assert {(row.vacancy, row.agency, row.state) for row in made} == {
            (vacancy, disnaker, ReferralState.DRAFT)
        }

    def test_who_cannot_be_referred_is_named_with_the_reason(
        self, facility, vacancy, course, client, disnaker
    ):
        fine, late = suited(facility, course), suited(facility, course, name="TELAT", leaves=900)
        sent = {
            "people": [str(fine.public_id), str(late.public_id)],
            "agency": str(disnaker.public_id),
        }
        answer = client.post(people_of(vacancy), sent)
        assert answer.status_code == 422
        page = text(answer)
        assert "<strong>TELAT</strong>: Baru tersedia" in page
        assert "1 rujukan disimpan sebagai konsep" in page
        assert [row.inmate for row in Referral.objects.all()] == [fine]
        assert late.public_id in subjects()

    def test_a_second_click_makes_no_second_draft(
        self, facility, vacancy, course, client, disnaker
    ):
        person = suited(facility, course)
        sent = {"people": [str(person.public_id)], "agency": str(disnaker.public_id)}
        assert client.post(people_of(vacancy), sent).status_code == 302
        assert client.post(people_of(vacancy), sent).status_code == 302
        assert Referral.objects.count() == 1

    def test_nobody_ticked_is_said_and_the_words_stay(
        self, facility, vacancy, course, client, disnaker
    ):
        suited(facility, course)
        answer = client.post(
            people_of(vacancy), {"agency": str(disnaker.public_id), "message": "Tetap di sini"}
        )
        assert answer.status_code == 422
        assert "Pilih paling sedikit satu orang." in text(answer)
        assert "Tetap di sini" in text(answer)

    def test_a_stranger_cannot_be_named(self, facility, vacancy, course, client, disnaker):
        stranger = suited(FacilityFactory(), course)
        sent = {"people": [str(stranger.public_id)], "agency": str(disnaker.public_id)}
        answer = client.post(people_of(vacancy), sent)
        assert answer.status_code == 422
        assert not Referral.objects.exists()

    def test_an_agency_that_is_no_disnaker_is_no_choice(
        self, facility, vacancy, course, client, agency, disnaker
    ):
        person = suited(facility, course)
        sent = {"people": [str(person.public_id)], "agency": str(agency.public_id)}
        assert client.post(people_of(vacancy), sent).status_code == 422
        assert not Referral.objects.exists()

    @pytest.mark.parametrize("role", ["registrar", "warden", "security"])
    def test_who_may_not_refer_reads_without_boxes(
        self, facility, vacancy, course, login, role, disnaker
    ):
        person = suited(facility, course, name="TERBACA")
        client = login(staff(facility, role))
        page = text(client.get(people_of(vacancy)))
        assert "TERBACA" in page
        assert 'name="people"' not in page
        sent = {"people": [str(person.public_id)], "agency": str(disnaker.public_id)}
        assert client.post(people_of(vacancy), sent).status_code == 403
        assert client.post(vacancies_of(person), sent).status_code == 403

    @pytest.mark.parametrize("role", ["secretariat", "observer"])
    def test_who_may_not_see_people_is_told_no(self, facility, vacancy, login, role):
        assert login(staff(facility, role)).get(people_of(vacancy)).status_code == 403

    def test_a_liaison_is_told_no_even_for_the_own_vacancy(self, facility, course, disnaker, login):
        employer = EmployerFactory(facility=None, agency=disnaker)
        vacancy = VacancyFactory(employer=employer, trade=course.trade)
        person = suited(facility, course)
        client = login(liaison_of(disnaker))
        assert client.get(people_of(vacancy)).status_code == 403
        assert client.get(vacancies_of(person)).status_code == 404
