"""Reminders of job-seeker cards and of people who leave soon without what they need."""

import pytest

from correspondence.foreseen import foresee
from correspondence.models import Notice
from correspondence.services.sweep import sweep
from inmates import rules
from inmates.models import Custody
from inmates.states import ConsentPurpose
from placements.employment import CardEnd, Readiness
from placements.services import job_seekers
from tests.factories.correspondence import tell_only
from tests.factories.partners import today
from tests.factories.placements import consent_of, job_seeker_card
from tests.factories.results import certificate_of, finished_batch
from tests.factories.work import leaving, there
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_these(db):
    tell_only("readiness", "card_report", "card_end", "referral_begins")


def told(kind):
    return {
        (notice.recipient.name, notice.due)
        for notice in Notice.objects.live().filter(kind=kind).select_related("recipient")
    }


class TestCards:
    @pytest.fixture
    def card(self, facility, agency):
        given = {"report_by": today(5), "expires_on": today(50)}
        return job_seeker_card(leaving(facility, name="ANI"), facility, agency, **given)

    def test_the_officer_is_told_of_report_and_end_without_a_name(self, card, officer, head):
        sweep()
        assert told("card_report") == {(officer.name, today(5))}
        assert told("card_end") == {(officer.name, today(50))}
        for notice in Notice.objects.filter(kind__startswith="card_"):
            assert notice.link == card.get_absolute_url()
            assert not {card.inmate.name, card.number} & set(map(str, notice.data.values()))

    def test_a_report_settles_its_reminder(self, card, officer):
        sweep()
        job_seekers.report(card=card, on=today(), by=officer)
        sweep()
        assert told("card_report") == set()

    def test_nothing_of_a_card_that_ended(self, card, officer):
        sweep()
        job_seekers.end(card=card, on=today(), why=CardEnd.WORK, by=officer)
        assert told("card_report") == told("card_end") == set()
        sweep()
        assert told("card_report") == told("card_end") == set()

    def test_after_release_only_of_who_agreed_to_be_asked(self, card, facility, officer):
        stay = Custody.objects.filter(inmate=card.inmate)
        stay.update(until=today(-1), ended_how="released")
        sweep()
        assert told("card_report") == set()
        consent_of(card.inmate, facility, ConsentPurpose.FOLLOW_UP)
        sweep()
        assert told("card_report") == {(officer.name, today(5))}


class TestReadiness:
    def due(self, days):
        return rules.months_later(today(days), -3)

    def test_of_who_was_trained_and_leaves_soon(self, facility, agency, officer, head):
        _batch, (person,) = finished_batch(facility, agency, people=1)
        inmate = person.inmate
        inmate.sentence.two_thirds, inmate.sentence.expires = today(-200), today(100)
        inmate.sentence.save()
        certificate_of(person)
        there(inmate, facility, Readiness.BANK)
        sweep()
        assert told("readiness") == {(officer.name, self.due(100))}
        notice = Notice.objects.get(kind="readiness")
        assert notice.data == {"missing": 5}
        assert notice.link == f"/inmates/{inmate.public_id}/readiness/"

    def test_of_who_agreed_to_be_referred(self, facility, officer):
        consent_of(leaving(facility, 100), facility)
        sweep()
        assert told("readiness") == {(officer.name, self.due(100))}

    def test_of_who_completed_a_training_without_a_paper(self, facility, agency, officer):
        _batch, (person,) = finished_batch(facility, agency, people=1)
        type(person).objects.filter(pk=person.pk).update(state=EnrolmentState.COMPLETED)
        inmate = person.inmate
        inmate.sentence.two_thirds, inmate.sentence.expires = today(-200), today(100)
        inmate.sentence.save()
        sweep()
        assert told("readiness") == {(officer.name, self.due(100))}

    def test_not_of_others_not_of_who_stays_and_not_of_who_has_all(self, facility, officer):
        leaving(facility, 100)  # untrained, without a wish to be referred
        consent_of(leaving(facility, 300), facility)
        ready = leaving(facility, 100)
        consent_of(ready, facility)
        for kind in Readiness:
            there(ready, facility, kind)
        sweep()
        assert told("readiness") == set()

    def test_not_of_whose_day_has_long_passed(self, facility, officer):
        consent_of(leaving(facility, 60), facility)
        sweep()
        assert told("readiness") == set()

    def test_what_comes_settles_it(self, facility, officer):
        person = leaving(facility, 100)
        consent_of(person, facility)
        sweep()
        for kind in Readiness:
            there(person, facility, kind)
        sweep()
        assert told("readiness") == set()

    def test_the_preview_foresees_lists_that_open_later(self, facility, officer):
        consent_of(leaving(facility, 220), facility)
        foreseen = [each.due for each in foresee(facility.pk, today(), kind="readiness", days=200)]
        assert set(foreseen) == {self.due(220)}
