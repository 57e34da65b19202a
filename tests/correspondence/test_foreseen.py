"""The preview says what sweeps, day by day, then really do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Holiday
from correspondence import sources
from correspondence.foreseen import foresee
from correspondence.models import Notice, ReminderPolicy, Silence
from correspondence.services import notices
from correspondence.services.sweep import sweep
from tests.factories.accounts import PostingFactory, staff
from tests.factories.correspondence import tell_only
from tests.factories.partners import ActionItemFactory, EngagementFactory, SignedAgreementFactory

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 7, 15)
PERIOD = 20
ORDER = ["officer", "head", "warden"]


def after(days):
    return WEDNESDAY + timedelta(days=days)


def agreement_of(facility, agency, *, ends, starts=-500, **fields):
    return SignedAgreementFactory(
        facility=facility,
        agency=agency,
        starts_on=after(starts),
        ends_on=after(ends),
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
        **fields,
    )


def swept(facility, days):
    """What sweeps on each day raise about the prison, as the preview says it."""
    for day in range(days + 1):
        sweep(after(day))
    rows = Notice.objects.filter(facility=facility, told_on__gte=WEDNESDAY)
    return sorted(
        rows.values_list(
            "told_on",
            "recipient_id",
            "told_as",
            "escalated_from",
            "kind",
            "object_id",
            "due",
            "offset_days",
        )
    )


def said(facility, days):
    return sorted(
        (
            one.day,
            one.recipient.pk,
            one.word,
            one.escalated_from,
            one.kind,
            one.object_id,
            one.due,
            one.offset_days,
        )
        for one in foresee(facility.pk, WEDNESDAY, days)
    )


def assert_agrees(facility, days=PERIOD, *, swept_before=False):
    """Nobody takes note: each day's sweep raises what was said beforehand, and nothing else."""
    if swept_before:
        sweep(WEDNESDAY)
    before = said(facility, days)
    ahead = swept(facility, days)
    if swept_before:
        ahead = [row for row in ahead if row[0] > WEDNESDAY]
    assert before == ahead
    return before


@given(
    closed=st.sets(st.integers(-5, PERIOD + 10), max_size=14),
    ends=st.lists(st.integers(-35, 200), min_size=1, max_size=4),
    starts=st.sampled_from([-500, 3, 20]),
    leaves=st.integers(-1, PERIOD),
    arrives=st.integers(0, PERIOD),
    offsets=st.lists(st.integers(-10, 60), max_size=5, unique=True),
    audience=st.sampled_from(
        [["officer", "agency"], ["officer"], ["agency"], ["clinic"], ["head", "officer"]]
    ),
    climbs=st.one_of(st.none(), st.integers(1, 8)),
    order=st.sampled_from([ORDER, ["head", "warden"], ["officer", "security", "warden"], []]),
    swept_before=st.booleans(),
)
@example(
    closed=set(range(2, 12)),
    ends=[20, 60],
    starts=-500,
    leaves=5,
    arrives=9,
    offsets=[30, 14, 7, 0, -1],
    audience=["officer", "agency"],
    climbs=4,
    order=ORDER,
    swept_before=True,
)
@example(
    closed=set(),
    ends=[30],
    starts=-500,
    leaves=PERIOD,
    arrives=0,
    offsets=[30, 14],
    audience=["officer"],
    climbs=5,
    order=ORDER,
    swept_before=False,
)
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_it_agrees_with_what_sweeps_then_do(
    facility,
    agency,
    liaison,
    closed,
    ends,
    starts,
    leaves,
    arrives,
    offsets,
    audience,
    climbs,
    order,
    swept_before,
):
    with transaction.atomic():
        tell_only("agreement_end", "agreement_notice", "agreement_review", "action_item")
        ReminderPolicy.objects.create(
            facility=facility,
            kind="agreement_end",
            offsets=offsets,
            audience=audience,
            escalate_after=climbs,
            escalation=order,
        )
        Holiday.objects.all().delete()
        Holiday.objects.bulk_create(Holiday(day=after(day), name="Libur") for day in closed)
        officer = staff(facility, "officer")
        officer.postings.update(until=after(leaves))
        PostingFactory(
            user=staff(facility, "head"),
            facility=facility,
            role_id="officer",
            starts=after(arrives),
        )
        staff(facility, "warden")
        for days in ends:
            agreement_of(facility, agency, ends=days, starts=min(starts, days))
        ActionItemFactory(
            engagement=EngagementFactory(facility=facility, agency=agency),
            facility=facility,
            agency=agency,
            due=after(10),
        )
        assert_agrees(facility, swept_before=swept_before)
        transaction.set_rollback(True)


class TestEscalation:
    @pytest.fixture
    def agreement(self, facility, agency):
        tell_only("agreement_end")
        ReminderPolicy.objects.filter(kind="agreement_end").update(
            offsets=[30, 14], audience=["officer"], escalate_after=5, escalation=ORDER
        )
        return agreement_of(facility, agency, ends=30, notice_months=0)

    def steps(self, facility):
        return [
            ((one.day - WEDNESDAY).days, one.word, one.offset_days, one.if_unmarked)
            for one in foresee(facility.pk, WEDNESDAY)
        ]

    def test_each_step_up_is_foretold_and_marked_as_not_sure(
        self, agreement, facility, officer, head, warden
    ):
        assert self.steps(facility)[:3] == [
            (0, "officer", 30, False),
            (5, "head", 30, True),
            (10, "warden", 30, True),
        ]
        assert sorted(self.steps(facility)[3:]) == [
            (16, "head", 14, True),
            (16, "officer", 14, False),
            (16, "warden", 14, True),
        ]
        assert len(assert_agrees(facility, 40)) == 6

    def test_what_climbs_says_who_took_no_note(self, agreement, facility, officer, head):
        sentences = [one.sentence for one in foresee(facility.pk, WEDNESDAY)]
        assert ["belum menandai" in sentence for sentence in sentences[:2]] == [False, True]

    def test_once_somebody_took_note_nothing_climbs(self, agreement, facility, officer, head):
        sweep(WEDNESDAY)
        notices.acknowledge(notice=Notice.objects.get(), by=officer)
        assert self.steps(facility) == [(16, "officer", 14, False)]
        assert_agrees(facility, 40, swept_before=True)

    def test_a_first_post_that_nobody_holds_is_not_waited_for(self, agreement, facility, head):
        assert self.steps(facility)[0] == (0, "head", 30, False)
        assert_agrees(facility, 40)

    def test_one_person_with_two_posts_does_not_stop_it(self, agreement, facility, officer, warden):
        PostingFactory(user=officer, facility=facility, role_id="head")
        assert self.steps(facility)[:2] == [(0, "officer", 30, False), (5, "warden", 30, True)]
        assert_agrees(facility, 40)


def test_every_source_and_audience_can_be_asked_for_many_days_at_once(facility, officer):
    assert len(sources.all_sources()) > 4
    assert foresee(facility.pk, WEDNESDAY) == []


def test_it_takes_five_statements_whatever_it_finds(facility, agency, officer, head):
    agreement_of(facility, agency, ends=60)
    with CaptureQueriesContext(connection) as for_one:
        foresee(facility.pk, WEDNESDAY)
    for days in range(30):
        agreement_of(facility, agency, ends=60 + days)
    with CaptureQueriesContext(connection) as for_many:
        assert len(foresee(facility.pk, WEDNESDAY)) > 100
    assert len(for_one) == len(for_many) == 5


def test_another_prisons_deadlines_are_not_in_it(facility, agency, officer, outsider):
    agreement_of(outsider.facility, agency, ends=30)
    assert foresee(facility.pk, WEDNESDAY) == []


def test_what_a_person_does_not_want_by_mail_is_marked(facility, agency, officer):
    ActionItemFactory(
        engagement=EngagementFactory(facility=facility, agency=agency),
        facility=facility,
        agency=agency,
        due=after(10),
    )
    assert {one.by_mail for one in foresee(facility.pk, WEDNESDAY)} == {True}
    Silence.objects.create(user=officer, kind="action_item")
    assert {one.by_mail for one in foresee(facility.pk, WEDNESDAY)} == {False}
