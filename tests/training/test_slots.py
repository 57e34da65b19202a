"""The negotiation about seats: asked, answered, answered differently, and never twice."""

from datetime import datetime
from unittest.mock import patch

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Mail, Notice
from tests.factories.accounts import staff
from tests.factories.partners import AgencyFactory, liaison_of, today
from tests.factories.training import BatchFactory, confirmed_batch
from tests.training.conftest import change, now_of, terms, told
from training.models import Batch, SlotProposal
from training.services import batches, slots
from training.states import BatchState, ProposalState, Side

pytestmark = pytest.mark.django_db
real_races = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class TestPropose:
    def test_the_batch_negotiates_and_the_liaison_is_told_at_once(
        self, planned, liaison, other_liaison, officer
    ):
        proposal = slots.propose(batch=planned, by=officer, message="Mohon kelas las", **terms())
        assert (proposal.round, proposal.side, proposal.state) == (1, Side.PRISON, "open")
        assert now_of(planned).state == BatchState.NEGOTIATING
        assert now_of(planned).seats_confirmed == 0
        notice = Notice.objects.get(kind="slots_proposed")
        assert notice.recipient == liaison
        assert notice.link == f"/slots/{proposal.public_id}/"
        assert Mail.objects.get() == notice.mail

    def test_twice_with_the_same_words_is_once(self, proposal, planned, liaison, officer):
        assert slots.propose(batch=planned, by=officer, **terms()) == proposal
        assert SlotProposal.objects.count() == 1

    def test_a_second_open_round_is_refused_and_names_the_first(self, proposal, planned, head):
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            slots.propose(batch=planned, by=head, **terms(seats=5))
        assert SlotProposal.objects.count() == 1

    @pytest.mark.parametrize("seats", [0, 101, 10000])
    def test_seats_that_no_class_has(self, planned, officer, seats):
        self.refused(planned, officer, "seats", seats=seats)

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("respond_by", {"respond_by": today(-1)}),
            ("respond_by", {"respond_by": today(31)}),
            ("starts_on", {"starts_on": today(-1), "respond_by": today(-1)}),
            ("ends_on", {"ends_on": today(29)}),
        ],
    )
    def test_dates_that_make_no_sense(self, planned, officer, field, changed):
        self.refused(planned, officer, field, **changed)

    def test_dates_that_the_agreement_does_not_cover(self, planned, officer):
        self.refused(planned, officer, "starts_on", ends_on=today(501))

    def refused(self, batch, officer, field, **changed):
        with pytest.raises(NotAllowed) as refusal:
            slots.propose(batch=batch, by=officer, **terms(**changed))
        assert field in refusal.value.error_dict
        assert now_of(batch).state == BatchState.PLANNED
        assert not SlotProposal.objects.exists()

    def test_a_named_exception_needs_no_agreement(self, planned, officer):
        Batch.objects.filter(pk=planned.pk).update(agreement=None, exception="Kontrak DIPA 7")
        assert slots.propose(batch=planned, by=officer, **terms(ends_on=today(900)))

    @pytest.mark.parametrize(
        "role", ["warden", "registrar", "secretariat", "liaison", "outsider", "other_liaison"]
    )
    def test_others_may_not(self, planned, role, request):
        with pytest.raises(Forbidden):
            slots.propose(batch=planned, by=request.getfixturevalue(role), **terms())

    def test_not_for_a_batch_that_was_cancelled(self, planned, officer):
        batches.cancel(batch=planned, reason="Tidak ada dana", by=officer)
        with pytest.raises(NotAllowed, match="dibatalkan"):
            slots.propose(batch=planned, by=officer, **terms())


class TestAccept:
    def test_by_the_liaison_confirms_seats_and_dates(self, proposal, planned, liaison, officer):
        answered = slots.accept(proposal=proposal, by=liaison)
        batch = now_of(planned)
        assert (answered.state, answered.answered_by) == (ProposalState.ACCEPTED, liaison)
        assert (batch.state, batch.seats_confirmed) == (BatchState.CONFIRMED, 20)
        assert (batch.starts_on, batch.ends_on) == (today(30), today(70))

    def test_the_prison_is_told_and_the_question_is_no_longer_live(
        self, proposal, liaison, officer, head
    ):
        slots.accept(proposal=proposal, by=liaison)
        assert told("slots_accepted") == {officer, head}
        assert not Notice.objects.live().filter(kind="slots_proposed").exists()

    def test_twice_by_the_same_is_once(self, proposal, liaison, officer):
        first = slots.accept(proposal=proposal, by=liaison)
        again = slots.accept(proposal=proposal, by=liaison)
        assert first == again
        assert first.answered_at == again.answered_at
        assert Notice.objects.filter(kind="slots_accepted").count() == 1

    def test_by_a_colleague_afterwards_it_names_who_and_when(
        self, proposal, liaison, agency, monkeypatch
    ):
        slots.accept(proposal=proposal, by=liaison)
        SlotProposal.objects.update(answered_at=datetime.fromisoformat("2026-03-04T01:02:00Z"))
        with pytest.raises(AlreadyDone) as refusal:
            slots.accept(proposal=proposal, by=liaison_of(agency, name="Rekan"))
        (sentence,) = refusal.value.messages
        assert "Narahubung BLK" in sentence
        assert "4 Maret 2026" in sentence
        assert "8.02" in sentence or "08.02" in sentence or "08:02" in sentence

    @pytest.mark.parametrize("role", ["warden", "registrar", "outsider", "other_liaison"])
    def test_others_may_not(self, proposal, role, request):
        with pytest.raises(Forbidden):
            slots.accept(proposal=proposal, by=request.getfixturevalue(role))

    def test_the_office_above_reads_but_does_not_answer(self, proposal, agency):
        above = AgencyFactory(name="Dinas")
        agency.parent = above
        agency.save()
        with pytest.raises(Forbidden):
            slots.accept(proposal=proposal, by=liaison_of(above))

    def test_the_prison_does_not_answer_its_own_question(self, proposal, officer):
        with pytest.raises(NotAllowed, match="cara, tanggal dan nama"):
            slots.accept(proposal=proposal, by=officer)
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.OPEN

    def test_an_agreement_that_ended_meanwhile_is_refused(self, proposal, planned, liaison):
        type(planned.agreement).objects.update(ends_on=today(60))
        with pytest.raises(NotAllowed, match="tidak berlaku"):
            slots.accept(proposal=proposal, by=liaison)
        assert now_of(planned).seats_confirmed == 0


class TestCounter:
    def test_twelve_instead_of_twenty_and_the_prison_accepts(
        self, proposal, planned, liaison, officer, head
    ):
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat 12", **terms(seats=12))
        assert (mine.round, mine.side, mine.seats) == (2, Side.AGENCY, 12)
        assert now_of(planned).state == BatchState.NEGOTIATING
        assert told("slots_countered") == {officer, head}

        slots.accept(proposal=mine, by=officer)
        batch = now_of(planned)
        assert (batch.state, batch.seats_confirmed) == (BatchState.CONFIRMED, 12)
        assert told("slots_accepted") == {liaison}

    def test_the_conversation_keeps_every_round(self, proposal, planned, liaison, officer):
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        theirs = slots.counter(proposal=mine, by=officer, reason="Minta 15", **terms(seats=15))
        slots.accept(proposal=theirs, by=liaison)
        assert list(planned.proposals.order_by("round").values_list("side", "seats", "state")) == [
            ("prison", 20, "countered"),
            ("agency", 12, "countered"),
            ("prison", 15, "accepted"),
        ]
        assert now_of(planned).seats_confirmed == 15

    def test_twice_is_once_and_other_seats_are_already_done(self, proposal, liaison):
        first = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        again = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        assert first == again
        with pytest.raises(AlreadyDone):
            slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=13))
        assert SlotProposal.objects.count() == 2

    def test_terms_are_checked_as_those_of_a_question(self, proposal, liaison):
        with pytest.raises(NotAllowed) as refusal:
            slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=0))
        assert "seats" in refusal.value.error_dict
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.OPEN

    def test_the_agency_does_not_accept_its_own_counter(self, proposal, liaison):
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        with pytest.raises(Forbidden):
            slots.accept(proposal=mine, by=liaison)


class TestDecline:
    def test_the_batch_is_planned_again_and_may_ask_anew(self, proposal, planned, liaison, officer):
        slots.decline(proposal=proposal, reason="Instruktur cuti", by=liaison)
        assert now_of(planned).state == BatchState.PLANNED
        assert told("slots_declined") == {officer}
        assert slots.propose(batch=planned, by=officer, **terms(seats=10)).round == 2

    def test_a_confirmed_batch_keeps_what_was_agreed(self, facility, agency, liaison, officer):
        batch = confirmed_batch(facility, agency, seats_confirmed=12)
        slots.decline(proposal=change(batch, officer), reason="Tidak bisa", by=liaison)
        assert (now_of(batch).state, now_of(batch).seats_confirmed) == (BatchState.CONFIRMED, 12)

    def test_not_after_an_acceptance(self, proposal, planned, liaison):
        slots.accept(proposal=proposal, by=liaison)
        with pytest.raises(AlreadyDone, match="Diterima"):
            slots.decline(proposal=proposal, reason="Berubah", by=liaison)
        assert now_of(planned).state == BatchState.CONFIRMED


class TestWithdraw:
    def test_the_prison_takes_its_question_back(self, proposal, planned, liaison, officer):
        slots.withdraw(proposal=proposal, by=officer)
        assert now_of(planned).state == BatchState.PLANNED
        assert told("slots_withdrawn") == {liaison}

    def test_the_agency_takes_its_counter_back(self, proposal, planned, liaison, officer):
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        slots.withdraw(proposal=mine, by=liaison)
        assert now_of(planned).state == BatchState.PLANNED
        assert told("slots_withdrawn") == {officer}

    @pytest.mark.parametrize("role", ["liaison", "warden", "outsider", "other_liaison"])
    def test_only_by_the_side_that_asked(self, proposal, role, request):
        with pytest.raises(Forbidden):
            slots.withdraw(proposal=proposal, by=request.getfixturevalue(role))

    def test_not_after_the_answer(self, proposal, liaison, officer):
        slots.accept(proposal=proposal, by=liaison)
        with pytest.raises(AlreadyDone, match="Narahubung BLK"):
            slots.withdraw(proposal=proposal, by=officer)


class TestExtend:
    def test_gives_the_agency_more_time_and_tells_it(self, proposal, liaison, officer):
        slots.extend(proposal=proposal, respond_by=today(14), by=officer)
        proposal.refresh_from_db()
        assert proposal.respond_by == today(14)
        assert told("slots_extended") == {liaison}

    def test_twice_is_once(self, proposal, liaison, officer):
        for _click in range(2):
            slots.extend(proposal=proposal, respond_by=today(14), by=officer)
        assert Notice.objects.filter(kind="slots_extended").count() == 1

    @pytest.mark.parametrize("days", [6, 31])
    def test_not_to_an_earlier_day_nor_into_the_training(self, proposal, officer, days):
        with pytest.raises(NotAllowed) as refusal:
            slots.extend(proposal=proposal, respond_by=today(days), by=officer)
        assert "respond_by" in refusal.value.error_dict

    def test_not_to_a_day_that_is_past(self, proposal, officer):
        SlotProposal.objects.update(respond_by=today(-9))
        with pytest.raises(NotAllowed):
            slots.extend(proposal=proposal, respond_by=today(-2), by=officer)

    def test_nobody_gives_oneself_more_time(self, proposal, liaison, officer):
        with pytest.raises(Forbidden):
            slots.extend(proposal=proposal, respond_by=today(14), by=liaison)
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        with pytest.raises(Forbidden):
            slots.extend(proposal=mine, respond_by=today(14), by=officer)

    def test_not_after_the_answer(self, proposal, liaison, officer):
        slots.accept(proposal=proposal, by=liaison)
        with pytest.raises(AlreadyDone):
            slots.extend(proposal=proposal, respond_by=today(14), by=officer)


class TestExpire:
    def test_nobody_answered_and_both_sides_are_told(
        self, proposal, planned, liaison, officer, head
    ):
        assert slots.expire_overdue(today=today(8)) == 1
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.EXPIRED
        assert now_of(planned).state == BatchState.PLANNED
        assert told("slots_expired") == {liaison, officer, head}

    def test_the_last_day_still_counts(self, proposal):
        assert slots.expire_overdue(today=today(7)) == 0

    def test_twice_is_harmless(self, proposal, liaison, officer):
        assert slots.expire(proposal=proposal, today=today(8))
        assert not slots.expire(proposal=proposal, today=today(8))
        assert slots.expire_overdue(today=today(8)) == 0
        assert Notice.objects.filter(kind="slots_expired").count() == 2

    def test_one_that_fails_does_not_stop_the_others(self, proposal, planned, officer):
        other = BatchFactory(agreement=planned.agreement)
        last = slots.propose(batch=other, by=officer, **terms())
        close = slots.rounds.close

        def breaks_once(settled):
            if settled == proposal:
                raise ValueError
            close(settled)

        with patch("training.services.slots.rounds.close", breaks_once):
            assert slots.expire_overdue(today=today(8)) == 1
        states = dict(SlotProposal.objects.values_list("pk", "state"))
        assert states == {proposal.pk: "open", last.pk: "expired"}

    def test_an_answered_round_does_not_expire(self, proposal, planned, liaison):
        slots.accept(proposal=proposal, by=liaison)
        assert not slots.expire(proposal=proposal, today=today(8))
        assert now_of(planned).state == BatchState.CONFIRMED

    def test_too_late_is_said(self, proposal, liaison):
        slots.expire(proposal=proposal, today=today(8))
        with pytest.raises(AlreadyDone, match="Lewat batas jawab"):
            slots.accept(proposal=proposal, by=liaison)


def test_a_suspended_officer_does_nothing(proposal, facility):
    gone = staff(facility, "officer", is_active=False)
    with pytest.raises(Forbidden):
        slots.withdraw(proposal=proposal, by=gone)
