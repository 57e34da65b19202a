"""A vacancy that closes is told to whoever keeps it, until it is filled, closed or moved."""

from datetime import timedelta

import pytest

from correspondence.models import Notice
from correspondence.services.sweep import sweep
from placements.models import Vacancy
from placements.reminders import vacancy_closes
from placements.services import vacancies
from tests.factories.correspondence import tell_only
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory, placement_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_these(db):
    tell_only("vacancy_closes")


@pytest.fixture
def agency(disnaker):
    """Who keeps vacancies beside a prison is a labour office."""
    return disnaker


@pytest.fixture
def ours(facility):
    return VacancyFactory(employer=EmployerFactory(facility=facility), closes_on=today(6))


@pytest.fixture
def theirs(agency):
    employer = EmployerFactory(facility=None, agency=agency)
    return VacancyFactory(employer=employer, closes_on=today(6))


def told():
    return {
        (notice.object_id, notice.recipient)
        for notice in Notice.objects.live().filter(kind="vacancy_closes")
    }


def test_each_side_is_told_of_its_own(ours, theirs, officer, head, liaison, other_liaison):
    sweep(today=today())
    assert told() == {(ours.pk, officer), (theirs.pk, liaison)}
    notice = Notice.objects.get(object_id=ours.pk, kind="vacancy_closes")
    assert (notice.data, notice.link) == (
        {"title": ours.title, "free": 2},
        ours.get_absolute_url(),
    )


def test_a_far_day_is_not_yet_told_and_a_past_one_never(officer, facility):
    employer = EmployerFactory(facility=facility)
    VacancyFactory(employer=employer, closes_on=today(40))
    VacancyFactory(employer=employer, closes_on=today(-1))
    sweep(today=today())
    assert told() == set()
    assert vacancy_closes(today() + timedelta(days=1)).count() == 1


def test_a_full_or_closed_one_is_settled(ours, officer, facility):
    sweep(today=today())
    assert told()
    for _each in range(2):
        placement_of(inmate_at(facility), facility, vacancy=ours, employer=ours.employer)
    sweep(today=today())
    assert told() == set()


def test_closing_it_ends_what_was_told(ours, officer):
    sweep(today=today())
    vacancies.close(vacancy=ours, by=officer)
    assert told() == set()


def test_a_day_that_was_moved_is_told_anew(ours, officer):
    sweep(today=today())
    vacancies.edit(vacancy=ours, by=officer, closes_on=today(60))
    assert told() == set()
    sweep(today=today(55))
    assert told() == {(ours.pk, officer)}
    assert Vacancy.objects.get().closes_on == today(60)
