"""A freed seat goes to the next reserve, in order, until somebody says yes."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Restriction
from inmates.states import RestrictionKind
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.training import (
    MeetingFactory,
    approved,
    confirmed_batch,
    decree_series,
    enrolled,
)
from tests.races import race
from tests.training.conftest import now_of, told
from training.models import Batch, Candidate, Course, Enrolment, SeatOffer
from training.services import candidates, decrees, enrolments, hearings, seat_offers
from training.states import BatchState, SeatOfferState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, seats_confirmed=2)


@pytest.fixture
def participants(batch):
    return [enrolled(batch), enrolled(batch)]


@pytest.fixture
def reserves(batch, participants):
    people, _hearing = approved(batch, 3, is_reserve=True)
    return people


@pytest.fixture
def offer(batch, participants, reserves, officer):
    """The seat of the first participant, offered to the first reserve."""
    drop(participants[0], officer)
    return SeatOffer.objects.get()


def drop(enrolment, by):
    return enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="Sakit", by=by)


def offers():
    return [(row.candidate, row.state) for row in SeatOffer.objects.order_by("pk")]


class TestAFreedSeat:
    def test_is_offered_to_the_first_reserve_and_stays_taken(self, offer, batch, reserves):
        assert offers() == [(reserves[0], "open")]
        assert offer.until == today(3)
        assert now_of(batch).seats_taken == 2

    def test_the_others_learn_it_and_the_notice_names_nobody(self, head, offer, officer, reserves):
        assert told("seat_offered") == {head}
        assert reserves[0].inmate.name not in Notice.objects.get(kind="seat_offered").sentence

    def test_each_seat_goes_to_another_reserve(self, offer, participants, reserves, officer):
        drop(participants[1], officer)
        assert [candidate for candidate, _state in offers()] == reserves[:2]

    def test_passes_over_who_may_not_join_any_more(
        self, batch, participants, reserves, facility, officer
    ):
        Restriction.objects.create(
            inmate=reserves[0].inmate,
            facility=facility,
            kind=RestrictionKind.SECURITY,
            starts=today(),
        )
        drop(participants[0], officer)
        assert offers() == [(reserves[1], "open")]

    def test_without_reserves_officer_and_head_learn_nothing_is_offered(
        self, batch, participants, officer, head
    ):
        for row in participants:
            drop(row, officer)
        assert not SeatOffer.objects.exists()
        assert now_of(batch).seats_free == 2
        assert Notice.objects.filter(kind="seat_without_reserve").get().recipient == head

    def test_once_too_many_meetings_have_passed_there_is_nothing_to_learn(
        self, batch, participants, officer, head
    ):
        Batch.objects.update(starts_on=today(-40))
        drop(participants[0], officer)
        assert not told("seat_without_reserve")

    def test_of_reserves_who_all_may_not_join_the_head_is_told(
        self, batch, participants, facility, officer, head
    ):
        (reserve,), _hearing = approved(batch, 1, is_reserve=True)
        Restriction.objects.create(
            inmate=reserve.inmate, facility=facility, kind=RestrictionKind.SECURITY, starts=today()
        )
        drop(participants[0], officer)
        assert told("seat_without_reserve") == {head}

    def test_is_not_offered_when_meant_for_an_approved_regular(
        self, facility, agency, officer, head
    ):
        batch = confirmed_batch(facility, agency, seats_confirmed=3)
        gone = enrolled(batch)
        approved(batch, 3)
        approved(batch, 1, is_reserve=True)
        drop(gone, officer)
        assert not SeatOffer.objects.exists()

    def test_before_the_decree_too_when_a_regular_withdraws(self, facility, agency, officer):
        batch = confirmed_batch(facility, agency, seats_confirmed=2)
        regulars, _hearing = approved(batch, 2)
        (reserve,), _other = approved(batch, 1, is_reserve=True)
        candidates.withdraw(candidate=regulars[0], reason="Mundur", by=officer)
        assert offers() == [(reserve, "open")]

    def test_a_reserve_on_a_pending_decree_is_not_asked(self, batch, head, officer):
        (reserve,), hearing = approved(batch, 1, is_reserve=True)
        decrees.prepare(batch=batch, hearing=hearing, candidates=[reserve], by=head)
        with pytest.raises(NotAllowed, match="tercantum dalam SK"):
            seat_offers.offer(candidate=reserve, by=officer)


class TestUntilWhen:
    @pytest.fixture
    def running(self, facility, agency):
        batch = confirmed_batch(
            facility,
            agency,
            seats_confirmed=1,
            state=BatchState.RUNNING,
            starts_on=today(-10),
            ends_on=today(40),
        )
        enrolled(batch)
        approved(batch, 1, is_reserve=True)
        return batch

    def test_not_once_more_than_the_share_of_meetings_has_passed(self, running, officer):
        MeetingFactory.create_batch(20, batch=running)
        drop(running.enrolments.get(), officer)  # ten of twenty have passed
        assert not SeatOffer.objects.exists()
        reserve = running.candidates.get(is_reserve=True)
        with pytest.raises(NotAllowed, match="lebih dari 10% pertemuan"):
            seat_offers.offer(candidate=reserve, by=officer)

    def test_the_share_is_a_setting_and_no_offer_lasts_longer(self, running, officer, settings):
        settings.REPLACEMENT_SHARE_PERCENT = 50
        Course.objects.update(jp=160)
        MeetingFactory.create_batch(20, batch=running)
        drop(running.enrolments.get(), officer)
        assert SeatOffer.objects.get().until == today()  # the eleventh meeting is today's

    def test_meetings_that_are_not_planned_yet_count_by_their_jp(self, running, officer):
        MeetingFactory.create_batch(2, batch=running)  # of thirty with eight JP each
        drop(running.enrolments.get(), officer)
        assert SeatOffer.objects.get().until == today(3)

    def test_without_meetings_the_days_count(self, running, officer, settings):
        settings.REPLACEMENT_SHARE_PERCENT = 21
        drop(running.enrolments.get(), officer)  # 10 of 51 days have passed
        assert SeatOffer.objects.get().until == today()

    def test_not_when_the_batch_does_not_select(self, batch, participants, reserves, officer):
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.POSTPONED)
        drop(participants[0], officer)
        assert not SeatOffer.objects.exists()


class TestTake:
    def test_the_seat_is_held_and_the_head_prepares_a_decree(self, head, offer, batch, officer):
        taken = seat_offers.take(offer=offer, by=officer)
        assert taken.state == SeatOfferState.TAKEN
        assert now_of(batch).seats_taken == 2
        assert told("seat_taken") == {head}
        assert not Notice.objects.live().filter(kind="seat_offered").exists()

    def test_twice_by_the_same_is_once_by_another_already_done(self, offer, officer, head):
        first = seat_offers.take(offer=offer, by=officer)
        assert seat_offers.take(offer=offer, by=officer) == first
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            seat_offers.take(offer=offer, by=head)

    def test_not_after_the_last_day(self, offer, officer):
        SeatOffer.objects.update(until=today(-1))
        with pytest.raises(NotAllowed, match="berlaku sampai"):
            seat_offers.take(offer=offer, by=officer)

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, offer, role, request):
        by = request.getfixturevalue(role)
        for act in (
            lambda: seat_offers.take(offer=offer, by=by),
            lambda: seat_offers.refuse(offer=offer, reason="X", by=by),
            lambda: seat_offers.withdraw(offer=offer, reason="X", by=by),
            lambda: seat_offers.offer(candidate=offer.candidate, by=by),
        ):
            with pytest.raises(Forbidden):
                act()


class TestTheDecree:
    @pytest.fixture(autouse=True)
    def _series(self, facility):
        decree_series(facility)

    def prepared(self, batch, people, head):
        hearing = batch.hearings.filter(state="held").first()
        return decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)

    def test_seats_whom_the_offer_was_made_to(self, offer, batch, officer, head, warden):
        seat_offers.take(offer=offer, by=officer)
        decrees.issue(decree=self.prepared(batch, [offer.candidate], head), by=warden)
        offer.refresh_from_db()
        assert offer.state == SeatOfferState.SEATED
        assert Enrolment.objects.filter(candidate=offer.candidate, state="enrolled").exists()
        assert now_of(batch).seats_taken == 2

    def test_nobody_else_gets_the_held_seat(self, offer, batch, reserves, officer, head):
        seat_offers.take(offer=offer, by=officer)
        with pytest.raises(NotAllowed, match="sudah penuh"):
            self.prepared(batch, [reserves[1]], head)

    def test_nor_a_free_seat_without_taking_the_offer(
        self, offer, batch, participants, reserves, officer, head
    ):
        seat_offers.withdraw(offer=offer, reason="Salah orang", by=officer, to_next=False)
        with pytest.raises(NotAllowed, match=f"{reserves[2].inmate.name} belum menerima tawaran"):
            self.prepared(batch, [reserves[2]], head)

    def test_late_only_who_took_the_seat_in_time(self, offer, batch, officer, head):
        seat_offers.take(offer=offer, by=officer)
        Batch.objects.update(starts_on=today(-40), seats_confirmed=3)
        (late,), _hearing = approved(batch, 1)
        with pytest.raises(NotAllowed, match=f"{late.inmate.name} tidak bisa masuk lagi"):
            self.prepared(batch, [offer.candidate, late], head)
        assert self.prepared(batch, [offer.candidate], head)

    def test_not_before_the_answer(self, offer, batch, head):
        with pytest.raises(NotAllowed, match="belum menjawab tawaran kursi"):
            self.prepared(batch, [offer.candidate], head)

    def test_while_it_waits_the_offer_is_not_withdrawn(self, offer, batch, officer, head):
        seat_offers.take(offer=offer, by=officer)
        self.prepared(batch, [offer.candidate], head)
        with pytest.raises(NotAllowed, match="menunggu Kalapas"):
            seat_offers.withdraw(offer=offer, reason="Salah", by=officer)


class TestNoAndNoAnswer:
    def test_a_refusal_needs_a_reason_and_asks_the_next(self, offer, reserves, officer):
        with pytest.raises(NotAllowed):
            seat_offers.refuse(offer=offer, reason=" ", by=officer)
        seat_offers.refuse(offer=offer, reason="Lebih suka menjahit", by=officer)
        assert offers() == [(reserves[0], "refused"), (reserves[1], "open")]

    def test_refused_twice_is_once(self, offer, officer, head):
        seat_offers.refuse(offer=offer, reason="Tidak", by=officer)
        seat_offers.refuse(offer=offer, reason="Tidak", by=officer)
        assert len(offers()) == 2
        with pytest.raises(AlreadyDone):
            seat_offers.refuse(offer=offer, reason="Tidak", by=head)

    def test_after_the_day_the_sweep_asks_the_next(self, offer, reserves):
        assert seat_offers.expire_overdue() == 0
        assert seat_offers.expire_overdue(today=today(4)) == 1
        assert offers()[0] == (reserves[0], "expired")
        assert offers()[1] == (reserves[1], "open")

    def test_when_the_last_is_silent_it_is_told(self, offer, reserves, officer, head):
        for reserve in reserves[1:]:
            candidates.withdraw(candidate=reserve, reason="Pindah", by=officer)
        seat_offers.expire_overdue(today=today(4))
        assert told("seat_expired") == {officer, head}

    def test_one_that_fails_does_not_stop_the_others(self, offer, reserves, facility, agency):
        later = approved(confirmed_batch(facility, agency), 1, is_reserve=True)[0][0]
        SeatOffer.objects.create(
            facility=facility, batch=later.batch, candidate=later, until=offer.until
        )
        unreadable = {"eligibility": [{}], "override_reason": "Alasan"}
        Candidate.objects.filter(pk=reserves[1].pk).update(**unreadable)
        assert seat_offers.expire_overdue(today=today(4)) == 1
        assert offers() == [(reserves[0], "open"), (later, "expired")]

    def test_who_was_silent_may_be_asked_again_by_hand(self, offer, reserves, officer):
        for reserve in reserves[1:]:
            candidates.withdraw(candidate=reserve, reason="Pindah", by=officer)
        seat_offers.expire_overdue(today=today(4))
        assert seat_offers.offer(candidate=reserves[0], by=officer).state == SeatOfferState.OPEN

    def test_by_hand_only_in_order_and_only_a_free_seat(self, offer, reserves, officer, head):
        with pytest.raises(NotAllowed, match="Tidak ada kursi kosong"):
            seat_offers.offer(candidate=reserves[1], by=officer)
        seat_offers.withdraw(offer=offer, reason="Salah orang", by=officer, to_next=False)
        with pytest.raises(NotAllowed, match=f"{reserves[1].inmate.name} lebih dulu"):
            seat_offers.offer(candidate=reserves[2], by=officer)
        made = seat_offers.offer(candidate=reserves[1], by=officer)
        assert seat_offers.offer(candidate=reserves[1], by=officer) == made
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            seat_offers.offer(candidate=reserves[1], by=head)

    def test_withdrawn_goes_to_the_next(self, offer, reserves, officer):
        seat_offers.take(offer=offer, by=officer)
        seat_offers.withdraw(offer=offer, reason="Dipindahkan", by=officer)
        assert offers() == [(reserves[0], "withdrawn"), (reserves[1], "open")]


class TestWhatEndsAnOffer:
    def test_a_reserve_who_withdraws_frees_the_seat_for_the_next(self, offer, reserves, officer):
        candidates.withdraw(candidate=reserves[0], reason="Mundur", by=officer)
        assert offers() == [(reserves[0], "withdrawn"), (reserves[1], "open")]

    def test_a_hearing_taken_back_withdraws_its_offers(self, facility, agency, officer, head):
        batch = confirmed_batch(facility, agency, seats_confirmed=1)
        regulars, _hearing = approved(batch, 1)
        (reserve,), hearing = approved(batch, 1, is_reserve=True)
        candidates.withdraw(candidate=regulars[0], reason="Mundur", by=officer)
        hearings.undo(hearing=hearing, reason="Salah ketik", by=head)
        assert offers() == [(reserve, "withdrawn")]
        assert now_of(batch).seats_taken == 0

    def test_and_the_seat_goes_to_a_reserve_of_another_hearing(
        self, facility, agency, officer, head
    ):
        batch = confirmed_batch(facility, agency, seats_confirmed=1)
        regulars, _hearing = approved(batch, 1)
        (first,), hearing = approved(batch, 1, is_reserve=True)
        (second,), _other = approved(batch, 1, is_reserve=True)
        candidates.withdraw(candidate=regulars[0], reason="Mundur", by=officer)
        hearings.undo(hearing=hearing, reason="Salah ketik", by=head)
        assert offers() == [(first, "withdrawn"), (second, "open")]


def test_a_liaison_sees_no_offer(offer, liaison, outsider, officer):
    assert not SeatOffer.objects.visible_to(liaison).exists()
    assert not SeatOffer.objects.visible_to(outsider).exists()
    assert SeatOffer.objects.visible_to(officer).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_drop_out_at_once_and_two_reserves_are_asked(batch, participants, reserves, officer):
    race(*[lambda row=row: drop(row, officer) for row in participants])
    assert offers() == [(reserves[0], "open"), (reserves[1], "open")]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_yes_and_no_at_once(offer, facility, officer):
    other = staff(facility, "officer", name="Petugas Dua")
    outcomes = race(
        lambda: seat_offers.take(offer=offer, by=officer),
        lambda: seat_offers.refuse(offer=offer, reason="Tidak mau", by=other),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDone", "SeatOffer"]
