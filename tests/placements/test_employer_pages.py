"""Pages of employers: found again, edited beside others, and what a stranger does not read."""

import pytest
from django.urls import reverse

from placements.employment import EmployerKind
from placements.models import Employer
from placements.services import employers
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    placement_of,
    referral_of,
)

pytestmark = pytest.mark.django_db
NIB = "9120301234567"
ADD = "/employers/new/"
TYPED = {
    "kind": "company",
    "name": "PT Karya Jaya",
    "identity_number": NIB,
    "sector": "Logam",
    "size": "large",
    "region_code": "Kota Cilegon",
    "address": "",
    "contact_name": "Rina",
    "phone": "0812-0000-0001",
    "email": "",
    "openness": "yes",
    "conditions": "",
}


@pytest.fixture
def agency(disnaker):
    """Who keeps vacancies beside a prison is a labour office."""
    return disnaker


def text_of(response):
    return response.content.decode()


class TestEntering:
    def test_a_region_is_typed_by_name(self, login, officer):
        page = login(officer).post(ADD, TYPED)
        made = Employer.objects.get()
        assert page.url == made.get_absolute_url()
        assert made.region_code == "36.72"

    @pytest.mark.parametrize(
        ("typed", "said"), [("Serang", "Kabupaten Serang"), ("X", "tidak dikenal")]
    )
    def test_a_region_that_is_none_or_several_loses_nothing_typed(
        self, login, officer, typed, said
    ):
        page = login(officer).post(ADD, TYPED | {"region_code": typed})
        assert page.status_code == 422
        assert said in text_of(page)
        assert 'value="PT Karya Jaya"' in text_of(page)

    def test_a_known_number_leads_to_its_page(self, login, officer, facility):
        known = EmployerFactory(facility=facility, identity_number=NIB, name="PT Lama")
        page = text_of(login(officer).post(ADD, TYPED))
        assert "sudah dicatat atas nama PT Lama" in page
        assert f'href="{known.get_absolute_url()}"' in page

    def test_a_known_number_of_others_is_offered_for_use(self, login, officer, outsider):
        known = EmployerFactory(facility=outsider.facility, identity_number=NIB, name="PT Lama")
        client = login(officer)
        page = text_of(client.post(ADD, TYPED))
        assert known.get_absolute_url() not in page
        assert "Pakai data itu" in page
        done = client.post(reverse("placements:employer-join"), {"identity_number": NIB})
        assert done.url == known.get_absolute_url()
        assert client.get(done.url).status_code == 200

    def test_a_number_nobody_has_is_not_joined(self, login, officer):
        page = login(officer).post(reverse("placements:employer-join"), {"identity_number": NIB})
        assert page.status_code == 422
        assert "belum dicatat siapa pun" in text_of(page)

    def test_a_like_name_is_asked_once(self, login, officer, facility):
        known = EmployerFactory(facility=facility, name="PT. Karya Jaya")
        client = login(officer)
        page = text_of(client.post(ADD, TYPED))
        assert known.get_absolute_url() in page
        assert 'type="checkbox" name="is_another"' in page
        assert client.post(ADD, TYPED | {"is_another": "on"}).status_code == 302
        assert Employer.objects.count() == 2

    def test_odd_letters_break_nothing(self, login, officer):
        page = login(officer).post(ADD, TYPED | {"identity_number": "9\0", "name": "\0"})
        assert page.status_code == 422

    def test_a_liaison_links_no_partner(self, login, liaison):
        assert 'name="partner"' not in text_of(login(liaison).get(ADD))


class TestEditing:
    def test_who_was_faster_on_another_field_loses_nothing(self, login, officer, head, facility):
        employer = EmployerFactory(facility=facility, name="PT Karya Jaya", identity_number=NIB)
        url = reverse("placements:employer-edit", args=[employer.public_id])
        client = login(officer)
        form = client.get(url).context["form"]
        seen = form["seen"].value()
        employers.edit(employer=employer, by=head, phone="0812-9")
        typed = TYPED | {"seen": seen, "phone": "", "contact_name": "", "size": "medium"}
        assert client.post(url, typed).status_code == 302
        employer.refresh_from_db()
        assert (employer.phone, employer.size) == ("0812-9", "medium")

    def test_the_same_field_is_asked_and_may_be_saved_again(self, login, officer, head, facility):
        employer = EmployerFactory(facility=facility, name="PT Karya Jaya", identity_number=NIB)
        url = reverse("placements:employer-edit", args=[employer.public_id])
        client = login(officer)
        seen = client.get(url).context["form"]["seen"].value()
        employers.edit(employer=employer, by=head, sector="Baja")
        typed = TYPED | {"seen": seen, "sector": "Besi"}
        page = client.post(url, typed)
        assert page.status_code == 422
        assert "Sementara itu diubah" in text_of(page)
        again = typed | {"seen": page.context["form"]["seen"].value()}
        assert client.post(url, again).status_code == 302
        employer.refresh_from_db()
        assert employer.sector == "Besi"

    @pytest.mark.parametrize("seen", ["", "{", "[1]", "null", "\0"])
    def test_a_broken_memory_of_the_page_counts_as_none(self, login, officer, facility, seen):
        employer = EmployerFactory(facility=facility)
        url = reverse("placements:employer-edit", args=[employer.public_id])
        assert login(officer).post(url, TYPED | {"seen": seen}).status_code in (302, 422)


class TestPage:
    def test_counts_lead_to_their_rows(self, login, officer, facility, agency):
        employer = EmployerFactory(facility=facility)
        vacancy = VacancyFactory(employer=employer)
        person = inmate_at(facility)
        referral_of(person, facility, agency, employer=employer, vacancy=vacancy)
        placement_of(inmate_at(facility), facility, employer=employer)
        page = login(officer).get(employer.get_absolute_url())
        assert page.context["numbers"] == {
            "vacancies": 1,
            "open": 1,
            "referrals": 1,
            "placements": 1,
        }
        assert f"/vacancies/?employer={employer.public_id}" in text_of(page)
        assert f"/referrals/?employer={employer.public_id}" in text_of(page)
        assert person.name not in text_of(page)

    def test_who_knows_it_by_a_reported_vacancy_reads_no_contact_and_no_history(
        self, login, outsider, officer, facility
    ):
        employer = EmployerFactory(
            facility=facility,
            kind=EmployerKind.INDIVIDUAL,
            identity_number="3672011504700003",
            phone="0812-7777-0001",
            contact_name="Narahubung Rahasia",
        )
        VacancyFactory(employer=employer, report_number="L-1")
        page = text_of(login(outsider).get(employer.get_absolute_url()))
        for secret in ("0812-7777-0001", "Narahubung Rahasia", "3672011504700003", "Riwayat"):
            assert secret not in page
        own = text_of(login(officer).get(employer.get_absolute_url()))
        assert "0812-7777-0001" in own
        assert "3672011504700003" not in own  # a NIK is never shown in full

    def test_unreported_vacancies_of_others_do_not_stand_on_it(self, login, outsider, facility):
        employer = EmployerFactory(facility=facility)
        VacancyFactory(employer=employer, report_number="L-1", title="Juru las")
        VacancyFactory(employer=employer, title="Penjaga malam")
        page = text_of(login(outsider).get(employer.get_absolute_url()))
        assert "Juru las" in page
        assert "Penjaga malam" not in page

    def test_it_is_given_up_and_taken_up_again(self, login, officer, facility):
        employer = EmployerFactory(facility=facility)
        client = login(officer)
        url = reverse("placements:employer-deactivate", args=[employer.public_id])
        assert client.post(url, {"reason": ""}).status_code == 422
        client.post(url, {"reason": "Tutup"})
        page = client.get(employer.get_absolute_url())
        assert "Tidak aktif" in text_of(page)
        assert "Tutup" in text_of(page)
        client.post(reverse("placements:employer-activate", args=[employer.public_id]))
        employer.refresh_from_db()
        assert employer.is_active


class TestList:
    @pytest.fixture
    def rows(self, facility, agency):
        steel = EmployerFactory(facility=facility, name="PT Baja", sector="Logam", size="large")
        VacancyFactory(employer=steel)
        cook = EmployerFactory(
            facility=None,
            agency=agency,
            kind=EmployerKind.SMALL,
            name="Roti Ibu",
            sector="Makanan",
            region_code="36.73.01",
            openness="no",
        )
        VacancyFactory(employer=cook, closes_on=today(-1))
        EmployerFactory(facility=facility, name="Kedai Lama", is_active=False)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", {"PT Baja", "Roti Ibu"}),
            ("sector=Logam", {"PT Baja"}),
            ("size=large", {"PT Baja"}),
            ("region=36.73", {"Roti Ibu"}),
            ("openness=no", {"Roti Ibu"}),
            ("kind=small", {"Roti Ibu"}),
            ("vacancies=open", {"PT Baja"}),
            ("vacancies=none", {"Roti Ibu"}),
            ("active=inactive", {"Kedai Lama"}),
            ("active=all&q=a", {"PT Baja", "Kedai Lama"}),
        ],
    )
    def test_filters(self, login, officer, rows, query, names):
        page = login(officer).get(f"/employers/?{query}")
        assert {row.record.name for row in page.context["table"].rows} == names

    def test_the_file_holds_what_the_list_shows_and_no_contact(self, login, officer, facility):
        EmployerFactory(facility=facility, name="PT Baja", phone="0812-7", identity_number=NIB)
        lines = b"".join(login(officer).get("/employers/?format=csv")).decode()
        assert "PT Baja" in lines
        assert "Kota Cilegon, Banten" in lines
        assert "0812-7" not in lines
        assert NIB not in lines

    def test_the_file_keeps_to_what_one_may_see(self, login, officer, outsider, other_liaison):
        EmployerFactory(facility=officer.facility, name="PT Sendiri")
        for reader in (outsider, other_liaison):
            lines = b"".join(login(reader).get("/employers/?format=csv")).decode()
            assert "PT Sendiri" not in lines
