"""What the database refuses alone, and two people at the same moment."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.refusals import AlreadyDone
from correspondence.models import Notice
from partners.models import Agreement
from partners.services import agreements
from tests.factories.partners import (
    AgreementFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)
from tests.partners.steps import sign
from tests.races import race

pytestmark = pytest.mark.django_db


class TestTheDatabaseAlone:
    def test_refuses_a_move_outside_the_table(self, draft, signed):
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Agreement.objects.filter(pk=signed.pk).update(state="draft")
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Agreement.objects.filter(pk=draft.pk).update(state="ready")

    def test_refuses_a_signed_agreement_that_is_not_complete(self, draft):
        with pytest.raises(IntegrityError, match="agreement_signed_complete"):
            Agreement.objects.filter(pk=draft.pk).update(state="signed")

    def test_refuses_one_born_signed_unless_entered_afterwards(self, facility, agency):
        with pytest.raises(IntegrityError, match="cannot be born"):
            SignedAgreementFactory(facility=facility, agency=agency, entered_afterwards=False)

    def test_refuses_to_call_it_entered_afterwards_later(self, draft):
        with pytest.raises(IntegrityError, match="never changes"):
            Agreement.objects.filter(pk=draft.pk).update(entered_afterwards=True)

    def test_refuses_an_end_before_the_start(self, signed):
        with pytest.raises(IntegrityError, match="agreement_ends_after_start"):
            Agreement.objects.filter(pk=signed.pk).update(ends_on=today(-201))

    def test_remembers_who_moved_it(self, draft, officer):
        agreements.send_for_review(agreement=draft, by=officer)

        assert list(draft.events.order_by("pgh_id").values_list("state", flat=True)) == [
            "draft",
            "review",
        ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_sign_at_once_one_wins_and_one_is_told(facility, agency, head, warden):
    draft = AgreementFactory(facility=facility, agency=agency)
    liaison = liaison_of(agency)

    outcomes = race(lambda: sign(draft, head), lambda: sign(draft, warden))

    losers = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDone)]
    winners = [outcome for outcome in outcomes if isinstance(outcome, Agreement)]
    assert (len(winners), len(losers)) == (1, 1), outcomes
    draft.refresh_from_db()
    assert draft.state_by == winners[0].state_by
    assert str(draft.state_by) in losers[0].messages[0]
    assert Notice.objects.visible_to(liaison).count() == 1
