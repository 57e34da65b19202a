"""The engine itself, shown on the end of agreements: what is told, to whom, and once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, connections

from accounts.models import Holiday
from correspondence.models import Mail, Notice, ReminderPolicy, SweepRun
from correspondence.services.sweep import sweep
from correspondence.states import MailState, NoticeState
from tests.factories.accounts import PostingFactory, staff
from tests.factories.partners import SignedAgreementFactory, today

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 7, 15)


def agreement_of(facility, agency, *, ends_on, **fields):
    return SignedAgreementFactory(
        facility=facility,
        agency=agency,
        starts_on=date(2025, 1, 1),
        ends_on=ends_on,
        created_at=datetime(2025, 1, 1, tzinfo=UTC),
        notice_months=0,
        **fields,
    )


def told(kind="agreement_end", **which):
    """(recipient, due, offset) of the live notices."""
    rows = Notice.objects.live().filter(kind=kind, **which)
    return sorted(rows.values_list("recipient__name", "due", "offset_days"))


def only(kind, *, offsets, audience, facility=None):
    """The one policy in force: all others are silent."""
    ReminderPolicy.objects.update(offsets=[])
    ReminderPolicy.objects.update_or_create(
        facility=facility, kind=kind, defaults={"offsets": offsets, "audience": audience}
    )


def test_officer_head_and_liaison_are_told_of_an_end_in_thirty_days(
    facility, agency, officer, head, warden, liaison, other_liaison, outsider
):
    agreement = agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    counts = sweep(WEDNESDAY)
    assert counts["created"] == Notice.objects.count()
    assert [name for name, _due, offset in told() if offset == 30] == [
        officer.name,
        head.name,
        liaison.name,
    ]
    notice = Notice.objects.get(recipient=officer, kind="agreement_end")
    assert notice.facility == facility
    assert notice.data == {"title": agreement.title, "agency": agency.name}
    assert notice.link == agreement.get_absolute_url()
    assert (notice.object_type, notice.object_id) == ("partners.agreement", agreement.pk)


def test_a_second_sweep_adds_nothing(facility, agency, officer):
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    assert sweep(WEDNESDAY)["created"] > 0
    assert sweep(WEDNESDAY)["created"] == 0
    assert [run.created for run in SweepRun.objects.all()] == [0, Notice.objects.count()]


def test_each_offset_is_told_when_its_day_has_come(facility, agency, officer):
    only("agreement_end", offsets=[14, 7, -1], audience=["officer"])
    due = WEDNESDAY + timedelta(days=14)
    agreement_of(facility, agency, ends_on=due)
    offsets = {}
    for day in range(-1, 20):
        sweep(WEDNESDAY + timedelta(days=day))
        offsets[day] = [offset for _name, _due, offset in told()]
    assert offsets[-1] == []
    assert offsets[0] == offsets[6] == [14]
    assert offsets[7] == offsets[14] == [7, 14]
    assert offsets[15] == [-1, 7, 14]


def test_ten_days_without_a_sweep_give_each_deadline_its_nearest_offset_once(
    facility, agency, officer
):
    only("agreement_end", offsets=[30, 14, 7, 1], audience=["officer"])
    for days in (5, 12, 25, 40):
        agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=days))
    sweep(WEDNESDAY)
    assert [offset for _name, _due, offset in told()] == [7, 14, 30]


@pytest.mark.parametrize(
    ("ends_on", "told_on", "not_yet_on"),
    [
        (date(2026, 7, 26), date(2026, 7, 17), date(2026, 7, 16)),  # target Sunday 19 -> Friday 17
        (date(2026, 7, 25), date(2026, 7, 17), date(2026, 7, 16)),  # target Saturday 18
        (date(2026, 7, 23), date(2026, 7, 16), date(2026, 7, 15)),  # target Thursday 16 itself
    ],
)
def test_a_reminder_that_falls_on_a_weekend_comes_on_the_working_day_before(
    facility, agency, officer, ends_on, told_on, not_yet_on
):
    only("agreement_end", offsets=[7], audience=["officer"])
    agreement_of(facility, agency, ends_on=ends_on)
    assert sweep(not_yet_on)["created"] == 0
    assert sweep(told_on)["created"] == 1


def test_holidays_move_a_reminder_forward_too(facility, agency, officer):
    only("agreement_end", offsets=[7], audience=["officer"])
    for day in (16, 17):
        Holiday.objects.create(day=date(2026, 7, day), name="Cuti bersama")
    agreement_of(facility, agency, ends_on=date(2026, 7, 26))
    assert sweep(date(2026, 7, 14))["created"] == 0
    assert sweep(date(2026, 7, 15))["created"] == 1


def test_the_policy_of_a_prison_stands_before_the_national_one(
    facility, agency, officer, warden, outsider
):
    only("agreement_end", offsets=[30], audience=["officer"])
    ReminderPolicy.objects.create(
        facility=facility, kind="agreement_end", offsets=[45], audience=["warden"]
    )
    due = WEDNESDAY + timedelta(days=40)
    agreement_of(facility, agency, ends_on=due)
    agreement_of(outsider.facility, agency, ends_on=due)
    sweep(WEDNESDAY)
    assert told() == [(warden.name, due, 45)]


def test_a_prison_may_silence_a_kind(facility, agency, officer):
    ReminderPolicy.objects.create(
        facility=facility, kind="agreement_end", offsets=[], audience=["officer"]
    )
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=3))
    sweep(WEDNESDAY)
    assert told() == []


def test_one_person_with_two_posts_is_told_once(facility, agency, officer):
    PostingFactory(user=officer, facility=facility, role_id="head")
    only("agreement_end", offsets=[30], audience=["officer", "head"])
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    assert sweep(WEDNESDAY)["created"] == 1


def test_a_new_holder_of_the_post_gets_the_nearest_offset(facility, agency, officer):
    only("agreement_end", offsets=[90, 30], audience=["officer"])
    due = WEDNESDAY + timedelta(days=20)
    agreement_of(facility, agency, ends_on=due)
    sweep(WEDNESDAY)
    newcomer = staff(facility, "officer", name="Petugas Baru")
    sweep(WEDNESDAY + timedelta(days=1))
    assert told() == [(officer.name, due, 30), (newcomer.name, due, 30)]


def test_those_who_left_their_post_or_whose_account_is_closed_are_not_told(
    facility, agency, officer, head, liaison
):
    officer.postings.update(until=WEDNESDAY - timedelta(days=1))
    head.is_active = False
    head.save()
    liaison.liaisons.update(until=today())
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    sweep(WEDNESDAY)
    assert told() == []


def test_a_moved_date_closes_the_old_notices_and_tells_the_new_one_and_back_again(
    facility, agency, officer, head
):
    only("agreement_end", offsets=[30], audience=["officer", "head"])
    first, second = WEDNESDAY + timedelta(days=30), WEDNESDAY + timedelta(days=20)
    agreement = agreement_of(facility, agency, ends_on=first)
    sweep(WEDNESDAY)
    sent = Mail.objects.create(recipient=head, state=MailState.SENT, message_id="<1@uji>")
    Notice.objects.filter(recipient=head).update(mail=sent)

    agreement.ends_on = second
    agreement.save()
    assert sweep(WEDNESDAY)["cancelled"] == 2
    assert told() == [(officer.name, second, 30), (head.name, second, 30)]
    states = dict(Notice.objects.filter(due=first).values_list("recipient__name", "state"))
    assert states == {officer.name: NoticeState.CANCELLED, head.name: NoticeState.SUPERSEDED}

    agreement.ends_on = first
    agreement.save()
    sweep(WEDNESDAY)
    assert told() == [(officer.name, first, 30), (head.name, first, 30)]


def test_a_settled_object_needs_no_reminder_any_more(facility, agency, officer):
    agreement = agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    sweep(WEDNESDAY)
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=900), renews=agreement)
    assert sweep(WEDNESDAY)["cancelled"] > 0
    assert not Notice.objects.live().exclude(kind="agreement_review").exists()


def test_the_number_of_queries_does_not_grow_with_the_agreements(facility, agency, officer):
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    for_one = sweep(WEDNESDAY)["queries"]
    for days in range(29):
        agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=days))
    counts = sweep(WEDNESDAY)
    assert counts["created"] >= 29
    assert counts["queries"] == for_one


def test_a_sweep_writes_as_the_apps_role(facility):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("lapas_app",)
    sweep(WEDNESDAY)


def test_the_command_prints_its_counts(facility, agency, officer, capsys):
    agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=30))
    call_command("sweep_reminders", "--today", "2026-07-15", "--json")
    first = capsys.readouterr().out
    assert '"created": ' in first
    assert '"cancelled": 0' in first
    assert Mail.objects.filter(recipient=officer).count() == 1
    call_command("sweep_reminders", "--today", "2026-07-15", "--json")
    assert '"created": 0' in capsys.readouterr().out
    assert Mail.objects.filter(recipient=officer).count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_sweeps_at_once_double_nothing(facility, agency, officer, head, liaison):
    for days in range(1, 60):
        agreement_of(facility, agency, ends_on=WEDNESDAY + timedelta(days=days))
    together, created = threading.Barrier(2), []

    def run():
        together.wait()
        created.append(sweep(WEDNESDAY)["created"])
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(created) == [0, Notice.objects.count()]
    per_deadline = Notice.objects.values_list("recipient", "kind", "object_id", "due")
    assert len(per_deadline) == len(set(per_deadline))
