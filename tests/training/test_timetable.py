"""Weekly slots laid over the days of a batch: sums, holidays, overlaps, and safe moves."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extras import DateTimeTZRange

from training import timetable

MONDAY = date(2027, 1, 4)


@dataclass(frozen=True)
class Slot:
    weekday: int
    starts_at: time
    jp: int


@dataclass(eq=False)
class Row:
    during: DateTimeTZRange


slots_of_a_week = st.lists(
    st.builds(
        Slot,
        weekday=st.integers(1, 7),
        starts_at=st.sampled_from([time(7, 30), time(13)]),
        jp=st.integers(1, 7),
    ),
    max_size=6,
    unique_by=lambda slot: (slot.weekday, slot.starts_at),
)
days = st.integers(0, 60).map(lambda n: MONDAY + timedelta(days=n))
batches = st.fixed_dictionaries(
    {
        "jp": st.integers(1, 300),
        "first": days,
        "last": days,
        "holidays": st.frozensets(days, max_size=10),
    }
)


@given(slots=slots_of_a_week, batch=batches)
def test_every_session_fits_and_their_jp_are_as_many_as_fit(slots, batch):
    found, left = timetable.sessions(slots, **batch)
    capacity = sum(
        slot.jp
        for n in range((batch["last"] - batch["first"]).days + 1)
        for slot in slots
        for day in [batch["first"] + timedelta(days=n)]
        if day.isoweekday() == slot.weekday and day not in batch["holidays"]
    )
    assert sum(session.jp for session in found) == min(batch["jp"], capacity)
    assert left == batch["jp"] - min(batch["jp"], capacity)
    for session in found:
        assert batch["first"] <= session.day <= batch["last"]
        assert session.day not in batch["holidays"]
        assert session.day.isoweekday() == session.slot.weekday
        assert timezone.localtime(session.starts).time() == session.slot.starts_at
        assert session.ends - session.starts == timedelta(minutes=45 * session.jp)
    for one, other in pairwise(found):
        assert one.ends <= other.starts
    assert all(session.jp == session.slot.jp for session in found[:-1])


@given(slots=slots_of_a_week, batch=batches, hours=st.integers(0, 1440))
def test_what_is_past_or_taken_is_left_alone(slots, batch, hours):
    now = timezone.make_aware(datetime.combine(MONDAY, time(0))) + timedelta(hours=hours)
    taken = [(now + timedelta(days=3), now + timedelta(days=3, hours=9))]
    found, _left = timetable.sessions(slots, not_before=now, taken=taken, **batch)
    assert all(session.starts >= now for session in found)
    assert not any(s.starts < taken[0][1] and taken[0][0] < s.ends for s in found)


@given(before=slots_of_a_week, after=slots_of_a_week, one=batches, other=batches)
def test_rows_move_one_by_one_without_ever_meeting_each_other(before, after, one, other):
    rows = [_row(session) for session in timetable.sessions(before, **one)[0]]
    wanted, _left = timetable.sessions(after, **other)
    pairs = timetable.matched(rows, wanted)
    assert Counter(id(row) for row, _s in pairs if row) == Counter(id(row) for row in rows)
    assert sorted(s.starts for _row, s in pairs if s) == [s.starts for s in wanted]
    ordered, circular = timetable.in_safe_order([pair for pair in pairs if all(pair)])
    places = {id(row): row.during for row, _session in ordered}
    for row, session in ordered:
        places[id(row)] = DateTimeTZRange(session.starts, session.ends, "[)")
        assert _apart(places.values())
    assert len(circular) != 1


@given(slots=slots_of_a_week, batch=batches)
def test_the_same_schedule_again_moves_nothing(slots, batch):
    wanted, _left = timetable.sessions(slots, **batch)
    pairs = timetable.matched([_row(session) for session in wanted], wanted)
    assert all(row.during.lower == session.starts for row, session in pairs)


def test_a_row_keeps_its_day_when_only_the_hour_changes():
    morning, noon = [Slot(1, time(8), 4)], [Slot(1, time(13), 4)]
    span = {"jp": 12, "first": MONDAY, "last": MONDAY + timedelta(days=60)}
    rows = [_row(session) for session in timetable.sessions(morning, **span)[0]]
    pairs = timetable.matched(rows, timetable.sessions(noon, **span)[0])
    assert [timezone.localdate(row.during.lower) for row, _session in pairs] == [
        session.day for _row, session in pairs
    ]


def test_a_holiday_moves_one_meeting_to_the_end():
    span = {"jp": 12, "first": MONDAY, "last": MONDAY + timedelta(days=60)}
    slots = [Slot(1, time(8), 4)]
    rows = [_row(session) for session in timetable.sessions(slots, **span)[0]]
    wanted, _left = timetable.sessions(slots, holidays={MONDAY + timedelta(days=7)}, **span)
    moved = [
        session.day
        for row, session in timetable.matched(rows, wanted)
        if row.during.lower != session.starts
    ]
    assert moved == [MONDAY + timedelta(days=21)]


def test_the_last_meeting_has_only_what_is_left():
    found, left = timetable.sessions(
        [Slot(1, time(8), 8)], jp=20, first=MONDAY, last=MONDAY + timedelta(days=60)
    )
    assert ([session.jp for session in found], left) == ([8, 8, 4], 0)


def test_how_long_a_jp_is_is_a_setting(settings):
    settings.JP_MINUTES = 40
    starts, ends = timetable.span(MONDAY, time(8), 3)
    assert ends - starts == timedelta(hours=2)


def test_two_slots_overlap_only_when_one_lasts_into_the_other():
    early, late = Slot(1, time(8), 4), Slot(1, time(11), 2)
    assert timetable.first_overlap([late, early, Slot(2, time(8), 8)]) is None
    longer = Slot(1, time(8), 5)
    assert timetable.first_overlap([late, longer]) == (longer, late)


@pytest.mark.parametrize(("starts_at", "jp", "fits"), [(time(8), 8, True), (time(20), 8, False)])
def test_a_meeting_ends_on_its_day(starts_at, jp, fits):
    assert timetable.ends_on_its_day(starts_at, jp) is fits


def _row(session):
    return Row(DateTimeTZRange(session.starts, session.ends, "[)"))


def _apart(ranges):
    ordered = sorted((each.lower, each.upper) for each in ranges)
    return all(one[1] <= other[0] for one, other in pairwise(ordered))
