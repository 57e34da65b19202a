"""Who may be proposed, who not and why; the ranked list."""

from datetime import timedelta

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Custody, Restriction
from inmates.states import KEEPS_OUT, CustodyEnd, RegisterClass, RestrictionKind
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import CustodyFactory, inmate_at
from tests.factories.partners import today
from tests.factories.training import BatchFactory, approved, confirmed_batch, enrolled
from tests.races import race
from training.eligibility import Result
from training.models import Candidate
from training.ranking import Wanted
from training.services import candidates, eligible
from training.states import CandidateState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency)


def refusal_of(answer):
    (_person, sentences), *others = answer.refused
    assert not others
    return " ".join(sentences)


class TestPropose:
    def test_eligible_people_become_candidates_in_the_order_given(self, batch, facility, officer):
        people = [inmate_at(facility) for _n in range(3)]
        answer = candidates.propose(batch=batch, inmates=people, by=officer)
        assert answer.refused == []
        assert [(c.inmate, c.rank) for c in answer.proposed] == [
            (person, rank) for rank, person in enumerate(people, 1)
        ]
        assert {c.state for c in answer.proposed} == {CandidateState.PROPOSED}

    def test_ranks_go_on_where_the_last_list_ended(self, batch, facility, officer):
        candidates.propose(batch=batch, inmates=[inmate_at(facility)], by=officer)
        answer = candidates.propose(batch=batch, inmates=[inmate_at(facility)], by=officer)
        assert answer.proposed[0].rank == 2

    def test_what_each_rule_said_on_that_day_is_kept(self, batch, facility, officer):
        answer = candidates.propose(batch=batch, inmates=[inmate_at(facility)], by=officer)
        stored = Candidate.objects.get(pk=answer.proposed[0].pk).eligibility
        assert [Result.from_data(data).outcome for data in stored] == ["pass"] * 14

    def test_a_detainee_is_refused_with_the_register_class(self, batch, facility, officer):
        detainee = inmate_at(facility, register_class=RegisterClass.A3)
        fine = inmate_at(facility)
        answer = candidates.propose(batch=batch, inmates=[detainee, fine], by=officer)
        assert [c.inmate for c in answer.proposed] == [fine]
        assert answer.refused[0][0] == detainee
        assert "tahanan (A.III)" in refusal_of(answer)

    def test_a_participant_of_an_overlapping_batch_is_refused_and_the_batch_named(
        self, batch, facility, agency, officer
    ):
        other = confirmed_batch(facility, agency, name="Angkatan Jahit", starts_on=batch.ends_on)
        busy = enrolled(other).inmate
        answer = candidates.propose(batch=batch, inmates=[busy], by=officer)
        assert not answer.proposed
        assert "Angkatan Jahit" in refusal_of(answer)

    def test_a_batch_that_only_follows_is_no_clash(self, batch, facility, agency, officer):
        day = batch.ends_on + timedelta(days=1)
        later = confirmed_batch(facility, agency, starts_on=day, ends_on=day + timedelta(days=30))
        answer = candidates.propose(batch=batch, inmates=[enrolled(later).inmate], by=officer)
        assert answer.proposed

    def test_who_dropped_out_of_the_other_batch_may_join(self, batch, facility, agency, officer):
        enrolment = enrolled(confirmed_batch(facility, agency))
        enrolment.state, enrolment.dropped_on = EnrolmentState.DROPPED, today()
        enrolment.reason = "Sakit"
        enrolment.save()
        answer = candidates.propose(batch=batch, inmates=[enrolment.inmate], by=officer)
        assert answer.proposed

    def test_an_open_candidature_elsewhere_only_warns(self, batch, facility, agency, officer):
        other = confirmed_batch(facility, agency, name="Angkatan Las")
        person = inmate_at(facility)
        candidates.propose(batch=other, inmates=[person], by=officer)
        candidate = candidates.propose(batch=batch, inmates=[person], by=officer).proposed[0]
        warnings = [d for d in candidate.eligibility if d["outcome"] == "warn"]
        assert Result.from_data(warnings[0]).text.startswith("Juga diusulkan untuk Angkatan Las")

    @pytest.mark.parametrize("kind", KEEPS_OUT)
    def test_a_restriction_in_force_refuses(self, batch, facility, officer, kind):
        person = inmate_at(facility)
        Restriction.objects.create(inmate=person, facility=facility, kind=kind, starts=today(-3))
        assert not candidates.propose(batch=batch, inmates=[person], by=officer).proposed

    def test_a_restriction_that_ended_yesterday_does_not(self, batch, facility, officer):
        person = inmate_at(facility)
        Restriction.objects.create(
            inmate=person,
            facility=facility,
            kind=RestrictionKind.DISCIPLINE,
            starts=today(-30),
            until=today(-1),
        )
        assert candidates.propose(batch=batch, inmates=[person], by=officer).proposed

    def test_who_was_transferred_away_is_refused(self, batch, facility, officer):
        person = inmate_at(facility)
        Custody.objects.update(until=today(-1), ended_how=CustodyEnd.TRANSFERRED)
        CustodyFactory(inmate=person, facility=FacilityFactory(), starts=today(-1))
        answer = candidates.propose(batch=batch, inmates=[person], by=officer)
        assert "Tidak lagi tercatat di lapas ini" in refusal_of(answer)

    def test_nobody_is_proposed_before_seats_are_confirmed(self, facility, officer):
        batch = BatchFactory(agreement__facility=facility)
        with pytest.raises(NotAllowed, match="setelah kursi dikonfirmasi"):
            candidates.propose(batch=batch, inmates=[inmate_at(facility)], by=officer)

    def test_a_double_click_proposes_once(self, batch, facility, officer):
        person = inmate_at(facility)
        first = candidates.propose(batch=batch, inmates=[person, person], by=officer)
        second = candidates.propose(batch=batch, inmates=[person], by=officer)
        assert first.proposed == second.proposed
        assert Candidate.objects.count() == 1

    def test_whoever_comes_second_learns_who_was_first(self, batch, facility, officer, head):
        person = inmate_at(facility)
        candidates.propose(batch=batch, inmates=[person], by=officer)
        answer = candidates.propose(batch=batch, inmates=[person], by=head)
        assert "Budi Petugas" in refusal_of(answer)

    def test_a_deferred_candidate_is_proposed_again_in_the_same_row(self, batch, officer):
        (candidate,), _hearing = approved(batch, 1)
        Candidate.objects.filter(pk=candidate.pk).update(state="withdrawn")
        person = candidate.inmate
        again = candidates.propose(batch=batch, inmates=[person], by=officer).proposed[0]
        Candidate.objects.filter(pk=again.pk).update(state="deferred")
        third = candidates.propose(batch=batch, inmates=[person], by=officer).proposed[0]
        assert (third.pk, third.state) == (again.pk, CandidateState.PROPOSED)

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "liaison", "outsider"])
    def test_others_may_not(self, batch, facility, role, request):
        with pytest.raises(Forbidden):
            candidates.propose(
                batch=batch, inmates=[inmate_at(facility)], by=request.getfixturevalue(role)
            )


class TestOverride:
    @pytest.fixture
    def young(self, facility, batch):
        batch.course.minimum_age = 40
        batch.course.save()
        return inmate_at(facility)

    def test_the_head_overrides_with_a_reason_that_stays_visible(self, batch, young, head):
        answer = candidates.propose(
            batch=batch, inmates=[young], by=head, override_reason="Sudah mahir"
        )
        candidate = answer.proposed[0]
        assert (candidate.override_reason, candidate.override_by) == ("Sudah mahir", head)

    def test_without_a_reason_the_rule_holds_for_the_head_too(self, batch, young, head):
        assert "paling muda 40" in refusal_of(
            candidates.propose(batch=batch, inmates=[young], by=head, override_reason="  ")
        )

    def test_the_officer_may_not_override(self, batch, young, officer):
        with pytest.raises(Forbidden):
            candidates.propose(batch=batch, inmates=[young], by=officer, override_reason="Mahir")

    def test_no_reason_makes_a_participant_of_a_detainee(self, batch, facility, head):
        detainee = inmate_at(facility, register_class=RegisterClass.A1)
        answer = candidates.propose(batch=batch, inmates=[detainee], by=head, override_reason="X")
        assert not answer.proposed

    def test_who_needs_no_override_carries_none(self, batch, facility, young, head):
        old = inmate_at(facility, birth_date=today(-60 * 365))
        answer = candidates.propose(
            batch=batch, inmates=[old, young], by=head, override_reason="Sudah mahir"
        )
        assert [(c.override_reason, c.override_by) for c in answer.proposed] == [
            ("", None),
            ("Sudah mahir", head),
        ]


class TestWithdraw:
    @pytest.fixture
    def candidate(self, batch, facility, officer):
        people = [inmate_at(facility)]
        return candidates.propose(batch=batch, inmates=people, by=officer).proposed[0]

    def test_with_a_reason_and_twice_is_once(self, candidate, officer):
        candidates.withdraw(candidate=candidate, reason="Mundur sendiri", by=officer)
        again = candidates.withdraw(candidate=candidate, reason="Mundur sendiri", by=officer)
        assert (again.state, again.note) == (CandidateState.WITHDRAWN, "Mundur sendiri")

    def test_by_another_it_is_already_done(self, candidate, officer, head):
        candidates.withdraw(candidate=candidate, reason="Mundur", by=officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            candidates.withdraw(candidate=candidate, reason="Mundur", by=head)

    def test_not_without_a_reason(self, candidate, officer):
        with pytest.raises(NotAllowed) as refusal:
            candidates.withdraw(candidate=candidate, reason=" ", by=officer)
        assert "reason" in refusal.value.error_dict

    def test_a_participant_is_dropped_instead(self, batch, officer):
        with pytest.raises(NotAllowed, match="sudah menjadi peserta"):
            candidates.withdraw(candidate=enrolled(batch).candidate, reason="X", by=officer)

    def test_who_withdrew_may_be_proposed_again(self, candidate, batch, officer):
        candidates.withdraw(candidate=candidate, reason="Mundur", by=officer)
        answer = candidates.propose(batch=batch, inmates=[candidate.inmate], by=officer)
        assert answer.proposed[0].pk != candidate.pk


class TestWhoCouldJoin:
    def test_register_b_first_then_those_who_fit_then_the_nearest_release(
        self, batch, facility, officer
    ):
        far = inmate_at(facility, name="JAUH", sentence={"expires": today(900)})
        near = inmate_at(facility, name="DEKAT", sentence={"expires": today(300)})
        short = inmate_at(facility, name="SEBENTAR", sentence={"expires": today(50)})
        detainee = inmate_at(
            facility, name="ADI", register_class=RegisterClass.A2, sentence={"expires": None}
        )
        page = eligible.page(batch, officer)
        assert list(page) == [near, far, short, detainee]
        assert [person.selectable for person in page] == [True, True, False, False]

    def test_each_has_the_number_of_the_open_custody_here_once(self, batch, facility, officer):
        person = inmate_at(facility)
        CustodyFactory(
            inmate=person,
            facility=facility,
            register_number="LAMA",
            starts=today(-3000),
            until=today(-2000),
        )
        page = eligible.page(batch, officer)
        assert [p.register_number for p in page] == [
            person.custodies.get(until=None).register_number
        ]

    def test_people_elsewhere_and_candidates_are_not_on_it(self, batch, facility, officer):
        inmate_at(FacilityFactory())
        known = inmate_at(facility)
        candidates.propose(batch=batch, inmates=[known], by=officer)
        assert list(eligible.page(batch, officer)) == []

    def test_search_by_part_of_a_name(self, batch, facility, officer):
        wanted = inmate_at(facility, name="SUPARMAN BIN DAHLAN")
        inmate_at(facility, name="YANTO")
        assert list(eligible.page(batch, officer, Wanted(search="dahl supar"))) == [wanted]

    def test_only_a_head_may_select_who_fails_and_never_a_detainee(self, batch, facility, head):
        inmate_at(facility, name="A", sentence={"one_third": today(400)})
        inmate_at(facility, name="B", register_class=RegisterClass.A1)
        page = eligible.page(batch, head)
        assert [person.selectable for person in page] == [True, False]

    def test_pages_of_25(self, batch, facility, officer):
        for _n in range(26):
            inmate_at(facility)
        page = eligible.page(batch, officer, number=2)
        assert (len(list(page)), page.paginator.count) == (1, 26)

    def test_as_many_queries_for_three_people_as_for_one(
        self, batch, facility, officer, django_assert_num_queries
    ):
        inmate_at(facility)
        eligible.page(batch, officer)
        for _n in range(2):
            with django_assert_num_queries(3):
                eligible.page(batch, officer)
            inmate_at(facility)
            inmate_at(facility)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_officers_propose_the_same_person(facility, agency, officer, head):
    batch = confirmed_batch(facility, agency)
    person = inmate_at(facility)
    answers = race(
        lambda: candidates.propose(batch=batch, inmates=[person], by=officer),
        lambda: candidates.propose(batch=batch, inmates=[person], by=head),
    )
    assert sorted(len(answer.proposed) for answer in answers) == [0, 1]
    assert Candidate.objects.count() == 1
