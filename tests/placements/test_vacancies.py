"""Vacancies: posted, changed, closed, cancelled, reopened; who sees which."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from placements.employment import ReferralState, VacancyStanding, VacancyState
from placements.models import Vacancy
from placements.services import employers, vacancies
from placements.services.meanwhile import seen_of
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import PartnershipFactory, today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    placement_of,
    referral_of,
)
from training.models import CompetencyUnit, Trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(disnaker):
    """Who keeps vacancies beside a prison is a labour office."""
    return disnaker


@pytest.fixture
def employer(facility):
    return EmployerFactory(facility=facility)


def job(**given):
    return {"title": "Juru las", "places": 2, "closes_on": today(20)} | given


def post(by, employer, **given):
    return vacancies.post(employer=employer, by=by, **employers.side_of(by), **job(**given))


def problems(call, *args, **kwargs):
    with pytest.raises(NotAllowed) as refusal:
        call(*args, **kwargs)
    error = refusal.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def now(vacancy):
    return Vacancy.objects.get(pk=vacancy.pk)


class TestPosting:
    def test_it_is_open_and_where_its_employer_is(self, officer, facility, employer):
        made = post(officer, employer)
        assert (made.facility, made.agency, made.state) == (facility, None, VacancyState.OPEN)
        assert made.region_code == employer.region_code

    def test_a_liaison_keeps_it_for_the_agency(self, liaison, agency, employer):
        assert post(liaison, employer).agency == agency

    def test_of_agencies_only_a_labour_office_keeps_vacancies(self, employer, other_liaison):
        teaches = other_liaison.liaisons.get().agency
        with pytest.raises(Forbidden):
            vacancies.post(employer=employer, by=other_liaison, agency=teaches, **job())
        theirs = VacancyFactory(employer=EmployerFactory(facility=None, agency=teaches))
        for act, more in (
            (vacancies.edit, {"title": "Tukang"}),
            (vacancies.close, {}),
            (vacancies.cancel, {"reason": "Tidak jadi"}),
            (vacancies.reopen, {"closes_on": today(9)}),
        ):
            with pytest.raises(Forbidden):
                act(vacancy=theirs, by=other_liaison, **more)

    def test_a_double_click_posts_one(self, officer, employer):
        assert post(officer, employer) == post(officer, employer)
        assert Vacancy.objects.count() == 1

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "clinic"])
    def test_other_posts_may_not(self, facility, employer, role):
        with pytest.raises(Forbidden):
            vacancies.post(employer=employer, by=staff(facility, role), facility=facility, **job())

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"title": "  "}, "title"),
            ({"places": 0}, "places"),
            ({"places": 60_000}, "places"),
            ({"region_code": "00"}, "region_code"),
            ({"pay_from": 5_000_000, "pay_to": 4_000_000}, "pay_to"),
            ({"pay_from": 5_000_000_000}, "pay_from"),
            ({"age_from": 40, "age_to": 30}, "age_to"),
            ({"age_from": 7}, "age_from"),
            ({"closes_on": today(-1)}, "closes_on"),
            ({"starts_on": today().replace(year=1900)}, "starts_on"),
            ({"units": ["X.99"]}, "units"),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(self, officer, employer, given, field):
        assert list(problems(post, officer, employer, **given)) == [field]

    def test_a_report_number_stands_once_in_the_country(self, officer, outsider, employer):
        post(officer, employer, report_number="L-1")
        other = EmployerFactory(facility=outsider.facility)
        told = problems(post, outsider, other, report_number="L-1")
        assert told == {
            "report_number": [f"Nomor laporan ini sudah dipakai: Juru las di {employer}."]
        }

    def test_units_are_those_of_the_standards(self, officer, employer):
        unit = CompetencyUnit.objects.create(code="C.24LAS01.001.1", name="Las")
        made = post(officer, employer, units=[unit.code, unit.code])
        assert made.units == [unit.code]


class TestScope:
    def test_an_unreported_one_is_for_its_keeper_and_the_partners(
        self, officer, liaison, outsider, other_liaison, agency
    ):
        theirs = VacancyFactory(employer=EmployerFactory(facility=None, agency=agency))
        ours = VacancyFactory(employer=EmployerFactory(facility=officer.facility))
        assert set(Vacancy.objects.visible_to(officer)) == {theirs, ours}
        assert set(Vacancy.objects.visible_to(liaison)) == {theirs}
        assert not Vacancy.objects.visible_to(outsider).exists()
        assert not Vacancy.objects.visible_to(other_liaison).exists()
        PartnershipFactory(facility=outsider.facility, agency=agency)
        assert set(Vacancy.objects.visible_to(outsider)) == {theirs}

    def test_a_reported_one_is_for_all(self, officer, liaison, outsider, other_liaison, facility):
        vacancy = VacancyFactory(employer__facility=facility, report_number="L-1")
        for reader in (officer, liaison, outsider, other_liaison):
            assert vacancy in Vacancy.objects.visible_to(reader)
            assert vacancy.employer in type(vacancy.employer).objects.visible_to(reader)

    def test_reading_is_not_keeping(self, officer, liaison, outsider, facility):
        vacancy = VacancyFactory(employer__facility=facility, report_number="L-1")
        for act in (
            lambda by: vacancies.edit(vacancy=vacancy, by=by, places=9),
            lambda by: vacancies.close(vacancy=vacancy, by=by),
            lambda by: vacancies.cancel(vacancy=vacancy, by=by, reason="Batal"),
            lambda by: vacancies.reopen(vacancy=vacancy, by=by, closes_on=today(5)),
        ):
            for by in (liaison, outsider, staff(facility, "warden")):
                with pytest.raises(Forbidden):
                    act(by)

    def test_a_unit_reads_nothing_of_the_agency_above(self, liaison, agency):
        agency.parent = PartnershipFactory().agency
        agency.save()
        above = VacancyFactory(employer=EmployerFactory(facility=None, agency=agency.parent))
        assert above not in Vacancy.objects.visible_to(liaison)


class TestEditing:
    def test_facts_change_and_history_tells(self, officer, employer):
        vacancy = post(officer, employer)
        trade = Trade.objects.create(name="Las")
        vacancies.edit(vacancy=vacancy, by=officer, places=5, trade=trade)
        assert (now(vacancy).places, now(vacancy).trade) == (5, trade)
        assert vacancy.events.count() == 2

    def test_places_never_fall_below_those_filled(self, officer, facility, employer):
        vacancy = post(officer, employer, places=3)
        for _each in range(2):
            placement_of(inmate_at(facility), facility, vacancy=vacancy, employer=employer)
        told = problems(vacancies.edit, vacancy=vacancy, by=officer, places=1)
        assert told == {"places": ["Sudah terisi 2: jumlahnya tidak bisa di bawah itu."]}
        vacancies.edit(vacancy=vacancy, by=officer, places=2)
        assert now(vacancy).standing == VacancyStanding.FULL

    def test_a_later_day_opens_one_that_had_passed(self, officer, employer):
        vacancy = VacancyFactory(employer=employer, closes_on=today(-3))
        vacancies.edit(vacancy=vacancy, by=officer, title="Juru las pipa")  # its day may stay
        assert now(vacancy).standing == VacancyStanding.PAST
        told = problems(vacancies.edit, vacancy=vacancy, by=officer, closes_on=today(-2))
        assert list(told) == ["closes_on"]
        vacancies.edit(vacancy=vacancy, by=officer, closes_on=today(3))
        assert now(vacancy).standing == VacancyStanding.OPEN

    def test_what_is_closed_is_opened_first(self, officer, employer):
        vacancy = post(officer, employer)
        vacancies.close(vacancy=vacancy, by=officer)
        assert problems(vacancies.edit, vacancy=vacancy, by=officer, places=4)

    def test_two_editors_keep_what_each_touched(self, officer, head, employer):
        vacancy = post(officer, employer)
        seen = seen_of(vacancy, vacancies.FACTS)
        whole = {name: getattr(vacancy, name) for name in vacancies.FACTS}
        vacancies.edit(vacancy=vacancy, by=head, seen=seen, **whole | {"pay_from": 4_000_000})
        vacancies.edit(vacancy=vacancy, by=officer, seen=seen, **whole | {"places": 7})
        assert (now(vacancy).pay_from, now(vacancy).places) == (4_000_000, 7)
        told = problems(
            vacancies.edit, vacancy=vacancy, by=head, seen=seen, **whole | {"places": 9}
        )
        assert list(told) == ["places"]


class TestEnding:
    def test_it_closes_once(self, officer, head, employer):
        vacancy = post(officer, employer)
        vacancies.close(vacancy=vacancy, by=officer, reason="Cukup")
        vacancies.close(vacancy=vacancy, by=officer, reason="Cukup")
        with pytest.raises(AlreadyDone, match="sudah ditutup oleh Budi Petugas"):
            vacancies.close(vacancy=vacancy, by=head)

    def test_a_cancellation_says_why(self, officer, employer):
        vacancy = post(officer, employer)
        assert list(problems(vacancies.cancel, vacancy=vacancy, reason=" ", by=officer)) == [
            "reason"
        ]
        vacancies.cancel(vacancy=vacancy, reason="Pabrik pindah", by=officer)
        assert (now(vacancy).state, now(vacancy).reason) == ("cancelled", "Pabrik pindah")

    def test_it_opens_again_until_a_day_to_come(self, officer, employer):
        vacancy = post(officer, employer)
        vacancies.cancel(vacancy=vacancy, reason="Pabrik pindah", by=officer)
        told = problems(vacancies.reopen, vacancy=vacancy, closes_on=today(-1), by=officer)
        assert list(told) == ["closes_on"]
        again = vacancies.reopen(vacancy=vacancy, closes_on=today(9), by=officer)
        assert (again.standing, again.reason) == (VacancyStanding.OPEN, "")
        vacancies.reopen(vacancy=vacancy, closes_on=today(9), by=officer)

    def test_who_referred_somebody_is_told(self, officer, head, liaison, facility, agency):
        vacancy = VacancyFactory(employer=EmployerFactory(facility=None, agency=agency))
        referral_of(inmate_at(facility), facility, agency, vacancy=vacancy)
        vacancies.close(vacancy=vacancy, by=liaison)
        told = Notice.objects.filter(kind="vacancy_over")
        assert {notice.recipient for notice in told} == {officer, head}
        assert told.first().data["count"] == 1
        assert told.first().link == vacancy.get_absolute_url()

    def test_an_agency_learns_nothing_of_whom_it_was_not_sent(
        self, officer, employer, liaison, facility, agency
    ):
        vacancy = post(officer, employer)
        for state in (ReferralState.DRAFT, ReferralState.APPROVED):
            referral_of(inmate_at(facility), facility, agency, vacancy=vacancy, state=state)
        vacancies.close(vacancy=vacancy, by=officer)
        assert not Notice.objects.filter(recipient=liaison).exists()
        vacancies.reopen(vacancy=vacancy, closes_on=today(9), by=officer)
        referral_of(inmate_at(facility), facility, agency, vacancy=vacancy, state="sent")
        vacancies.close(vacancy=vacancy, by=officer)
        assert Notice.objects.get(recipient=liaison).data["count"] == 1

    def test_nobody_is_told_of_one_without_referrals(self, officer, employer):
        vacancies.close(vacancy=post(officer, employer), by=officer)
        assert not Notice.objects.exists()


@given(
    state=st.sampled_from(VacancyState.values),
    closes=st.integers(-3, 3),
    filled=st.integers(0, 2),
)
def test_the_query_and_the_row_agree_on_how_it_stands(state, closes, filled):
    with transaction.atomic():
        vacancy = VacancyFactory(
            state=state, entered_afterwards=True, closes_on=today(closes), places=2
        )
        prison = vacancy.facility
        for _each in range(filled):
            placement_of(inmate_at(prison), prison, vacancy=vacancy, employer=vacancy.employer)
        found = {each for each in VacancyStanding if Vacancy.objects.standing(each).exists()}
        assert found == {now(vacancy).standing}
        assert Vacancy.objects.open().exists() == (now(vacancy).standing == "open")
        transaction.set_rollback(True)
