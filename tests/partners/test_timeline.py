"""The picture of all agreements: everything is in it, in its place, and nothing outside of it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.timeline import WIDTH, width_of
from partners import timeline
from partners.timeline import Mark, MarkKind, Term, draw, span_of_years

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
TODAY = date(2026, 11, 26)
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
TITLES = st.text("abcdef ghij", min_size=1, max_size=120)


def term(pk=1, starts=date(2026, 1, 1), ends=date(2026, 12, 31), **more):
    facts = {"agency": "BLK", "title": "PKS", "look": "in_force", "status": "Berlaku"}
    return Term(pk=pk, starts=starts, ends=ends, **(facts | more))


@st.composite
def terms(draw_from):
    found = []
    for pk in range(draw_from(st.integers(1, 12))):
        starts = draw_from(DAYS)
        before = [other.pk for other in found]
        found.append(
            term(
                pk,
                starts,
                starts + timedelta(days=draw_from(st.integers(0, 3000))),
                agency=draw_from(st.sampled_from(["BLK", "Disnaker"])),
                title=draw_from(TITLES),
                follows=draw_from(st.sampled_from([None, *before])),
                marks=(Mark(day=draw_from(DAYS), kind=MarkKind.NOTICE),),
            )
        )
    return found


@given(terms())
def test_whatever_touches_the_years_is_drawn_once_and_inside(found):
    picture = draw(found, FIRST, LAST, today=TODAY)
    bars = [bar for lane in picture.lanes for bar in lane.bars]
    touching = {each.pk for each in found if each.starts <= LAST and each.ends >= FIRST}

    assert sorted(bar.term.pk for bar in bars) == sorted(touching)
    for bar in bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.width > 0
        assert bar.y >= 0
        assert bar.y + picture.row <= picture.bottom
        assert all(0 <= point.x <= WIDTH for point in bar.points)


@given(terms())
def test_nothing_lies_on_anything_in_a_row(found):
    picture = draw(found, FIRST, LAST, today=TODAY)
    rows = {}
    for lane in picture.lanes:
        for bar in lane.bars:
            rows.setdefault(bar.y, []).append(bar)
    for bars in rows.values():
        for before, after in pairwise(sorted(bars, key=lambda bar: bar.x)):
            assert before.x + before.width <= after.x
            assert before.text_x + width_of(before.text) <= after.text_x or len(before.text) <= 1


def test_a_renewal_stands_behind_what_it_renews_and_a_stranger_below():
    old = term(1, date(2025, 1, 1), date(2025, 12, 31))
    new = term(2, date(2026, 1, 1), date(2027, 12, 31), follows=1)
    other = term(3, date(2026, 1, 1), date(2027, 12, 31))

    (lane,) = draw([other, new, old], FIRST, LAST, today=TODAY).lanes

    row = {bar.term.pk: bar.row for bar in lane.bars}
    assert row[1] == row[2] != row[3]


def test_lanes_are_in_order_of_the_agencies_names():
    found = [term(1, agency="Disnaker"), term(2, agency="BLK"), term(3, agency="bapas")]

    lanes = draw(found, FIRST, LAST, today=TODAY).lanes

    assert [lane.label for lane in lanes] == ["bapas", "BLK", "Disnaker"]


def test_today_is_drawn_only_inside_the_years():
    assert draw([term()], FIRST, LAST, today=TODAY).now
    assert draw([term()], FIRST, LAST, today=date(2031, 1, 1)).now is None


def test_the_legend_names_what_is_there():
    picture = draw([term(), term(2, look="past_notice")], FIRST, LAST, today=TODAY)

    assert [look for look, _words in picture.looks] == ["in_force", "past_notice"]


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ((None, None), (2025, 2028)),
        (("2020", "2022"), (2020, 2022)),
        (("2022", "2020"), (2020, 2022)),
        (("2030", None), (2030, 2030)),
        ((None, "2019"), (2019, 2019)),
        (("abc", "x"), (2025, 2028)),
        (("0", "99999"), (2025, 2028)),
        (("1970", "2100"), (1970, 1970 + timeline.YEARS_MOST - 1)),
        (("2026.5", "²"), (2025, 2028)),
    ],
)
def test_years_are_read_from_any_text(asked, years):
    first, last = span_of_years(*asked, today=TODAY)

    assert (first, last) == (date(years[0], 1, 1), date(years[1], 12, 31))
