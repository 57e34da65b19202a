"""How much was attended: what counts, what is excused, and since when somebody takes part."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled, hours
from training.attendance_figures import attendance_of, attendance_of_one
from training.attended import DANGER, FINE, LOST, Attended
from training.attended_sums import SUMS, sums
from training.models import Attendance, Enrolment
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def summed(db):
    """After each test: those of all people at once are the sums of each of them."""
    yield
    people = Enrolment.objects.with_attendance().order_by().values_list(*SUMS, "agency")
    assert sorted(sums(Enrolment.objects.all(), "agency").fetched()) == sorted(
        (agency, *told, number) for (*told, agency), number in Counter(people).items()
    )


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-20), ends_on=today(20))


def held(batch, day, jp=8):
    """A meeting that was held so many days after the batch began."""
    return MeetingFactory(
        batch=batch,
        during=hours(batch.starts_on + timedelta(days=day), 8, 14),
        jp=jp,
        state=MeetingState.HELD,
        entered_afterwards=True,
    )


def came(enrolment, meeting, code="H", jp=None):
    jp = meeting.jp if jp is None and code == "H" else jp or 0
    return Attendance.objects.create(
        facility=meeting.facility,
        agency=meeting.agency,
        meeting=meeting,
        enrolment=enrolment,
        code=code,
        jp=jp,
    )


def test_nothing_counts_before_the_first_meeting_was_held(batch):
    person = enrolled(batch)
    MeetingFactory(batch=batch)
    figures = attendance_of_one(person)
    assert (figures.held, figures.ahead, figures.percent, figures.is_enough) == (0, 8, None, None)


def test_jp_that_were_written_down_count_and_excused_ones_leave_both_sides(batch):
    person = enrolled(batch)
    meetings = [held(batch, day) for day in range(5)]
    for meeting, (code, jp) in zip(
        meetings, [("H", 8), ("T", 6), ("D", 0), ("A", 0)], strict=False
    ):
        came(person, meeting, code, jp)
    figures = attendance_of(batch)[person.pk]
    assert (figures.attended, figures.held, figures.excused) == (14, 32, 8)
    assert (figures.percent, figures.is_enough) == (43, False)


@pytest.mark.parametrize(("absent", "enough"), [(1, True), (2, False)])
def test_the_share_that_the_course_asks(batch, absent, enough):
    batch.course.minimum_attendance = 75
    batch.course.save()
    person = enrolled(batch)
    for day in range(4):
        came(person, held(batch, day), "A" if day < absent else "H")
    assert attendance_of_one(person).is_enough is enough


def test_which_codes_are_excused_is_a_setting(batch, settings):
    settings.ATTENDANCE_EXCUSED_CODES = ["S"]
    person = enrolled(batch)
    came(person, held(batch, 0), "S")
    came(person, held(batch, 1), "D")
    assert attendance_of_one(person).held == 8


def test_whoever_a_later_decree_named_takes_part_from_its_day(batch):
    with time_machine.travel(today(-25)):
        first = enrolled(batch)
    with time_machine.travel(today(-10)):
        later = enrolled(batch)
    meetings = [held(batch, 0), held(batch, 12)]
    figures = attendance_of(batch)
    assert (figures[first.pk].held, figures[later.pk].held) == (16, 8)
    assert set(Enrolment.objects.asked_at(meetings[0])) == {first}
    assert set(Enrolment.objects.asked_at(meetings[1])) == {first, later}


def test_whoever_left_counts_until_that_day_and_is_asked_until_then(batch):
    person = enrolled(batch)
    meetings = [held(batch, 0), held(batch, 12)]
    Enrolment.objects.filter(pk=person.pk).update(
        state="dropped", dropped_on=today(-12), reason="Mundur"
    )
    assert attendance_of_one(person).held == 8
    assert [list(Enrolment.objects.asked_at(each)) for each in meetings] == [[person], []]


def test_entries_outside_of_a_persons_time_count_on_neither_side(batch):
    person = enrolled(batch)
    days = [held(batch, day) for day in (0, 4, 12)]
    for meeting, code in zip(days, ("H", "D", "H"), strict=True):
        came(person, meeting, code)
    Enrolment.objects.filter(pk=person.pk).update(
        state="dropped", dropped_on=batch.starts_on + timedelta(days=2), reason="Mundur"
    )
    figures = attendance_of_one(person)
    assert (figures.attended, figures.held, figures.excused) == (8, 8, 0)
    type(batch).objects.filter(pk=batch.pk).update(starts_on=batch.starts_on + timedelta(days=2))
    Enrolment.objects.filter(pk=person.pk).update(dropped_on=today())
    figures = attendance_of_one(person)
    assert (figures.attended, figures.held, figures.excused) == (8, 8, 8)
    assert figures.percent == 100


def put(person, state):
    Enrolment.objects.filter(pk=person.pk).update(state=state, state_at=timezone.now())


def test_suspended_people_are_not_asked_and_the_meeting_does_not_count_for_them(batch):
    person, other = enrolled(batch), enrolled(batch)
    missed = held(batch, 0)
    put(person, "suspended")
    meeting = held(batch, 1)
    assert set(Enrolment.objects.asked_at(meeting)) == {other}
    written = held(batch, 2)
    came(person, written, "S")
    put(person, "enrolled")
    held(batch, 3)
    assert missed.jp == 8
    assert attendance_of_one(person).held == 3 * 8
    assert attendance_of_one(other).held == 4 * 8


def test_a_meeting_that_begins_after_midnight_utc_counts_on_its_local_day(batch):
    person = enrolled(batch)
    Enrolment.objects.filter(pk=person.pk).update(
        state="dropped", dropped_on=batch.starts_on, reason="Mundur"
    )
    meeting = held(batch, 0)
    assert timezone.localtime(meeting.during.lower).hour == 8
    assert attendance_of_one(person).held == 8


@pytest.mark.parametrize(
    ("attended", "held", "ahead", "expected"),
    [
        (0, 0, 240, FINE),
        (40, 40, 200, FINE),
        (32, 40, 200, FINE),
        (31, 40, 200, DANGER),  # below the minimum now
        (152, 192, 48, DANGER),  # one more absence is one too many
        (184, 232, 8, DANGER),
        (192, 240, 0, FINE),  # exactly the minimum, and nothing left to miss
        (191, 240, 0, LOST),
        (100, 160, 80, LOST),
    ],
)
def test_prospects(attended, held, ahead, expected):
    figures = Attended(attended=attended, held=held, excused=0, ahead=ahead, minimum=80)
    assert figures.prospect(longest=8) == expected


def test_of_nobody_nothing_is_summed():
    assert sums(Enrolment.objects.none()).fetched() == []
