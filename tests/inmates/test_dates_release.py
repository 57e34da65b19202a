"""Expected release: each way out, what has passed, and that lists say the same as pages."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inmates import rules
from inmates.models import Custody, Inmate, Sentence
from inmates.states import CustodyEnd, RegisterClass, ReleaseBasis
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory, SentenceFactory, inmate_at

TODAY = date(2026, 3, 3)
LONG = {
    "detained_since": date(2024, 1, 31),
    "years": 4,
    "two_thirds": date(2026, 9, 30),
    "expires": date(2028, 1, 31),
}
SHORT = {
    "detained_since": date(2025, 10, 1),
    "years": 1,
    "months": 6,
    "days": 0,
    "two_thirds": date(2026, 10, 1),
    "expires": date(2027, 4, 1),
}


def released(register_class="B.I", today=TODAY, **stated):
    found = rules.expected_release(today=today, register_class=register_class, **stated)
    return found and (found.day, found.basis, found.past)


def test_parole_from_two_thirds():
    assert released(**LONG) == (date(2026, 9, 30), ReleaseBasis.PAROLE, False)


def test_parole_not_before_nine_months_served():
    early = LONG | {"detained_since": date(2026, 1, 31), "two_thirds": date(2026, 5, 1)}
    assert released(**early) == (date(2026, 10, 31), ReleaseBasis.PAROLE, False)


def test_no_parole_when_the_sentence_ends_first():
    brief = {"detained_since": date(2026, 1, 31), "months": 8, "expires": date(2026, 9, 30)}
    brief["two_thirds"] = date(2026, 7, 12)
    assert released(**brief) == (date(2026, 7, 12), ReleaseBasis.LEAVE, False)
    assert released(**brief | {"months": 19})[1] == ReleaseBasis.FULL


def test_leave_for_short_sentences_within_six_months_of_expiry(settings):
    settings.PAROLE_SERVED_MONTHS = 99
    assert released(**SHORT) == (date(2026, 10, 1), ReleaseBasis.LEAVE, False)
    later = SHORT | {"expires": date(2027, 8, 31)}
    assert released(**later) == (date(2027, 2, 28), ReleaseBasis.LEAVE, False)
    assert released(**SHORT | {"days": 1}) == (date(2027, 4, 1), ReleaseBasis.FULL, False)


def test_the_numbers_of_the_regulations_are_settings(settings):
    settings.PAROLE_SERVED_MONTHS, settings.LEAVE_SENTENCE_MONTHS = 14, 12
    assert released(**SHORT) == (date(2026, 12, 1), ReleaseBasis.PAROLE, False)
    settings.LEAVE_SENTENCE_MONTHS, settings.LEAVE_LASTS_MONTHS = 18, 5
    assert released(**SHORT) == (date(2026, 11, 1), ReleaseBasis.LEAVE, False)


def test_the_earliest_way_counts_and_sdps_own_day_is_one():
    assert released(**LONG, released_on=date(2026, 6, 1))[:2] == (date(2026, 6, 1), "stated")
    assert released(**LONG, released_on=date(2027, 6, 1))[1] == ReleaseBasis.PAROLE
    assert released(**LONG, released_on=LONG["two_thirds"])[1] == ReleaseBasis.STATED


def test_who_is_still_held_was_not_released_on_a_day_that_has_passed():
    after = LONG["two_thirds"] + timedelta(days=1)
    assert released(**LONG, today=LONG["two_thirds"])[1] == ReleaseBasis.PAROLE
    assert released(**LONG, today=after) == (LONG["expires"], ReleaseBasis.FULL, False)
    assert released(**LONG, released_on=date(2026, 3, 2))[1] == ReleaseBasis.PAROLE


def test_when_all_has_passed_the_latest_is_shown_as_past():
    assert released(**LONG, today=date(2030, 1, 1)) == (LONG["expires"], "full", True)
    late = LONG | {"released_on": date(2028, 2, 9)}
    assert released(**late, today=date(2030, 1, 1)) == (date(2028, 2, 9), "stated", True)


@pytest.mark.parametrize("register_class", ["A.III", ""])
def test_detainees_leave_on_no_day_but_a_stated_one(register_class):
    assert released(register_class, **LONG) == (LONG["expires"], ReleaseBasis.FULL, False)
    assert released(register_class, detained_since=date(2025, 1, 1), years=4) is None
    assert released(register_class, **LONG, released_on=date(2026, 4, 1))[1] == "stated"


def test_nothing_stated_nothing_expected():
    assert released() is None
    assert released(detained_since=date(2024, 1, 1), years=4) is None
    assert rules.release_of(None, None, TODAY) is None


def test_a_release_says_where_it_comes_from():
    found = rules.expected_release(today=TODAY, register_class="B.I", **LONG)
    assert (found.label, found.source(TODAY)) == (
        "PB",
        "2/3 masa pidana menurut SDP per 3 Maret 2026, paling cepat sesudah 9 bulan; PB mungkin.",
    )
    past = rules.expected_release(today=date(2030, 1, 1), register_class="B.I", **LONG)
    assert past.source(TODAY) == (
        "Ekspirasi menurut SDP per 3 Maret 2026. Tanggal ini sudah lewat; periksa di SDP."
    )


# Days where months end, leap days among them, and the days around them.
CORNERS = st.builds(
    lambda year, month, shift: date(year, month, 1) + timedelta(days=shift),
    st.sampled_from([1951, 1999, 2000, 2023, 2024, 2026, 2027, 2028, 2100]),
    st.integers(1, 12),
    st.integers(-3, 1),
)
DAYS = st.one_of(CORNERS, st.dates(date(1950, 1, 1), date(2100, 12, 31)))
SENTENCES = st.fixed_dictionaries(
    {
        "detained_since": st.none() | DAYS,
        "years": st.none() | st.integers(0, 20),
        "months": st.none() | st.integers(0, 20),
        "days": st.none() | st.integers(0, 60),
        "two_thirds": st.none() | DAYS,
        "expires": st.none() | DAYS,
        "released_on": st.none() | DAYS,
    }
)


@st.composite
def plausible(draw):
    """Dates as SDP would state them: all from one start, in order, some of them missing."""
    start = draw(CORNERS)
    months = draw(st.integers(1, 30))
    end = rules.months_later(start, months)
    two_thirds = start + (end - start) * 2 / 3
    stated = {
        "detained_since": start,
        "years": months // 12,
        "months": months % 12,
        "days": draw(st.sampled_from([None, 0, 1, 30])),
        "two_thirds": two_thirds,
        "expires": end,
        "released_on": draw(st.none() | st.just(end) | DAYS),
    }
    return stated | dict.fromkeys(draw(st.sets(st.sampled_from(sorted(stated)), max_size=1)))


CLASSES = st.sampled_from(RegisterClass.values)


@given(st.one_of(SENTENCES, plausible()), CLASSES, DAYS)
def test_any_dates_give_a_stated_or_derived_day_or_none(stated, register_class, today):
    found = rules.expected_release(today=today, register_class=register_class, **stated)
    has_way = stated["released_on"] or stated["expires"]
    if found is None:
        assert not has_way
        assert not (register_class.startswith("B") and stated["two_thirds"])
        return
    assert found.past == (found.day < today)
    if stated["expires"] and found.basis in (ReleaseBasis.PAROLE, ReleaseBasis.LEAVE):
        assert stated["two_thirds"] <= found.day < stated["expires"]
    assert found.source(today)


@given(plausible(), st.integers(0, 3000))
def test_a_later_expiry_releases_nobody_earlier(stated, more):
    if not stated["expires"]:
        return
    kept = {"today": date(1950, 1, 1), "register_class": "B.I"}
    later = stated | {"expires": stated["expires"] + timedelta(days=more)}
    before = rules.expected_release(**kept, **stated).day
    assert rules.expected_release(**kept, **later).day >= min(before, stated["expires"])


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cases=st.lists(
        st.tuples(st.one_of(SENTENCES, plausible()), st.none() | CLASSES), min_size=1, max_size=60
    ),
    today=DAYS,
)
def test_lists_and_pages_expect_the_same(held, cases, today):
    """`held` are people in custody, enough for each case: a None class means not in custody."""
    with transaction.atomic():
        people = held[: len(cases)]
        custodies, expected = [], {}
        for person, (stated, register_class) in zip(people, cases, strict=True):
            custody = person.custody
            custody.register_class = register_class or ""
            custody.until = None if register_class is not None else custody.starts
            custodies.append(custody)
            expected[person.pk] = rules.release_of(
                Sentence(**stated), None if register_class is None else custody, today
            )
        Custody.objects.bulk_update(custodies, ["register_class", "until"])
        Sentence.objects.bulk_create(
            Sentence(inmate=person, as_of=today, **stated)
            for person, (stated, _class) in zip(people, cases, strict=True)
        )
        people = Inmate.objects.filter(pk__in=expected)
        shown, ordered = (
            {row.pk: (row.expected_release, row.release_basis) for row in rows}
            for rows in (people.with_expected_release(today), people.by_expected_release(today))
        )
        transaction.set_rollback(True)
    assert shown == {
        pk: (release.day, release.basis) if release else (None, "")
        for pk, release in expected.items()
    }
    assert ordered == shown


@pytest.fixture
def held(db):
    facility = FacilityFactory()
    custodies = [CustodyFactory(facility=facility) for _person in range(60)]
    people = [custody.inmate for custody in custodies]
    for person, custody in zip(people, custodies, strict=True):
        person.custody = custody
    return people


@pytest.mark.django_db
def test_earlier_stays_make_no_further_rows():
    facility = FacilityFactory()
    person = inmate_at(facility)
    for _stay in range(2):
        CustodyFactory(
            inmate=person,
            facility=facility,
            until=date(2024, 5, 1),
            ended_how=CustodyEnd.RELEASED,
        )
    nobody_knows = CustodyFactory(facility=facility).inmate
    free = SentenceFactory(expires=date(2020, 1, 1), two_thirds=None).inmate
    rows = Inmate.objects.with_expected_release().order_by("expected_release")
    assert [(row.pk, row.release_basis) for row in rows] == [
        (free.pk, "full"),
        (person.pk, "parole"),
        (nobody_knows.pk, ""),
    ]


@pytest.mark.django_db
def test_it_filters_and_counts_by_expected_release():
    facility = FacilityFactory()
    inmate_at(facility, sentence=LONG)
    rows = Inmate.objects.by_expected_release(TODAY)
    assert rows.filter(expected_release__lte=date(2026, 9, 30)).count() == 1
    assert rows.filter(expected_release__lt=date(2026, 9, 30)).count() == 0
    assert rows.filter(release_basis=ReleaseBasis.PAROLE).exists()
