"""Two at once at the decree of a batch."""

import pytest
from django.db import connection, transaction

from accounts.refusals import NotAllowed
from correspondence.models import Letter, LetterSeries
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.training import (
    approved,
    confirmed_batch,
    decree_series,
)
from tests.races import race
from training.models import Batch, Enrolment
from training.services import decrees

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, seats_confirmed=3)


@pytest.fixture
def series(facility):
    return decree_series(facility)


@pytest.fixture
def chosen(batch):
    """Three approved candidates of three seats."""
    return approved(batch, 3)


@pytest.fixture
def decree(batch, chosen, head):
    people, hearing = chosen
    return decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)


def seats_taken(batch):
    return Batch.objects.get(pk=batch.pk).seats_taken


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestRaces:
    def test_two_wardens_issue_the_same_decree(self, decree, series, facility, warden, batch):
        second = staff(facility, "warden", name="Plh. Kedua")
        outcomes = race(
            lambda: decrees.issue(decree=decree, by=warden),
            lambda: decrees.issue(decree=decree, by=second),
        )
        assert sorted(type(o).__name__ for o in outcomes) == ["AlreadyDone", "Decree"]
        assert (seats_taken(batch), Letter.objects.count()) == (3, 1)
        assert LetterSeries.objects.get().counter == 1

    def test_one_warden_clicks_twice(self, decree, series, warden, batch):
        outcomes = race(*[lambda: decrees.issue(decree=decree, by=warden)] * 2)
        assert {type(o).__name__ for o in outcomes} == {"Decree"}
        assert (seats_taken(batch), Letter.objects.count()) == (3, 1)

    def test_one_person_on_two_decrees_of_overlapping_batches(self, facility, agency, head, warden):
        decree_series(facility)
        person = inmate_at(facility)
        prepared = []
        for _n in range(2):
            batch = confirmed_batch(facility, agency)
            people, hearing = approved(batch, 1, inmate=person)
            prepared.append(
                decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)
            )
        outcomes = race(*[lambda d=d: decrees.issue(decree=d, by=warden) for d in prepared])
        assert sorted(type(o).__name__ for o in outcomes) == ["Decree", "NotAllowed"]
        refusal = next(o for o in outcomes if isinstance(o, NotAllowed))
        assert person.name in str(refusal)
        assert Enrolment.objects.count() == 1

    def test_many_decrees_at_once_leave_no_gap_in_the_numbers(self, facility, agency, head, warden):
        decree_series(facility)
        prepared = []
        for _n in range(6):
            batch = confirmed_batch(facility, agency, seats_confirmed=1)
            people, hearing = approved(batch, 1)
            prepared.append(
                decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)
            )
        race(*[lambda d=d: decrees.issue(decree=d, by=warden) for d in prepared])
        assert sorted(Letter.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]

    def test_two_heads_prepare_at_once(self, batch, chosen, facility, head):
        people, hearing = chosen
        second = staff(facility, "head", name="Kasi Kedua")
        outcomes = race(
            *[
                lambda by=by: decrees.prepare(
                    batch=batch, hearing=hearing, candidates=people, by=by
                )
                for by in (head, second)
            ]
        )
        assert sorted(type(o).__name__ for o in outcomes) == ["AlreadyDone", "Decree"]

    def test_who_comes_too_late_does_not_wait_for_who_is_at_work(self, batch, chosen, head, warden):
        people, hearing = chosen
        decree_series(batch.facility)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)
        decrees.issue(decree=decree, by=warden)
        late, _hearing = approved(batch, 1)

        def ask():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            decrees.prepare(batch=batch, hearing=hearing, candidates=late, by=head)

        with transaction.atomic():
            Batch.objects.select_for_update().get(pk=batch.pk)
            (refusal,) = race(ask)
        assert "sudah penuh" in str(refusal)
