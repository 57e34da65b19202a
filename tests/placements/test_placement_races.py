"""Two at once about one person's work, or the last place of a vacancy: one wins, one is told."""

from datetime import datetime, time

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import AlreadyDone, NotAllowed
from placements.employment import PlacementKind
from placements.models import Placement, WorkDay
from placements.services import placement_corrections, placements, work_days
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, referral_of
from tests.placements.out_to_work import agreed_with, goes_out, may_go_out, partner_employer
from tests.placements.work import begin, released_from
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def outcome(results):
    """The winner's row and the loser's refusal."""
    (row,) = (each for each in results if not isinstance(each, Exception))
    (refusal,) = (each for each in results if isinstance(each, Exception))
    return row, refusal


def test_two_pieces_of_work_for_one_person(facility, officer, head):
    free = released_from(facility)
    first, second = (EmployerFactory(facility=facility) for _n in range(2))
    row, refusal = outcome(
        race(
            lambda: begin(free, facility, officer, employer=first, job="Las"),
            lambda: begin(free, facility, head, employer=second, job="Sopir"),
        )
    )
    assert isinstance(refusal, AlreadyDone)
    assert row.job in str(refusal)
    assert Placement.objects.count() == 1


def test_a_referral_and_direct_work_for_one_person(facility, agency, officer, head):
    free = released_from(facility)
    employer = EmployerFactory(facility=facility)
    referral = referral_of(free, facility, agency, state="accepted", employer=employer)
    direct = {"kind": PlacementKind.SELF_EMPLOYED, "job": "Warung"}
    row, refusal = outcome(
        race(
            lambda: placements.begin_referred(
                referral=referral, job="Las", starts_on=today(-1), by=officer
            ),
            lambda: begin(free, facility, head, **direct),
        )
    )
    assert row.referral == referral  # directly nobody begins whom an employer accepted
    assert isinstance(refusal, NotAllowed)


def test_the_last_place_of_a_vacancy(facility, officer, head):
    vacancy = VacancyFactory(employer__facility=facility, places=1)
    people = [released_from(facility) for _n in range(2)]
    _row, refusal = outcome(
        race(
            lambda: begin(people[0], facility, officer, vacancy=vacancy),
            lambda: begin(people[1], facility, head, vacancy=vacancy),
        )
    )
    assert refusal.message_dict["vacancy"] == ["Lowongan ini sudah terisi semua (1 dari 1)."]
    vacancy.refresh_from_db()
    assert (vacancy.places_filled, Placement.objects.count()) == (1, 1)


def test_two_ends(facility, officer, head):
    work = begin(
        released_from(facility), facility, officer, employer=EmployerFactory(facility=facility)
    )
    said = {"placement": work, "ended_on": today()}
    row, refusal = outcome(
        race(
            lambda: placements.end(**said, reason="Sakit", by=officer),
            lambda: placements.end(**said, reason="Pindah", by=head),
        )
    )
    assert isinstance(refusal, AlreadyDone)
    assert str(row.state_by) in str(refusal)


def test_two_ticks_at_the_gate(facility, officer):
    employer = partner_employer(facility)
    work = goes_out(
        facility, officer, inmate=may_go_out(facility), employer=employer,
        agreement=agreed_with(employer),
    )  # fmt: skip
    guards = [staff(facility, "security", name=f"Petugas {n}") for n in range(2)]
    morning = timezone.make_aware(datetime.combine(today(), time(7)))
    with time_machine.travel(morning, tick=False):
        results = race(*[lambda by=by: work_days.leave(placement=work, by=by) for by in guards])
    row, refusal = outcome(results)
    assert isinstance(refusal, AlreadyDone)
    assert row.out_by.name in str(refusal)
    assert WorkDay.objects.count() == 1


def test_a_wrong_entry_is_taken_back_while_the_gate_lets_its_person_out(facility, officer, head):
    employer = partner_employer(facility)
    work = goes_out(
        facility, officer, inmate=may_go_out(facility), employer=employer,
        agreement=agreed_with(employer),
    )  # fmt: skip
    guard = staff(facility, "security", name="Petugas Pintu")
    morning = timezone.make_aware(datetime.combine(today(), time(7)))
    with time_machine.travel(morning, tick=False):
        _row, refusal = outcome(
            race(
                lambda: placement_corrections.void(placement=work, reason="Keliru", by=head),
                lambda: work_days.leave(placement=work, by=guard),
            )
        )
    assert isinstance(refusal, NotAllowed)
    work.refresh_from_db()
    assert (work.state == "void") is not WorkDay.objects.exists()
