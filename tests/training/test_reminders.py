"""Reminders of rounds of slots and of hearings."""

import pytest

from correspondence.models import Notice
from correspondence.services.sweep import sweep
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory
from training.models import Hearing, SlotProposal
from training.states import ProposalState, Side

pytestmark = pytest.mark.django_db


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
