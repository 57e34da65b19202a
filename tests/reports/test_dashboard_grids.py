"""The tables by course and by kind of employer equal what plain SQL counts, row for row."""

import pytest
from django.db import connection

from placements.employment import EmployerKind
from tests.factories.accounts import staff
from tests.factories.partners import PartnershipFactory, today
from tests.reports import deals, lives
from tests.reports.test_dashboards import TRAINING, WORK

pytestmark = pytest.mark.django_db

PLAN = """
SELECT c.name, count(*), sum(packages_planned), sum(packages_requested), sum(packages_granted),
       sum(seats_planned), sum(seats_requested), sum(seats_granted)
  FROM training_planline l JOIN training_course c ON c.id = l.course_id
 WHERE facility_id = %(facility)s AND (%(year)s IS NULL OR l.year = %(year)s)
 GROUP BY c.id, c.name
"""
CERTIFICATES = """
SELECT c.name, count(*), count(*) FILTER (WHERE e.state = 'completed'),
       count(*) FILTER (WHERE e.state = 'completed' AND EXISTS (
         SELECT FROM training_certificate p WHERE p.enrolment_id = e.id
            AND p.state = 'issued' AND p.kind <> 'participation'))
  FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
  JOIN training_course c ON c.id = b.course_id
 WHERE e.facility_id = %(facility)s AND b.state IN ('running', 'finished', 'closed')
   AND (%(year)s IS NULL OR extract(year FROM b.starts_on) = %(year)s)
 GROUP BY c.id, c.name
"""
EMPLOYERS = """
SELECT coalesce(e.kind, 'none'),
       count(*) FILTER (WHERE %(year)s IS NULL OR extract(year FROM p.starts_on) = %(year)s),
       count(*) FILTER (WHERE CASE WHEN %(year)s IS NULL THEN p.ended_on IS NOT NULL
         ELSE extract(year FROM p.ended_on) = %(year)s END)
  FROM placements_placement p LEFT JOIN placements_employer e ON e.id = p.employer_id
 WHERE p.facility_id = %(facility)s GROUP BY 1
"""
FOLLOW_UPS = """
SELECT months, count(*),
       count(*) FILTER (WHERE (state = 'done' AND outcome <> 'not_reached')
         OR state = 'cancelled'),
       count(*) FILTER (WHERE state = 'done' AND outcome IN
         ('formal', 'informal', 'self_employed', 'apprentice'))
  FROM placements_followup
 WHERE facility_id = %(facility)s AND months <> 0 AND due_on <= %(today)s
   AND (state <> 'cancelled' OR outcome = 'detained')
   AND (%(year)s IS NULL OR extract(year FROM due_on) = %(year)s)
 GROUP BY 1
"""


@pytest.fixture(scope="module")
def lived(stage):
    partnerships = PartnershipFactory.create_batch(2)
    places = [(each.facility, each.agency) for each in partnerships]
    for draw in (lives.draw, deals.deal):
        draw(8, *places)
    return places[0][0]


@pytest.fixture(params=[None, today().year], ids=["all", "year"])
def year(request):
    return request.param


@pytest.fixture
def grids(lived, year, login):
    """`{section: {label: [(number, denominator)]}}` of both pages."""
    client, found = login(staff(lived, "officer")), {}
    for page in (TRAINING, WORK):
        for section in client.get(f"{page}?year={year or ''}").context["sections"]:
            if section.grid:
                found[section.key] = {
                    label: [(bar.number, bar.whole) for bar in cells]
                    for label, cells in section.grid.rows
                }
    return found


@pytest.fixture
def ask(lived, year):
    def rows(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql, {"facility": lived.pk, "year": year, "today": today()})
            return {first: list(rest) for first, *rest in cursor.fetchall()}

    return rows


def test_each_table_equals_a_recount(grids, ask):
    told = ask(PLAN)
    assert grids["plan"] == {
        course: [(number, None) for number in numbers] for course, numbers in told.items()
    }
    assert told

    told = ask(CERTIFICATES)
    assert grids["certificates"] == {
        course: [(enrolled, None), (finished, enrolled), (certified, finished)]
        for course, (enrolled, finished, certified) in told.items()
    }
    assert told

    told = {EmployerKind(kind).label if kind != "none" else "Tanpa pemberi kerja": numbers
            for kind, numbers in ask(EMPLOYERS).items()}  # fmt: skip
    begun, ended = (sum(numbers[place] for numbers in told.values()) for place in (0, 1))
    assert grids["placements"] == {
        label: [(told.get(label, (0, 0))[0], begun), (told.get(label, (0, 0))[1], ended)]
        for label in (*EmployerKind.labels, "Tanpa pemberi kerja")
    }
    assert begun
    assert ended

    told = ask(FOLLOW_UPS)
    assert list(grids["follow-ups"].values()) == [
        [
            (due, None),
            (reached, due),
            (working, reached),
            (working, due),
            (due - reached, due),
        ]
        for _months, (due, reached, working) in sorted(told.items())
    ]
    assert told
