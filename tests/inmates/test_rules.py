"""What a cell means, whatever is in it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates import nik, rules
from inmates.states import RegisterClass, Sex
from tests.inmates.register_files import written

DAYS = st.dates(date(1920, 1, 1), date(2100, 12, 31))
ANYTHING = st.one_of(
    st.text(),
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B.I  39/2025", "B.I"),
        ("BI.N.  121/2025", "B.I"),
        ("B-I- 24/2026", "B.I"),
        ("B-I-203-018", "B.I"),
        ("BIIa. 349/2023", "B.IIa"),
        ("B.II.a  262/2026", "B.IIa"),
        ("b iib 4", "B.IIb"),
        ("B.III 1/2026", "B.III"),
        ("A.III 8/2022", "A.III"),
        ("AIV/2", "A.IV"),
        ("A.V", "A.V"),
        ("B.II 8/2022", ""),
        ("B.IV 8/2022", ""),
        ("C 1", ""),
        ("", ""),
    ],
)
def test_any_spelling_of_a_register_number_gives_its_class(text, expected):
    assert rules.register_class(text) == expected


@given(
    st.sampled_from([code for code in RegisterClass.values if code]),
    st.sampled_from([".", "-", " ", ""]),
    st.sampled_from(["", ".", ". ", "-", "  ", ".N. "]),
    st.integers(1, 9999),
)
def test_a_class_survives_every_separator(code, inner, outer, number):
    spelled = inner.join(code.split(".")) + outer + f" {number}/2025"
    assert rules.register_class(spelled) == code
    assert rules.register_class(spelled.lower()) == code


@given(ANYTHING)
def test_register_class_never_fails(value):
    assert rules.register_class(value) in RegisterClass.values


@given(DAYS, st.integers(0, 4))
def test_a_date_written_in_any_way_reads_back(day, style):
    assert rules.parse_date(written(day, style)) == day
    assert rules.parse_date(f"  {written(day, style)}\x0b ") == day


@given(DAYS)
def test_dates_and_serials_of_excel_read_back(day):
    serial = (day - date(1899, 12, 30)).days
    assert rules.parse_date(day) == day
    assert rules.parse_date(datetime(day.year, day.month, day.day, 7, 30)) == day
    assert rules.parse_date(float(serial)) == day
    assert rules.parse_date(f"{serial}.0") == day
    assert rules.parse_date(f"{day:%Y-%m-%d} 00:00:00") == day


@pytest.mark.parametrize(
    "value", ["", " ", "-", "0", 0, 0.0, None, "00/00/0000", "00-00-0000", "0000-00-00"]
)
def test_nothing_is_no_date(value):
    assert rules.parse_date(value) is None


@pytest.mark.parametrize(
    "value",
    [
        *("tidak tahu", "31/02/1990", "12/31/2020", "1/1/90", "1990", "5 Foo 2020", "2025-13-01"),
        *("5 September", "08/05/202", "01/01/0202", "1/2-2020", "abc", "99999999"),
        *(1990.0, 5, float("nan"), float("inf"), True, -3),
    ],
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(rules.Unreadable):
        rules.parse_date(value)


@given(ANYTHING)
def test_a_date_is_a_day_nothing_or_refused(value):
    try:
        day = rules.parse_date(value)
    except rules.Unreadable:
        return
    assert day is None or day.year in rules.YEARS


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("3672011508900001", None),
        ("3672015508900002", None),
        ("'3672011508900001 ", None),
        ("3672012902920001", None),
        ("", None),
        ("-", None),
        ("0", None),
        (0.0, None),
        (None, None),
        ("3.17306E+15", "number"),
        ("3,17306E+15", "number"),
        ("3672011508900001.0", "number"),
        (3672011508900001.0, "number"),
        ("367201150890000", "shape"),
        ("3672011508900000", "shape"),
        ("3672013102900001", "shape"),
        ("3672017208900001", "shape"),
        ("3672011513900001", "shape"),
        ("ABC", "shape"),
    ],
)
def test_shape_of_a_nik(value, problem):
    assert rules.nik_problem(value) == problem


@given(ANYTHING)
def test_nik_problem_never_fails(value):
    assert rules.nik_problem(value) in {None, "number", "shape"}


def test_a_nik_that_contradicts_sex_or_birth_is_only_remarked():
    woman = "3672015508900002"
    told = {"sex": Sex.MALE, "birth_date": date(1990, 8, 16)}
    assert rules.nik_mismatches(woman, **told) == ["sex", "birth"]
    right = {"sex": Sex.FEMALE, "birth_date": date(1990, 8, 15)}
    assert rules.nik_mismatches(woman, **right) == []
    assert rules.nik_mismatches(woman, sex="", birth_date=None) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("R.M. ELVIN  ANDRIANI, S.Kom", "elvin andriani"),
        ("TGK. GANEP TAMPUBOLON, M.AK", "ganep tampubolon"),
        ("MA'RUF AL-AMIN", "maruf al amin"),
        ('SITI "UCOK"\nAMINAH', "siti ucok aminah"),
        ("DR.", "dr"),
        ("José", "jose"),
    ],
)
def test_names_are_searched_without_titles_and_marks(name, expected):
    assert rules.search_name(name) == expected


@given(st.text())
def test_a_search_name_is_its_own_search_name_or_shorter(name):
    once = rules.search_name(name)
    assert once == " ".join(once.split())
    assert len(rules.search_name(once)) <= len(once)


def test_age_changes_on_the_birthday():
    assert rules.age_on(date(1990, 8, 15), date(2026, 8, 14)) == 35
    assert rules.age_on(date(1990, 8, 15), date(2026, 8, 15)) == 36


def test_a_nik_is_sealed_and_opens_with_an_older_key(settings):
    sealed = nik.seal("3672011508900001")
    assert "36720115" not in sealed["cipher"]
    assert sealed["last4"] == "0001"
    settings.NIK_KEYS = ["neu:" + "A" * 43 + "=", *settings.NIK_KEYS]
    assert nik.reveal(sealed["cipher"].encode()) == "3672011508900001"
    again = nik.seal("3672011508900001")
    assert again["key"] == "neu"
    assert again["digest"] == sealed["digest"]
    settings.NIK_KEYS = ["neu:" + "A" * 43 + "="]
    with pytest.raises(nik.UnknownKey):
        nik.reveal(sealed["cipher"].encode())
