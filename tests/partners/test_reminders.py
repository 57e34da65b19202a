"""Which agreements and action items are open deadlines, on which day, and who hears of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db.models import DateField, SmallIntegerField, Value
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Facility
from correspondence.models import Notice, ReminderPolicy
from correspondence.services.sweep import sweep
from partners.models import ActionItem
from partners.querysets import MonthsBefore
from partners.reminders import action_item, agreement_end, agreement_notice
from partners.states import AgreementState
from tests.factories.accounts import staff
from tests.factories.partners import AgreementFactory, EngagementFactory, SignedAgreementFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 15)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def signed(ends_on, **fields):
    fields = {"starts_on": date(2024, 2, 1), "created_at": LONG_AGO, **fields}
    return SignedAgreementFactory(ends_on=ends_on, **fields)


def open_ends():
    return dict(agreement_end(TODAY).values_list("pk", "deadline_due"))


@pytest.mark.parametrize(("days", "is_open"), [(200, True), (0, True), (-1, True), (-31, False)])
def test_an_end_stays_open_for_a_month_after_it_passed(days, is_open):
    agreement = signed(TODAY + timedelta(days=days))
    assert (agreement.pk in open_ends()) == is_open


def test_an_agreement_that_ended_before_it_was_entered_raises_nothing():
    signed(TODAY - timedelta(days=3), created_at=datetime(2026, 7, 14, tzinfo=UTC))
    assert open_ends() == {}


def test_drafts_and_agreements_not_begun_or_terminated_have_no_end_to_remind_of():
    AgreementFactory(ends_on=TODAY + timedelta(days=10), starts_on=TODAY)
    signed(TODAY + timedelta(days=100), starts_on=TODAY + timedelta(days=1))
    signed(
        TODAY + timedelta(days=10),
        state=AgreementState.TERMINATED,
        terminated_on=TODAY + timedelta(days=5),
    )
    assert open_ends() == {}
    assert not agreement_notice(TODAY).exists()


def test_only_a_signed_successor_settles_an_agreement():
    agreement = signed(TODAY + timedelta(days=10))
    draft = AgreementFactory(renews=agreement)
    assert agreement.pk in open_ends()
    draft.delete()
    signed(TODAY + timedelta(days=900), renews=agreement, starts_on=TODAY + timedelta(days=11))
    assert agreement.pk not in open_ends()
    assert not agreement_notice(TODAY).filter(pk=agreement.pk).exists()


def test_the_notice_deadline_is_the_end_less_whole_months():
    signed(date(2027, 5, 31), notice_months=3)
    assert agreement_notice(TODAY).get().deadline_due == date(2027, 2, 28)


@given(day=st.dates(date(1990, 1, 1), date(2099, 12, 31)), months=st.integers(0, 24))
@example(day=date(2024, 2, 29), months=12)
@example(day=date(2026, 8, 31), months=2)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_months_are_clamped_in_sql_as_in_python(facility, day, months):
    in_sql = (
        Facility.objects.annotate(
            day=MonthsBefore(
                Value(day, output_field=DateField()),
                Value(months, output_field=SmallIntegerField()),
            )
        )
        .values_list("day", flat=True)
        .first()
    )
    assert in_sql == day - relativedelta(months=months)


def test_the_national_policies_are_those_of_the_field_notes():
    policies = {p.kind: (p.offsets, p.audience) for p in ReminderPolicy.objects.all()}
    assert policies["agreement_end"] == (
        [180, 90, 60, 30, 14, 7, 1, -1],
        ["officer", "head", "agency"],
    )
    assert policies["agreement_notice"] == ([60, 30, 14, 7, 0], ["officer", "head"])
    assert policies["action_item"] == ([7, 1, 0, -1], ["owner"])


def test_a_late_start_tells_a_passed_notice_deadline_once(facility, agency, officer):
    signed(TODAY + timedelta(days=40), facility=facility, agency=agency, notice_months=3)
    sweep(TODAY)
    notice = Notice.objects.get(kind="agreement_notice", recipient=officer)
    assert notice.offset_days == 0
    sweep(TODAY + timedelta(days=10))
    assert Notice.objects.filter(kind="agreement_notice", recipient=officer).count() == 1


def item_for(facility, role, **fields):
    engagement = EngagementFactory(facility=facility)
    return ActionItem.objects.create(
        engagement=engagement,
        facility=facility,
        agency=engagement.agency,
        what="Kirim daftar minat",
        owner_role_id=role,
        due=TODAY + timedelta(days=1),
        **fields,
    )


def test_an_action_item_reminds_the_post_that_owns_it(facility, officer, head, outsider):
    item = item_for(facility, "head")
    sweep(TODAY)
    notice = Notice.objects.get(kind="action_item")
    assert (notice.recipient, notice.offset_days) == (head, 1)
    assert notice.link == item.engagement.get_absolute_url()
    assert item.agency.name in notice.sentence
    assert item.what not in notice.sentence  # free text may name a person


def test_a_done_item_is_settled(facility, head):
    item = item_for(facility, "head")
    sweep(TODAY)
    item.done_at = timezone.now()
    item.save()
    assert sweep(TODAY)["cancelled"] == 1
    assert not action_item(TODAY).exists()


def test_notices_of_a_prison_never_reach_another_one(facility, agency, outsider):
    second_officer = staff(outsider.facility, "head")
    signed(TODAY + timedelta(days=30), facility=facility, agency=agency)
    sweep(TODAY)
    assert not Notice.objects.filter(recipient__in=[outsider, second_officer]).exists()
