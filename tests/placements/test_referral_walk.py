"""Referrals, consents, acceptances and work at random: every invariant holds after each step."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.placements.referral_walk import Walk

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("WALKS", "8"))
STEPS = int(os.environ.get("STEPS", "40"))
FAR = ("accept", "withdraw", "decline", "begin_referred", "undo_accept", "leave", "approve")


def test_whatever_is_done_in_whatever_order_what_must_hold_holds(db):
    done = Counter()

    class Here(Walk):
        def teardown(self):
            done.update(self.done)
            super().teardown()

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
    print(dict(done))
    assert all(done[step] for step in FAR), f"the walks did not come far: {dict(done)}"
