"""Whatever anybody does with a batch in whatever order, what must hold holds."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ActionLink
from accounts.refusals import Forbidden, NotAllowed
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory
from tests.training.conftest import by_whatsapp, terms
from training.models import Batch
from training.services import batches, slots
from training.states import BATCH_TRANSITIONS, BatchState, ProposalState, Side

pytestmark = pytest.mark.django_db

ACTORS = ("officer", "head", "warden", "liaison", "other_liaison", "outsider")
ACTS = {
    "propose": lambda b, p, n, by: slots.propose(batch=b, by=by, **terms(seats=n)),
    "accept": lambda b, p, n, by: slots.accept(proposal=p, by=by),
    "record": lambda b, p, n, by: slots.accept(proposal=p, by=by, recorded=by_whatsapp()),
    "counter": lambda b, p, n, by: slots.counter(
        proposal=p, by=by, reason=f"Alat {n}", **terms(seats=n)
    ),
    "decline": lambda b, p, n, by: slots.decline(proposal=p, by=by, reason="Tidak bisa"),
    "withdraw": lambda b, p, n, by: slots.withdraw(proposal=p, by=by),
    "expire": lambda b, p, n, by: slots.expire(proposal=p, today=today(8)),
    "ask": lambda b, p, n, by: slots.propose(batch=b, by=by, **terms(seats=n + 1)),
    "postpone": lambda b, p, n, by: batches.postpone(batch=b, by=by, reason="Dana"),
    "resume": lambda b, p, n, by: batches.resume(
        batch=b,
        by=by,
        starts_on=today(30),
        ends_on=today(70 + n),
        agreement=b.agreement,
    ),
    "cancel": lambda b, p, n, by: batches.cancel(batch=b, by=by, reason="Dana"),
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, "propose", "accept", "counter", "resume"]),
        st.sampled_from([*ACTORS, "officer", "liaison"]),
        st.integers(0, 4),  # which round, counted from the newest
        st.integers(1, 30),  # how many seats
    ),
    min_size=3,
    max_size=14,
)


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in ACTORS}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_order(facility, agency, people, steps):
    agreement = SignedAgreementFactory(facility=facility, agency=agency)
    batch = BatchFactory(agreement=agreement)
    for act, actor, which, seats in steps:
        before = Batch.objects.get(pk=batch.pk)
        accepted_before = accepted(batch)
        rounds = list(batch.proposals.select_related("batch").order_by("-round"))
        if not rounds and act not in ("propose", "postpone", "resume", "cancel"):
            continue
        proposal = rounds[which % len(rounds)] if rounds else None
        with contextlib.suppress(NotAllowed, Forbidden):  # in words; anything else fails
            ACTS[act](batch, proposal, seats, people[actor])
        check(before, accepted_before)


def accepted(batch):
    return list(
        batch.proposals.filter(state=ProposalState.ACCEPTED)
        .order_by("round")
        .values_list("seats", flat=True)
    )


def check(before, accepted_before):
    batch = Batch.objects.get(pk=before.pk)
    is_open = batch.proposals.open().count()
    assert is_open <= 1
    assert is_open == 1 or batch.state != BatchState.NEGOTIATING
    assert is_open == 0 or batch.state in (BatchState.NEGOTIATING, BatchState.CONFIRMED)
    agreed = accepted(batch)
    assert batch.seats_confirmed == (agreed[-1] if agreed else 0)
    if batch.seats_confirmed != before.seats_confirmed:
        assert len(agreed) == len(accepted_before) + 1
    moves = {(move.start, move.end) for move in BATCH_TRANSITIONS}
    # A round that is withdrawn and the postponing are two moves of one act.
    moves.add((BatchState.NEGOTIATING, BatchState.POSTPONED))
    assert batch.state == before.state or (before.state, batch.state) in moves
    dead = batch.proposals.exclude(state=ProposalState.OPEN).values("pk")
    links = ActionLink.objects.alive().filter(object_type="training.slotproposal")
    assert not links.filter(object_id__in=dead).exists()
    waiting = batch.proposals.open().filter(side=Side.PRISON).count()
    assert links.filter(object_id__in=batch.proposals.values("pk")).count() == waiting
