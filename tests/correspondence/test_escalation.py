"""Nobody took note: the next role of the order is told, once, and says from whom it comes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from correspondence.models import Notice, ReminderPolicy
from correspondence.services import notices
from correspondence.services.sweep import sweep
from correspondence.states import NoticeState
from tests.factories.accounts import PostingFactory, staff
from tests.factories.partners import SignedAgreementFactory

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 7, 15)
ORDER = ["officer", "head", "warden"]


def after(days):
    return WEDNESDAY + timedelta(days=days)


@pytest.fixture
def agreement(facility, agency):
    """Ends in thirty days; the officer is told first, the others after five days each."""
    rule(audience=["officer"])
    return SignedAgreementFactory(
        facility=facility,
        agency=agency,
        starts_on=date(2025, 1, 1),
        ends_on=after(30),
        created_at=datetime(2025, 1, 1, tzinfo=UTC),
        notice_months=0,
    )


def rule(facility=None, **fields):
    ReminderPolicy.objects.filter(facility=facility).update(offsets=[])
    ReminderPolicy.objects.update_or_create(
        facility=facility,
        kind="agreement_end",
        defaults={"offsets": [30, 14], "escalate_after": 5, "escalation": ORDER} | fields,
    )


def told():
    rows = Notice.objects.live().order_by("told_on", "id")
    return [
        (row.told_as, row.escalated_from, row.offset_days, (row.told_on - WEDNESDAY).days)
        for row in rows
    ]


def known_by(user):
    notices.acknowledge(notice=Notice.objects.live().filter(recipient=user).first(), by=user)


def test_each_role_is_told_when_the_one_before_took_no_note_and_nobody_twice(
    agreement, officer, head, warden
):
    for day in range(15):
        sweep(after(day))
    assert told() == [
        ("officer", "", 30, 0),
        ("head", "officer", 30, 5),
        ("warden", "head", 30, 10),
    ]
    for day in range(15, 30):
        sweep(after(day))
    assert sorted(told()[3:]) == [
        ("head", "officer", 14, 16),
        ("officer", "", 14, 16),
        ("warden", "head", 14, 16),
    ]


def test_the_sentence_says_who_took_no_note(agreement, officer, head):
    sweep(WEDNESDAY)
    sweep(after(5))
    sentence = Notice.objects.get(recipient=head).sentence
    assert "Petugas Bimbingan Kerja" in sentence
    assert agreement.title in sentence
    assert officer.name not in sentence


@pytest.mark.parametrize("day", [0, 4, 5])
def test_one_who_takes_note_is_enough(agreement, officer, head, warden, day):
    colleague = staff(agreement.facility, "officer")
    sweep(WEDNESDAY)
    sweep(after(4))
    known_by(colleague)
    for later in range(day, 16):
        sweep(after(later))
    assert {role for role, *_rest in told()} == {"officer"}


def test_a_head_who_takes_note_spares_the_warden_and_is_not_told_again(
    agreement, officer, head, warden
):
    for day in range(6):
        sweep(after(day))
    known_by(head)
    for day in range(6, 29):
        sweep(after(day))
    assert {(role, offset) for role, _from, offset, _day in told()} == {
        ("officer", 30),
        ("officer", 14),
        ("head", 30),
    }


def test_that_the_agency_knows_is_not_enough(agreement, officer, head, liaison):
    rule(audience=["officer", "agency"])
    sweep(WEDNESDAY)
    known_by(liaison)
    sweep(after(5))
    assert ("head", "officer", 30, 5) in told()


def test_days_without_a_sweep_heal_one_role_at_a_time(agreement, officer, head, warden):
    sweep(WEDNESDAY)
    sweep(after(13))
    assert told()[1:] == [("head", "officer", 30, 13)]
    sweep(after(15))
    assert len(told()) == 2
    for day in (18, 18):
        sweep(after(day))
    assert ("warden", "head", 14, 18) in told()


def test_a_role_without_a_holder_is_skipped(agreement, officer, warden):
    sweep(WEDNESDAY)
    sweep(after(5))
    assert told()[1:] == [("warden", "officer", 30, 5)]


def test_a_first_role_without_a_holder_is_not_waited_for(agreement, head, warden):
    sweep(WEDNESDAY)
    assert told() == [("head", "officer", 30, 0)]
    sweep(after(5))
    assert told()[1:] == [("warden", "head", 30, 5)]


def test_a_successor_of_whom_it_was_escalated_to_is_told_too(agreement, officer, head):
    for day in range(6):
        sweep(after(day))
    head.postings.update(until=after(6))
    newcomer = staff(agreement.facility, "head", name="Kasi Baru")
    sweep(after(7))
    live = Notice.objects.live().filter(told_as="head")
    assert [(row.recipient, row.escalated_from) for row in live] == [(newcomer, "officer")]


def test_one_person_with_both_posts_is_told_once(agreement, officer):
    PostingFactory(user=officer, facility=agreement.facility, role_id="head")
    for day in range(12):
        sweep(after(day))
    assert [row[:3] for row in told()] == [("officer", "", 30)]


def test_an_officer_who_is_acting_head_does_not_stop_the_way_up(agreement, officer, warden):
    PostingFactory(user=officer, facility=agreement.facility, role_id="head")
    for day in range(12):
        sweep(after(day))
    assert told() == [("officer", "", 30, 0), ("warden", "officer", 30, 5)]


def test_without_days_nothing_escalates(agreement, officer, head):
    rule(audience=["officer"], escalate_after=None)
    for day in range(12):
        sweep(after(day))
    assert len(told()) == 1


def test_an_order_that_is_taken_away_takes_its_notices_with_it(agreement, officer, head):
    for day in range(6):
        sweep(after(day))
    rule(audience=["officer"], escalate_after=None)
    sweep(after(6))
    assert {role for role, *_rest in told()} == {"officer"}


def test_a_moved_date_begins_anew(agreement, officer, head):
    for day in range(6):
        sweep(after(day))
    agreement.ends_on = after(25)
    agreement.save()
    sweep(after(6))
    assert told() == [("officer", "", 30, 6)]


def test_the_first_rules_of_the_country_end_with_the_warden():
    for kind in ("agreement_end", "agreement_notice"):
        policy = ReminderPolicy.objects.get(kind=kind, facility=None)
        assert (policy.escalate_after, policy.escalation) == (7, ORDER)


class TestWhoBelongs:
    def test_a_posting_that_ended_takes_the_notices_along(self, agreement, officer, head):
        rule(audience=["officer", "head"])
        sweep(WEDNESDAY)
        Notice.objects.filter(recipient=head).update(read_at=timezone.now())
        for person in (officer, head):
            person.postings.update(until=WEDNESDAY)
        assert sweep(after(1))["cancelled"] == 2
        states = dict(Notice.objects.values_list("recipient__name", "state"))
        assert states == {
            officer.name: NoticeState.CANCELLED,
            head.name: NoticeState.SUPERSEDED,
        }

    def test_a_successor_gets_the_nearest_offset(self, agreement, officer):
        sweep(WEDNESDAY)
        officer.postings.update(until=after(16))
        newcomer = staff(agreement.facility, "officer")
        sweep(after(17))
        live = Notice.objects.live()
        assert [(row.recipient, row.offset_days) for row in live] == [(newcomer, 14)]

    @pytest.mark.parametrize("how", ["gone", "suspended"])
    def test_a_liaison_who_is_gone_or_suspended_loses_theirs(
        self, agreement, officer, liaison, how
    ):
        rule(audience=["agency"])
        sweep(WEDNESDAY)
        assert told() == [("agency", "", 30, 0)]
        if how == "gone":
            liaison.liaisons.update(starts=date(2025, 1, 1), until=WEDNESDAY)
        else:
            liaison.is_active = False
            liaison.save()
        sweep(after(1))
        assert told() == []

    def test_a_changed_audience_counts_from_the_next_sweep(self, agreement, officer, head):
        sweep(WEDNESDAY)
        rule(audience=["head"])
        sweep(after(1))
        assert told() == [("head", "", 30, 1)]

    def test_a_kind_switched_off_goes_quiet(self, agreement, officer):
        sweep(WEDNESDAY)
        rule(facility=agreement.facility, audience=["officer"], offsets=[])
        sweep(after(1))
        assert told() == []

    def test_who_keeps_another_post_of_the_audience_keeps_the_notice(self, agreement, officer):
        rule(audience=["officer", "head"])
        PostingFactory(user=officer, facility=agreement.facility, role_id="head")
        sweep(WEDNESDAY)
        officer.postings.filter(role_id="officer").update(until=WEDNESDAY)
        assert sweep(after(1)) | {"queries": 0} == {"created": 0, "cancelled": 0, "queries": 0}
