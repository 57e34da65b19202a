"""Finding people: whoever was typed badly, by any number, and all records of one person."""

import string
from datetime import date

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmates import nik
from inmates.models import Custody, Inmate
from inmates.rules import read_typed, search_name
from inmates.states import CustodyEnd
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at

pytestmark = pytest.mark.django_db

NIK = "3672011508900001"


def person(facility, name, **fields):
    return inmate_at(facility, name=name, search_name=search_name(name), **fields)


def found(facility, text, **where):
    return set(Inmate.objects.in_prisons([facility.pk]).search(text, **where))


@pytest.mark.parametrize(
    "text",
    [
        "abdul rahman wijaya",
        "ABDUL",
        "wijaya abdul",
        "abdulrahman",
        "abdul rahmanwijaya",
        "H. Abdul Rahman Wijaya",
        "Drs. Abdul Rahman, M.Si",
        "R.M. Abdul",
        "abdul rahmam wijaya",
        "abdl rahman wijaya",
        "wijyaa",
        "si kancil",
        "kancil abdul",
    ],
)
def test_a_name_is_found_however_it_is_typed(facility, text):
    wanted = person(facility, "ABDUL RAHMAN WIJAYA", aliases="Si Kancil, Boy")
    person(facility, "SUPRIYADI")

    assert found(facility, text) == {wanted}


def test_blanks_that_the_register_lacks_do_no_harm(facility):
    wanted = person(facility, "ABDULRAHMAN")

    assert found(facility, "abdul rahman") == {wanted}


def test_a_similar_name_is_only_offered_when_nobody_has_the_name(facility):
    exact = person(facility, "SUTRISNO")
    person(facility, "SUTRISNA")

    assert found(facility, "sutrisno") == {exact}
    assert len(found(facility, "sutrisni")) == 2


@pytest.mark.parametrize("text", ["B.I 39/2025", "bi39/2025", "BI 39 2025", "b.i.39", "BI.N"])
def test_a_register_number_is_found_in_any_spelling(facility, text):
    wanted = InmateFactory()
    number = "BI.N. 121/2025" if text == "BI.N" else "B.I  39/2025"
    CustodyFactory(inmate=wanted, facility=facility, register_number=number)
    CustodyFactory(facility=facility, register_number="B.IIa 40/2025")

    assert found(facility, text if text != "BI.N" else "bin121", at=[facility.pk]) == {wanted}


def test_a_register_number_counts_only_in_the_book_of_its_prison(facility, outsider):
    elsewhere = outsider.facility
    wanted = InmateFactory()
    CustodyFactory(
        inmate=wanted,
        facility=elsewhere,
        register_number="B.I 39/2023",
        until=date(2024, 2, 1),
        ended_how=CustodyEnd.TRANSFERRED,
    )
    CustodyFactory(inmate=wanted, facility=facility, register_number="B.I 7/2024")

    assert not found(facility, "B.I 39/2023", at=[facility.pk])
    assert found(facility, "B.I 7/2024", at=[facility.pk]) == {wanted}


def test_a_person_key_is_found_whole(facility):
    wanted = person(facility, "SUPRIYADI", person_key="0912345678")

    assert found(facility, "'0912345678") == {wanted}
    assert not found(facility, "091234567")


@pytest.mark.parametrize(
    "typed", [NIK, "3672 0115 0890 0001", "'3672011508900001", "3672.01.150890.0001"]
)
def test_all_digits_of_a_nik_find_it(facility, typed):
    wanted = person(facility, "SUPRIYADI", nik_digest=nik.digest(NIK))

    assert found(facility, typed) == {wanted}


def test_fewer_digits_of_a_nik_find_nothing(facility):
    person(facility, "SUPRIYADI", nik_digest=nik.digest(NIK))

    assert not found(facility, NIK[:15])
    assert not found(facility, NIK[-4:])


def test_a_nik_reaches_the_database_only_as_its_digest(facility):
    with CaptureQueriesContext(connection) as asked:
        found(facility, NIK, at=[facility.pk])
    assert not [query["sql"] for query in asked if NIK in query["sql"]]


def test_a_merged_record_is_found_by_its_old_name_and_key_and_leads_to_the_person(facility):
    kept = person(facility, "SUPRIYADI")
    InmateFactory(name="KANCIL", search_name="kancil", person_key="0900000077", merged_into=kept)

    assert found(facility, "kancil") == {kept}
    assert found(facility, "0900000077") == {kept}


@pytest.mark.parametrize("text", ["", " ", "ab", "a b", "-", "H.", "%%%", "😀😀😀"])
def test_too_little_finds_nobody(facility, text):
    person(facility, "ABIDIN HAMZAH")

    assert not found(facility, text)


def test_people_of_another_prison_are_never_found(facility, outsider):
    person(outsider.facility, "ABDUL RAHMAN")

    assert not found(facility, "abdul rahman")
    assert not found(facility, "abdul rahmam")


@pytest.mark.parametrize(
    ("text", "queries"), [("abdul", 3), ("abdl rahman", 3), ("bi392025", 2), (NIK, 2)]
)
def test_as_many_queries_for_one_as_for_many(facility, text, queries):
    for number in (1, 3):
        for _more in range(number):
            person(facility, "ABDUL RAHMAN")
        with CaptureQueriesContext(connection) as asked:
            found(facility, text, at=[facility.pk])
        assert len(asked) == queries


def test_the_prison_is_compared_as_what_it_is(facility):
    # GIN compares equal types only: with a plain 45 the prison would be no part of the look-up.
    plan = Inmate.objects.in_prisons([facility.pk]).search("abdul").explain()
    assert f"prison_id = '{facility.pk}'::bigint" in plan


def test_the_database_keeps_where_a_person_is_or_was(facility, outsider):
    wanted = inmate_at(facility)
    there = CustodyFactory(
        inmate=wanted, facility=outsider.facility, starts=date(2020, 1, 1), until=date(2020, 2, 1)
    )
    both = sorted([facility.pk, outsider.facility.pk])
    Inmate.objects.filter(pk=wanted.pk).update(prisons=[])  # nobody else writes it

    assert Inmate.objects.get(pk=wanted.pk).prisons == both
    assert list(Inmate.objects.been_at([outsider.facility.pk])) == [wanted]
    Custody.objects.filter(pk=there.pk).update(facility=facility)
    assert not Inmate.objects.been_at([outsider.facility.pk])


def test_records_of_one_person_are_the_same_from_any_of_them():
    kept = InmateFactory()
    merged = InmateFactory.create_batch(2, merged_into=kept)
    stranger = InmateFactory()

    for record in (kept, *merged):
        assert set(Inmate.objects.records_of(record)) == {kept.pk, *(m.pk for m in merged)}
    assert list(Inmate.objects.records_of(stranger)) == [stranger.pk]


def test_the_database_refuses_chains_of_merged_records():
    kept, middle, last = InmateFactory.create_batch(3)
    Inmate.objects.filter(pk=middle.pk).update(merged_into=kept)

    for record, into in ((last, middle), (kept, last), (last, last)):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Inmate.objects.filter(pk=record.pk).update(merged_into=into)


# --- Whatever is typed -----------------------------------------------------------------------

FIRST = "agung budiman cahyono darmawan endang fauzan gunawan hendra iskandar junaedi kusuma lukman"
LAST = "maulana nugroho oktavian permana qomaruddin ramadhan santoso tanjung usman wijaya yulianto"
TITLES = ("H. ", "Drs. ", "R.M. ", "Prof. Dr. ")
FAST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def mistyped(draw, word):
    """One letter wrong, missing, doubled, or changed with its neighbour."""
    place = draw(st.integers(1, len(word) - 2))
    return draw(
        st.sampled_from(
            [
                word[:place] + draw(st.sampled_from(string.ascii_lowercase)) + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + word[place] + word[place:],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )


@st.composite
def badly_typed(draw, name):
    words = name.split()
    how = draw(st.sampled_from(["typo", "swapped", "joined", "titled"]))
    if how == "typo":
        place = draw(st.integers(0, len(words) - 1))
        words[place] = mistyped(draw, words[place])
    if how == "swapped":
        words.reverse()
    text = ("" if how == "joined" else " ").join(words)
    return draw(st.sampled_from(TITLES)) + text if how == "titled" else text


@pytest.fixture
def two_hundred(facility):
    names = [f"{first} {last}" for first in FIRST.split() for last in LAST.split()]
    people = Inmate.objects.bulk_create(
        Inmate(person_key=f"77{n:06d}", name=name.upper(), search_name=name)
        for n, name in enumerate(names + [f"{name} putra" for name in names[:70]])
    )
    Custody.objects.bulk_create(
        Custody(inmate=each, facility=facility, starts=date(2024, 1, 1)) for each in people
    )
    assert len(people) > 200
    return people


@FAST
@given(data=st.data())
def test_a_badly_typed_name_is_found_among_two_hundred(facility, two_hundred, data):
    wanted = data.draw(st.sampled_from(two_hundred))
    text = data.draw(badly_typed(wanted.search_name))

    assert wanted in found(facility, text)


@FAST
@given(
    text=st.text(max_size=60)
    | st.text(alphabet="%_\\'\"\x00;()[]{}|&!<>*?+^$.~ aB3😀\ud800", max_size=40)
    | st.sampled_from(["a" * 10_000, "\x00", "ab " * 5_000, "%" * 99, "\\", "İ" * 60, "ﬃ" * 200])
)
def test_no_text_makes_it_fail(facility, text):
    read_typed(text)
    list(Inmate.objects.in_prisons([facility.pk]).search(text, at=[facility.pk]))
