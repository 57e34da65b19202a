"""Reminders of rounds of slots, of hearings, of a batch that begins and that should be closed."""

import pytest
from django.utils import timezone

from correspondence.models import Notice
from correspondence.services.sweep import sweep
from tests.factories.correspondence import tell_only
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory, confirmed_batch
from training.models import Hearing, SlotProposal
from training.states import BatchState, ProposalState, Side

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_these(db):
    tell_only("slot_reply", "batch_closing", "hearing_date", "batch_start", "seat_reply")


@pytest.fixture
def batch(facility, agency):
    return BatchFactory(agreement=SignedAgreementFactory(facility=facility, agency=agency))


def round_of(batch, side, **fields):
    terms = {"seats": 16, "starts_on": batch.starts_on, "ends_on": batch.ends_on}
    return SlotProposal.objects.create(
        batch=batch,
        facility=batch.facility,
        agency=batch.agency,
        round=1,
        side=side,
        respond_by=today(1),
        **{**terms, **fields},
    )


def told(kind):
    return set(Notice.objects.live().filter(kind=kind).values_list("recipient__name", flat=True))


def test_a_round_that_waits_for_the_agency_reminds_its_liaison_and_the_officer(
    batch, officer, head, liaison, other_liaison
):
    proposal = round_of(batch, Side.PRISON)
    sweep()
    assert told("slot_reply") == {officer.name, liaison.name}
    notice = Notice.objects.get(kind="slot_reply", recipient=liaison)
    assert notice.link == proposal.get_absolute_url()
    assert notice.data == {"seats": 16, "batch": f"{batch.course.name} – {batch.name}"}


def test_a_round_that_waits_for_the_prison_reminds_only_the_officer(batch, officer, liaison):
    round_of(batch, Side.AGENCY)
    sweep()
    assert told("slot_reply") == {officer.name}


def test_an_answered_round_needs_no_reminder(batch, officer, liaison):
    proposal = round_of(batch, Side.PRISON)
    sweep()
    SlotProposal.objects.filter(pk=proposal.pk).update(state=ProposalState.EXPIRED)
    assert sweep()["cancelled"] == 2
    assert told("slot_reply") == set()


def test_a_planned_hearing_reminds_those_who_prepare_it(
    batch, officer, head, registrar, warden, liaison
):
    Hearing.objects.create(facility=batch.facility, batch=batch, held_on=today(1))
    sweep()
    assert told("hearing_date") == {officer.name, head.name, registrar.name}
    notice = Notice.objects.filter(kind="hearing_date").first()
    assert notice.link == batch.get_absolute_url()


def begun(facility, agency, **fields):
    return confirmed_batch(facility, agency, state_at=timezone.now(), **fields)


@pytest.mark.parametrize(("days", "is_told"), [(20, False), (7, True), (1, True), (-1, True)])
def test_a_confirmed_batch_is_to_be_begun(facility, agency, officer, head, days, is_told):
    batch = begun(facility, agency, starts_on=today(days), ends_on=today(days + 30))
    sweep()
    assert told("batch_start") == ({officer.name, head.name} if is_told else set())
    batch.state = BatchState.RUNNING
    batch.save()
    sweep()
    assert told("batch_start") == set()


@pytest.mark.parametrize("state", [BatchState.RUNNING, BatchState.FINISHED])
@pytest.mark.parametrize(("days", "is_told"), [(2, False), (-2, False), (-8, True), (-40, True)])
def test_a_batch_that_is_over_is_to_be_closed(
    facility, agency, officer, head, liaison, state, days, is_told
):
    batch = begun(facility, agency, state=state, starts_on=today(-60), ends_on=today(days))
    sweep()
    assert told("batch_closing") == ({officer.name, head.name} if is_told else set())
    if is_told:
        notice = Notice.objects.filter(kind="batch_closing").first()
        assert notice.due == today(days + 14)
        assert notice.link == batch.get_absolute_url()
        assert "tutup dengan laporannya" in notice.sentence


def test_a_closed_batch_needs_no_reminder(facility, agency, officer):
    begun(facility, agency, state=BatchState.CLOSED, starts_on=today(-60), ends_on=today(-40))
    sweep()
    assert told("batch_closing") == set()
