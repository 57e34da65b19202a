"""Pages of work: the list, one, how it begins, is corrected and ends; who is named is on record."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from placements.employment import PlacementKind, ReferralState
from placements.models import Placement
from placements.services import placements
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    follow_up_of,
    placement_of,
    referral_of,
)
from tests.placements.work import begin, released_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer(facility):
    return EmployerFactory(facility=facility, name="PT Baja Uji")


@pytest.fixture
def free(facility):
    return released_from(facility)


@pytest.fixture
def work(free, facility, officer, employer):
    return begin(free, facility, officer, employer=employer)


def text_of(answer):
    return answer.content.decode()


def page(name, row, **query):
    return reverse(f"placements:placement-{name}", args=[row.public_id], query=query)


def typed(employer=None, **given):
    values = {
        "kind": PlacementKind.AFTER_RELEASE,
        "job": "Tukang las",
        "employer": employer.public_id if employer else "",
        "starts_on": today(-1),
        "pay_band": "around",
        **given,
    }
    return {name: value for name, value in values.items() if value is not None}


class TestList:
    @pytest.fixture
    def client(self, officer, login):
        return login(officer)

    def test_it_says_what_to_do_when_empty(self, client):
        assert "Catat dari rujukan" in text_of(client.get("/placements/"))

    def test_filters_by_what_one_looks_for(self, client, work, free, facility, employer):
        own = placement_of(
            released_from(facility), facility, kind="self_employed", employer=None,
            job="Warung kopi", starts_on=today(-40),
        )  # fmt: skip
        inside = placement_of(inmate_at(facility), facility, job="Sopir")
        everything = {work.job: work, own.job: own, inside.job: inside}
        found = {
            "?kind=self_employed": {own},
            "?state=ended": set(),
            f"?employer={employer.public_id}": {work},
            "?person=free": {work, own},
            "?person=inside": {inside},
            f"?since={today(-10)}": {work, inside},
            f"?until={today(-10)}": {own},
            f"?q={free.name.replace(' ', '+')}": {work},
        }
        for query, rows in found.items():
            text = text_of(client.get(f"/placements/{query}"))
            shown = {row for job, row in everything.items() if f">{job}</td>" in text}
            assert shown == rows, query

    def test_by_vacancy(self, client, facility, officer):
        vacancy = VacancyFactory(employer__facility=facility)
        taken = begin(released_from(facility), facility, officer, vacancy=vacancy)
        text = text_of(client.get(f"/placements/?vacancy={vacancy.public_id}"))
        assert taken.get_absolute_url() in text

    def test_as_csv_with_a_record_of_the_export(self, client, work, free):
        text = b"".join(client.get("/placements/?format=csv").streaming_content).decode()
        assert free.name in text
        assert "PT Baja Uji" in text
        record = AccessRecord.objects.get(act="export")
        assert record.subjects == [free.public_id]

    def test_nonsense_in_the_address_breaks_nothing(self, client, work):
        for query in ("?employer=x", "?since=31-31-31", "?vacancy=1", "?page=99", "?sort=no"):
            assert client.get(f"/placements/{query}").status_code in (200, 404)


class TestOne:
    def test_what_stands_there(self, work, officer, login, free):
        text = text_of(login(officer).get(work.get_absolute_url()))
        for word in (free.name, "Tukang las", "PT Baja Uji", "Bulan ke-12", "Akhiri pekerjaan"):
            assert word in text
        assert AccessRecord.objects.filter(subjects__contains=[free.public_id]).exists()

    def test_the_warden_reads_without_buttons(self, work, warden, login):
        text = text_of(login(warden).get(work.get_absolute_url()))
        assert "Akhiri pekerjaan" not in text
        assert "Betulkan" not in text

    def test_the_prison_that_made_it_reaches_it_though_the_person_is_elsewhere_now(
        self, work, free, officer, login
    ):
        inmate_elsewhere = FacilityFactory()
        free.custodies.create(facility=inmate_elsewhere, starts=today())
        assert login(officer).get(work.get_absolute_url()).status_code == 200
        new = staff(inmate_elsewhere, "officer")
        assert login(new).get(work.get_absolute_url()).status_code == 404
        page_there = text_of(login(new).get(free.get_absolute_url()))
        assert "Tukang las" in page_there  # who holds the person sees all that moves with them
        assert work.get_absolute_url() not in page_there

    def test_a_prison_of_long_ago_does_not_read_the_work_of_another(self, work, free, login):
        before = FacilityFactory()
        free.custodies.create(
            facility=before, starts=today(-3000), until=today(-2000), ended_how="transferred"
        )
        text = text_of(login(staff(before, "officer")).get(free.get_absolute_url()))
        assert "Tukang las" not in text

    @pytest.mark.parametrize("role", ["secretariat", "observer"])
    def test_who_may_not_see_people_sees_no_work(self, role, work, facility, login):
        kind = "observer" if role == "observer" else "staff"
        client = login(staff(facility, role, kind=kind))
        assert client.get(work.get_absolute_url()).status_code == 404
        assert client.get("/placements/").status_code == 403

    def test_a_liaison_learns_of_it_by_the_referral_only(self, work, liaison, login):
        assert login(liaison).get(work.get_absolute_url()).status_code == 404


class TestBeginning:
    def test_from_the_page_of_who_was_released(self, free, officer, login, employer):
        client = login(officer)
        assert page("begin", free) in text_of(client.get(free.get_absolute_url()))
        answer = client.post(page("begin", free), typed(employer), follow=True)
        assert "Penempatan dicatat." in text_of(answer)
        work = Placement.objects.get()
        assert (work.employer, work.pay_band, work.facility_id) == (
            employer, "around", officer.facility.pk,
        )  # fmt: skip

    def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
        self, free, officer, login, employer
    ):
        answer = login(officer).post(
            page("begin", free), typed(employer, starts_on=today(-100), job="Juru masak")
        )
        assert answer.status_code == 422
        text = text_of(answer)
        assert "baru bebas pada" in text
        assert 'value="Juru masak"' in text

    def test_a_vacancy_comes_chosen(self, free, facility, officer, login):
        vacancy = VacancyFactory(employer__facility=facility)
        client = login(officer)
        text = text_of(client.get(page("begin", free, vacancy=vacancy.public_id)))
        assert f'value="{vacancy.public_id}" selected' in text
        client.post(page("begin", free), typed(vacancy=vacancy.public_id))
        assert Placement.objects.get().vacancy == vacancy

    def test_a_fact_of_the_past(self, free, officer, login, employer):
        over = {"ended_on": today(), "reason": "Kontrak habis"}
        login(officer).post(page("begin", free), typed(employer, **over))
        work = Placement.objects.get()
        assert (work.state, work.entered_afterwards) == ("ended", True)

    @pytest.mark.parametrize("value", ["", "x", "0", "\0"])
    def test_nonsense_is_told(self, value, free, officer, login):
        fields = ("kind", "job", "employer", "vacancy", "starts_on", "pay_band", "ended_on")
        answer = login(officer).post(page("begin", free), dict.fromkeys(fields, value))
        assert answer.status_code == 422


class TestReferred:
    @pytest.fixture
    def referral(self, free, facility, agency, employer):
        return referral_of(free, facility, agency, state=ReferralState.ACCEPTED, employer=employer)

    def test_employer_and_vacancy_stand_there_already(self, referral, officer, login):
        client = login(officer)
        assert "PT Baja Uji" in text_of(client.get(page("referred", referral)))
        client.post(
            page("referred", referral),
            {"job": "Operator", "starts_on": today(), "pay_band": "unknown"},
        )
        assert Placement.objects.get().referral == referral

    def test_who_still_serves_is_led_to_work_release(
        self, facility, agency, officer, login, employer
    ):
        inside = inmate_at(facility)
        referral = referral_of(inside, facility, agency, state="accepted", employer=employer)
        text = text_of(login(officer).get(page("referred", referral)))
        assert page("release", inside, referral=referral.public_id) in text.replace("&amp;", "&")

    def test_second_time_says_who_was_first(self, referral, officer, head, login):
        placements.begin_referred(referral=referral, job="Las", starts_on=today(), by=head)
        answer = login(officer).post(
            page("referred", referral),
            {"job": "Operator", "starts_on": today(), "pay_band": "unknown"},
        )
        assert "Kasi Giatja" in text_of(answer)


class TestChanging:
    def test_corrected_with_a_reason(self, work, officer, login):
        client = login(officer)
        said = {"job": "Tukang kayu", "starts_on": work.starts_on, "pay_band": "above"}
        employer = {"employer": work.employer.public_id}
        answer = client.post(page("correct", work), said | employer | {"reason": "Salah dengar"})
        assert answer.status_code == 302
        text = text_of(client.get(work.get_absolute_url()))
        assert "Tukang kayu" in text
        assert "Salah dengar" in text

    def test_ended_and_taken_back(self, work, officer, head, login):
        login(officer).post(page("end", work), {"ended_on": today(), "reason": "Pabrik tutup"})
        work.refresh_from_db()
        assert work.state == "ended"
        boss = login(head)
        assert "Pabrik tutup" in text_of(boss.get(work.get_absolute_url()))
        boss.post(page("reopen", work), {"reason": "Salah orang"})
        work.refresh_from_db()
        assert work.state == "running"

    def test_an_end_that_cannot_be_stands_in_its_open_panel(self, work, officer, login):
        answer = login(officer).post(page("end", work), {"ended_on": today(9), "reason": "x"})
        assert answer.status_code == 422
        text = text_of(answer)
        assert "masa depan" in text
        assert '<details class="card mb-3" open>' in text

    def test_taking_back_without_a_reason_is_told(self, work, officer, head, login):
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        answer = login(head).post(page("reopen", work), {"reason": " "})
        assert answer.status_code == 422
        assert "Sebutkan alasannya." in text_of(answer)


def test_the_follow_ups_of_the_work_stand_on_its_page(work, free, facility, officer, login):
    follow_up_of(free, facility, months=9, placement=work, counted_from=today(-400))
    assert "Bulan ke-9" in text_of(login(officer).get(work.get_absolute_url()))
