"""A change of circumstances: what it touches, what the policy does, what a post decides."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Circumstance, Custody, Inmate, Restriction, Sentence
from inmates.services import restrictions
from inmates.services.circumstances import note
from inmates.states import (
    LEAVES,
    CircumstanceDecision,
    CircumstanceKind,
    ConsentPurpose,
    RegisterClass,
    RestrictionKind,
)
from placements.models import CircumstancePolicy
from placements.services import circumstances, departures, run_out
from placements.services.policies import create_missing
from placements.states import Effect
from reports.integrity import differences
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    approved,
    confirmed_batch,
    decree_series,
    enrolled,
)
from tests.races import race
from training.models import Batch
from training.services import candidates, decrees, enrolments
from training.states import CandidateState, DecreeState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-5), ends_on=today(30))


@pytest.fixture
def enrolment(batch):
    return enrolled(batch)


def happened(row, kind, *, by=None, **fields):
    """The change of a candidate's or participant's person, not settled yet."""
    fields = {"effective": today(), "source": "test", **fields}
    return note(inmate=row.inmate, facility_id=row.facility_id, kind=kind, by=by, **fields)


def settled(row, kind, **fields):
    circumstance = happened(row, kind, **fields)
    circumstances.settle(circumstances=[circumstance])
    circumstance.refresh_from_db()
    row.refresh_from_db()
    return circumstance


def policy(kind, effect, facility=None):
    CircumstancePolicy.objects.update_or_create(
        facility=facility, kind=kind, defaults={"effect": effect}
    )


def told(user, kind):
    return list(Notice.objects.live().filter(recipient=user, kind=kind))


class TestLeaving:
    @pytest.mark.parametrize("kind", LEAVES)
    def test_ends_the_enrolment_and_frees_the_seat(self, enrolment, batch, kind):
        circumstance = settled(enrolment, kind)
        assert circumstance.decision == CircumstanceDecision.ENDED
        assert circumstance.handled_by is None
        assert (enrolment.state, enrolment.dropped_on) == (EnrolmentState.DROPPED, today())
        assert Batch.objects.get(pk=batch.pk).seats_taken == 0
        assert circumstance.outcome == [
            {
                "what": "enrolment",
                "row": str(enrolment.public_id),
                "batch": batch.name,
                "code": enrolment.participant_code,
                "was": "enrolled",
                "to": "dropped",
            }
        ]

    def test_says_why_in_words(self, enrolment):
        settled(enrolment, CircumstanceKind.TRANSFERRED, effective=today(-1))
        assert enrolment.reason.startswith("Pindah lapas per ")
        assert enrolment.dropped_on == today(-1)

    def test_a_candidature_lapses(self, batch):
        candidate = CandidateFactory(batch=batch)
        settled(candidate, CircumstanceKind.RELEASED)
        assert candidate.state == CandidateState.LAPSED
        assert candidate.note.startswith("Bebas per ")

    def test_a_decree_that_waits_is_taken_back_and_the_head_prepares_it_anew(
        self, batch, head, warden
    ):
        (stays, leaves), hearing = approved(batch, 2)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=[stays, leaves], by=head)
        settled(leaves, CircumstanceKind.TRANSFERRED)
        decree.refresh_from_db()
        assert leaves.state == CandidateState.LAPSED
        assert decree.state == DecreeState.RETURNED
        assert "gugur" in decree.reason
        assert leaves.inmate.name not in decree.reason
        assert told(head, "decree_withdrawn")
        assert told(warden, "decree_withdrawn")
        again = decrees.prepare(batch=batch, hearing=hearing, candidates=[stays], by=head)
        assert [entry.candidate for entry in again.entries.all()] == [stays]

    def test_two_of_one_decree_leave_at_once(self, batch, head):
        both, hearing = approved(batch, 2)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=both, by=head)
        changes = [happened(one, CircumstanceKind.RELEASED) for one in both]
        assert len(circumstances.settle(circumstances=changes)) == 2
        decree.refresh_from_db()
        assert decree.state == DecreeState.RETURNED
        assert not batch.candidates.open().exists()

    def test_another_prison_is_not_touched(self, enrolment, outsider):
        elsewhere = note(
            inmate=enrolment.inmate,
            facility_id=outsider.facility.pk,
            kind=CircumstanceKind.TRANSFERRED,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle(circumstances=[elsewhere])
        enrolment.refresh_from_db()
        elsewhere.refresh_from_db()
        assert enrolment.state == EnrolmentState.ENROLLED
        assert elsewhere.decision == CircumstanceDecision.NOTHING

    @pytest.mark.parametrize("fields", [{"ends_on": today(-1)}, {"state": "finished"}])
    def test_who_left_after_the_last_day_keeps_the_training(self, facility, agency, fields):
        batch = confirmed_batch(facility, agency, starts_on=today(-40), **fields)
        row = enrolled(batch)
        circumstance = settled(row, CircumstanceKind.RELEASED)
        assert row.state == EnrolmentState.ENROLLED
        assert circumstance.decision == CircumstanceDecision.NOTHING

    def test_before_its_day_nothing_happens(self, enrolment):
        circumstance = settled(enrolment, CircumstanceKind.RELEASED, effective=today(3))
        assert circumstance.is_open
        assert enrolment.state == EnrolmentState.ENROLLED

    def test_what_runs_under_a_merged_record_ends_too(self, enrolment, facility):
        kept = inmate_at(facility)
        Inmate.objects.filter(pk=enrolment.inmate_id).update(merged_into=kept)
        change = note(
            inmate=kept,
            facility_id=facility.pk,
            kind=CircumstanceKind.RELEASED,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle(circumstances=[change])
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.DROPPED

    def test_the_agency_learns_the_code_and_no_more(self, enrolment, liaison, officer, head):
        settled(enrolment, CircumstanceKind.DIED)
        (notice,) = told(liaison, "participant_left")
        assert notice.data == {"code": enrolment.participant_code, "batch": enrolment.batch.name}
        assert told(officer, "circumstance_settled")
        assert told(head, "circumstance_settled")

    def test_whoever_reports_it_is_not_told(self, enrolment, officer):
        change = happened(enrolment, CircumstanceKind.DIED)
        circumstances.settle(circumstances=[change], by=officer)
        assert not told(officer, "circumstance_settled")

    def test_twice_is_once(self, enrolment):
        change = happened(enrolment, CircumstanceKind.RELEASED)
        assert circumstances.settle(circumstances=[change]) == [change]
        assert circumstances.settle(circumstances=[change]) == []


class TestPolicy:
    def test_nothing_touched_is_closed_at_once(self, facility):
        change = note(
            inmate=inmate_at(facility),
            facility_id=facility.pk,
            kind=CircumstanceKind.UNFIT,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle(circumstances=[change])
        change.refresh_from_db()
        assert (change.decision, change.outcome) == (CircumstanceDecision.NOTHING, [])

    def test_suspends_a_participant_who_keeps_the_seat(self, enrolment, batch, liaison):
        circumstance = settled(enrolment, CircumstanceKind.DISCIPLINE)
        assert circumstance.decision == CircumstanceDecision.SUSPENDED
        assert enrolment.state == EnrolmentState.SUSPENDED
        assert enrolment.reason.startswith("Masuk Register F per ")
        assert Batch.objects.get(pk=batch.pk).seats_taken == 1
        assert told(liaison, "participant_paused")

    def test_suspending_leaves_a_candidate_on_the_list_and_shows_it(self, batch):
        candidate = CandidateFactory(batch=batch)
        circumstance = settled(candidate, CircumstanceKind.SECURITY)
        assert candidate.state == CandidateState.PROPOSED
        assert [(line["what"], line["to"]) for line in circumstance.outcome] == [
            ("candidate", "proposed")
        ]

    def test_asks_officer_and_head_once_and_waits(self, enrolment, officer, head, liaison):
        circumstance = settled(enrolment, CircumstanceKind.UNFIT)
        assert circumstance.is_open
        assert circumstance.asked_at
        assert told(officer, "circumstance_waiting")
        assert told(head, "circumstance_waiting")
        assert not told(liaison, "participant_paused")
        assert circumstances.settle_all() == 0

    def test_a_prison_has_its_own(self, enrolment, facility):
        policy(CircumstanceKind.UNFIT, Effect.IGNORE, facility)
        circumstance = settled(enrolment, CircumstanceKind.UNFIT)
        assert circumstance.decision == CircumstanceDecision.KEPT
        assert enrolment.state == EnrolmentState.ENROLLED

    def test_the_sweep_settles_all_and_goes_on_after_a_failure(self, batch, enrolment):
        candidate = CandidateFactory(batch=batch)
        wrong = happened(candidate, CircumstanceKind.DISCIPLINE)
        Circumstance.objects.filter(pk=wrong.pk).update(kind="unheard")
        right = happened(enrolment, CircumstanceKind.RELEASED)
        assert circumstances.settle_all() == 1
        right.refresh_from_db()
        assert right.decision == CircumstanceDecision.ENDED


class TestDates:
    """`facts_for` reads the dates as they are now; the change only says that they changed."""

    def moved_to(self, row, day):
        Sentence.objects.filter(inmate=row.inmate).update(expires=day, two_thirds=day)
        return settled(row, CircumstanceKind.DATES, old=today(760).isoformat(), new=day.isoformat())

    def test_a_participant_who_still_fits_is_not_touched(self, enrolment):
        circumstance = self.moved_to(enrolment, today(100))
        assert circumstance.decision == CircumstanceDecision.NOTHING

    def test_a_participant_who_goes_home_before_the_end_waits_for_a_decision(self, enrolment):
        circumstance = self.moved_to(enrolment, today(40))
        assert circumstance.is_open
        (leg,) = circumstances.touches(circumstance)
        assert leg.code == enrolment.participant_code
        assert leg.why

    def test_a_candidate_whose_window_broke_waits_for_a_decision(self, batch):
        candidate = CandidateFactory(batch=batch)
        assert self.moved_to(candidate, today(40)).is_open

    def test_a_candidate_let_in_by_an_override_is_not_asked_for_it_again(self, batch, head):
        person = inmate_at(batch.facility, sentence={"expires": today(40), "two_thirds": today(40)})
        answer = candidates.propose(batch=batch, inmates=[person], override_reason="PB", by=head)
        (candidate,) = answer.proposed
        assert self.moved_to(candidate, today(39)).decision == CircumstanceDecision.NOTHING


class TestRegister:
    @pytest.mark.parametrize(
        ("new", "waits"), [(RegisterClass.B2A, False), (RegisterClass.A3, True)]
    )
    def test_only_whoever_is_no_longer_sentenced_is_touched(self, enrolment, new, waits):
        Custody.objects.filter(inmate=enrolment.inmate).update(register_class=new)
        circumstance = settled(enrolment, CircumstanceKind.REGISTER, old="B.I", new=new)
        assert circumstance.is_open == waits


class TestConsent:
    @pytest.mark.parametrize(
        ("purpose", "waits"),
        [(ConsentPurpose.TRAINING, True), (ConsentPurpose.FOLLOW_UP, False)],
    )
    def test_touches_what_hangs_on_that_purpose(self, enrolment, purpose, waits):
        circumstance = settled(enrolment, CircumstanceKind.CONSENT, new=purpose)
        assert circumstance.is_open == waits


@pytest.fixture
def asked(enrolment):
    return settled(enrolment, CircumstanceKind.UNFIT)


class TestDecide:
    def decide(self, circumstance, decision, by, reason="Sidang 12"):
        return circumstances.decide(
            circumstance=circumstance, decision=decision, reason=reason, by=by
        )

    @pytest.mark.parametrize(
        ("decision", "state"),
        [
            (CircumstanceDecision.KEPT, EnrolmentState.ENROLLED),
            (CircumstanceDecision.SUSPENDED, EnrolmentState.SUSPENDED),
            (CircumstanceDecision.ENDED, EnrolmentState.DROPPED),
        ],
    )
    def test_does_it_and_says_who(self, asked, enrolment, officer, decision, state):
        done = self.decide(asked, decision, officer)
        enrolment.refresh_from_db()
        assert (done.decision, done.handled_by, enrolment.state) == (decision, officer, state)
        assert done.outcome[0]["to"] == state
        assert not told(officer, "circumstance_waiting")

    def test_twice_is_once_and_by_another_already_done(self, asked, officer, head):
        first = self.decide(asked, CircumstanceDecision.KEPT, officer)
        assert self.decide(asked, CircumstanceDecision.KEPT, officer) == first
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            self.decide(asked, CircumstanceDecision.ENDED, head)

    def test_needs_a_reason(self, asked, officer):
        with pytest.raises(NotAllowed) as refusal:
            self.decide(asked, CircumstanceDecision.KEPT, officer, reason=" ")
        assert "reason" in refusal.value.error_dict

    def test_who_left_can_only_be_ended(self, enrolment, officer):
        change = happened(enrolment, CircumstanceKind.RELEASED)
        with pytest.raises(NotAllowed) as refusal:
            self.decide(change, CircumstanceDecision.KEPT, officer)
        assert "decision" in refusal.value.error_dict
        self.decide(change, CircumstanceDecision.ENDED, officer)
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.DROPPED

    def test_what_touches_nothing_any_more_is_closed_as_such(self, asked, enrolment, officer):
        enrolments.drop(enrolment=enrolment, dropped_on=today(), reason="Mundur", by=officer)
        done = self.decide(asked, CircumstanceDecision.SUSPENDED, officer)
        assert done.decision == CircumstanceDecision.NOTHING

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, asked, role, request):
        with pytest.raises(Forbidden):
            self.decide(asked, CircumstanceDecision.KEPT, request.getfixturevalue(role))


class TestUndo:
    def test_the_suspended_come_back_and_it_waits_again(self, enrolment, head, liaison):
        circumstance = settled(enrolment, CircumstanceKind.DISCIPLINE)
        circumstances.undo(circumstance=circumstance, reason="Orang lain", by=head)
        enrolment.refresh_from_db()
        circumstance.refresh_from_db()
        assert (enrolment.state, enrolment.reason) == (EnrolmentState.ENROLLED, "")
        assert circumstance.is_open
        assert circumstances.settle_all() == 0
        assert told(liaison, "participant_back")
        assert not told(liaison, "participant_paused")

    def test_whom_another_change_suspended_stays_away(self, enrolment, head):
        settled(enrolment, CircumstanceKind.DISCIPLINE)
        second = settled(enrolment, CircumstanceKind.SECURITY)
        circumstances.undo(circumstance=second, reason="Salah", by=head)
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.SUSPENDED

    def test_what_was_ended_does_not_return(self, enrolment, head):
        circumstance = settled(enrolment, CircumstanceKind.RELEASED)
        with pytest.raises(NotAllowed, match="usulkan orangnya lagi"):
            circumstances.undo(circumstance=circumstance, reason="Salah", by=head)

    @pytest.mark.parametrize("role", ["officer", "warden", "registrar", "outsider"])
    def test_only_the_head(self, enrolment, role, request):
        circumstance = settled(enrolment, CircumstanceKind.DISCIPLINE)
        with pytest.raises(Forbidden):
            circumstances.undo(
                circumstance=circumstance, reason="X", by=request.getfixturevalue(role)
            )


class TestLifted:
    @pytest.fixture
    def register_f(self, enrolment, facility):
        """Whoever is in Register F is suspended by policy."""
        security = staff(facility, "security")
        entry = restrictions.impose(
            inmate=enrolment.inmate,
            facility=facility,
            kind=RestrictionKind.DISCIPLINE,
            starts=today(-2),
            by=security,
        )
        circumstances.settle_all()
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.SUSPENDED
        return entry, security

    def lifted(self, register_f):
        entry, security = register_f
        restrictions.lift(restriction=entry, until=today(-1), by=security)
        circumstances.settle_all()
        return Circumstance.objects.get(kind=CircumstanceKind.LIFTED)

    def test_asks_whether_they_come_back(self, register_f, enrolment, officer, liaison):
        circumstance = self.lifted(register_f)
        assert circumstance.is_open
        circumstances.decide(
            circumstance=circumstance,
            decision=CircumstanceDecision.KEPT,
            reason="Boleh",
            by=officer,
        )
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.ENROLLED
        assert told(liaison, "participant_back")

    def test_lifted_today_they_may_come_back_today(self, register_f, enrolment, officer):
        entry, security = register_f
        restrictions.lift(restriction=entry, until=today(), by=security)
        circumstances.settle_all()
        circumstances.decide(
            circumstance=Circumstance.objects.get(kind=CircumstanceKind.LIFTED),
            decision=CircumstanceDecision.KEPT,
            reason="Boleh",
            by=officer,
        )
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.ENROLLED

    def test_not_while_something_else_keeps_them_out(self, register_f, facility, enrolment, head):
        Restriction.objects.create(
            inmate=enrolment.inmate,
            facility=facility,
            kind=RestrictionKind.SECURITY,
            starts=today(),
        )
        circumstance = self.lifted(register_f)
        with pytest.raises(NotAllowed, match="Catatan keamanan"):
            circumstances.decide(
                circumstance=circumstance,
                decision=CircumstanceDecision.KEPT,
                reason="Boleh",
                by=head,
            )

    def test_touches_nobody_whom_it_did_not_suspend(self, register_f, enrolment, officer):
        enrolments.resume(enrolment=enrolment, by=officer)
        assert self.lifted(register_f).decision == CircumstanceDecision.NOTHING

    def test_a_restriction_that_runs_out_by_itself_asks_too(self, register_f, enrolment):
        entry, _security = register_f
        assert run_out.note() == 0
        Restriction.objects.filter(pk=entry.pk).update(until=today(-1))
        assert (run_out.note(), run_out.note()) == (1, 0)
        circumstances.settle_all()
        assert Circumstance.objects.get(kind=CircumstanceKind.LIFTED).asked_at

    def test_ignored_means_they_stay_away(self, register_f, enrolment):
        policy(CircumstanceKind.LIFTED, Effect.IGNORE)
        assert self.lifted(register_f).decision == CircumstanceDecision.SUSPENDED
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.SUSPENDED


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestAtOnce:
    def test_two_workers_settle_once(self, facility, agency, liaison):
        create_missing("owner")
        row = enrolled(confirmed_batch(facility, agency, starts_on=today(-5)))
        happened(row, CircumstanceKind.RELEASED)
        outcomes = race(circumstances.settle_all, circumstances.settle_all)
        assert sum(outcomes) == 1
        assert len(told(liaison, "participant_left")) == 1

    def test_a_post_and_a_worker_do_not_both_decide(self, facility, agency, officer):
        create_missing("owner")
        row = enrolled(confirmed_batch(facility, agency, starts_on=today(-5)))
        change = happened(row, CircumstanceKind.DISCIPLINE)
        decided, _settled = race(
            lambda: circumstances.decide(
                circumstance=change,
                decision=CircumstanceDecision.ENDED,
                reason="Berat",
                by=officer,
            ),
            circumstances.settle_all,
        )
        change.refresh_from_db()
        row.refresh_from_db()
        if isinstance(decided, AlreadyDone):
            assert row.state == EnrolmentState.SUSPENDED
        else:
            assert (change.handled_by, row.state) == (officer, EnrolmentState.DROPPED)

    def test_who_leaves_while_the_warden_signs_is_never_left_enrolled(
        self, facility, agency, head, warden
    ):
        create_missing("owner")
        decree_series(facility)
        batch = confirmed_batch(facility, agency)
        (candidate,), hearing = approved(batch, 1)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=[candidate], by=head)

        def leave():
            return departures.leave(
                inmate=candidate.inmate,
                facility=facility,
                how=CircumstanceKind.RELEASED,
                on=today(),
                by=staff_registrar,
            )

        staff_registrar = staff(facility, "registrar")
        race(lambda: decrees.issue(decree=decree, by=warden), leave)
        assert not batch.enrolments.blocking().exists()
        assert not batch.candidates.open().exists()
        assert {check: ids for check, ids in differences() if ids} == {}

    def test_who_leaves_while_being_proposed_is_no_candidate(self, facility, agency, officer):
        create_missing("owner")
        batch, registrar = confirmed_batch(facility, agency), staff(facility, "registrar")
        person = inmate_at(facility)
        race(
            lambda: candidates.propose(batch=batch, inmates=[person], by=officer),
            lambda: departures.leave(
                inmate=person,
                facility=facility,
                how=CircumstanceKind.RELEASED,
                on=today(),
                by=registrar,
            ),
        )
        assert not batch.candidates.open().exists()
