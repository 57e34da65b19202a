"""Due, reached, working: one statement, counted again in plain SQL over data made by chance."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from inmates.models import Inmate
from placements import figures
from placements.employment import FollowUpOutcome, FollowUpState
from placements.figures import COURSE, FACILITY, MONTHS, Reach
from placements.models import FollowUp
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import InmateFactory
from tests.factories.partners import AgencyFactory, today
from tests.factories.results import certificate_of
from tests.factories.training import confirmed_batch, enrolled
from training.models import Batch

pytestmark = pytest.mark.django_db

RECOUNT = """
WITH person AS (
  SELECT id, CASE WHEN merged_into_id IS NULL THEN id ELSE merged_into_id END AS root
    FROM inmates_inmate),
learned AS (
  SELECT DISTINCT p.root, b.course_id
    FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
    JOIN person p ON p.id = e.inmate_id
   WHERE e.state = 'completed'
  UNION
  SELECT p.root, c.course_id
    FROM training_certificate c JOIN person p ON p.id = c.inmate_id
   WHERE c.state = 'issued' AND c.kind <> 'participation' AND c.course_id IS NOT NULL),
asked AS (
  SELECT f.*, p.root FROM placements_followup f JOIN person p ON p.id = f.inmate_id
   WHERE f.months > 0 AND f.due_on <= %(on)s
     AND (f.state = 'due' OR f.state = 'done'
          OR (f.state = 'cancelled' AND f.outcome = 'detained')))
SELECT {keys} count(*),
       count(*) FILTER (WHERE asked.state <> 'due' AND asked.outcome <> 'not_reached'),
       count(*) FILTER (WHERE asked.state = 'done' AND asked.outcome IN
                        ('formal', 'informal', 'self_employed', 'apprentice'))
  FROM asked {join}
"""
PAST = {"state": "finished", "starts_on": today(-400), "ends_on": today(-350)}
COLUMNS = {FACILITY: "asked.facility_id", MONTHS: "asked.months", COURSE: "learned.course_id"}


def recounted(by, on):
    keys = ", ".join(COLUMNS[name] for name in by)
    join = "JOIN learned ON learned.root = asked.root" if COURSE in by else ""
    statement = RECOUNT.format(keys=f"{keys}," if keys else "", join=join)
    with connection.cursor() as cursor:
        cursor.execute(statement + (f" GROUP BY {keys}" if keys else ""), {"on": on})
        return {row[: len(by)]: Reach(*row[len(by) :]) for row in cursor.fetchall()}


@pytest.fixture(scope="module")
def world(stage):
    """Two prisons, three courses, eighty people (some merged), every state and outcome."""
    chance = random.Random(11)  # noqa: S311
    agency = AgencyFactory()
    batches = [
        confirmed_batch(prison, agency, seats_confirmed=40, **PAST)
        for prison in (FacilityFactory(), FacilityFactory())
        for _course in range(3)
    ]
    for own, other in zip(batches[3:], batches[:3], strict=True):
        Batch.objects.filter(pk=own.pk).update(course=other.course)
    people = []
    for number in range(80):
        batch = chance.choice(batches)
        batch.refresh_from_db()
        person = InmateFactory()
        people.append(person)
        lot = chance.random()
        if lot < 0.75:
            state = chance.choice(["completed", "completed", "not_completed"])
            row = enrolled(batch, person, state=state, entered_afterwards=True)
            if chance.random() < 0.4:
                kind = chance.choice(["training", "training", "participation"])
                certificate_of(row, kind=kind)
        if number % 9 == 8:
            Inmate.objects.filter(pk=person.pk).update(merged_into=people[number - 1])
        _follow(chance, person, batch.facility)


def _follow(chance, person, prison):
    counted = today(-chance.randint(0, 500))
    for months in (0, 1, 3, 6, 12):
        state = chance.choice(list(FollowUpState))
        outcome = "" if state == "due" else chance.choice(list(FollowUpOutcome))
        if state == "cancelled":
            outcome = chance.choice(["", "", "detained", "died"])
        FollowUp.objects.create(
            inmate=person,
            facility=prison,
            months=months,
            counted_from=counted,
            due_on=counted + timedelta(days=30 * months),
            state=state,
            outcome=outcome,
            channel="call" if outcome else "",
            done_on=today() if outcome else None,
            entered_afterwards=True,
        )


@pytest.mark.parametrize(
    "by",
    [
        (), (MONTHS,), (FACILITY,), (COURSE,), (FACILITY, MONTHS), (MONTHS, COURSE),
        (FACILITY, MONTHS, COURSE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("days", [0, -200, 400])
def test_is_what_a_recount_finds(world, by, days, django_assert_num_queries):
    expected = recounted(by, today(days))
    with django_assert_num_queries(1):
        found = figures.reach(by=by, on=today(days))
    assert found == expected
    assert sum(one.due for one in found.values()) > 0


def test_every_figure_is_the_number_of_its_rows(world):
    for (months,), reach in figures.reach(by=(MONTHS,)).items():
        rows = FollowUp.objects.counted().filter(months=months)
        assert reach == Reach(rows.count(), rows.reached().count(), rows.working().count())
        assert rows.not_reached().count() == reach.missed
        assert reach.working <= reach.reached <= reach.due


def test_follows_the_rows_it_is_given(world):
    prison = FollowUp.objects.first().facility_id
    own = figures.reach(FollowUp.objects.filter(facility=prison), by=(MONTHS,))
    both = figures.reach(by=(FACILITY, MONTHS))
    assert own == {(months,): one for (place, months), one in both.items() if place == prison}
    assert figures.reach(FollowUp.objects.none(), by=(MONTHS,)) == {}
    assert figures.reach(FollowUp.objects.none()) == {(): Reach()}


def test_of_one_course_are_those_who_learned_it(world):
    by_course = figures.reach(by=(COURSE,))
    for (course,), reach in by_course.items():
        rows = figures.of_course(FollowUp.objects.counted(), course)
        assert rows.count() == reach.due
        assert {learned for _person, learned in figures.trained([course])} == {course}
