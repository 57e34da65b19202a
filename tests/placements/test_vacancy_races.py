"""Two people do something about one vacancy or employer at the same moment."""

import pytest

from accounts.refusals import NotAllowed, refusals
from placements.employment import EmployerKind, Openness
from placements.models import Employer, Vacancy
from placements.services import employers, vacancies
from placements.services.meanwhile import seen_of
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, placement_of
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def vacancy(facility):
    return VacancyFactory(employer=EmployerFactory(facility=facility), places=2)


def one_won(outcomes):
    losers = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(losers) == 1, outcomes
    assert isinstance(losers[0], NotAllowed), losers[0]
    return losers[0]


def test_two_edits_of_one_field(vacancy, officer, head):
    seen = seen_of(vacancy, vacancies.FACTS)
    refusal = one_won(
        race(
            lambda: vacancies.edit(vacancy=vacancy, by=officer, seen=seen, places=5),
            lambda: vacancies.edit(vacancy=vacancy, by=head, seen=seen, places=6),
        )
    )
    assert list(refusal.message_dict) == ["places"]


def test_two_edits_of_two_fields_are_both_kept(vacancy, officer, head):
    seen = seen_of(vacancy, vacancies.FACTS)
    whole = {name: getattr(vacancy, name) for name in vacancies.FACTS}
    outcomes = race(
        lambda: vacancies.edit(vacancy=vacancy, by=officer, seen=seen, **whole | {"places": 5}),
        lambda: vacancies.edit(
            vacancy=vacancy, by=head, seen=seen, **whole | {"closes_on": today(40)}
        ),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    vacancy.refresh_from_db()
    assert (vacancy.places, vacancy.closes_on) == (5, today(40))


def test_lowering_the_places_against_somebody_who_takes_the_last_one(vacancy, officer, facility):
    first, second = inmate_at(facility), inmate_at(facility)
    given = {"vacancy": vacancy, "employer": vacancy.employer}
    placement_of(first, facility, **given)

    def begin():
        with refusals():
            placement_of(second, facility, **given)

    one_won(race(lambda: vacancies.edit(vacancy=vacancy, by=officer, places=1), begin))
    vacancy.refresh_from_db()
    assert (vacancy.places, vacancy.places_filled) in [(1, 1), (2, 2)]


def test_an_employer_is_entered_once(officer, head, facility):
    def register(by):
        return employers.register(
            by=by,
            facility=facility,
            kind=EmployerKind.COMPANY,
            name="PT Karya Jaya",
            identity_number="9120301234567",
            region_code="36.72",
            openness=Openness.YES,
            conditions="",
        )

    one_won(race(lambda: register(officer), lambda: register(head)))
    assert Employer.objects.count() == 1


def test_a_vacancy_is_posted_while_its_employer_is_given_up(officer, head, facility):
    employer = EmployerFactory(facility=facility)
    job = {"title": "Juru las", "places": 1, "closes_on": today(9)}
    one_won(
        race(
            lambda: vacancies.post(employer=employer, by=officer, facility=facility, **job),
            lambda: employers.deactivate(employer=employer, reason="Tutup", by=head),
        )
    )
    employer.refresh_from_db()
    assert employer.is_active == Vacancy.objects.exists()
