"""What SQL says of a whole prison is what the rules and the priority say of each person."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmates.models import (
    AptitudeAssessment,
    Inmate,
    SkillProfile,
)
from inmates.states import DocumentKind, RegisterClass
from tests.factories.inmates import CustodyFactory, InmateFactory, SentenceFactory, inmate_at
from tests.factories.partners import today
from tests.factories.training import CandidateFactory, confirmed_batch, enrolled
from tests.training.anybody import Prison
from training import eligibility, ranking
from training.models import Course, WaitingEntry
from training.ranking import Wanted
from training.services import candidates, eligible
from training.services.gathering import GatheringAgain
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db
MONTHS = st.none() | st.integers(0, 30)
COURSES = st.fixed_dictionaries(
    {
        "minimum_age": st.none() | st.integers(17, 40),
        "maximum_age": st.none() | st.integers(40, 60),
        "needs_one_third": st.booleans(),
        "buffer_days": st.none() | st.integers(0, 200),
        "latest_release_months": MONTHS,
        "minimum_remaining_months": MONTHS,
        "discipline_free_months": st.integers(0, 12),
        "retrain_after_months": st.integers(0, 30),
        "fitness_within_months": st.none() | st.integers(0, 12),
        "documents": st.lists(st.sampled_from(DocumentKind.values), unique=True, max_size=2),
        "resident_percent": st.sampled_from((0, 0, 30, 100)),
        "severities": st.dictionaries(
            st.sampled_from([rule.__name__ for rule in eligibility.RULES]),
            st.sampled_from(("warn", "off")),
            max_size=3,
        ),
    }
)


@pytest.mark.parametrize("people", [24])
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), asked=COURSES)
def test_sql_says_what_the_rules_say(seed, asked, people, facility, agency):
    with transaction.atomic():
        prison = Prison(random.Random(seed), facility, agency)  # noqa: S311 - a game of chance
        Course.objects.filter(pk=prison.batch.course_id).update(**asked)
        for _person in range(people):
            prison.add()
        batch = type(prison.batch).objects.get(pk=prison.batch.pk)
        terms = eligible.terms_of(batch)
        rows = ranking.rank(batch, terms, Wanted(), size=1000).rows
        expected = judged_in_python(batch, terms)
        assert {row.pk: (row.outcomes, row.outcome, row.points) for row in rows} == {
            pk: said[:3] for pk, said in expected.items()
        }
        assert [row.pk for row in rows] == sorted(expected, key=lambda pk: expected[pk][3])
        check_what_is_asked_again(batch, terms, list(expected))
        transaction.set_rollback(True)


def check_what_is_asked_again(batch, terms, keys):
    """An act gathers less, and fails the same people for the same."""
    people, only = Inmate.objects.in_bulk(keys).values(), eligibility.ASKED_AGAIN
    all_of_them = eligible.facts_for(batch, people, terms)
    for pk, facts in GatheringAgain(batch, keys, terms).facts().items():
        before, again = (
            eligibility.failures(eligibility.check(known, terms, eligibility.asked(terms, only)))
            for known in (all_of_them[pk], facts)
        )
        assert again == before
        assert {result.rule for result in before} <= only


def judged_in_python(batch, terms):
    """`{person: (what each rule says, in one word, points, place in the order)}`."""
    legs = batch.candidates.open().values_list("inmate__merged_into", "inmate")
    known = {pk for pair in legs for pk in pair}
    inmates = list(Inmate.objects.filter(prison=batch.facility).exclude(pk__in=known))
    people = {inmate.pk: inmate for inmate in inmates if not inmate.merged_into_id}
    found = {}
    for pk, facts in eligible.facts_for(batch, people.values(), terms).items():
        results = eligibility.check(facts, terms)
        outcome = str(eligibility.outcome_of(results))
        points = eligibility.score(facts, terms)
        place = ("pass", "warn", "fail").index(outcome), -points, facts.expected or today(99999)
        outcomes = tuple(str(result.outcome) for result in results)
        found[pk] = outcomes, outcome, points, (*place, people[pk].name, pk)
    return found


class TestPriority:
    @pytest.fixture
    def batch(self, facility, agency):
        return confirmed_batch(facility, agency, seats_confirmed=4)

    def shown(self, batch, user, **wanted):
        return list(eligible.page(batch, user, Wanted(**wanted)))

    def test_each_part_says_its_points_and_their_sum_is_the_priority(
        self, batch, facility, officer
    ):
        person = inmate_at(facility, city="Kota Cilegon", sentence={"two_thirds": today(160)})
        WaitingEntry.objects.create(
            facility=facility, inmate=person, course=batch.course, asked_on=today(-220)
        )
        CandidateFactory(batch=confirmed_batch(facility, batch.agency), inmate=person)
        CandidateFactory(
            batch=confirmed_batch(facility, batch.agency),
            inmate=person,
            state="rejected",
            entered_afterwards=True,
        )
        SkillProfile.objects.create(inmate=person, interests=[batch.course.trade.name])
        AptitudeAssessment.objects.create(
            inmate=person,
            facility=facility,
            assessed_on=today(-3),
            assessor="Psikolog",
            recommended=[batch.course.trade.name],
        )
        (shown,) = self.shown(batch, officer)
        parts = {part.name: (part.points, part.text) for part in shown.parts}
        assert parts["waiting"] == (7, "menunggu 7 bulan")
        assert parts["resident"] == (6, "warga Cilegon")
        assert parts["refusals"] == (4, "1 kali tidak mendapat kursi")
        assert parts["interest"][0] == parts["recommended"][0] == 4
        assert parts["release"][0] == 12 - eligibility.priority.months_between(
            eligible.terms_of(batch).needed_until, today(160)
        )
        assert shown.points == sum(points for points, _text in parts.values())

    def test_who_waits_longer_comes_first(self, batch, facility, officer):
        people = [inmate_at(facility) for _n in range(3)]
        for months, person in zip((2, 9, 5), people, strict=True):
            WaitingEntry.objects.create(
                facility=facility, inmate=person, course=batch.course, asked_on=today(-31 * months)
            )
        assert self.shown(batch, officer) == [people[1], people[2], people[0]]

    def test_waiting_for_another_course_or_no_more_counts_nothing(self, batch, facility, officer):
        person = inmate_at(facility)
        other = confirmed_batch(facility, batch.agency).course
        for course, state in ((other, "waiting"), (batch.course, "withdrawn")):
            WaitingEntry.objects.create(
                facility=facility,
                inmate=person,
                course=course,
                asked_on=today(-300),
                state=state,
                entered_afterwards=True,
            )
        assert "waiting" not in {part.name for part in self.shown(batch, officer)[0].parts}

    def test_only_the_last_assessment_counts(self, batch, facility, officer):
        person = inmate_at(facility)
        for day, trade in ((-9, batch.course.trade.name), (-3, "Lain")):
            AptitudeAssessment.objects.create(
                inmate=person,
                facility=facility,
                assessed_on=today(day),
                assessor="X",
                recommended=[trade],
            )
        assert "recommended" not in {part.name for part in self.shown(batch, officer)[0].parts}

    def test_the_weights_are_a_setting(self, batch, facility, officer, settings):
        inmate_at(facility, city="Cilegon")
        settings.PRIORITY_POINTS = settings.PRIORITY_POINTS | {"resident": 50}
        assert {part.points for part in self.shown(batch, officer)[0].parts} >= {50}


class TestFilters:
    @pytest.fixture
    def batch(self, facility, agency):
        return confirmed_batch(facility, agency, seats_confirmed=4)

    @pytest.fixture
    def people(self, facility):
        return {
            "fits": inmate_at(facility, name="A FITS", city="Kota Cilegon"),
            "noted": inmate_at(facility, name="B NOTED", sentence={"one_third": None}),
            "fails": inmate_at(facility, name="C FAILS", register_class=RegisterClass.A2),
        }

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            ({}, ["fits", "noted", "fails"]),
            ({"outcome": "pass"}, ["fits"]),
            ({"outcome": "warn"}, ["noted"]),
            ({"outcome": "fail"}, ["fails"]),
            ({"resident": "yes"}, ["fits"]),
            ({"resident": "no"}, ["noted", "fails"]),
            ({"register_class": "A.II"}, ["fails"]),
            ({"search": "noted"}, ["noted"]),
            ({"is_waiting": True}, []),
            ({"is_interested": True}, []),
            ({"sort": "name"}, ["fits", "noted", "fails"]),
        ],
    )
    def test_narrow_the_list(self, batch, people, officer, wanted, names):
        page = eligible.page(batch, officer, Wanted(**wanted))
        assert list(page) == [people[name] for name in names]
        assert page.paginator.count == len(names)

    def test_who_waits_or_is_interested(self, batch, people, facility, officer):
        WaitingEntry.objects.create(
            facility=facility, inmate=people["noted"], course=batch.course, asked_on=today()
        )
        SkillProfile.objects.create(inmate=people["fails"], interests=[batch.course.trade.name])
        waiting = eligible.page(batch, officer, Wanted(is_waiting=True))
        interested = eligible.page(batch, officer, Wanted(is_interested=True))
        assert (list(waiting), list(interested)) == ([people["noted"]], [people["fails"]])

    def test_counts_are_of_the_whole_prison_whatever_outcome_is_shown(self, batch, people, officer):
        for outcome in ("", "pass", "fail"):
            page = eligible.page(batch, officer, Wanted(outcome=outcome))
            assert page.counts == {"pass": 1, "warn": 1, "fail": 1}

    def test_nobody_at_all(self, batch, officer):
        page = eligible.page(batch, officer)
        assert (list(page), page.counts, page.paginator.count) == ([], {}, 0)

    def test_a_page_too_far_is_the_last(self, batch, facility, officer):
        for _n in range(26):
            inmate_at(facility)
        for number in (2, 99, "99999999999999999999"):
            page = eligible.page(batch, officer, number=number)
            assert (page.number, len(page.object_list)) == (2, 1)
        assert eligible.page(batch, officer, number="x").number == 1

    @pytest.mark.parametrize(
        ("wanted", "queries"),
        [
            ({}, 3),
            ({"outcome": "pass", "register_class": "B.I", "resident": "no"}, 3),
            ({"sort": "release"}, 3),
            ({"search": "warga"}, 5),
        ],
    )
    def test_as_many_queries_for_sixty_as_for_one(
        self, batch, facility, officer, wanted, queries, django_assert_num_queries
    ):
        inmate_at(facility)
        eligible.page(batch, officer, Wanted(**wanted))
        for _more in range(2):
            with django_assert_num_queries(queries):
                eligible.page(batch, officer, Wanted(**wanted))
            for _n in range(30):
                inmate_at(facility)


class TestTheFirst:
    @pytest.fixture
    def batch(self, facility, agency):
        batch = confirmed_batch(facility, agency, seats_confirmed=4)
        batch.course.resident_percent = 50
        batch.course.save()
        return batch

    def test_who_fails_is_not_among_them(self, batch, facility, officer):
        fine = inmate_at(facility, city="Cilegon")
        inmate_at(facility, register_class=RegisterClass.A1, city="Cilegon")
        assert eligible.first(batch, officer, 10) == [fine]

    def test_all_can_be_proposed_although_seats_are_kept_for_the_city(
        self, batch, facility, officer
    ):
        strangers = [inmate_at(facility, city="Kab. Serang") for _n in range(4)]
        home = inmate_at(facility, city="Kota Cilegon", sentence={"expires": None})
        chosen = eligible.first(batch, officer, 10)
        assert chosen == [*strangers[:2], home]
        answer = candidates.propose(batch=batch, inmates=chosen, by=officer)
        assert answer.refused == []
        refused = candidates.propose(batch=batch, inmates=strangers[2:], by=officer).refused
        assert len(refused) == 2
        assert "Bukan warga Cilegon" in refused[0][1][0]

    def test_as_many_as_there_are_places_and_reserves(self, batch, facility, officer, settings):
        assert eligible.places_left(batch) == 5
        CandidateFactory(batch=batch)
        assert eligible.places_left(batch) == 4
        settings.RESERVES_PERCENT = 100
        assert eligible.places_left(batch) == 7


def test_a_person_who_was_merged_counts_once_with_all_records(facility, agency, officer):
    batch = confirmed_batch(facility, agency)
    person = InmateFactory()
    CustodyFactory(inmate=person, facility=facility)
    SentenceFactory(inmate=person)
    earlier = InmateFactory(merged_into=person)
    done = confirmed_batch(
        facility, agency, course=batch.course, starts_on=today(-200), ends_on=today(-150)
    )
    enrolled(done, earlier, state=EnrolmentState.COMPLETED, entered_afterwards=True)
    (shown,) = eligible.page(batch, officer)
    assert shown == person
    assert {result.rule for result in shown.fails} == {"trained_before"}
