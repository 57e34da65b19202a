"""Each rule on its own, and on the day where its answer turns."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from inmates.states import RegisterClass, RestrictionKind
from training import eligibility
from training.eligibility import Facts, Outcome, Result, Span, Terms

START, END = date(2026, 3, 2), date(2026, 4, 30)
TERMS = Terms(facility_id=1, starts_on=START, ends_on=END, buffer_days=30)
DAYS = st.dates(date(1940, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize("register", [r for r in RegisterClass if r.startswith("B")])
def test_every_register_b_is_trained(register):
    assert eligibility.register(Facts(register_class=register), TERMS).outcome == Outcome.PASS


@pytest.mark.parametrize("register", [r for r in RegisterClass if r.startswith("A")])
def test_no_detainee_is_trained_and_the_sentence_names_the_register(register):
    result = eligibility.register(Facts(register_class=register), TERMS)
    assert result.is_fail
    assert register in result.text


def test_an_unknown_register_fails():
    assert eligibility.register(Facts(), TERMS).is_fail


@pytest.mark.parametrize(("facility_id", "fails"), [(1, False), (2, True), (None, True)])
def test_custody_must_be_open_at_this_prison(facility_id, fails):
    assert eligibility.custody(Facts(facility_id=facility_id), TERMS).is_fail is fails


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (eligibility.discipline, RestrictionKind.DISCIPLINE),
        (eligibility.security, RestrictionKind.SECURITY),
        (eligibility.fitness, RestrictionKind.UNFIT),
    ],
)
def test_a_restriction_fails_its_own_rule_only(rule, kind):
    facts = Facts(restrictions={kind: date(2026, 1, 5)})
    assert "5 Januari 2026" in rule(facts, TERMS).text
    failing = {r.rule for r in eligibility.failures(eligibility.check(facts, TERMS))}
    assert failing == {"register", "custody", rule.__name__}


@given(starts=st.dates(date(2026, 1, 1), date(2026, 6, 30)), length=st.integers(0, 60))
def test_a_clash_is_a_day_in_common(starts, length):
    span = Span("Angkatan Lain", starts, starts + timedelta(days=length))
    days = {span.starts_on + timedelta(days=n) for n in range(length + 1)}
    batch_days = {START + timedelta(days=n) for n in range((END - START).days + 1)}
    common = bool(days & batch_days)
    enrolled = eligibility.clash(Facts(enrolled_in=(span,)), TERMS)
    proposed = eligibility.clash(Facts(proposed_for=(span,)), TERMS)
    assert enrolled.outcome == (Outcome.FAIL if common else Outcome.PASS)
    assert proposed.outcome == (Outcome.WARN if common else Outcome.PASS)
    assert not common or "Angkatan Lain" in enrolled.text


@pytest.mark.parametrize(
    ("starts", "ends", "clashes"),
    [
        (END, END, True),
        (END + timedelta(days=1), END + timedelta(days=9), False),
        (START - timedelta(days=9), START, True),
        (START - timedelta(days=9), START - timedelta(days=1), False),
    ],
)
def test_the_first_and_the_last_day_count(starts, ends, clashes):
    facts = Facts(enrolled_in=(Span("X", starts, ends),))
    assert eligibility.clash(facts, TERMS).is_fail is clashes


@given(DAYS)
def test_a_third_must_be_served_on_the_first_day(day):
    result = eligibility.one_third(Facts(one_third=day), TERMS)
    assert result.outcome == (Outcome.PASS if day <= START else Outcome.FAIL)


def test_no_date_of_a_third_is_no_data():
    result = eligibility.one_third(Facts(), TERMS)
    assert result.outcome == Outcome.NO_DATA
    assert not result.is_fail


@given(release=DAYS, two_thirds=st.none() | DAYS)
def test_release_comes_after_the_end_and_the_buffer(release, two_thirds):
    result = eligibility.remaining_term(Facts(release=release, two_thirds=two_thirds), TERMS)
    needed = END + timedelta(days=30)
    if release < needed:
        assert result.outcome == Outcome.FAIL
    elif two_thirds and two_thirds < needed:
        assert result.outcome == Outcome.WARN
    else:
        assert result.outcome == Outcome.PASS


def test_no_date_of_release_is_no_data():
    assert eligibility.remaining_term(Facts(), TERMS).outcome == Outcome.NO_DATA


@given(birth=DAYS.filter(lambda day: day < START), low=st.integers(10, 60), span=st.integers(0, 30))
def test_age_is_counted_on_the_first_day_and_both_limits_count(birth, low, span):
    terms = Terms(
        facility_id=1,
        starts_on=START,
        ends_on=END,
        buffer_days=0,
        minimum_age=low,
        maximum_age=low + span,
    )
    result = eligibility.age(Facts(birth_date=birth), terms)
    fits = low <= relativedelta(START, birth).years <= low + span
    assert result.outcome == (Outcome.PASS if fits else Outcome.FAIL)


@pytest.mark.parametrize(
    ("born_on", "fails"), [(date(2008, 3, 2), False), (date(2008, 3, 3), True)]
)
def test_eighteen_on_the_first_day_is_old_enough(born_on, fails):
    terms = Terms(facility_id=1, starts_on=START, ends_on=END, buffer_days=0, minimum_age=18)
    assert eligibility.age(Facts(birth_date=born_on), terms).is_fail is fails


def test_age_without_a_birth_date_is_no_data_only_where_age_matters():
    limited = Terms(facility_id=1, starts_on=START, ends_on=END, buffer_days=0, maximum_age=50)
    assert eligibility.age(Facts(), limited).outcome == Outcome.NO_DATA
    assert eligibility.age(Facts(), TERMS).outcome == Outcome.PASS


def test_who_completed_the_course_is_only_remarked_upon():
    facts = Facts(completed=(Span("Angkatan 2024", date(2024, 1, 1), date(2024, 2, 1)),))
    result = eligibility.trained_before(facts, TERMS)
    assert result.outcome == Outcome.WARN
    assert "Angkatan 2024" in result.text


@pytest.mark.parametrize("rule", sorted(eligibility.NEVER_OVERRIDDEN))
def test_some_failures_no_reason_lifts(rule):
    results = [Result(rule, Outcome.FAIL, "", ""), Result("age", Outcome.FAIL, "", "")]
    assert not eligibility.may_be_overridden(results)
    assert eligibility.may_be_overridden(results[1:])


def test_an_override_lifts_only_what_failed_when_it_was_given():
    stored = [
        {"rule": "age", "outcome": "fail"},
        {"rule": "security", "outcome": "pass"},
        {"rule": "clash", "outcome": "fail"},
    ]
    assert eligibility.lifted_by(stored, "alasan") == {"age"}
    assert eligibility.lifted_by(stored, "") == frozenset()


@given(day=DAYS)
def test_results_are_stored_as_plain_data_and_read_back(day):
    facts = Facts(register_class="A.III", one_third=day, as_of=START, facility_id=1)
    for result in eligibility.check(facts, TERMS):
        with translation.override("en"):
            stored = result.as_data()
        again = Result.from_data(stored)
        assert (again.text, again.source_text) == (result.text, result.source_text)


def test_the_number_of_rules_is_what_the_page_shows():
    assert [r.rule for r in eligibility.check(Facts(), TERMS)] == [
        rule.__name__ for rule in eligibility.RULES
    ]
