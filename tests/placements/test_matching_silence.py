"""Who is kept out of a ranked list and why, and who is counted without a name."""

import pytest

from inmates.models import Restriction
from inmates.states import RestrictionKind
from placements.employment import Openness, ReferralState
from placements.models import Referral
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    consent_of,
    placement_of,
    referral_of,
)
from tests.factories.training import CourseFactory
from tests.placements.matched_people import (
    certified,
    people_of,
    subjects,
    suited,
    text,
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


class TestKeptOut:
    @pytest.mark.parametrize(
        ("fields", "person", "sentence"),
        [
            ({"sex": "P"}, {}, "Lowongan ini untuk perempuan."),
            ({"age_to": 30}, {"birth_date": today(-40 * 366)}, "lowongan meminta paling tua 30."),
            ({"age_from": 30}, {"birth_date": today(-20 * 366)}, "meminta paling muda 30."),
            ({"education": "S1"}, {"education": "SLTP"}, "Pendidikan SLTP; lowongan meminta"),
            ({"starts_on": today(5)}, {}, "Baru tersedia"),
            ({}, {"leaves": 400}, "terlalu lama sesudah lowongan ditutup"),
        ],
    )
    def test_by_what_the_vacancy_asks(
        self, facility, vacancy, course, client, fields, person, sentence
    ):
        type(vacancy).objects.filter(pk=vacancy.pk).update(**fields)
        suited(facility, course, name="TERHALANG", **person)
        assert "TERHALANG" not in text(client.get(people_of(vacancy)))
        page = text(client.get(people_of(vacancy, "?show=kept_out")))
        assert "TERHALANG" in page
        assert sentence in page
        assert 'name="people"' not in page

    def test_by_the_security_post_while_in_custody(self, facility, vacancy, course, client):
        person = suited(facility, course)
        Restriction.objects.create(
            inmate=person, facility=facility, kind=RestrictionKind.SECURITY, starts=today()
        )
        page = text(client.get(people_of(vacancy, "?show=kept_out")))
        assert "Ada catatan keamanan yang berlaku." in page

    def test_by_work_acceptance_and_an_earlier_referral(
        self, facility, vacancy, course, client, disnaker
    ):
        placement_of(suited(facility, course), facility)
        elsewhere = {"employer": EmployerFactory(facility=facility)}
        hired = suited(facility, course)
        referral_of(hired, facility, disnaker, state=ReferralState.ACCEPTED, **elsewhere)
        asked = suited(facility, course)
        referral_of(asked, facility, disnaker, state=ReferralState.SUBMITTED, vacancy=vacancy)
        refused = suited(facility, course)
        referral_of(
            refused,
            facility,
            disnaker,
            state=ReferralState.DECLINED,
            decline_reason="skill",
            vacancy=vacancy,
        )
        page = text(client.get(people_of(vacancy, "?show=kept_out")))
        for sentence in (
            "Sudah tercatat bekerja.",
            "Sudah diterima bekerja; tinggal dicatat mulainya.",
            "Sudah dirujuk ke lowongan ini: menunggu kalapas.",
            "Pernah dirujuk ke lowongan ini dan ditolak.",
        ):
            assert sentence in page
        assert "Tidak bisa dirujuk <strong>4</strong>" in page

    def test_work_while_serving_keeps_nobody_out(self, facility, vacancy, course, client):
        from tests.placements.out_to_work import goes_out

        person = goes_out(facility, staff(facility, "head")).inmate
        certified(person, facility, course)
        consent_of(person, facility)
        page = text(client.get(people_of(vacancy)))
        assert "Sudah tercatat bekerja." not in page

    def test_by_an_employer_who_takes_nobody(self, facility, vacancy, course, client):
        vacancy.employer.openness = Openness.NO
        vacancy.employer.save()
        suited(facility, course, name="TERHALANG")
        page = text(client.get(people_of(vacancy)))
        assert "menyatakan tidak menerima mantan warga binaan" in page
        assert "TERHALANG" not in page

    def test_where_the_vacancy_is_over_nobody_is_referred(
        self, facility, vacancy, course, client, disnaker
    ):
        type(vacancy).objects.filter(pk=vacancy.pk).update(closes_on=today(-1))
        person = suited(facility, course)
        page = text(client.get(people_of(vacancy)))
        assert "tidak ada yang bisa dirujuk ke sini" in page
        assert 'name="people"' not in page
        sent = {"people": [str(person.public_id)], "agency": str(disnaker.public_id)}
        assert client.post(people_of(vacancy), sent).status_code == 422
        assert not Referral.objects.exists()


class TestWithoutConsent:
    """Counted, and named in no byte."""

    @pytest.fixture
    def silent(self, facility, course):
        person = suited(facility, course, name="ORANG DIAM", consents=False)
        consent_of(person, facility, signed_on=today(-9), until=today(-1))
        return person

    def names(self, answer, person):
        words = (person.name, person.person_key, str(person.public_id))
        words += (person.custodies.get().register_number,)
        return [word for word in words if word in text(answer)]

    @pytest.mark.parametrize("query", ["", "?show=kept_out", "?format=csv", "?q=orang", "?near=1"])
    def test_no_page_and_no_csv_names_them(self, vacancy, silent, client, query):
        assert not self.names(client.get(people_of(vacancy, query)), silent)
        assert subjects() == set()

    def test_they_are_counted_with_the_way_to_a_consent(
        self, facility, vacancy, course, silent, client
    ):
        suited(facility, course, consents=False, sex="L")
        page = text(client.get(people_of(vacancy)))
        assert "2 orang lain cocok tetapi belum memberi persetujuan untuk dirujuk." in page
        assert "/inmates/?consent=referral" in page

    def test_who_would_be_kept_out_anyway_is_not_counted(self, vacancy, silent, client):
        type(vacancy).objects.filter(pk=vacancy.pk).update(sex="P")
        assert "data-silent" not in text(client.get(people_of(vacancy)))

    def test_naming_them_in_a_request_refers_and_tells_nothing(
        self, vacancy, silent, client, disnaker
    ):
        sent = {"people": [str(silent.public_id)], "agency": str(disnaker.public_id)}
        answer = client.post(people_of(vacancy), sent)
        assert answer.status_code == 422
        assert "1 orang tidak bisa dirujuk dari daftar ini" in text(answer)
        assert not self.names(answer, silent)
        assert not Referral.objects.exists()
