"""Whatever three prisons do about one person in whatever order, what must hold holds."""

import contextlib
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Circumstance, Inmate, Transfer
from inmates.services import custodies, transfers
from inmates.states import LEAVES, TRANSFER_TRANSITIONS, TransferState
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


def _ask(person, here, there, day, how):
    transfers.propose(
        destination=here.facility, person_key=person.person_key, moved_on=today(day), by=here
    )


def _answer(person, here, there, day, how):
    transfers.accept(transfer=_newest(person), by=here, moved_on=today(day))


def _refuse(person, here, there, day, how):
    transfers.refuse(transfer=_newest(person), by=here, reason="Masih di sini")


def _withdraw(person, here, there, day, how):
    transfers.withdraw(transfer=_newest(person), by=here)


def _send(person, here, there, day, how):
    transfers.send(
        inmate=person,
        origin=here.facility,
        destination=there.facility,
        moved_on=today(day),
        by=here,
    )


def _leave(person, here, there, day, how):
    custodies.end(inmate=person, facility=here.facility, how=how, on=today(day), by=here)


def _return(person, here, there, day, how):
    custodies.begin(inmate=person, facility=here.facility, starts=today(day), by=here)


def _reopen(person, here, there, day, how):
    stay = person.custodies.filter(facility=here.facility).order_by("starts", "pk").last()
    if stay:
        custodies.reopen(custody=stay, by=here, reason=f"Keliru {day}")


ACTS = (_ask, _answer, _refuse, _withdraw, _send, _leave, _return, _reopen)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, _ask, _answer]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(-40, 1),
        st.sampled_from(LEAVES),
    ),
    min_size=3,
    max_size=14,
)


def _newest(person):
    transfer = Transfer.objects.filter(inmate=person).order_by("pk").last()
    if transfer is None:
        raise NotAllowed("nothing was asked")
    return transfer


@pytest.fixture
def prisons(db):
    return [staff(FacilityFactory(), "registrar") for _ in range(3)]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_order(prisons, steps):
    person = inmate_at(prisons[0].facility)
    for act, here, there, day, how in steps:
        states = dict(Transfer.objects.values_list("pk", "state"))
        with contextlib.suppress(NotAllowed, Forbidden):  # in words; anything else fails
            act(person, prisons[here], prisons[there], day, how)
        check(person, states)


def check(person, before):
    stays = list(person.custodies.order_by("starts", "pk"))
    still = [stay for stay in stays if stay.until is None]
    assert len(still) <= 1
    prison = Inmate.objects.get(pk=person.pk).prison_id
    assert prison == (still[0].facility_id if still else None)
    for earlier, later in itertools.pairwise(stays):
        assert earlier.until, "only the last stay may be open"
        assert earlier.starts <= earlier.until <= later.starts
    for stay in stays:
        assert stay.starts <= today()
        if stay.until:
            assert Circumstance.objects.filter(
                inmate=person, facility=stay.facility, kind=stay.ended_how, effective=stay.until
            ).exists()
    asked = Transfer.objects.filter(inmate=person)
    assert asked.filter(state=TransferState.PROPOSED).count() <= 1
    moves = {(move.start, move.end) for move in TRANSFER_TRANSITIONS}
    for transfer in asked:
        was = before.get(transfer.pk)
        assert was in (None, transfer.state) or (was, transfer.state) in moves
        if transfer.state == TransferState.ACCEPTED:
            assert any(stay.facility_id == transfer.destination_id for stay in stays)
