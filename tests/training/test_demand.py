"""Demand beside supply: who waits until when, and whom the rules would let join."""

from datetime import date

import pytest

from tests.factories.inmates import inmate_at, merged_pair
from tests.factories.partners import today
from tests.factories.training import (
    CourseFactory,
    WaitingEntryFactory,
    confirmed_batch,
    enrolled,
)
from training.models import WaitingEntry
from training.services import demand, eligible

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(name="Las SMAW", jp=240, package_seats=16)


def leaving(facility, day):
    """Somebody in custody whose only known way out is expiry on a day."""
    dates = {"two_thirds": None, "one_half": None, "expires": day}
    return inmate_at(facility, register_class="B.IIa", sentence=dates)


def waits(facility, course, inmate=None):
    person = {"inmate": inmate} if inmate else {}
    return WaitingEntryFactory(facility=facility, course=course, **person)


def of(officer, facility, course):
    rows = {each.course: each for each in demand.of_courses(officer, facility, today().year)}
    return rows.get(course)


class TestWaiting:
    def test_people_are_counted_by_the_time_until_their_release(self, officer, facility, course):
        for days in (30, 60, 300, 500, 1500):
            waits(facility, course, leaving(facility, today(days)))
        waits(facility, course, leaving(facility, None))
        row = of(officer, facility, course)
        assert row.waiting == 6
        assert [window.count for window in row.windows] == [2, 1, 1, 1, 1]

    def test_every_number_is_that_of_the_rows_behind_it(self, officer, facility, course):
        for days in (-40, 1, 31, 170, 190, 364, 380, 700, 760, 3000):
            waits(facility, course, leaving(facility, today(days)))
        rows = WaitingEntry.objects.with_expected_release()
        for window in of(officer, facility, course).windows[:-1]:
            found = [
                row
                for row in rows
                if (window.since is None or row.expected_release >= window.since)
                and (window.until is None or row.expected_release <= window.until)
            ]
            assert len(found) == window.count
        for window in demand.by_month(officer, facility)[:-1]:
            found = [
                row
                for row in rows
                if (window.since is None or row.expected_release >= window.since)
                and (window.until is None or row.expected_release <= window.until)
            ]
            assert len(found) == window.count

    def test_by_month_of_one_course_or_of_all(self, officer, facility, course):
        waits(facility, course, leaving(facility, today(40)))
        waits(facility, CourseFactory(), leaving(facility, today(40)))
        assert sum(window.count for window in demand.by_month(officer, facility)) == 2
        one = demand.by_month(officer, facility, course)
        month = today(40).replace(day=1)
        assert {window.since: window.count for window in one if window.count} == {month: 1}

    def test_a_merged_record_waits_until_the_release_of_its_person(self, officer, facility, course):
        pair = merged_pair(facility)
        entry = waits(facility, course, pair.loser)
        found = WaitingEntry.objects.with_expected_release().get(pk=entry.pk)
        person = type(pair.winner).objects.with_expected_release().get(pk=pair.winner.pk)
        assert found.expected_release == person.expected_release

    def test_another_prison_s_people_are_not_counted(self, officer, outsider, course):
        waits(outsider.facility, course)
        assert of(officer, officer.facility, course) is None


class TestSupply:
    def test_it_is_what_the_rules_say_of_each_person(self, officer, facility, course):
        course.minimum_age, course.resident_percent = 18, 100
        course.save()
        for fields in ({}, {"city": "Cilegon"}, {"birth_date": date(2015, 1, 1)}):
            waits(facility, course, inmate_at(facility, **fields))
        row = of(officer, facility, course)
        batch = demand.on_paper(course, facility)
        page = eligible.page(batch, officer, terms=demand.terms_on_paper(batch))
        assert (row.fit, row.unsure) == (page.counts.get("pass", 0), page.counts.get("warn", 0))
        assert row.fit == 1

    def test_many_courses_are_judged_in_one_statement(
        self, officer, facility, django_assert_max_num_queries
    ):
        for _course in range(3):
            waits(facility, CourseFactory())
        with django_assert_max_num_queries(8) as asked:
            rows = demand.of_courses(officer, facility, today().year)
        assert [row.fit for row in rows] == [3, 3, 3]
        assert len(asked) <= 8


def test_seats_that_are_coming_are_free_ones_of_open_batches(officer, facility, agency, course):
    batch = confirmed_batch(facility, agency, course=course)
    enrolled(batch)
    confirmed_batch(facility, agency, course=course, starts_on=today(-9), ends_on=today(9))
    for _person in range(13):
        waits(facility, course)
    row = of(officer, facility, course)
    assert (row.seats_coming, row.waiting, row.lacking) == (11, 13, 2)
