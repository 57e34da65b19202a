"""Reminders of referrals: to begin, to send, to answer, to look at again."""

import pytest

from correspondence.models import Notice
from correspondence.services.sweep import sweep
from inmates.models import Consent
from inmates.rules import months_later
from placements.employment import ReferralState
from placements.models import Referral
from placements.services import referral_answers
from tests.factories.partners import today
from tests.factories.placements import placement_of
from tests.placements.referring import Desk, certified

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(facility):
    return Desk(facility)


def told(kind):
    sweep()
    return set(Notice.objects.live().filter(kind=kind).values_list("recipient__name", flat=True))


def leaving(desk, months, **fields):
    day = months_later(today(), months)
    return desk.person(sentence={"two_thirds": day, "expires": today(900)}, **fields)


class TestBegin:
    def test_somebody_certified_with_consent_who_leaves_in_half_a_year(self, desk):
        person = leaving(desk, 6)
        assert told("referral_begins") == set()
        certified(person, desk.facility)
        assert told("referral_begins") == {"Petugas Rujukan"}
        notice = Notice.objects.get(kind="referral_begins")
        assert notice.link == person.get_absolute_url()
        assert person.name not in str(notice.data)
        desk.draft(person)
        assert told("referral_begins") == set()

    def test_not_long_before_nor_without_consent_nor_at_work(self, desk):
        people = [leaving(desk, 8), leaving(desk, 5), leaving(desk, 5)]
        for person in people:
            certified(person, desk.facility)
        Consent.objects.filter(inmate=people[1]).update(withdrawn_on=today())
        placement_of(people[2], desk.facility)
        assert told("referral_begins") == set()


class TestSend:
    def test_what_is_inside_three_months_before(self, desk):
        row = desk.draft()
        assert told("referral_to_send") == set()
        Referral.objects.filter(pk=row.pk).update(available_from=months_later(today(), 3))
        assert told("referral_to_send") == {"Petugas Rujukan", "Kasi Rujukan"}
        for state in (ReferralState.SUBMITTED, ReferralState.APPROVED, ReferralState.SENT):
            desk.step(row, state)
        assert told("referral_to_send") == set()


class TestAnswer:
    def test_liaison_and_officer_a_week_before_and_once_for_all_steps(self, desk):
        row = desk.referral(ReferralState.SENT)
        assert told("referral_reply") == set()
        Referral.objects.filter(pk=row.pk).update(answer_by=today(3))
        assert told("referral_reply") == {"Petugas Rujukan", "Narahubung Disnaker"}
        desk.step(row, ReferralState.RECEIVED)
        told("referral_reply")
        assert Notice.objects.filter(kind="referral_reply").count() == 2

    def test_not_of_what_rests(self, desk):
        person = desk.person()
        first = desk.referral(ReferralState.INTERVIEW, person, vacancy=desk.vacancy())
        other = desk.referral(ReferralState.SENT, person, vacancy=desk.vacancy())
        Referral.objects.filter(pk=other.pk).update(answer_by=today(1))
        desk.step(first, ReferralState.ACCEPTED)
        assert told("referral_reply") == set()

    def test_the_interview_is_tomorrow(self, desk):
        row = desk.referral(ReferralState.INTERVIEW)
        assert told("referral_interview_day") == {"Petugas Rujukan", "Narahubung Disnaker"}
        referral_answers.decline(referral=row, decline_reason="skill", by=desk.liaison)
        assert told("referral_interview_day") == set()


class TestCheck:
    def test_a_month_before_it_is_looked_at_again(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        assert told("referral_check") == set()
        Referral.objects.filter(pk=row.pk).update(available_from=months_later(today(), 1))
        assert told("referral_check") == {"Petugas Rujukan"}
