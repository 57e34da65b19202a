"""Two hundred at the same moment want what only twelve can have.

Each attempt is a thread with a connection of its own, as each request is. What everybody hears is
a seat or a sentence: no deadlock, no error, no thirteenth.
"""

import random
import time
from collections import Counter

import pytest
from django.db import connection

from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.models import Letter
from reports import integrity
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.training import approved, confirmed_batch, decree_series
from tests.races import race
from tests.training.conftest import now_of
from training.models import Decree, Enrolment, SeatOffer
from training.services import decrees, enrolments, seat_offers
from training.states import SeatOfferState

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SEATS, CROWD = 12, 200


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def _no_deadlock_and_all_in_order(facility):
    before = deadlocks()
    yield
    assert deadlocks() == before
    assert [(check, ids) for check, ids in integrity.differences() if ids] == []


def test_two_hundred_decrees_for_twelve_seats(facility, agency, head, warden):
    """Each wants one person in: the list to the warden, the signature; whoever waits asks again."""
    decree_series(facility)
    batch = confirmed_batch(facility, agency, seats_confirmed=SEATS)
    people, hearing = approved(batch, CROWD)

    def get_in(candidate):
        pause = 1
        while True:
            try:
                decree = decrees.prepare(
                    batch=batch, hearing=hearing, candidates=[candidate], by=head
                )
                return decrees.issue(decree=decree, by=warden)
            except AlreadyDone:  # another list waits for the warden: in a moment it does not
                time.sleep(random.uniform(pause, 3 * pause))  # noqa: S311 - nobody asks in step
                pause *= 2

    outcomes = race(*[lambda person=person: get_in(person) for person in people])
    assert Counter(type(outcome) for outcome in outcomes) == {
        Decree: SEATS,
        NotAllowed: CROWD - SEATS,
    }
    refusals = {str(outcome.messages) for outcome in outcomes if isinstance(outcome, NotAllowed)}
    assert refusals == {"['Angkatan ini sudah penuh: 12 dari 12 kursi terisi.']"}
    assert (now_of(batch).seats_taken, Enrolment.objects.count()) == (SEATS, SEATS)
    assert sorted(Letter.objects.values_list("sequence", flat=True)) == list(range(1, SEATS + 1))


def test_two_hundred_answers_to_twelve_offers(facility, agency, officer, head, warden):
    """Twelve drop out at once, twelve reserves are asked, two hundred officers say who is in."""
    batch = confirmed_batch(facility, agency, seats_confirmed=SEATS)
    decree_series(facility)
    people, hearing = approved(batch, SEATS)
    decree = decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)
    gone = list(decrees.issue(decree=decree, by=warden).enrolments.all())
    reserves, _hearing = approved(batch, 2 * SEATS, is_reserve=True)
    race(
        *[
            lambda row=row: enrolments.drop(
                enrolment=row, dropped_on=today(), reason="Sakit", by=officer
            )
            for row in gone
        ]
    )
    offers = list(SeatOffer.objects.order_by("pk").select_related("batch"))
    assert [offer.candidate for offer in offers] == reserves[:SEATS]
    officers = [staff(facility, "officer", name=f"Petugas {n}") for n in range(CROWD)]
    outcomes = race(
        *[
            lambda by=by, offer=offers[n % SEATS]: seat_offers.take(offer=offer, by=by)
            for n, by in enumerate(officers)
        ]
    )
    assert Counter(type(outcome) for outcome in outcomes) == {
        SeatOffer: SEATS,
        AlreadyDone: CROWD - SEATS,
    }
    sentences = [outcome.messages[0] for outcome in outcomes if isinstance(outcome, AlreadyDone)]
    assert all("sudah ditutup (diterima" in sentence for sentence in sentences)
    assert all(" oleh Petugas " in sentence for sentence in sentences)
    assert now_of(batch).seats_taken == SEATS
    assert SeatOffer.objects.filter(state=SeatOfferState.TAKEN).count() == SEATS
