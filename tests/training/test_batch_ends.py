"""What a batch held open ends with it: finished, put off, called off; and what is left."""

import pytest

from accounts.refusals import NotAllowed
from correspondence.models import Notice
from inmates.models import Sentence
from reports import integrity
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    MeetingFactory,
    approved,
    confirmed_batch,
    enrolled,
    hours,
)
from tests.training.conftest import change, now_of
from training.models import Batch, Candidate, Certificate, Decree, Hearing, Meeting, SeatOffer
from training.services import (
    batches,
    closing,
    decrees,
    enrolments,
    hearings,
    meetings,
    outcomes,
    schedule,
    seat_offers,
    slots,
)
from training.services.outcomes import Outcome
from training.states import BatchState, CandidateState, DecreeState, HearingState
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(facility, agency):
    return confirmed_batch(
        facility,
        agency,
        seats_confirmed=4,
        starts_on=today(-1),
        ends_on=today(60),
        state=BatchState.RUNNING,
    )


def broken():
    return [check for check, ids in integrity.differences() if ids]


def live(kind, obj):
    return Notice.objects.live().filter(kind=kind, object_id=obj.pk)


class TestFinished:
    def test_nobody_is_on_the_way_in_and_no_meeting_comes(self, running, officer, head, warden):
        people, hearing = approved(running, 2)
        CandidateFactory(batch=running)
        planned = hearings.schedule(batch=running, held_on=today(2), by=officer)
        decree = decrees.prepare(batch=running, hearing=hearing, candidates=people, by=head)
        meeting = MeetingFactory(batch=running, during=hours(today(3), 8, 10))
        batches.finish(batch=running, by=officer)
        assert {row.state for row in Candidate.objects.all()} == {CandidateState.LAPSED}
        assert Hearing.objects.get(pk=planned.pk).state == HearingState.CANCELLED
        assert Decree.objects.get(pk=decree.pk).state == DecreeState.CANCELLED
        assert Meeting.objects.get(pk=meeting.pk).state == MeetingState.CANCELLED
        assert not live("decree_waiting", decree).exists()
        assert broken() == []

    def test_participants_keep_what_let_them_in(self, running, officer):
        row = enrolled(running)
        batches.finish(batch=running, by=officer)
        row.candidate.refresh_from_db()
        assert row.candidate.state == CandidateState.APPROVED

    def test_what_is_left_open_is_found(self, running, officer):
        batches.finish(batch=running, by=officer)
        CandidateFactory(batch=running)
        assert broken() == [
            "nobody is on the way into a batch that is over, and no meeting of it comes"
        ]

    def test_a_meeting_of_today_that_began_is_still_marked(self, running, officer):
        begun = MeetingFactory(batch=running, during=hours(today(-1), 8, 10))
        batches.finish(batch=running, by=officer)
        assert Meeting.objects.get(pk=begun.pk).state == MeetingState.PLANNED


class TestCalledOff:
    def test_a_meeting_that_nobody_marked_is_called_off_too(self, running, officer):
        unmarked, marked = (
            MeetingFactory(batch=running, during=hours(today(-1), hour, hour + 2))
            for hour in (8, 12)
        )
        marked.attendances.create(
            facility=running.facility, agency=running.agency, enrolment=enrolled(running), code="A"
        )
        batches.cancel(batch=running, reason="Dana", by=officer)
        states = dict(Meeting.objects.values_list("pk", "state"))
        assert states == {unmarked.pk: "cancelled", marked.pk: "planned"}
        with pytest.raises(NotAllowed, match="dibatalkan"):
            meetings.hold(meeting=marked, by=officer)

    def test_not_while_somebody_has_a_result(self, running, officer, head):
        row = enrolled(running)
        batches.finish(batch=running, by=officer)
        outcomes.complete(batch=running, outcomes={row: Outcome()}, by=officer)
        batches.step_back(batch=running, reason="Belum selesai", by=head)
        with pytest.raises(NotAllowed, match="hasil akhir"):
            batches.cancel(batch=running, reason="Dana", by=officer)
        assert now_of(running).state == BatchState.RUNNING

    def test_nor_a_paper(self, running, officer):
        row = enrolled(running)
        Certificate.objects.create(
            facility=row.facility,
            agency=row.agency,
            inmate=row.inmate,
            enrolment=row,
            course=running.course,
            kind="training",
            title="Las",
            issuer="BLK",
            number="S-1",
            issued_on=today(),
        )
        with pytest.raises(NotAllowed, match="cabut dulu"):
            batches.cancel(batch=running, reason="Dana", by=officer)


class TestWhatIsTold:
    @pytest.mark.parametrize("act", [batches.cancel, batches.postpone])
    def test_of_the_teaching_does_not_stay(self, facility, agency, officer, liaison, act):
        batch = confirmed_batch(facility, agency)
        slot = schedule.Slot(weekday=1, starts_at=hours(today(), 8, 9).lower.time(), jp=2)
        schedule.set_slots(batch=batch, slots=[slot], by=officer)
        schedule.generate(batch=batch, by=officer)
        assert live("schedule_set", batch).exists()
        act(batch=batch, reason="Dana", by=officer)
        assert not live("schedule_set", batch).exists()

    def test_extra_seats_changed_on_the_same_day_are_told_anew(self, full, head, liaison):
        for seats in (2, 1):
            batches.grant_extra_seats(batch=full, seats=seats, reason="Wali", by=head)
        assert [
            row.data["seats"] for row in live("seats_extra", full).filter(recipient=liaison)
        ] == [1]

    def test_resumed_twice_on_one_day_with_the_newest_dates(self, full, officer, liaison):
        ground = {"agreement": full.agreement, "exception": full.exception}
        for day in (90, 100):
            batches.postpone(batch=full, reason="Dana", by=officer)
            dates = {"starts_on": today(day), "ends_on": today(130)}
            batches.resume(batch=full, by=officer, **dates, **ground)
        (told,) = live("batch_resumed", full).filter(recipient=liaison)
        assert told.data["starts"] == today(100).isoformat()

    def test_closed_again_after_it_was_reopened(self, running, officer, head, liaison):
        batches.finish(batch=running, by=officer)
        closing.close(batch=running, by=officer)
        closing.reopen(batch=running, reason="Salah", by=head)
        closing.close(batch=running, by=officer)
        assert not live("batch_reopened", running).exists()
        closing.reopen(batch=running, reason="Salah lagi", by=head)
        assert live("batch_reopened", running).filter(recipient=liaison).count() == 1


class TestSeatsOfOneThatIsPutOff:
    def test_an_offer_is_withdrawn_and_made_again(self, full, officer, liaison):
        Batch.objects.update(seats_confirmed=3)
        (reserve,), _hearing = approved(full, 1, is_reserve=True)
        seat_offers.offer(candidate=reserve, by=officer)
        batches.postpone(batch=full, reason="Dana", by=officer)
        assert not SeatOffer.objects.holding().exists()
        dates = {"starts_on": today(90), "ends_on": today(130)}
        batches.resume(batch=full, by=officer, agreement=full.agreement, **dates)
        slots.accept(proposal=change(full, officer, seats=3, **dates), by=liaison)
        assert SeatOffer.objects.open().get().candidate == reserve

    def test_a_seat_that_came_free_meanwhile_is_offered(self, full, officer, liaison):
        (reserve,), _hearing = approved(full, 1, is_reserve=True)
        batches.postpone(batch=full, reason="Dana", by=officer)
        gone = full.enrolments.first()
        enrolments.drop(enrolment=gone, dropped_on=today(), reason="Mundur", by=officer)
        dates = {"starts_on": today(90), "ends_on": today(130)}
        batches.resume(batch=full, by=officer, agreement=full.agreement, **dates)
        slots.accept(proposal=change(full, officer, seats=2, **dates), by=liaison)
        assert SeatOffer.objects.open().get().candidate == reserve


class TestWhoIsStillHere:
    @pytest.fixture
    def leaving(self, full):
        """SITI is released between the old end and the new one."""
        person = full.enrolments.get(inmate__name="SITI").inmate
        Sentence.objects.filter(inmate=person).update(expires=today(100))
        return person

    def test_resuming_names_who_leaves_before_the_new_end(self, full, leaving, officer):
        batches.postpone(batch=full, reason="Dana", by=officer)
        dates = {"starts_on": today(90), "ends_on": today(130)}
        with pytest.raises(NotAllowed, match="SITI: Bebas") as refusal:
            batches.resume(batch=full, by=officer, agreement=full.agreement, **dates)
        assert refusal.value.people == [leaving]

    def test_a_round_tells_the_agency_how_many(self, full, leaving, officer, liaison):
        proposal = change(full, officer, seats=2, starts_on=today(90), ends_on=today(130))
        with pytest.raises(NotAllowed, match=r"^\['1 peserta tidak berada"):
            slots.accept(proposal=proposal, by=liaison)

    def test_who_was_let_in_although_the_term_is_short_stays(self, full, leaving, officer, liaison):
        Sentence.objects.filter(inmate=leaving).update(expires=today(40))
        proposal = change(full, officer, seats=2, ends_on=today(80))
        assert slots.accept(proposal=proposal, by=liaison)
