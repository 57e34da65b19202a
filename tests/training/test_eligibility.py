"""Each rule on its own, and on the day where its answer turns."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from inmates.states import RegisterClass, RestrictionKind
from training import eligibility
from training.eligibility import Facts, Outcome, Result, Span, Terms, rules

START, END = date(2026, 3, 2), date(2026, 4, 30)
TERMS = Terms(facility_id=1, starts_on=START, ends_on=END, buffer_days=30)
DAYS = st.dates(date(1940, 1, 1), date(2060, 1, 1))


def terms(**asked):
    """`TERMS` with what a course asks beyond."""
    return replace(TERMS, **asked)


@pytest.mark.parametrize("register", [r for r in RegisterClass if r.startswith("B")])
def test_every_register_b_is_trained(register):
    assert rules.register(Facts(register_class=register), TERMS).outcome == Outcome.PASS


@pytest.mark.parametrize("register", [r for r in RegisterClass if r.startswith("A")])
def test_no_detainee_is_trained_and_the_sentence_names_the_register(register):
    result = rules.register(Facts(register_class=register), TERMS)
    assert result.is_fail
    assert register in result.text


def test_an_unknown_register_fails():
    assert rules.register(Facts(), TERMS).is_fail


@pytest.mark.parametrize(("facility_id", "fails"), [(1, False), (2, True), (None, True)])
def test_custody_must_be_open_at_this_prison(facility_id, fails):
    assert rules.custody(Facts(facility_id=facility_id), TERMS).is_fail is fails


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (rules.discipline, RestrictionKind.DISCIPLINE),
        (rules.security, RestrictionKind.SECURITY),
        (rules.fitness, RestrictionKind.UNFIT),
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
    enrolled = rules.clash(Facts(enrolled_in=(span,)), TERMS)
    proposed = rules.clash(Facts(proposed_for=(span,)), TERMS)
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
    assert rules.clash(facts, TERMS).is_fail is clashes


@given(DAYS)
def test_a_third_must_be_served_on_the_first_day(day):
    result = rules.one_third(Facts(one_third=day), TERMS)
    assert result.outcome == (Outcome.PASS if day <= START else Outcome.FAIL)


def test_no_date_of_a_third_is_no_data():
    result = rules.one_third(Facts(), TERMS)
    assert result.outcome == Outcome.NO_DATA
    assert not result.is_fail


@given(ends=DAYS, expected=st.none() | DAYS)
def test_release_comes_after_the_end_and_the_buffer(ends, expected):
    result = rules.remaining_term(Facts(term_ends=ends, expected=expected), TERMS)
    needed = END + timedelta(days=30)
    if ends < needed:
        assert result.outcome == Outcome.FAIL
    elif expected and expected < needed:
        assert result.outcome == Outcome.WARN
    else:
        assert result.outcome == Outcome.PASS


def test_no_date_of_release_is_no_data():
    assert rules.remaining_term(Facts(), TERMS).outcome == Outcome.NO_DATA


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
    result = rules.age(Facts(birth_date=birth), terms)
    fits = low <= relativedelta(START, birth).years <= low + span
    assert result.outcome == (Outcome.PASS if fits else Outcome.FAIL)


@pytest.mark.parametrize(
    ("born_on", "fails"), [(date(2008, 3, 2), False), (date(2008, 3, 3), True)]
)
def test_eighteen_on_the_first_day_is_old_enough(born_on, fails):
    terms = Terms(facility_id=1, starts_on=START, ends_on=END, buffer_days=0, minimum_age=18)
    assert rules.age(Facts(birth_date=born_on), terms).is_fail is fails


def test_age_without_a_birth_date_is_no_data_only_where_age_matters():
    limited = Terms(facility_id=1, starts_on=START, ends_on=END, buffer_days=0, maximum_age=50)
    assert rules.age(Facts(), limited).outcome == Outcome.NO_DATA
    assert rules.age(Facts(), TERMS).outcome == Outcome.PASS


@pytest.mark.parametrize(
    ("ended", "months", "outcome"),
    [
        (date(2024, 3, 2), 24, Outcome.PASS),
        (date(2024, 3, 3), 24, Outcome.FAIL),
        (date(2024, 3, 3), 0, Outcome.PASS),
    ],
)
def test_the_same_course_again_only_after_some_months(ended, months, outcome):
    facts = Facts(completed=(Span("Angkatan 2024", ended, ended),))
    assert rules.trained_before(facts, terms(retrain_after_months=months)).outcome == outcome


def test_of_several_the_last_completed_counts():
    spans = [Span(str(day), day, day) for day in (date(2025, 6, 1), date(2020, 6, 1))]
    facts = Facts(completed=tuple(spans))
    assert rules.trained_before(facts, terms(retrain_after_months=24)).is_fail


@pytest.mark.parametrize(
    ("until", "months", "fails"),
    [
        (date(2026, 1, 1), 0, False),
        (date(2025, 12, 31), 6, True),
        (date(2025, 7, 1), 6, True),
        (date(2025, 6, 30), 6, False),
    ],
)
def test_a_course_may_look_back_at_register_f(until, months, fails):
    asked = terms(discipline_free_months=months, today=date(2026, 1, 1))
    result = rules.discipline(Facts(disciplined_until=until), asked)
    assert result.is_fail is fails


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (None, Outcome.NO_DATA),
        (date(2025, 6, 30), Outcome.NO_DATA),
        (date(2025, 7, 1), Outcome.PASS),
    ],
)
def test_a_course_may_ask_for_a_word_of_the_clinic_that_is_not_old(seen, outcome):
    asked = terms(fitness_within_months=6, today=date(2026, 1, 1))
    facts = Facts(restrictions={RestrictionKind.FIT: seen} if seen else {})
    assert rules.fitness(facts, asked).outcome == outcome


def test_being_seen_by_the_clinic_does_not_lift_unfit():
    kinds = {RestrictionKind.FIT: date(2026, 1, 1), RestrictionKind.UNFIT: date(2025, 12, 1)}
    asked = terms(fitness_within_months=6, today=date(2026, 1, 1))
    assert rules.fitness(Facts(restrictions=kinds), asked).is_fail


@given(expected=st.none() | DAYS, months=st.none() | st.integers(0, 120))
def test_training_for_release_wants_a_release_that_is_not_far(expected, months):
    asked = terms(latest_release_months=months)
    outcome = rules.release_window(Facts(expected=expected), asked).outcome
    if months is None:
        assert outcome == Outcome.PASS
    elif expected is None:
        assert outcome == Outcome.NO_DATA
    else:
        late = expected > END + relativedelta(months=months)
        assert outcome == (Outcome.FAIL if late else Outcome.PASS)


@given(ends=st.none() | DAYS, expected=st.none() | DAYS, months=st.none() | st.integers(0, 120))
def test_production_work_wants_a_long_remaining_term(ends, expected, months):
    asked = terms(minimum_remaining_months=months)
    outcome = rules.long_term(Facts(term_ends=ends, expected=expected), asked).outcome
    stays = START + relativedelta(months=months or 0)
    if months is None:
        assert outcome == Outcome.PASS
    elif ends is None:
        assert outcome == Outcome.NO_DATA
    elif ends < stays:
        assert outcome == Outcome.FAIL
    else:
        early = expected is not None and expected < stays
        assert outcome == (Outcome.WARN if early else Outcome.PASS)


def test_a_course_need_not_ask_for_a_third():
    facts = Facts(one_third=date(2050, 1, 1))
    assert rules.one_third(facts, terms(needs_one_third=False)).outcome == Outcome.PASS


def test_missing_papers_are_named_in_the_readers_language():
    asked = terms(documents=("identity", "diploma", "photo"))
    result = rules.documents(Facts(documents=frozenset({"identity"})), asked)
    assert result.is_fail
    assert result.text == "Belum ada: Ijazah terakhir, Pasfoto."
    assert Result.from_data(result.as_data()).text == result.text
    assert not rules.documents(Facts(documents=frozenset(asked.documents)), asked).is_fail


@pytest.mark.parametrize(
    ("home", "left", "outcome"),
    [
        (True, 0, Outcome.PASS),
        (False, None, Outcome.PASS),
        (False, 1, Outcome.PASS),
        (False, 0, Outcome.FAIL),
        (False, -2, Outcome.FAIL),
        (None, 3, Outcome.NO_DATA),
    ],
)
def test_who_is_not_of_the_city_needs_an_open_seat(home, left, outcome):
    asked = terms(open_seats=left, resident_percent=60, city="Cilegon")
    result = rules.residency(Facts(is_resident=home), asked)
    assert result.outcome == outcome
    assert outcome != Outcome.FAIL or "60%" in result.text


@pytest.mark.parametrize(
    ("code", "city", "home"),
    [
        ("36.72.01.1002", "Kab. Serang", True),
        ("3672", "", True),
        ("36.04.01", "Kota Cilegon", False),
        ("", "KOTA CILEGON", True),
        ("", "Kab. Serang", False),
        ("", "", None),
    ],
)
def test_the_code_of_the_ktp_says_before_the_name_who_is_of_the_city(code, city, home):
    asked = terms(city="Cilegon", residence_code="3672")
    assert asked.is_home_of(domicile_code=code, city=city) is home


@pytest.mark.parametrize("rule", sorted(rules.SOFTENED))
def test_a_course_may_let_a_rule_only_warn_or_not_ask_it(rule):
    asked = terms(
        minimum_age=99,
        needs_one_third=True,
        latest_release_months=0,
        minimum_remaining_months=120,
        retrain_after_months=24,
        documents=("photo",),
        open_seats=0,
    )
    facts = Facts(
        register_class="B.I",
        facility_id=1,
        restrictions=dict.fromkeys(RestrictionKind.values, START),
        birth_date=date(2000, 1, 1),
        one_third=date(2030, 1, 1),
        term_ends=START,
        expected=date(2030, 1, 1),
        completed=(Span("X", START, START),),
        is_resident=False,
    )

    def said(**severities):
        results = eligibility.check(facts, replace(asked, severities=severities))
        return {result.rule: result.outcome for result in results}.get(rule)

    assert said() == Outcome.FAIL
    assert said(**{rule: "warn"}) == Outcome.WARN
    assert said(**{rule: "off"}) is None


@pytest.mark.parametrize("rule", sorted(eligibility.NEVER_OVERRIDDEN))
@pytest.mark.parametrize("severity", ["warn", "off"])
def test_no_course_softens_what_the_law_asks(rule, severity):
    facts = Facts(register_class="A.I", facility_id=2, enrolled_in=(Span("X", START, END),))
    results = eligibility.check(facts, terms(severities={rule: severity}))
    assert rule in {result.rule for result in eligibility.failures(results)}


def test_a_merged_record_is_not_the_person():
    result = rules.custody(Facts(facility_id=1, is_merged=True), TERMS)
    assert result.is_fail
    assert "digabungkan" in result.text


def test_of_a_batch_at_another_prison_only_the_dates_are_told():
    facts = Facts(enrolled_in=(Span("", START, END),))
    assert rules.clash(facts, TERMS).text.startswith("Peserta angkatan di lapas lain, 2 Maret 2026")


@pytest.mark.parametrize(
    "stored",
    [
        {"rule": "age", "outcome": "fail", "sentence": "Usia %(age)s tahun.", "source": "SDP"},
        {"rule": "gone", "outcome": "pass", "sentence": "Baik.", "source": "", "places": {}},
        {"rule": "age", "outcome": "warn", "sentence": "100% %(new)s", "source": "", "places": {}},
        {"rule": "age", "outcome": "warn"},
    ],
)
def test_stored_rows_of_other_days_are_still_read(stored):
    result = Result.from_data(stored)
    assert result.text == stored.get("sentence", "")
    assert "Project-Id-Version" not in result.source_text


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
