"""Proposals, candidates, decrees, enrolments and offers at random: every invariant holds."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.training.walk import Walk

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("WALKS", "10"))
STEPS = int(os.environ.get("STEPS", "30"))
ACTORS = ("officer", "head", "warden", "registrar", "liaison")


def test_whatever_is_done_in_whatever_order_what_must_hold_holds(facility, agency, request):
    done = Counter()

    class Here(Walk):
        by = {name: request.getfixturevalue(name) for name in ACTORS}

        def teardown(self):
            done.update(self.steps)
            super().teardown()

    Here.facility, Here.agency = facility, agency
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(dict(done))
    far = ("slots.accept", "decrees.issue", "enrolments.drop", "seat_offers.take")
    assert all(done[step] for step in far), f"the walks did not come far: {dict(done)}"
