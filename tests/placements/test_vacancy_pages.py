"""Pages of vacancies: entered and changed by both sides, listed, and shown to whom they are for."""

import pytest
from django.urls import reverse

from placements.models import Vacancy
from placements.services import vacancies
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, placement_of
from training.models import Trade

pytestmark = pytest.mark.django_db
ADD = "/vacancies/new/"


@pytest.fixture
def agency(disnaker):
    """Who keeps vacancies beside a prison is a labour office."""
    return disnaker


def text_of(response):
    return response.content.decode()


def page_of(name, vacancy):
    return reverse(f"placements:vacancy-{name}", args=[vacancy.public_id])


def typed(employer=None, **more):
    values = {
        "title": "Juru las",
        "places": "3",
        "closes_on": f"{today(20)}",
        "pay_from": "4.500.000",
        "pay_to": "5 juta",
        "education": "SMP",
    }
    if employer:
        values["employer"] = employer.public_id
    return values | more


@pytest.fixture
def ours(facility):
    return VacancyFactory(employer=EmployerFactory(facility=facility), title="Juru las")


@pytest.fixture
def theirs(agency):
    employer = EmployerFactory(facility=None, agency=agency)
    return VacancyFactory(employer=employer, title="Teknisi AC")


class TestEntering:
    def test_the_officer_for_the_prison(self, login, officer, ours):
        page = login(officer).post(ADD, typed(ours.employer, title="Helper"))
        made = Vacancy.objects.get(title="Helper")
        assert page.url == made.get_absolute_url()
        assert (made.facility, made.pay_from, made.pay_to) == (
            officer.facility,
            4_500_000,
            5_000_000,
        )

    def test_the_liaison_for_the_agency(self, login, liaison, theirs, agency):
        login(liaison).post(ADD, typed(theirs.employer, title="Helper"))
        assert Vacancy.objects.get(title="Helper").agency == agency

    def test_an_employer_that_one_does_not_see_cannot_be_chosen(self, login, liaison, ours):
        page = login(liaison).post(ADD, typed(ours.employer))
        assert page.status_code == 422
        assert "employer" in page.context["form"].errors

    def test_without_any_employer_it_says_what_to_do(self, login, officer):
        assert "Daftarkan dulu" in text_of(login(officer).get(ADD))

    @pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-4000-8000-000000000000"])
    def test_an_odd_choice_in_the_address_breaks_nothing(self, login, officer, ours, chosen):
        assert login(officer).get(f"{ADD}?employer={chosen}").status_code == 200

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"pay_from": "UMK"}, "pay_from"),
            ({"pay_from": "6 juta"}, "pay_to"),
            ({"places": "99999999999"}, "places"),
            ({"closes_on": f"{today(-1)}"}, "closes_on"),
            ({"closes_on": "32/13/2026"}, "closes_on"),
            ({"education": "Kampus"}, "education"),
            ({"units": ["X"]}, "units"),
            ({"age_from": "3"}, "age_from"),
            ({"title": "\0"}, "title"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(self, login, officer, ours, given, field):
        page = login(officer).post(ADD, typed(ours.employer, **given))
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]


class TestScope:
    """An unreported vacancy is for who keeps it and its partners, whatever the page."""

    def pages(self, vacancy):
        return [page_of("detail", vacancy), page_of("edit", vacancy)]

    @pytest.mark.parametrize("act", ["close", "cancel", "reopen", "edit"])
    def test_strangers_find_nothing(self, login, outsider, other_liaison, ours, theirs, act):
        for reader in (outsider, other_liaison):
            client = login(reader)
            for vacancy in (ours, theirs):
                assert client.get(page_of("detail", vacancy)).status_code == 404
                assert client.post(page_of(act, vacancy), typed()).status_code == 404

    def test_lists_and_files_leave_it_out(self, login, outsider, other_liaison, ours, theirs):
        for reader in (outsider, other_liaison):
            client = login(reader)
            assert "Belum ada lowongan" in text_of(client.get("/vacancies/"))
            lines = b"".join(client.get("/vacancies/?format=csv")).decode()
            assert "Juru las" not in lines
            assert "Teknisi AC" not in lines
            assert client.get(f"/vacancies/?employer={ours.employer.public_id}").status_code == 200

    def test_a_reported_one_is_read_but_not_kept_by_others(self, login, outsider, ours):
        vacancies.edit(vacancy=ours, by=staff(ours.facility, "officer"), report_number="L-1")
        client = login(outsider)
        page = text_of(client.get(page_of("detail", ours)))
        assert "L-1" in page
        assert "Batalkan" not in page
        assert client.get(page_of("edit", ours)).status_code == 403
        assert client.post(page_of("close", ours)).status_code == 403
        assert b"Juru las" in b"".join(client.get("/vacancies/?format=csv"))

    def test_the_prison_reads_what_its_partner_keeps(self, login, officer, theirs):
        client = login(officer)
        assert client.get(page_of("detail", theirs)).status_code == 200
        assert client.post(page_of("cancel", theirs), {"reason": "x"}).status_code == 403

    def test_who_is_referred_or_works_there_is_counted_not_named(
        self, login, officer, outsider, ours, facility
    ):
        vacancies.edit(vacancy=ours, by=officer, report_number="L-1")
        person = inmate_at(facility, name="Slamet Riyadi")
        placement_of(person, facility, vacancy=ours, employer=ours.employer)
        own = login(officer).get(page_of("detail", ours))
        assert own.context["numbers"] == {"referrals": 0, "placements": 1}
        assert "Terisi 1 dari 2" in text_of(own)
        other = login(outsider).get(page_of("detail", ours))
        assert other.context["numbers"] == {"referrals": 0, "placements": 0}
        for page in (own, other):
            assert "Slamet" not in text_of(page)


class TestChanging:
    def test_a_phone_form_closes_cancels_and_opens(self, login, liaison, theirs):
        client = login(liaison)
        assert client.post(page_of("cancel", theirs), {"reason": ""}).status_code == 422
        client.post(page_of("close", theirs), {"reason": ""})
        assert "Ditutup" in text_of(client.get(page_of("detail", theirs)))
        page = client.post(page_of("reopen", theirs), {"closes_on": f"{today(-2)}"})
        assert page.status_code == 422
        assert "sudah lewat" in text_of(page)
        client.post(page_of("reopen", theirs), {"closes_on": f"{today(12)}"})
        client.post(page_of("cancel", theirs), {"reason": "Pabrik pindah"})
        assert "Pabrik pindah" in text_of(client.get(page_of("detail", theirs)))

    def test_who_comes_second_reads_who_was_first(self, login, officer, head, ours):
        vacancies.close(vacancy=ours, by=head)
        page = login(officer).post(page_of("close", ours), {"reason": ""})
        assert page.status_code == 422
        assert "sudah ditutup oleh Kasi Giatja" in text_of(page)

    def test_places_below_those_filled(self, login, officer, ours, facility):
        for _each in range(2):
            placement_of(inmate_at(facility), facility, vacancy=ours, employer=ours.employer)
        page = login(officer).post(page_of("edit", ours), typed(places="1"))
        assert page.status_code == 422
        assert "Sudah terisi 2" in text_of(page)

    def test_an_edit_beside_another(self, login, officer, head, ours):
        client = login(officer)
        seen = client.get(page_of("edit", ours)).context["form"]["seen"].value()
        vacancies.edit(vacancy=ours, by=head, places=9)
        answers = typed(places="4", seen=seen)
        page = client.post(page_of("edit", ours), answers)
        assert page.status_code == 422
        assert "menjadi “9”" in text_of(page)
        again = answers | {"seen": page.context["form"]["seen"].value()}
        assert client.post(page_of("edit", ours), again).status_code == 302
        assert Vacancy.objects.get(pk=ours.pk).places == 4


class TestList:
    @pytest.fixture
    def rows(self, facility, agency, ours):
        weld, cool = Trade.objects.create(name="Las"), Trade.objects.create(name="Pendingin")
        ours.trade = weld
        ours.closes_on = today(5)
        ours.save()
        cook = EmployerFactory(facility=None, agency=agency, region_code="36.73")
        given = {"employer": cook, "region_code": "36.73.01"}
        VacancyFactory(title="Teknisi AC", trade=cool, places=9, report_number="L-77", **given)
        VacancyFactory(title="Lewat", closes_on=today(-1), **given)
        VacancyFactory(title="Tutup", state="closed", entered_afterwards=True, **given)
        full = VacancyFactory(title="Penuh", places=1, **given)
        placement_of(inmate_at(facility), facility, vacancy=full, employer=cook)

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("standing=open", ["Juru las", "Teknisi AC"]),
            ("closing=14", ["Juru las"]),
            ("standing=past", ["Lewat"]),
            ("standing=full", ["Penuh"]),
            ("standing=closed", ["Tutup"]),
            ("free=3&standing=open", ["Teknisi AC"]),
            ("region=36.73&standing=open", ["Teknisi AC"]),
            ("q=l-77", ["Teknisi AC"]),
            ("whose=ours", ["Juru las"]),
            ("whose=others&standing=open", ["Teknisi AC"]),
        ],
    )
    def test_filters(self, login, officer, rows, query, titles):
        page = login(officer).get(f"/vacancies/?{query}")
        assert [row.record.title for row in page.context["table"].rows] == titles

    def test_links_above_count_what_they_lead_to(self, login, officer, rows):
        client = login(officer)
        for link in client.get("/vacancies/").context["quick"]:
            found = client.get(f"/vacancies/?{link['query']}").context["table"].rows
            assert len(found) == link["number"], link["words"]

    def test_open_ones_come_first_the_soonest_before_all(self, login, officer, rows):
        page = login(officer).get("/vacancies/")
        assert [row.record.title for row in page.context["table"].rows][:2] == [
            "Juru las",
            "Penuh",
        ]

    @pytest.mark.parametrize(
        "query", ["trade=x", "closing=x", "free=-1", "region=zz", "employer=1"]
    )
    def test_odd_filters_break_nothing(self, login, officer, rows, query):
        assert login(officer).get(f"/vacancies/?{query}").status_code == 200

    def test_the_file(self, login, officer, rows):
        lines = b"".join(login(officer).get("/vacancies/?standing=open&format=csv")).decode()
        assert "Terisi / jumlah" in lines
        assert "0/9" in lines
        assert "Lewat" not in lines
