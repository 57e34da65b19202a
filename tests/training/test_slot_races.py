"""Two at once about the same seats: one winner, one clear message; and the database's own walls."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import ActionLink
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from accounts.services import action_links
from correspondence.models import Notice
from partners.services import liaisons
from tests.factories.partners import SignedAgreementFactory, liaison_of, today
from tests.factories.training import CourseFactory, confirmed_batch, enrolled
from tests.races import race
from tests.training.conftest import change, now_of, terms
from training.models import Batch, SlotProposal
from training.services import batches, slot_links, slots
from training.states import BatchState, ProposalState, Side

pytestmark = pytest.mark.django_db


def slot_links_key(proposal, user):
    """A token of the user's own for the round."""
    ActionLink.objects.all().delete()
    return action_links.create(
        user=user, act=slot_links.ACT, obj=proposal, days=3, by=proposal.created_by
    )


real_races = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class TestWalls:
    """What the database refuses, whoever writes."""

    @pytest.mark.parametrize("state", ["accepted", "declined"])
    def test_a_closed_round_takes_no_other_state(self, proposal, officer, state):
        slots.withdraw(proposal=proposal, by=officer)
        with pytest.raises(DatabaseError), transaction.atomic():
            SlotProposal.objects.update(state=state)

    def test_a_batch_does_not_jump(self, planned):
        with pytest.raises(DatabaseError), transaction.atomic():
            Batch.objects.update(state=BatchState.RUNNING)

    def test_no_round_is_born_answered(self, proposal, planned, officer):
        slots.withdraw(proposal=proposal, by=officer)
        with pytest.raises(DatabaseError), transaction.atomic():
            SlotProposal.objects.create(
                batch=planned,
                facility=planned.facility,
                agency=planned.agency,
                round=2,
                side=Side.PRISON,
                state=ProposalState.ACCEPTED,
                **terms(),
            )

    def test_two_rounds_are_never_open(self, proposal, planned):
        with pytest.raises(IntegrityError, match="proposal_open_once"), transaction.atomic():
            SlotProposal.objects.create(
                batch=planned,
                facility=planned.facility,
                agency=planned.agency,
                round=2,
                side=Side.PRISON,
                **terms(),
            )

    def test_a_stale_save_does_not_overwrite_the_seats_taken(self, full, facility, agency):
        stale = confirmed_batch(
            facility, agency, seats_confirmed=3, starts_on=today(200), ends_on=today(230)
        )
        enrolled(stale)
        assert stale.seats_taken == 0
        stale.place = "Bengkel"
        stale.save()
        assert now_of(stale).seats_taken == 1
        Batch.objects.filter(pk=stale.pk).update(seats_taken=9)
        assert now_of(stale).seats_taken == 1

    def test_over_full_is_refused(self, full):
        with pytest.raises(IntegrityError, match="batch_seats_not_over"), transaction.atomic():
            enrolled(full)
        with pytest.raises(IntegrityError, match="batch_seats_not_over"), transaction.atomic():
            Batch.objects.filter(pk=full.pk).update(seats_confirmed=1)


class TestRaces:
    """Two connections at the same moment: one wins, the other is told who did."""

    pytestmark = real_races

    def test_two_colleagues_accept(self, proposal, planned, liaison, agency, officer):
        colleague = liaison_of(agency, name="Rekan")
        outcomes = race(
            lambda: slots.accept(proposal=proposal, by=liaison),
            lambda: slots.accept(proposal=proposal, by=colleague),
        )
        (winner,) = [each for each in outcomes if isinstance(each, SlotProposal)]
        (loser,) = [each for each in outcomes if isinstance(each, AlreadyDone)]
        assert winner.answered_by.name in str(loser)
        assert now_of(planned).seats_confirmed == 20
        assert Notice.objects.filter(kind="slots_accepted").count() == 1

    def test_a_double_click_is_one_answer(self, proposal, liaison, officer):
        outcomes = race(*[lambda: slots.accept(proposal=proposal, by=liaison)] * 4)
        assert {type(each) for each in outcomes} == {SlotProposal}
        assert len({each.answered_at for each in outcomes}) == 1
        assert Notice.objects.filter(kind="slots_accepted").count() == 1

    def test_by_the_link_and_on_the_page(self, proposal, planned, liaison, agency, officer):
        key = slot_links_key(proposal, liaison)
        colleague = liaison_of(agency, name="Rekan")
        by_link, on_page = race(
            lambda: slot_links.accept(token=key),
            lambda: slots.decline(proposal=proposal, reason="Cuti", by=colleague),
        )
        outcomes = (by_link, on_page)
        assert [type(each) for each in outcomes].count(AlreadyDone) == 1, outcomes
        (winner,) = [each for each in outcomes if isinstance(each, SlotProposal)]
        assert ActionLink.objects.get().end == ("used" if winner is by_link else "revoked")
        assert winner.answered_by == (liaison if winner is by_link else colleague)
        assert (now_of(planned).state == BatchState.CONFIRMED) == (winner is by_link)

    def test_the_same_link_four_times(self, proposal, planned, liaison):
        key = slot_links_key(proposal, liaison)
        outcomes = race(*[lambda: slot_links.accept(token=key)] * 4)
        kinds = [type(each) for each in outcomes]
        assert (kinds.count(SlotProposal), kinds.count(AlreadyDone)) == (1, 3)
        assert now_of(planned).seats_confirmed == 20

    def test_answered_by_link_while_the_liaison_is_suspended(
        self, proposal, planned, liaison, head
    ):
        key = slot_links_key(proposal, liaison)
        row = liaison.liaisons.get()
        answered, _suspended = race(
            lambda: slot_links.accept(token=key),
            lambda: liaisons.suspend(liaison=row, reason="Cuti", by=head),
        )
        confirmed = now_of(planned).state == BatchState.CONFIRMED
        assert confirmed == isinstance(answered, SlotProposal)
        assert confirmed or isinstance(answered, NotAllowed | Forbidden)

    def test_accepted_while_postponed(self, proposal, planned, liaison, officer):
        race(
            lambda: slots.accept(proposal=proposal, by=liaison),
            lambda: batches.postpone(batch=planned, reason="Dana", by=officer),
        )
        assert now_of(planned).state == BatchState.POSTPONED
        assert not SlotProposal.objects.open().exists()

    def test_an_offer_sent_twice_at_once(self, facility, agency, liaison, officer):
        SignedAgreementFactory(facility=facility, agency=agency)
        words = {"course": CourseFactory(), "name": "Tawaran", **terms()}
        outcomes = race(
            *[
                lambda: slots.offer(facility=facility, agency=agency, by=liaison, **words),
            ]
            * 3
        )
        assert {type(each) for each in outcomes} == {SlotProposal}, outcomes
        assert Batch.objects.count() == 1

    def test_extra_seats_are_lowered_while_the_last_is_taken(self, facility, agency, head):
        batch = confirmed_batch(
            facility, agency, seats_confirmed=1, seats_extra=1, seats_extra_why="Wali"
        )
        enrolled(batch)
        race(
            lambda: batches.grant_extra_seats(batch=batch, seats=0, reason="Salah", by=head),
            lambda: enrolled(batch),
        )
        after = now_of(batch)
        assert after.seats_taken == after.enrolments.count() <= after.seats

    def test_accepted_while_withdrawn(self, proposal, planned, liaison, officer):
        accepted, withdrawn = race(
            lambda: slots.accept(proposal=proposal, by=liaison),
            lambda: slots.withdraw(proposal=proposal, by=officer),
        )
        assert [type(each) for each in (accepted, withdrawn)].count(AlreadyDone) == 1
        won = isinstance(accepted, SlotProposal)
        batch = now_of(planned)
        assert batch.state == (BatchState.CONFIRMED if won else BatchState.PLANNED)
        assert batch.seats_confirmed == (20 if won else 0)

    def test_accepted_while_expiring(self, proposal, planned, liaison):
        accepted, expired = race(
            lambda: slots.accept(proposal=proposal, by=liaison),
            lambda: slots.expire(proposal=proposal, today=today(8)),
        )
        assert isinstance(accepted, SlotProposal) != expired
        assert (now_of(planned).state == BatchState.CONFIRMED) != expired

    def test_two_ask_at_once(self, planned, officer, head):
        outcomes = race(
            lambda: slots.propose(batch=planned, by=officer, **terms()),
            lambda: slots.propose(batch=planned, by=head, **terms(seats=10)),
        )
        assert {type(each) for each in outcomes} == {SlotProposal, AlreadyDone}
        assert SlotProposal.objects.count() == 1

    def test_seats_are_lowered_while_the_last_is_taken(self, facility, agency, officer, liaison):
        batch = confirmed_batch(facility, agency, seats_confirmed=2)
        enrolled(batch)
        proposal = change(batch, officer, seats=1)
        race(
            lambda: slots.accept(proposal=proposal, by=liaison),
            lambda: enrolled(batch),
        )
        after = now_of(batch)
        assert after.seats_taken <= after.seats
        assert after.seats_taken == after.enrolments.count()

    def test_cancelled_while_accepted(self, proposal, planned, liaison, officer):
        race(
            lambda: slots.accept(proposal=proposal, by=liaison),
            lambda: batches.cancel(batch=planned, reason="Tidak ada dana", by=officer),
        )
        assert now_of(planned).state == BatchState.CANCELLED
        assert not SlotProposal.objects.open().exists()
