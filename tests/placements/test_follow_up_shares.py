"""What must not make a share of work better than it is, and who counts as trained."""

import pytest

from placements import figures
from placements.employment import WORKING, FollowUpOutcome
from placements.figures import Reach
from placements.models import FollowUp
from tests.factories.inmates import InmateFactory
from tests.factories.partners import today
from tests.factories.results import certificate_of
from tests.factories.training import confirmed_batch, enrolled
from training.services import certificates

pytestmark = pytest.mark.django_db


class TestHonesty:
    def one(self, facility, **given):
        values = {"months": 1, "counted_from": today(-40), "due_on": today(-10), **given}
        state = values.get("state", "due")
        if state == "done":
            values |= {"done_on": today(-9), "channel": "call"}
        FollowUp.objects.create(
            inmate=InmateFactory(), facility=facility, entered_afterwards=True, **values
        )

    def test_who_is_detained_again_stays_in_both_denominators(self, facility):
        self.one(facility, state="done", outcome="formal")
        self.one(facility, state="cancelled", outcome="detained")
        assert figures.reach() == {(): Reach(due=2, reached=2, working=1)}

    def test_who_was_never_asked_stays_in_all_that_were_due(self, facility):
        self.one(facility, state="done", outcome="formal")
        self.one(facility)
        self.one(facility, state="done", outcome="not_reached")
        assert figures.reach() == {(): Reach(due=3, reached=1, working=1)}

    def test_a_death_and_a_replaced_series_count_for_nothing(self, facility):
        self.one(facility, state="cancelled", outcome="died")
        self.one(facility, state="cancelled")
        assert figures.reach() == {(): Reach()}

    def test_what_is_to_come_is_no_failure_yet(self, facility):
        self.one(facility, due_on=today(1))
        self.one(facility, due_on=today())
        assert figures.reach() == {(): Reach(due=1)}

    def test_news_outside_the_schedule_is_no_answer_to_it(self, facility):
        self.one(facility, months=0, state="done", outcome="formal", due_on=today(-5))
        assert figures.reach() == {(): Reach()}

    def test_training_goes_on_is_reached_but_no_work(self, facility):
        self.one(facility, state="done", outcome="training")
        assert figures.reach() == {(): Reach(due=1, reached=1, working=0)}
        assert FollowUpOutcome.TRAINING not in WORKING


def test_total_adds_up():
    assert figures.total([Reach(3, 2, 1), Reach(5, 4, 0)]) == Reach(8, 6, 1)
    assert figures.total([]) == Reach()


def test_trained_is_who_completed_or_was_certified(facility, agency, head):
    completed = enrolled(
        confirmed_batch(facility, agency), state="completed", entered_afterwards=True
    )
    dropped = enrolled(confirmed_batch(facility, agency))
    assert figures.is_trained([completed.inmate.pk])
    assert not figures.is_trained([dropped.inmate.pk])
    paper = certificate_of(dropped)
    assert figures.is_trained([dropped.inmate.pk])
    certificates.revoke(certificate=paper, reason="Keliru", by=head)
    assert not figures.is_trained([dropped.inmate.pk])
