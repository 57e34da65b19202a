"""Answers that the prison wrote down for the agency, and rounds on a confirmed batch."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from tests.factories.partners import today
from tests.factories.training import CandidateFactory, confirmed_batch, enrolled
from tests.training.conftest import by_whatsapp, change, now_of, terms, told
from training.models import Batch
from training.services import batches, candidates, slots
from training.states import BatchState, Side

pytestmark = pytest.mark.django_db
real_races = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class TestRecordedByThePrison:
    @pytest.fixture
    def recorded(self, proposal, liaison, officer):
        return slots.accept(proposal=proposal, by=officer, recorded=by_whatsapp())

    def test_counts_as_the_agencys_answer(self, recorded, planned):
        assert (recorded.state, recorded.recorded_channel) == ("accepted", "whatsapp")
        assert (recorded.recorded_on, recorded.recorded_from) == (today(), "Ibu Sari, BLK")
        assert now_of(planned).seats_confirmed == 20

    def test_the_liaison_is_told_and_may_object_once(self, recorded, liaison, officer, head):
        assert told("slots_recorded") == {liaison}
        slots.object_to(proposal=recorded, objection="Kami bilang 12", by=liaison)
        recorded.refresh_from_db()
        assert recorded.objection == "Kami bilang 12"
        assert told("slots_objected") == {officer, head}
        with pytest.raises(AlreadyDone):
            slots.object_to(proposal=recorded, objection="Sekali lagi", by=liaison)

    def test_a_double_click_on_the_objection_is_one(self, recorded, liaison):
        for _click in range(2):
            slots.object_to(proposal=recorded, objection="Kami bilang 12", by=liaison)
        assert Notice.objects.filter(kind="slots_objected").count() == 1

    def test_twice_is_once_and_another_channel_already_done(self, recorded, officer):
        again = slots.accept(proposal=recorded, by=officer, recorded=by_whatsapp())
        assert again == recorded
        with pytest.raises(AlreadyDone):
            slots.accept(proposal=recorded, by=officer, recorded=by_whatsapp(channel="letter"))

    def test_a_recorded_counter_is_told_where_one_can_object(self, proposal, liaison, officer):
        following = slots.counter(
            proposal=proposal, by=officer, recorded=by_whatsapp(), reason="12", **terms(seats=12)
        )
        assert (following.side, following.seats) == (Side.AGENCY, 12)
        notice = Notice.objects.get(kind="slots_recorded")
        assert notice.link == proposal.get_absolute_url()
        proposal.refresh_from_db()
        assert slots.object_to(proposal=proposal, objection="Bukan 12", by=liaison).objected_at

    def test_a_recorded_refusal(self, proposal, planned, officer):
        slots.decline(proposal=proposal, reason="Cuti", by=officer, recorded=by_whatsapp())
        assert now_of(planned).state == BatchState.PLANNED

    def test_not_for_a_day_to_come(self, proposal, officer):
        with pytest.raises(NotAllowed) as refusal:
            slots.accept(proposal=proposal, by=officer, recorded=by_whatsapp(on=today(1)))
        assert "recorded_on" in refusal.value.error_dict

    def test_without_a_name_it_is_no_record(self, proposal, officer):
        with pytest.raises(NotAllowed, match="siapa yang menyampaikan"):
            slots.accept(proposal=proposal, by=officer, recorded=by_whatsapp(said_by=""))

    def test_one_cannot_object_to_an_answer_of_ones_own(self, proposal, liaison):
        slots.accept(proposal=proposal, by=liaison)
        with pytest.raises(NotAllowed, match="tidak dicatat oleh lapas"):
            slots.object_to(proposal=proposal, objection="Salah", by=liaison)

    @pytest.mark.parametrize("role", ["officer", "other_liaison"])
    def test_nobody_else_objects(self, recorded, role, request):
        with pytest.raises(Forbidden):
            slots.object_to(proposal=recorded, objection="Salah", by=request.getfixturevalue(role))


class TestChangingAConfirmedBatch:
    def test_it_stays_confirmed_while_the_change_is_open(self, full, officer, liaison):
        proposal = change(full, officer, seats=5)
        assert (now_of(full).state, now_of(full).seats_confirmed) == (BatchState.CONFIRMED, 2)
        slots.accept(proposal=proposal, by=liaison)
        assert (now_of(full).state, now_of(full).seats_confirmed) == (BatchState.CONFIRMED, 5)

    def test_the_periods_of_participants_move_with_the_dates(self, full, officer, liaison):
        proposal = change(full, officer, seats=2, starts_on=today(40), ends_on=today(80))
        slots.accept(proposal=proposal, by=liaison)
        assert {row.period.lower for row in full.enrolments.all()} == {today(40)}

    def test_too_few_seats_name_to_the_prison_who_would_lose_one(self, full, officer, liaison):
        theirs = change(full, officer, seats=4)
        mine = slots.counter(proposal=theirs, by=liaison, reason="Alat rusak", **terms(seats=1))
        with pytest.raises(NotAllowed, match="BUDI") as refusal:
            slots.accept(proposal=mine, by=officer)
        assert "SITI" not in str(refusal.value)
        assert now_of(full).seats_confirmed == 2

    def test_and_to_the_liaison_only_how_many(self, full, officer, liaison):
        with pytest.raises(NotAllowed) as refusal:
            slots.accept(proposal=change(full, officer, seats=1), by=liaison)
        assert refusal.value.messages == ["1 peserta akan kehilangan kursi."]

    @pytest.fixture
    def clashing(self, full, facility, agency):
        later = confirmed_batch(
            facility, agency, name="Angkatan Lain", starts_on=today(71), ends_on=today(90)
        )
        enrolled(later, full.enrolments.get(inmate__name="SITI").inmate)
        return {"seats": 2, "ends_on": today(71)}

    def test_new_dates_that_clash_are_counted_for_the_liaison(
        self, full, clashing, officer, liaison
    ):
        with pytest.raises(NotAllowed) as refusal:
            slots.accept(proposal=change(full, officer, **clashing), by=liaison)
        assert refusal.value.messages == ["1 peserta bentrok jadwal."]

    def test_and_named_for_the_prison(self, full, clashing, officer):
        with pytest.raises(NotAllowed, match=r"SITI \(Angkatan Lain\)"):
            slots.accept(
                proposal=change(full, officer, **clashing), by=officer, recorded=by_whatsapp()
            )
        assert now_of(full).ends_on == today(70)

    def test_not_once_the_training_runs(self, facility, agency, officer, liaison):
        batch = confirmed_batch(facility, agency)
        proposal = change(batch, officer)
        Batch.objects.update(starts_on=today())
        with pytest.raises(NotAllowed, match="belum dijawab"):
            batches.start(batch=batch, by=officer)
        slots.withdraw(proposal=proposal, by=officer)
        batches.start(batch=batch, by=officer)
        with pytest.raises(NotAllowed, match="berjalan"):
            change(batch, officer)
        assert now_of(batch).state == "running"


def test_who_is_proposed_meanwhile_is_no_obstacle_to_a_change(full, officer, liaison):
    proposal = change(full, officer, seats=3)
    waiting = CandidateFactory(batch=full)
    slots.accept(proposal=proposal, by=liaison)
    assert candidates.propose(batch=full, inmates=[waiting.inmate], by=officer).refused
