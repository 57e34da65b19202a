"""What SQL says of a whole prison is what plain Python says of each person."""

import random

import pytest
from django.conf import settings as configured
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from inmates.models import Inmate
from placements import matching
from placements.models import Vacancy
from tests.factories.accounts import FacilityFactory
from tests.placements.matching_oracle import Known, matched
from tests.placements.matching_world import World

pytestmark = pytest.mark.django_db

HERE_AND_NOW = settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.generate),  # a seed has no simpler one
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WEIGHTS = st.fixed_dictionaries(
    {}, optional={name: st.integers(0, 50) for name in configured.MATCHING_POINTS
                  if name not in ("attendance_from", "unit_training_percent")}
)  # fmt: skip


@pytest.mark.parametrize(("people", "vacancies"), [(16, 3)])
@HERE_AND_NOW
@given(seed=st.integers(0, 2**32), weights=WEIGHTS)
def test_sql_says_what_plain_python_says(
    seed, weights, people, vacancies, facility, agency, settings
):
    settings.MATCHING_POINTS = {**configured.MATCHING_POINTS, **weights}
    with transaction.atomic():
        world = World(random.Random(seed), facility, FacilityFactory(), agency)  # noqa: S311
        jobs = [world.vacancy() for _n in range(vacancies)]
        for _n in range(people):
            person = world.person()
            world.refer(person, world.chance.choice(jobs))
            world.place(person)
        known = [Known(person, facility) for person in Inmate.objects.filter(merged_into=None)]
        expected = {
            (job.pk, one.person.pk): said
            for job in jobs
            for one in known
            if (said := matched(one, job, settings.MATCHING_POINTS))
        }
        for job in jobs:
            check_people(
                job, facility, {p: said for (j, p), said in expected.items() if j == job.pk}
            )
        for one in known[:5]:
            of_one = {j: said for (j, p), said in expected.items() if p == one.person.pk}
            check_vacancies(one, jobs, facility, of_one)
        check_tallies(jobs, facility, expected)
        transaction.set_rollback(True)


def check_people(job, facility, expected):
    told = {pk: said for pk, said in expected.items() if said.has_consented}
    rows = []
    for show in (matching.FITS, matching.KEPT_OUT):
        found = matching.people_for(job, [facility.pk], matching.Wanted(show=show), size=None)
        assert found.counts[show] == len(found.rows)
        assert found.silent == sum(
            not said.has_consented and not said.exclusions for said in expected.values()
        )
        rows += found.rows
    assert {row.person: (row.points, row.exclusions) for row in rows} == {
        pk: (said.points, said.exclusions) for pk, said in told.items()
    }
    people = Inmate.objects.in_bulk(list(told))
    fitting = [pk for pk, said in told.items() if not said.exclusions]
    free = {row.person: row.available for row in rows}
    order = sorted(
        fitting,
        key=lambda pk: (
            -told[pk].points,
            (free[pk] is None, free[pk] or 0),
            people[pk].name,
            pk,
        ),
    )
    assert [row.person for row in rows if not row.exclusions] == order
    for row in rows:
        assert sum(part.points for part in matching.parts(row, job)) == row.points
        assert all(part.text for part in matching.parts(row, job))
        assert len(matching.sentences(row, job, people[row.person])) == len(row.exclusions)


def check_vacancies(one, jobs, facility, expected):
    rows = []
    for show in (matching.FITS, matching.KEPT_OUT):
        rows += matching.vacancies_for(
            one.person, Vacancy.objects.all(), [facility.pk], matching.Wanted(show=show), size=None
        ).rows
    assert {row.job: (row.points, row.exclusions, row.has_consented) for row in rows} == {
        pk: (said.points, said.exclusions, said.has_consented) for pk, said in expected.items()
    }


def check_tallies(jobs, facility, expected):
    wanted = {}
    for job in jobs:
        fitting = [s for (j, _p), s in expected.items() if j == job.pk and not s.exclusions]
        told = [said.points for said in fitting if said.has_consented]
        if fitting:
            silent = len(fitting) - len(told)
            wanted[job.pk] = matching.Tally(len(told), silent, max(told, default=None))
    assert matching.tallies(Vacancy.objects.all(), [facility.pk]) == wanted
