"""The TPP's session: on one day, with one result per person."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from tests.factories.partners import today
from tests.factories.training import BatchFactory, CandidateFactory, confirmed_batch
from tests.races import race
from training.models import Candidate, Hearing
from training.services import candidates, decrees, hearings
from training.states import CandidateState, HearingState

pytestmark = pytest.mark.django_db
APPROVED, REJECTED, DEFERRED = "approved", "rejected", "deferred"


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, seats_confirmed=2)


@pytest.fixture
def proposed(batch):
    return [CandidateFactory(batch=batch, rank=rank) for rank in (1, 2, 3, 4)]


@pytest.fixture
def hearing(batch, proposed, officer):
    return hearings.schedule(batch=batch, held_on=today(), by=officer)


def record(hearing, results, by, **changed):
    minutes = {"number": "BA-7/TPP", "chair": "Kasi Binadik", "members": "Ka. KPLP\nDokter"}
    return hearings.record(hearing=hearing, results=results, by=by, **(minutes | changed))


def all_approved(candidates):
    return dict.fromkeys(candidates, (APPROVED, "", False))


class TestSchedule:
    def test_head_and_registrar_are_told(self, batch, proposed, officer, head, registrar):
        hearings.schedule(batch=batch, held_on=today(2), by=officer)
        told = Notice.objects.filter(kind="hearing_scheduled")
        assert {notice.recipient for notice in told} == {head, registrar}

    def test_twice_by_the_same_is_once(self, hearing, batch, officer):
        assert hearings.schedule(batch=batch, held_on=today(), by=officer) == hearing

    def test_another_day_is_refused_and_names_the_first(self, hearing, batch, head):
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            hearings.schedule(batch=batch, held_on=today(3), by=head)

    def test_not_in_the_past(self, batch, proposed, officer):
        with pytest.raises(NotAllowed) as refusal:
            hearings.schedule(batch=batch, held_on=today(-1), by=officer)
        assert "held_on" in refusal.value.error_dict

    def test_not_after_the_training(self, batch, proposed, officer):
        with pytest.raises(NotAllowed) as refusal:
            hearings.schedule(batch=batch, held_on=today(71), by=officer)
        assert "held_on" in refusal.value.error_dict

    def test_not_without_candidates(self, batch, officer):
        with pytest.raises(NotAllowed, match="Belum ada calon"):
            hearings.schedule(batch=batch, held_on=today(), by=officer)

    def test_not_for_a_batch_without_seats(self, facility, officer):
        with pytest.raises(NotAllowed, match="kursi dikonfirmasi"):
            hearings.schedule(
                batch=BatchFactory(agreement__facility=facility), held_on=today(), by=officer
            )

    @pytest.mark.parametrize("role", ["warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, batch, proposed, role, request):
        with pytest.raises(Forbidden):
            hearings.schedule(batch=batch, held_on=today(), by=request.getfixturevalue(role))


class TestRecord:
    def test_each_candidate_gets_the_result_and_the_note(self, hearing, proposed, head):
        one, two, three, four = proposed
        held = record(
            hearing,
            {
                one: (APPROVED, "", False),
                two: (REJECTED, "Belum siap", False),
                three: (DEFERRED, "Tunggu dokter", False),
                four: (APPROVED, "", True),
            },
            head,
        )
        assert (held.state, held.number) == (HearingState.HELD, "BA-7/TPP")
        assert list(
            Candidate.objects.order_by("rank").values_list("state", "note", "is_reserve")
        ) == [
            (APPROVED, "", False),
            (REJECTED, "Belum siap", False),
            (DEFERRED, "Tunggu dokter", False),
            (APPROVED, "", True),
        ]
        assert held.recommendations.count() == 4

    def test_the_first_as_many_as_seats_are_regular_the_rest_reserves(
        self, hearing, proposed, registrar
    ):
        record(hearing, all_approved(proposed), registrar)
        reserves = Candidate.objects.order_by("rank").values_list("is_reserve", flat=True)
        assert list(reserves) == [False, False, True, True]

    def test_a_reserve_by_choice_leaves_the_seat_to_the_next(self, hearing, proposed, head):
        results = all_approved(proposed) | {proposed[0]: (APPROVED, "", True)}
        record(hearing, results, head)
        reserves = Candidate.objects.order_by("rank").values_list("is_reserve", flat=True)
        assert list(reserves) == [True, False, False, True]

    def test_who_is_not_in_the_results_waits_for_the_next_hearing(self, hearing, proposed, head):
        record(hearing, all_approved(proposed[:3]), head)
        proposed[3].refresh_from_db()
        assert proposed[3].state == CandidateState.PROPOSED

    def test_the_head_is_told_without_a_name(self, hearing, proposed, head, registrar):
        record(hearing, all_approved(proposed), registrar)
        notice = Notice.objects.get(kind="hearing_recorded", recipient=head)
        assert notice.data["approved"] == 4
        assert "WARGA BINAAN" not in str(notice.data)

    def test_twice_with_the_same_content_is_once(self, hearing, proposed, head):
        first = record(hearing, all_approved(proposed), head)
        assert record(hearing, all_approved(proposed), head) == first
        assert first.recommendations.count() == 4

    def test_by_somebody_else_it_is_already_done(self, hearing, proposed, head, registrar):
        record(hearing, all_approved(proposed), head)
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            record(hearing, all_approved(proposed), registrar)

    def test_with_other_content_it_is_already_done(self, hearing, proposed, head):
        record(hearing, all_approved(proposed), head)
        with pytest.raises(AlreadyDone):
            record(hearing, {proposed[0]: (REJECTED, "", False)}, head)

    @pytest.mark.parametrize(
        ("field", "value"), [("number", " "), ("chair", ""), ("held_on", today(1))]
    )
    def test_the_minutes_must_be_complete(self, hearing, proposed, head, field, value):
        with pytest.raises(NotAllowed) as refusal:
            record(hearing, all_approved(proposed), head, **{field: value})
        assert field in refusal.value.error_dict
        hearing.refresh_from_db()
        assert hearing.state == HearingState.PLANNED

    def test_not_for_somebody_who_withdrew_meanwhile(self, hearing, proposed, officer, head):
        candidates.withdraw(candidate=proposed[2], reason="Mundur", by=officer)
        with pytest.raises(NotAllowed, match=proposed[2].inmate.name):
            record(hearing, all_approved(proposed), head)

    def test_not_for_a_candidate_of_another_batch(self, hearing, facility, agency, head):
        stranger = CandidateFactory(batch=confirmed_batch(facility, agency))
        with pytest.raises(NotAllowed, match="angkatan lain"):
            record(hearing, all_approved([stranger]), head)

    def test_a_made_up_result_is_refused(self, hearing, proposed, head):
        with pytest.raises(NotAllowed):
            record(hearing, {proposed[0]: ("withdrawn", "", False)}, head)

    @pytest.mark.parametrize("role", ["officer", "warden", "liaison", "outsider"])
    def test_others_may_not(self, hearing, proposed, role, request):
        with pytest.raises(Forbidden):
            record(hearing, all_approved(proposed), request.getfixturevalue(role))


class TestUndo:
    @pytest.fixture
    def held(self, hearing, proposed, head):
        return record(hearing, all_approved(proposed), head)

    def test_everybody_is_proposed_again(self, held, head):
        hearings.undo(hearing=held, reason="Salah ketik", by=head)
        states = set(Candidate.objects.values_list("state", "is_reserve"))
        assert states == {(CandidateState.PROPOSED, False)}
        assert held.recommendations.count() == 0
        assert Hearing.objects.get().state == HearingState.PLANNED

    def test_and_may_be_recorded_anew(self, held, proposed, head):
        hearing = hearings.undo(hearing=held, reason="Salah ketik", by=head)
        again = record(hearing, {proposed[0]: (REJECTED, "", False)}, head)
        assert again.recommendations.get().result == REJECTED

    def test_not_without_a_reason(self, held, head):
        with pytest.raises(NotAllowed):
            hearings.undo(hearing=held, reason="", by=head)

    def test_not_while_a_decree_waits_for_the_warden(self, held, batch, proposed, head):
        decrees.prepare(batch=batch, hearing=held, candidates=proposed[:1], by=head)
        with pytest.raises(NotAllowed, match="menunggu Kalapas"):
            hearings.undo(hearing=held, reason="Salah", by=head)

    def test_the_registrar_may_not(self, held, registrar):
        with pytest.raises(Forbidden):
            hearings.undo(hearing=held, reason="Salah", by=registrar)


def test_a_liaison_and_another_prison_see_no_hearing(hearing, liaison, outsider, officer):
    assert not Hearing.objects.visible_to(liaison).exists()
    assert not Hearing.objects.visible_to(outsider).exists()
    assert Hearing.objects.visible_to(officer).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_head_and_registrar_record_at_once(hearing, proposed, head, registrar):
    outcomes = race(
        lambda: record(hearing, all_approved(proposed), head),
        lambda: record(hearing, all_approved(proposed), registrar),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDone", "Hearing"]
    assert Hearing.objects.get().recommendations.count() == 4
