"""A batch is edited, put off and taken up again, given extra seats, set back."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import inmate_at
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import (
    CourseFactory,
    MeetingFactory,
    WaitingEntryFactory,
    approved,
    confirmed_batch,
    enrolled,
)
from tests.training.conftest import change, now_of, terms, told
from training import rules
from training.models import Batch, Meeting, PlanLine, SeatOffer, WaitingEntry
from training.services import batches, seat_offers, slots, waiting
from training.states import (
    BatchState,
    EnrolmentState,
    ProposalState,
    SeatOfferState,
    WaitingState,
)
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db


def later(batch, **changed):
    """New dates of a postponed batch, on the ground that it has."""
    usual = {"starts_on": today(90), "ends_on": today(130)}
    return {"agreement": batch.agreement, "exception": batch.exception} | usual | changed


class TestEditing:
    def test_what_is_planned_may_be_changed(self, planned, officer):
        batches.edit(
            batch=planned, by=officer, name="Angkatan II", starts_on=today(31), minimum_seats=8
        )
        batch = now_of(planned)
        assert (batch.name, batch.starts_on, batch.minimum_seats) == (
            "Angkatan II",
            today(31),
            8,
        )

    def test_the_same_again_writes_nothing(self, planned, officer):
        before = Batch.pgh_event_model.objects.count()
        batches.edit(batch=planned, by=officer, name=planned.name)
        assert Batch.pgh_event_model.objects.count() == before

    @pytest.mark.parametrize("field", ["starts_on", "exception", "course"])
    def test_what_is_agreed_may_not(self, facility, agency, officer, field):
        batch = confirmed_batch(facility, agency)
        value = {"starts_on": today(33), "exception": "DIPA", "course": CourseFactory()}[field]
        with pytest.raises(NotAllowed) as refusal:
            batches.edit(batch=batch, by=officer, **{field: value})
        assert set(refusal.value.error_dict) == {field}
        batches.edit(batch=batch, by=officer, fund="city", cost=50_000_000, place="Bengkel")
        assert now_of(batch).cost == 50_000_000

    def test_nor_whom_and_what_one_asked(self, proposal, planned, officer):
        slots.withdraw(proposal=proposal, by=officer)
        with pytest.raises(NotAllowed) as refusal:
            batches.edit(batch=planned, by=officer, course=CourseFactory(), starts_on=today(32))
        assert set(refusal.value.error_dict) == {"course"}

    def test_the_ground_is_checked_again(self, planned, officer):
        with pytest.raises(NotAllowed) as refusal:
            batches.edit(batch=planned, by=officer, ends_on=planned.agreement.ends_on.replace(2099))
        assert set(refusal.value.error_dict) == {"agreement"}

    def test_a_line_of_the_plan_is_of_the_same_course_year_and_prison(self, planned, officer):
        fitting = {
            "facility": planned.facility,
            "course": planned.course,
            "year": planned.starts_on.year,
            "fund": "city",
        }
        line = PlanLine.objects.create(**fitting)
        assert batches.edit(batch=planned, by=officer, plan_line=line).plan_line == line
        for wrong in (
            {"year": planned.starts_on.year + 1},
            {"course": CourseFactory()},
            {"facility": FacilityFactory()},
        ):
            other = PlanLine.objects.create(**(fitting | wrong))
            with pytest.raises(NotAllowed) as refusal:
                batches.edit(batch=planned, by=officer, plan_line=other)
            assert set(refusal.value.error_dict) == {"plan_line"}

    def test_nothing_of_a_batch_that_is_over(self, planned, officer):
        batches.cancel(batch=planned, reason="Dana", by=officer)
        with pytest.raises(NotAllowed, match="dibatalkan"):
            batches.edit(batch=planned, by=officer, name="Lain")

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_by_whoever_plans(self, planned, role, request):
        with pytest.raises(Forbidden):
            batches.edit(batch=planned, by=request.getfixturevalue(role), name="Lain")


class TestExtraSeats:
    def test_are_added_with_a_name_and_a_reason(self, full, officer, head, liaison):
        batches.grant_extra_seats(batch=full, seats=2, reason="Permintaan wali", by=head)
        batch = now_of(full)
        assert (batch.seats, batch.seats_free, batch.seats_extra_by) == (4, 2, head)
        assert batch.seats_extra_why == "Permintaan wali"
        assert told("seats_extra") == {officer, liaison}

    def test_the_same_again_is_one_act(self, full, head, liaison):
        for _time in range(2):
            batches.grant_extra_seats(batch=full, seats=2, reason="Wali", by=head)
        assert Notice.objects.filter(kind="seats_extra", recipient=liaison).count() == 1

    def test_not_below_those_that_are_taken(self, full, facility, head):
        batches.grant_extra_seats(batch=full, seats=1, reason="Wali", by=head)
        enrolled(full, inmate_at(facility, name="TONO"))
        with pytest.raises(NotAllowed, match="TONO"):
            batches.grant_extra_seats(batch=full, seats=0, reason="Salah", by=head)
        assert now_of(full).seats_extra == 1

    @pytest.mark.parametrize(
        ("seats", "reason", "field"), [(1, " ", "reason"), (99, "Banyak", "seats")]
    )
    def test_with_sense(self, full, head, seats, reason, field):
        with pytest.raises(NotAllowed) as refusal:
            batches.grant_extra_seats(batch=full, seats=seats, reason=reason, by=head)
        assert set(refusal.value.error_dict) == {field}

    def test_not_while_nothing_is_confirmed(self, planned, head):
        with pytest.raises(NotAllowed, match="direncanakan"):
            batches.grant_extra_seats(batch=planned, seats=1, reason="Wali", by=head)

    @pytest.mark.parametrize("role", ["officer", "registrar", "liaison", "outsider"])
    def test_by_head_or_warden_only(self, full, warden, role, request):
        with pytest.raises(Forbidden):
            batches.grant_extra_seats(
                batch=full, seats=1, reason="Wali", by=request.getfixturevalue(role)
            )
        assert batches.grant_extra_seats(batch=full, seats=1, reason="Wali", by=warden)

    def test_reserves_who_wait_are_offered_them(self, full, head):
        (reserve,), _hearing = approved(full, 1, is_reserve=True)
        batches.grant_extra_seats(batch=full, seats=3, reason="Wali", by=head)
        assert SeatOffer.objects.get().candidate == reserve


class TestPostponing:
    def test_everybody_is_told_and_participants_stay(self, full, officer, head, liaison):
        batches.postpone(batch=full, reason="Instruktur sakit", by=officer)
        batch = now_of(full)
        assert (batch.state, batch.reason) == (BatchState.POSTPONED, "Instruktur sakit")
        assert (batch.seats_confirmed, batch.seats_taken) == (2, 2)
        assert told("batch_postponed") == {head, liaison}

    def test_an_open_round_is_withdrawn(self, proposal, planned, officer, liaison):
        batches.postpone(batch=planned, reason="Dana", by=officer)
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.WITHDRAWN
        assert now_of(planned).state == BatchState.POSTPONED
        assert not Notice.objects.live().filter(kind="slots_proposed").exists()
        with pytest.raises(AlreadyDone):
            slots.accept(proposal=proposal, by=liaison)

    def test_rooms_and_instructors_are_free_again(self, full, officer):
        meeting = MeetingFactory(batch=full)
        batches.postpone(batch=full, reason="Dana", by=officer)
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.CANCELLED

    def test_twice_by_the_same_is_once(self, full, officer, head):
        batches.postpone(batch=full, reason="Dana", by=officer)
        assert batches.postpone(batch=full, reason="Dana", by=officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            batches.postpone(batch=full, reason="Dana", by=head)

    def test_for_a_reason_and_not_once_it_runs(self, full, officer):
        with pytest.raises(NotAllowed) as refusal:
            batches.postpone(batch=full, reason=" ", by=officer)
        assert set(refusal.value.error_dict) == {"reason"}
        Batch.objects.update(starts_on=today())
        batches.start(batch=full, by=officer)
        with pytest.raises(NotAllowed, match="berjalan"):
            batches.postpone(batch=full, reason="Dana", by=officer)


class TestResuming:
    @pytest.fixture
    def postponed(self, full, officer):
        return batches.postpone(batch=full, reason="Dana", by=officer)

    def test_with_new_dates_it_is_planned_and_asked_anew(self, postponed, officer, head, liaison):
        batches.resume(batch=postponed, by=officer, **later(postponed))
        batch = now_of(postponed)
        assert (batch.state, batch.starts_on, batch.reason) == (
            BatchState.PLANNED,
            today(90),
            "",
        )
        assert told("batch_resumed") == {head, liaison}
        assert not Notice.objects.live().filter(kind="batch_postponed").exists()
        assert {row.period.lower for row in batch.enrolments.all()} == {today(90)}
        proposal = slots.propose(
            batch=batch,
            by=officer,
            **terms(seats=2, starts_on=today(90), ends_on=today(130)),
        )
        slots.accept(proposal=proposal, by=liaison)
        assert now_of(batch).state == BatchState.CONFIRMED

    def test_fewer_seats_than_participants_are_refused_then(self, postponed, officer, liaison):
        batches.resume(batch=postponed, by=officer, **later(postponed))
        proposal = slots.propose(batch=postponed, by=officer, **terms(seats=1))
        with pytest.raises(NotAllowed, match="1 peserta"):
            slots.accept(proposal=proposal, by=liaison)

    def test_clashes_are_named(self, postponed, facility, agency, officer):
        other = confirmed_batch(
            facility, agency, name="Angkatan Lain", starts_on=today(100), ends_on=today(140)
        )
        siti = postponed.enrolments.get(inmate__name="SITI").inmate
        enrolled(other, siti)
        with pytest.raises(NotAllowed, match=r"SITI.*Angkatan Lain") as refusal:
            batches.resume(batch=postponed, by=officer, **later(postponed))
        assert refusal.value.people == [siti]
        assert now_of(postponed).state == BatchState.POSTPONED

    @pytest.mark.parametrize(
        ("dates", "field"),
        [
            ({"starts_on": today(-2)}, "starts_on"),
            ({"ends_on": today(10)}, "ends_on"),
            ({"agreement": None}, "agreement"),
        ],
    )
    def test_dates_and_ground_make_sense(self, postponed, officer, dates, field):
        with pytest.raises(NotAllowed) as refusal:
            batches.resume(batch=postponed, by=officer, **later(postponed, **dates))
        assert field in refusal.value.error_dict

    def test_under_another_agreement(self, postponed, facility, agency, officer):
        SignedAgreementFactory(facility=facility, agency=agency)
        newer = SignedAgreementFactory(facility=facility, agency=agency)
        batches.resume(batch=postponed, by=officer, **later(postponed, agreement=newer))
        assert now_of(postponed).agreement == newer

    def test_twice_by_the_same_is_once(self, postponed, officer, head, liaison):
        for _time in range(2):
            batches.resume(batch=postponed, by=officer, **later(postponed))
        assert Notice.objects.filter(kind="batch_resumed", recipient=liaison).count() == 1
        with pytest.raises(AlreadyDone):
            batches.resume(batch=postponed, by=head, **later(postponed))

    def test_only_what_was_put_off(self, full, officer):
        with pytest.raises(NotAllowed, match="dikonfirmasi"):
            batches.resume(batch=full, by=officer, **later(full))


class TestCancelling:
    def test_who_waited_for_the_course_waits_again_from_the_old_day(self, full, facility, officer):
        first, second = (row.inmate for row in full.enrolments.order_by("pk"))
        entry = WaitingEntryFactory(facility=facility, inmate=first, course=full.course)
        asked = entry.asked_on
        waiting.consume(batch=full, inmates=[first.pk, second.pk])
        batches.cancel(batch=full, reason="Dana", by=officer)
        (again,) = WaitingEntry.objects.open()
        assert (again, again.asked_on) == (entry, asked)

    def test_an_older_waiting_that_another_batch_ended_stays_ended(self, full, facility, officer):
        person = full.enrolments.order_by("pk").first().inmate
        old = WaitingEntryFactory(facility=facility, inmate=person, course=full.course)
        waiting.consume(batch=full, inmates=[person.pk])
        WaitingEntry.objects.update(state_at=full.created_at)
        batches.cancel(batch=full, reason="Dana", by=officer)
        old.refresh_from_db()
        assert old.state == WaitingState.ENROLLED

    def test_seats_on_offer_and_meetings_end(self, full, officer):
        Batch.objects.update(seats_confirmed=4)
        (reserve,), _hearing = approved(full, 1, is_reserve=True)
        meeting = MeetingFactory(batch=full)
        offer = seat_offers.offer(candidate=reserve, by=officer)
        batches.cancel(batch=full, reason="Dana", by=officer)
        offer.refresh_from_db()
        assert offer.state == SeatOfferState.WITHDRAWN
        assert Meeting.objects.get(pk=meeting.pk).state == MeetingState.CANCELLED
        assert {row.state for row in full.enrolments.all()} == {EnrolmentState.DROPPED}
        assert now_of(full).seats_taken == 0

    def test_a_postponed_one_too(self, full, officer, liaison):
        batches.postpone(batch=full, reason="Dana", by=officer)
        batches.cancel(batch=full, reason="Tidak jadi", by=officer)
        assert now_of(full).state == BatchState.CANCELLED
        assert liaison in told("batch_cancelled")


class TestSteppingBack:
    def test_begun_by_a_wrong_click(self, full, officer, head):
        Batch.objects.update(starts_on=today())
        batches.start(batch=full, by=officer)
        with pytest.raises(Forbidden):
            batches.step_back(batch=full, reason="Salah klik", by=officer)
        batches.step_back(batch=full, reason="Salah klik", by=head)
        assert now_of(full).state == BatchState.CONFIRMED
        batches.start(batch=full, by=officer)
        batches.finish(batch=full, by=officer)
        batches.step_back(batch=full, reason="Belum selesai", by=head)
        batch = now_of(full)
        assert (batch.state, batch.reason) == (BatchState.RUNNING, "Belum selesai")

    def test_not_from_anywhere_and_not_without_a_reason(self, full, head):
        with pytest.raises(NotAllowed, match="dikonfirmasi"):
            batches.step_back(batch=full, reason="Salah klik", by=head)


class TestTooFewParticipants:
    @pytest.mark.parametrize(
        ("minimum", "days", "missing"),
        [(None, 3, None), (2, 3, None), (5, 3, 3), (5, 14, 3), (5, 15, None)],
    )
    def test_are_said_shortly_before_the_start(self, full, minimum, days, missing):
        Batch.objects.update(minimum_seats=minimum, starts_on=today(days))
        assert rules.few_participants(now_of(full)) == missing

    def test_on_the_page(self, full, officer, login):
        Batch.objects.update(minimum_seats=5, starts_on=today(3))
        assert "Kurang 3 peserta" in page_of(full, officer, login)

    def test_and_never_block(self, full, officer, login):
        Batch.objects.update(minimum_seats=5, starts_on=today())
        assert batches.start(batch=full, by=officer).state == BatchState.RUNNING


def page_of(batch, user, login):
    return login(user).get(batch.get_absolute_url()).content.decode()


def test_a_change_that_brings_seats_is_offered_to_reserves(full, officer, liaison):
    (reserve,), _hearing = approved(full, 1, is_reserve=True)
    slots.accept(proposal=change(full, officer, seats=4), by=liaison)
    assert SeatOffer.objects.get().candidate == reserve
