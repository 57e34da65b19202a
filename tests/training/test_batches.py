"""Planning a batch, running it, and calling it off."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, AgreementFactory, SignedAgreementFactory, today
from tests.factories.training import CandidateFactory, CourseFactory, confirmed_batch
from tests.races import race
from tests.training.conftest import terms
from training.models import Batch, Candidate, Enrolment, SlotProposal
from training.services import batches, candidates, slots
from training.states import BatchState, CandidateState, EnrolmentState, ProposalState

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(facility, agency):
    """What a plan needs: a course, and an agreement that holds all the time."""
    return {
        "facility": facility,
        "course": CourseFactory(),
        "agency": agency,
        "agreement": SignedAgreementFactory(facility=facility, agency=agency),
        "name": "Angkatan I",
        "starts_on": today(30),
        "ends_on": today(70),
    }


def problems(refusal):
    return set(refusal.value.error_dict)


class TestPlan:
    def test_under_an_agreement(self, wanted, officer):
        batch = batches.plan(by=officer, **wanted)
        assert (batch.state, batch.seats, batch.created_by) == (BatchState.PLANNED, 0, officer)

    def test_or_on_a_named_ground(self, wanted, officer):
        wanted |= {"agreement": None, "exception": "Kontrak DIPA 7"}
        assert batches.plan(by=officer, **wanted).exception == "Kontrak DIPA 7"

    def test_not_on_none(self, wanted, officer):
        with pytest.raises(NotAllowed) as refusal:
            batches.plan(by=officer, **(wanted | {"agreement": None}))
        assert problems(refusal) == {"agreement"}

    def test_twice_by_the_same_is_once(self, wanted, officer, head):
        first = batches.plan(by=officer, **wanted)
        assert batches.plan(by=officer, **wanted) == first
        for by, changed in ((head, {}), (officer, {"name": "Angkatan II"})):
            assert batches.plan(by=by, **(wanted | changed)) != first

    @pytest.mark.django_db(transaction=True, databases=["default", "owner"])
    def test_a_double_click_is_one_batch(self, wanted, officer):
        both = race(*[lambda: batches.plan(by=officer, **wanted)] * 2)
        assert both[0] == both[1] == Batch.objects.get()

    def test_a_unit_trains_under_the_agreement_of_the_office_above(self, wanted, agency, officer):
        unit = AgencyFactory(parent=agency)
        assert batches.plan(by=officer, **(wanted | {"agency": unit})).agency == unit

    def test_not_under_an_agreement_with_another_agency(self, wanted, facility, officer):
        wanted["agreement"] = SignedAgreementFactory(facility=facility)
        with pytest.raises(NotAllowed, match="instansi lain"):
            batches.plan(by=officer, **wanted)

    def test_not_under_an_agreement_of_another_prison(self, wanted, agency, officer):
        wanted["agreement"] = SignedAgreementFactory(facility=FacilityFactory(), agency=agency)
        with pytest.raises(NotAllowed, match="lapas lain"):
            batches.plan(by=officer, **wanted)

    def test_not_under_a_draft(self, wanted, facility, agency, officer):
        wanted["agreement"] = AgreementFactory(facility=facility, agency=agency)
        with pytest.raises(NotAllowed) as refusal:
            batches.plan(by=officer, **wanted)
        assert problems(refusal) == {"agreement"}

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("ends_on", {"ends_on": today(29)}),
            ("agreement", {"ends_on": today(501)}),
            ("agreement", {"starts_on": today(-201)}),
        ],
    )
    def test_not_outside_its_days(self, wanted, officer, field, changed):
        with pytest.raises(NotAllowed) as refusal:
            batches.plan(by=officer, **(wanted | changed))
        assert problems(refusal) == {field}
        assert not Batch.objects.exists()

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "liaison", "outsider"])
    def test_others_may_not(self, wanted, role, request):
        with pytest.raises(Forbidden):
            batches.plan(by=request.getfixturevalue(role), **wanted)


class TestItsWay:
    @pytest.fixture
    def due(self, facility, agency):
        return confirmed_batch(facility, agency, starts_on=today())

    def test_starts_and_finishes(self, due, officer):
        assert batches.start(batch=due, by=officer).state == BatchState.RUNNING
        assert batches.finish(batch=due, by=officer).state == BatchState.FINISHED

    def test_twice_by_the_same_is_once_and_a_colleague_hears_who(self, due, officer, head):
        first = batches.start(batch=due, by=officer)
        again = batches.start(batch=due, by=officer)
        assert first.state_at == again.state_at
        with pytest.raises(AlreadyDone, match="berjalan: oleh Budi Petugas"):
            batches.start(batch=due, by=head)

    def test_not_before_its_day(self, facility, agency, officer):
        with pytest.raises(NotAllowed, match="belum mulai"):
            batches.start(batch=confirmed_batch(facility, agency), by=officer)

    def test_not_before_its_seats_are_confirmed(self, planned, officer):
        for act in (batches.start, batches.finish):
            with pytest.raises(NotAllowed, match="direncanakan"):
                act(batch=planned, by=officer)

    @pytest.mark.parametrize("role", ["warden", "liaison", "outsider"])
    @pytest.mark.parametrize("act", [batches.start, batches.finish])
    def test_others_may_not(self, due, role, act, request):
        with pytest.raises(Forbidden):
            act(batch=due, by=request.getfixturevalue(role))


class TestCancel:
    def test_an_open_round_is_withdrawn_and_no_longer_waits(
        self, proposal, planned, liaison, officer
    ):
        batches.cancel(batch=planned, reason="Tidak ada dana", by=officer)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.answered_by) == (ProposalState.WITHDRAWN, officer)
        assert not Notice.objects.live().filter(kind="slots_proposed").exists()

    def test_the_other_people_are_told_and_nobody_by_name(self, full, liaison, officer, head):
        batches.cancel(batch=full, reason="Tidak ada dana", by=officer)
        notices = Notice.objects.filter(kind="batch_cancelled")
        assert {notice.recipient for notice in notices} == {liaison, head}
        assert "SITI" not in str([notice.data for notice in notices])

    def test_candidates_and_participants_are_free_for_others(self, full, facility, agency, officer):
        waiting = CandidateFactory(batch=full)
        batches.cancel(batch=full, reason="Tidak ada dana", by=officer)
        assert set(Candidate.objects.values_list("state", flat=True)) == {CandidateState.LAPSED}
        assert set(Enrolment.objects.values_list("state", "reason")) == {
            (EnrolmentState.DROPPED, "Tidak ada dana")
        }
        assert Batch.objects.get().seats_taken == 0
        other = confirmed_batch(facility, agency)
        people = [waiting.inmate, *(row.inmate for row in Enrolment.objects.all())]
        assert len(candidates.propose(batch=other, inmates=people, by=officer).proposed) == 3

    def test_twice_is_once_and_for_another_reason_already_done(self, planned, officer, head):
        first = batches.cancel(batch=planned, reason="Dana", by=officer)
        assert batches.cancel(batch=planned, reason="Dana", by=officer) == first
        for by, reason in ((officer, "Lain"), (head, "Dana")):
            with pytest.raises(AlreadyDone, match="Budi Petugas"):
                batches.cancel(batch=planned, reason=reason, by=by)

    def test_not_without_a_reason(self, planned, officer):
        with pytest.raises(NotAllowed) as refusal:
            batches.cancel(batch=planned, reason="  ", by=officer)
        assert problems(refusal) == {"reason"}

    def test_not_once_it_is_finished(self, facility, agency, officer):
        batch = confirmed_batch(facility, agency, starts_on=today())
        batches.start(batch=batch, by=officer)
        batches.finish(batch=batch, by=officer)
        with pytest.raises(NotAllowed, match="selesai"):
            batches.cancel(batch=batch, reason="Dana", by=officer)

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, planned, role, request):
        with pytest.raises(Forbidden):
            batches.cancel(batch=planned, reason="Dana", by=request.getfixturevalue(role))

    @pytest.mark.django_db(transaction=True, databases=["default", "owner"])
    def test_while_somebody_is_proposed(self, facility, agency, officer, head):
        batch = confirmed_batch(facility, agency)
        person = inmate_at(facility)
        race(
            lambda: batches.cancel(batch=batch, reason="Dana", by=head),
            lambda: candidates.propose(batch=batch, inmates=[person], by=officer),
        )
        assert not Candidate.objects.open().exists()

    @pytest.mark.django_db(transaction=True, databases=["default", "owner"])
    def test_while_a_round_is_opened(self, planned, officer, head):
        race(
            lambda: batches.cancel(batch=planned, reason="Dana", by=head),
            lambda: slots.propose(batch=planned, by=officer, **terms()),
        )
        assert Batch.objects.get().state == BatchState.CANCELLED
        assert not SlotProposal.objects.open().exists()
