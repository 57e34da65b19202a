"""The figures of the pipeline equal what plain SQL counts over drawn lives."""

from math import floor
from statistics import median

import pytest
from django.db import connection

from reports import paths, ways
from reports.paths import Step
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.partners import PartnershipFactory
from tests.reports import lives
from training.models import Enrolment

pytestmark = pytest.mark.django_db

# One row a participation: what came of it. Written apart from the app's own expressions.
RECOUNT = """
WITH part AS (
  SELECT e.id, e.state, b.starts_on, b.ends_on, b.course_id,
         coalesce(i.merged_into_id, i.id) AS person, e.candidate_id, l.dated
    FROM training_enrolment e
    JOIN training_batch b ON b.id = e.batch_id
    JOIN inmates_inmate i ON i.id = e.inmate_id
    JOIN training_decree d ON d.id = e.decree_id
    LEFT JOIN correspondence_letter l ON l.id = d.letter_id
   WHERE e.facility_id = %(facility)s AND b.state IN ('running', 'finished', 'closed')
), of AS (SELECT id, coalesce(merged_into_id, id) AS person FROM inmates_inmate
), went AS (
  SELECT part.id, part.state = 'completed' AS finished, part.starts_on, part.ends_on, part.dated,
         (SELECT min(issued_on) FROM training_certificate c WHERE c.enrolment_id = part.id
             AND c.state = 'issued' AND c.kind <> 'participation') AS certified,
         (SELECT min((sent_at AT TIME ZONE 'Asia/Jakarta')::date)
            FROM placements_referral r JOIN of ON of.id = r.inmate_id
           WHERE of.person = part.person
             AND (sent_at AT TIME ZONE 'Asia/Jakarta')::date >= part.starts_on) AS referred,
         (SELECT min(p.starts_on) FROM placements_placement p JOIN of ON of.id = p.inmate_id
           WHERE of.person = part.person AND p.starts_on >= part.starts_on) AS placed,
         (SELECT array_agg(f.state || ' ' || f.outcome) FROM placements_followup f
            JOIN of ON of.id = f.inmate_id
           WHERE of.person = part.person AND f.months = 6 AND f.counted_from >= part.starts_on
             AND f.due_on <= (now() AT TIME ZONE 'Asia/Jakarta')::date
             AND (f.state <> 'cancelled' OR f.outcome = 'detained')) AS asked
    FROM part
)
SELECT count(*) AS enrolled,
       count(*) FILTER (WHERE finished) AS finished,
       count(*) FILTER (WHERE finished AND certified IS NOT NULL) AS certified,
       count(*) FILTER (WHERE finished AND referred IS NOT NULL) AS referred,
       count(*) FILTER (WHERE finished AND placed IS NOT NULL) AS placed,
       count(*) FILTER (WHERE finished AND asked IS NOT NULL) AS due,
       count(*) FILTER (WHERE finished AND EXISTS (
         SELECT FROM unnest(asked) a WHERE a <> 'done not_reached'
            AND (a LIKE 'done %%' OR a = 'cancelled detained')))
         AS reached,
       count(*) FILTER (WHERE finished AND EXISTS (SELECT FROM unnest(asked) a WHERE a IN (
         'done formal', 'done informal', 'done self_employed', 'done apprentice'))) AS working,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY placed - referred)
         FILTER (WHERE finished) AS placing,
       max(certified - ends_on) FILTER (WHERE finished) AS certifying
  FROM went
"""


def recount(facility):
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"facility": facility.pk})
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


@pytest.fixture(params=[1, 2, 3])
def prisons(request, db):
    places = []
    for _prison in range(2):
        facility = FacilityFactory()
        places.append((facility, PartnershipFactory(facility=facility).agency))
    lives.draw(request.param, *places)
    return [facility for facility, _agency in places]


def test_every_step_equals_a_recount_and_lists_that_many(prisons):
    for facility in prisons:
        told = recount(facility)
        begun = paths.begun(staff(facility, "officer"))
        rows = paths.with_steps(begun)
        ((_all, counted),) = ways.counted(begun)
        assert {str(step): told[step] for step in Step} == {str(k): v for k, v in counted.items()}
        for step in Step:
            assert paths.at(rows, step).count() == counted[step]
            assert paths.at(rows, step, as_set=True).count() == counted[step]
        assert counted[Step.ENROLLED]


def test_no_step_has_more_than_the_one_it_comes_from(prisons):
    for facility in prisons:
        counted, _times = ways.told(paths.begun(staff(facility, "officer")))
        assert all(counted[step] <= counted[whole] for step, whole in paths.OF.items())


def test_the_times_equal_a_recount(prisons):
    for facility in prisons:
        told = recount(facility)
        begun = paths.begun(staff(facility, "officer"))
        rows = paths.with_times(paths.with_steps(begun))
        times = {time.took: time for time in ways.told(begun)[1]}
        assert times["certifying"].slowest == told["certifying"]
        middle = None if told["placing"] is None else int(told["placing"] // 1)
        assert times["placing"].median == middle
        for took, time in times.items():
            known = [getattr(row, f"took_{took}") for row in rows]
            days = sorted(length.days for length in known if length is not None)
            assert time.count == len(days)
            assert time.slowest == max(days, default=None)
            assert time.median == (floor(median(days)) if days else None)


def test_each_group_is_counted_as_its_rows_are(prisons):
    begun = paths.begun(staff(prisons[0], "officer"))
    groups = ways.counted(begun, "batch__course", "inmate__sex")
    assert sum(numbers[Step.ENROLLED] for _group, numbers in groups) == begun.count()
    for (course, sex), numbers in groups:
        rows = paths.with_steps(begun.filter(batch__course=course, inmate__sex=sex))
        assert numbers == {step: paths.at(rows, step).count() for step in Step}


def test_of_nobody_every_figure_is_nought(db):
    nobody = Enrolment.objects.none()
    counted, times = ways.told(nobody)
    assert ways.counted(nobody) == [((), counted)]
    assert set(counted.values()) == {0}
    assert {(time.count, time.median, time.slowest) for time in times} == {(0, None, None)}


def test_a_liaison_counts_what_the_agency_taught(prisons, django_user_model):
    from tests.factories.partners import liaison_of

    agency = Enrolment.objects.filter(facility=prisons[0]).first().agency
    seen = paths.begun(liaison_of(agency))
    assert set(seen.values_list("agency", flat=True)) == {agency.pk}
