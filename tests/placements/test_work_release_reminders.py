"""When decree or agreement of a work release ends, office and head are told in time."""

import pytest
from django.utils import timezone

from correspondence.kinds import sentence_of
from correspondence.models import Notice
from correspondence.services import sweep
from partners.states import AgreementState
from placements.models import Placement
from placements.services import placements
from tests.factories.correspondence import tell_only
from tests.factories.partners import today
from tests.placements.out_to_work import agreed_with, goes_out, partner_employer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_these(db):
    tell_only("work_release_end")


KIND = "work_release_end"


@pytest.fixture
def employer(facility):
    return partner_employer(facility)


@pytest.fixture
def agreement(employer):
    return agreed_with(employer, ends_on=today(25))


@pytest.fixture
def work(facility, officer, employer, agreement):
    return goes_out(facility, officer, employer=employer, agreement=agreement)


def ends(work):
    return Placement.objects.with_papers_end().get(pk=work.pk).papers_end


class TestLastDay:
    def test_of_the_agreement_or_the_decree_whichever_comes_first(self, work):
        assert ends(work) == today(25)
        Placement.objects.update(decree_until=today(9))
        assert ends(work) == today(9)

    def test_of_the_agreement_that_continues_it(self, work, agreement, employer):
        agreed_with(employer, starts_on=today(26), ends_on=today(99), renews=agreement)
        assert ends(work) == today(99)

    def test_not_of_one_that_nobody_signed(self, work, agreement, employer):
        agreed_with(
            employer, starts_on=today(26), ends_on=today(99), renews=agreement,
            state=AgreementState.DRAFT,
        )  # fmt: skip
        assert ends(work) == today(25)

    def test_a_termination_ends_it_the_day_before(self, work, agreement):
        agreement.state, agreement.terminated_on = AgreementState.TERMINATED, today(5)
        agreement.save()
        assert ends(work) == today(4)

    def test_the_list_finds_those_that_lapse(self, work, officer, login):
        client = login(officer)
        address = work.get_absolute_url()
        assert address in client.get("/placements/?papers=lapsing").content.decode()
        assert address not in client.get("/placements/?papers=lapsed").content.decode()
        Placement.objects.update(decree_on=today(-9), decree_until=today(-1))
        assert address in client.get("/placements/?papers=lapsed").content.decode()

    def test_the_home_says_it_too(self, work, officer, login):
        text = login(officer).get("/").content.decode()
        assert "Perbarui dasar asimilasi kerja" in text


class TestReminder:
    def test_office_and_head_are_told_without_a_name(self, work, officer, head, warden):
        sweep.sweep(today=timezone.localdate())
        notices = Notice.objects.live().filter(kind=KIND)
        assert {notice.recipient for notice in notices} == {officer, head}
        notice = notices.first()
        assert notice.due == today(25)
        assert "PT Mitra Uji" in sentence_of(notice)
        assert work.inmate.name not in sentence_of(notice)

    def test_not_once_the_work_ended(self, work, officer):
        sweep.sweep(today=timezone.localdate())
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        assert not Notice.objects.live().filter(kind=KIND).exists()
        sweep.sweep(today=timezone.localdate())
        assert not Notice.objects.live().filter(kind=KIND).exists()

    def test_a_longer_agreement_ends_the_reminder(self, work, agreement):
        sweep.sweep(today=timezone.localdate())
        agreement.ends_on = today(400)
        agreement.save()
        sweep.sweep(today=timezone.localdate())
        assert not Notice.objects.live().filter(kind=KIND).exists()
