"""A change of circumstances before a post: decided, undone, lifted, and two at once."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Circumstance, Restriction
from inmates.services import restrictions
from inmates.states import (
    CircumstanceDecision,
    CircumstanceKind,
    RestrictionKind,
)
from placements.services import circumstances, departures, run_out
from placements.services.policies import create_missing
from placements.states import Effect
from reports.integrity import differences
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    approved,
    confirmed_batch,
    decree_series,
    enrolled,
)
from tests.placements.changes import happened, policy, settled, told
from tests.races import race
from training.services import candidates, decrees, enrolments
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, starts_on=today(-5), ends_on=today(30))


@pytest.fixture
def enrolment(batch):
    return enrolled(batch)


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
