"""The picture of a person's time: all of it is there, and no two labels lie on each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.timeline import LONGEST, WIDTH
from placements.timeline import GAP, THINNEST, Mark, Span, Verdict, draw, fit

DAYS = st.dates(date(1990, 1, 1), date(2070, 12, 31))
LABELS = st.text("abcdef ghij", min_size=1, max_size=70)
TODAY = date(2026, 5, 17)


@st.composite
def spans(draw_from):
    starts = draw_from(DAYS)
    length = draw_from(st.none() | st.integers(0, 4000))
    return Span(
        lane=draw_from(st.sampled_from(["Penempatan", "Pelatihan"])),
        label=draw_from(LABELS),
        starts=starts,
        ends=None if length is None else starts + timedelta(days=length),
    )


MARKS = st.builds(Mark, day=DAYS, label=LABELS)


def apart(placed):
    """Whether nothing that stands in one row overlaps."""
    rows = {}
    for each in placed:
        rows.setdefault(each.row, []).append((each.left, each.right))
    return all(
        before[1] < after[0] for row in rows.values() for before, after in pairwise(sorted(row))
    )


@given(st.lists(spans(), max_size=12), st.lists(MARKS, max_size=12))
def test_everything_is_in_the_picture_and_no_two_labels_overlap(of_time, days):
    picture = draw(of_time, days, today=TODAY)
    bars = [bar for lane in picture.lanes for bar in lane.bars]
    assert {bar.span for bar in bars} == set(of_time)
    assert len(bars) == len(of_time)
    assert len(picture.flags) == len(days) + 1
    assert apart(picture.flags)
    assert all(apart(lane.bars) for lane in picture.lanes)
    for bar in bars:
        assert 0 <= bar.left <= bar.x <= bar.x + bar.width <= bar.right <= WIDTH
        assert bar.width >= THINNEST
        assert 0 < bar.y < picture.bottom
    for flag in picture.flags:
        assert 0 <= flag.left <= flag.right <= WIDTH
        assert flag.left - GAP <= flag.x <= flag.right + GAP
        assert flag.line_y <= picture.top


@pytest.mark.parametrize("days", range(-400, 401, 25))
def test_no_line_of_a_day_goes_through_the_label_of_another(days):
    """The usual picture: three dates of a sentence, its ends, and today somewhere between."""
    start = TODAY - timedelta(days=700)
    near = TODAY + timedelta(days=days)
    marks = [
        Mark(day=start, label="Mulai ditahan"),
        Mark(day=start + timedelta(days=350), label="1/3"),
        Mark(day=near, label="1/2"),
        Mark(day=near + timedelta(days=10), label="Perkiraan bebas (PB)"),
        Mark(day=near + timedelta(days=10), label="2/3"),
        Mark(day=near + timedelta(days=400), label="Ekspirasi"),
    ]
    flags = draw([], marks, today=TODAY).flags
    crossed = [
        (upper.text, lower.text)
        for upper in flags
        for lower in flags
        if upper.row < lower.row and lower.left < upper.x < lower.right
    ]
    assert not crossed


@given(st.lists(spans(), max_size=8), st.lists(MARKS, max_size=8))
def test_earlier_days_stand_further_left(of_time, days):
    picture = draw(of_time, days, today=TODAY)
    in_order = sorted(picture.flags, key=lambda flag: flag.mark.day)
    assert [flag.x for flag in in_order] == sorted(flag.x for flag in in_order)


@given(st.lists(spans(), max_size=8))
def test_lanes_lie_one_below_the_other(of_time):
    lanes = draw(of_time, [], today=TODAY).lanes
    for above, below in pairwise(lanes):
        assert above.y + above.height == below.y


@given(st.lists(spans(), max_size=8), st.lists(MARKS, max_size=8))
def test_names_of_years_and_months_have_room(of_time, days):
    ticks = [tick.x for tick in draw(of_time, days, today=TODAY).ticks]
    assert all(after - before > 50 for before, after in pairwise(ticks))


def test_without_anything_there_is_today():
    picture = draw([], [], today=TODAY)
    assert [flag.text for flag in picture.flags] == ["Hari ini"]
    assert picture.flags[0].x in range(WIDTH // 2 - GAP, WIDTH // 2 + GAP)


def test_what_goes_on_reaches_the_right_edge():
    stay = Span(lane="Penempatan", label="Lapas Uji", starts=date(2024, 1, 1), ends=None)
    picture = draw([stay], [Mark(day=date(2030, 1, 1), label="Ekspirasi")], today=TODAY)
    bar = picture.lanes[0].bars[0]
    assert bar.x + bar.width >= WIDTH - 2 * GAP
    assert bar.is_inside


def test_a_long_label_is_cut():
    named = Mark(day=TODAY, label="x" * 100)
    flags = draw([], [named], today=TODAY).flags
    assert max(len(flag.text) for flag in flags) == LONGEST


@pytest.mark.parametrize(
    ("days_before", "verdict"),
    [
        (365, Verdict.FITS),
        (30, Verdict.FITS),
        (29, Verdict.TIGHT),
        (0, Verdict.TIGHT),
        (-1, Verdict.LATE),
    ],
)
def test_a_batch_ends_in_time_when_the_buffer_is_left(days_before, verdict):
    found = fit(TODAY, TODAY + timedelta(days=days_before), 30)
    assert (found.verdict, found.days) == (verdict, days_before)


def test_without_a_day_of_release_nothing_is_said():
    assert fit(TODAY, None, 30).verdict == Verdict.UNKNOWN
