"""Two at once about the same person or the same place, each on a connection of its own."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.refusals import AlreadyDone, NotAllowed
from accounts.services import action_links
from correspondence.models import Letter
from inmates.models import Consent
from placements.employment import ReferralState
from placements.models import Referral, Vacancy
from placements.services import (
    consents,
    referral_answers,
    referral_links,
    referral_upkeep,
    referrals,
)
from reports.integrity import differences
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.placements.referring import Desk, now_of
from tests.races import race

pytestmark = pytest.mark.django_db

real_races = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def desk(facility):
    return Desk(facility)


def accept(row, desk):
    return lambda: referral_answers.accept(referral=row, by=desk.liaison)


def assert_in_order():
    assert [(check, found) for check, found in differences() if found] == []


class TestWalls:
    """What the database refuses, whoever writes."""

    def test_a_second_acceptance_of_one_person(self, desk):
        person = desk.person()
        first, second = (
            desk.referral(ReferralState.INTERVIEW, person, vacancy=desk.vacancy())
            for _n in range(2)
        )
        desk.step(first, ReferralState.ACCEPTED)
        with pytest.raises(IntegrityError, match="referral_accepted_once"), transaction.atomic():
            Referral.objects.filter(pk=second.pk).update(state=ReferralState.ACCEPTED)

    def test_more_people_than_places(self, desk):
        vacancy = desk.vacancy(places=1)
        first, second = (desk.referral(ReferralState.INTERVIEW, vacancy=vacancy) for _n in range(2))
        desk.step(first, ReferralState.ACCEPTED)
        with pytest.raises(IntegrityError, match="vacancy_not_over"), transaction.atomic():
            Referral.objects.filter(pk=second.pk).update(state=ReferralState.ACCEPTED)

    @pytest.mark.parametrize("state", ["accepted", "received", "lapsed"])
    def test_a_draft_does_not_jump(self, desk, state):
        row = desk.draft()
        with pytest.raises(DatabaseError), transaction.atomic():
            Referral.objects.filter(pk=row.pk).update(state=state)


@real_races
def test_one_person_is_accepted_once(desk):
    person = desk.person()
    rows = [
        desk.referral(ReferralState.INTERVIEW, person, vacancy=desk.vacancy()) for _n in range(3)
    ]
    outcomes = race(*[accept(row, desk) for row in rows])
    (winner,) = [each for each in outcomes if isinstance(each, Referral)]
    losers = [each for each in outcomes if isinstance(each, AlreadyDone)]
    assert len(losers) == 2
    for loser in losers:
        assert winner.person_code in loser.messages[0]
        assert "Narahubung Disnaker" in loser.messages[0]
    assert sum(Vacancy.objects.values_list("places_filled", flat=True)) == 1
    assert_in_order()


@real_races
def test_two_last_places_go_to_two(desk):
    vacancy = desk.vacancy(places=2)
    rows = [desk.referral(ReferralState.INTERVIEW, vacancy=vacancy) for _n in range(4)]
    outcomes = race(*[accept(row, desk) for row in rows])
    assert sum(isinstance(each, Referral) for each in outcomes) == 2
    losers = [each for each in outcomes if not isinstance(each, Referral)]
    assert all(isinstance(each, NotAllowed) for each in losers)
    for loser in losers:
        assert "2 dari 2" in loser.messages[0]
        assert "Tempat terakhir untuk R-" in loser.messages[0]
    assert Vacancy.objects.get(pk=vacancy.pk).places_filled == 2
    assert_in_order()


@real_races
@pytest.mark.parametrize("state", [ReferralState.APPROVED, ReferralState.RECEIVED])
def test_a_consent_taken_back_meanwhile_ends_it_in_either_order(desk, state):
    """Sent or forwarded first, it ends at once; taken back first, it goes nowhere."""
    seen = set()
    for _n in range(3):
        row = desk.referral(state, vacancy=desk.vacancy())
        consent = Consent.objects.get(inmate=row.inmate)
        forward = {
            ReferralState.APPROVED: lambda row=row: referrals.send(
                referrals=[row], by=desk.officer
            ),
            ReferralState.RECEIVED: lambda row=row: referral_answers.forward(
                referral=row, by=desk.liaison
            ),
        }[state]
        done, taken = race(
            forward,
            lambda consent=consent: consents.withdraw(
                consent=consent, on=today(), why="Tidak mau lagi", by=desk.head
            ),
        )
        assert isinstance(taken, consents.Withdrawn), taken
        assert not isinstance(done, Exception) or isinstance(done, NotAllowed), done
        assert now_of(row).state == ReferralState.WITHDRAWN
        seen.add(isinstance(done, Exception))
    assert seen
    assert not Referral.objects.open().filter(consent__withdrawn_on__isnull=False).exists()
    assert_in_order()


@real_races
def test_two_wardens_sign_each_letter_once(desk):
    acting = staff(desk.facility, "warden", name="Plh. Kalapas")
    rows = [desk.referral(ReferralState.SUBMITTED) for _n in range(3)]
    outcomes = race(
        lambda: referrals.approve(referrals=rows, by=desk.warden),
        lambda: referrals.approve(referrals=rows[::-1], by=acting),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDone", "list"]
    assert Letter.objects.count() == 4
    assert_in_order()


@real_races
def test_a_link_a_page_and_the_day_race_for_one_answer(desk):
    row = desk.referral(ReferralState.SENT)
    Referral.objects.filter(pk=row.pk).update(answer_by=today(-1))
    token = action_links.create(
        user=desk.liaison, act=referral_links.ACT, obj=row, days=1, by=desk.officer
    )
    outcomes = race(
        lambda: referral_links.receive(token=token),
        lambda: referral_answers.receive(referral=row, by=desk.liaison),
        lambda: referral_upkeep.lapse(referral=row),
        lambda: referrals.withdraw(referral=row, reason="Batal", by=desk.officer),
    )
    assert all(not isinstance(each, Exception) or isinstance(each, NotAllowed) for each in outcomes)
    assert now_of(row).state != ReferralState.SENT
    assert_in_order()


@real_races
def test_the_same_draft_twice_at_once_is_one(desk):
    person, vacancy = desk.person(), desk.vacancy()
    outcomes = race(*[lambda: desk.draft(person, vacancy=vacancy)] * 3)
    assert len({each.pk for each in outcomes}) == 1
    assert Referral.objects.count() == 1
