"""What is made once for all readers with the same rights says of each what is theirs, and now."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import roles, stand_ins
from reports import agency as desks
from reports import deadlines, figures, news, waiting
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory, MeetingFactory, confirmed_batch
from training.states import BatchState

pytestmark = pytest.mark.django_db
MORNING, EVENING = timedelta(hours=8), timedelta(hours=17)
# What asks for the rows of a home, made for a reader: and what it is told besides.
MADE = {
    "waiting": (waiting._prepared, lambda made: made[1], (frozenset(),)),
    "deadlines": (deadlines._prepared, lambda made: made.statement, (frozenset(),)),
    "news": (news._prepared, lambda made: made[1], ()),
    "figures": (figures._prepared, lambda made: made[1], (False,)),
}


def uncovered(facility):
    """A batch that its agreement covers no longer on all its days."""
    agreement = SignedAgreementFactory(facility=facility, ends_on=today(40))
    return BatchFactory(agreement=agreement, starts_on=today(30), ends_on=today(70))


def told(user):
    return {task.about for task in waiting.waiting_for(user).tasks}


def test_two_officers_of_different_prisons_each_read_their_own():
    here, there = FacilityFactory(), FacilityFactory()
    mine, theirs = uncovered(here), uncovered(there)
    first, second = staff(here, "officer"), staff(there, "officer")

    assert any(mine.name in about for about in told(first))
    assert not any(theirs.name in about for about in told(first))
    assert any(theirs.name in about for about in told(second))
    assert not any(mine.name in about for about in told(second))


def test_another_post_is_another_statement():
    here = FacilityFactory()
    batch = uncovered(here)

    assert any(batch.name in about for about in told(staff(here, "officer")))
    assert not any(batch.name in about for about in told(staff(here, "registrar")))


def test_a_post_that_is_added_is_seen_at_once(registrar, officer):
    once = stand_ins.made_once(lambda reader: object())
    assert once(registrar)[0] is once(registrar)[0]
    assert once(registrar)[0] is not once(officer)[0]


def test_each_language_has_its_own(officer):
    once = stand_ins.made_once(lambda reader: translation.get_language())
    for language in ("id", "en"):
        with translation.override(language):
            assert once(officer)[0] == language


def test_a_meeting_that_begins_meanwhile_waits_for_its_attendance_at_once(
    officer, facility, agency
):
    batch = confirmed_batch(
        facility, agency, state=BatchState.RUNNING, starts_on=today(-3), ends_on=today(9)
    )
    meeting = MeetingFactory(batch=batch)
    minute = timedelta(minutes=1)
    with time_machine.travel(meeting.during.lower - minute):
        assert not any(batch.name in about for about in told(officer))
    with time_machine.travel(meeting.during.lower + minute):
        assert any(batch.name in about for about in told(officer))


@pytest.mark.parametrize("role", roles.DEFAULT_GRANTS)
@pytest.mark.parametrize("what", MADE)
def test_no_statement_of_a_home_depends_on_the_hour(facility, role, what):
    assert_alike(staff(facility, role), *MADE[what])


@pytest.mark.parametrize("what", ["deadlines", "news", "figures"])
def test_nor_one_of_a_liaisons_home(liaison, what):
    assert_alike(liaison, *MADE[what])


def test_nor_that_of_a_liaisons_desk(liaison):
    assert_alike(liaison, desks._prepared, lambda made: made, (True, True))


def assert_alike(user, made_for, statement_of, more):
    reader, real = stand_ins.of(user)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    asked = []
    for hour in (MORNING, EVENING):
        with time_machine.travel(midnight + hour, tick=False):
            made = made_for.__wrapped__(reader, *more)
            statement, told = statement_of(made), getattr(made, "known", {})
            with CaptureQueriesContext(
                connection,
            ) as seen:
                find = getattr(statement, "found", None) or statement.rows
                find(real | {stand_ins.NOW: timezone.now()} | {one: [] for one in told.values()})
        asked.append([query["sql"].split()[1] for query in seen.captured_queries])
    assert asked[0] == asked[1]
