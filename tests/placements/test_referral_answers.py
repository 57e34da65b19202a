"""What the agency answers, or the prison writes down for it: received, forwarded, accepted, ..."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.kinds import sentence_of
from inmates.models import Consent
from placements.employment import DeclineReason, ReferralState, VacancyState
from placements.models import Vacancy
from placements.services import referral_answers, referral_corrections, referral_upkeep
from placements.services.referral_answers import Recorded
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import AgencyFactory, PartnershipFactory, liaison_of, today
from tests.factories.placements import EmployerFactory, placement_of
from tests.placements.changes import told
from tests.placements.referring import Desk, by_call, now_of, tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(facility):
    return Desk(facility)


@pytest.fixture
def second(facility):
    """Another Disnaker that works with the same prison."""
    other = Desk(FacilityFactory(code="TNG", city="Tangerang"))
    PartnershipFactory(facility=facility, agency=other.disnaker)
    return other


class TestReceive:
    def test_by_the_liaison(self, desk):
        row = desk.referral(ReferralState.SENT)
        row = referral_answers.receive(referral=row, by=desk.liaison)
        assert (row.state, row.state_by) == (ReferralState.RECEIVED, desk.liaison)
        assert told(desk.officer, "referral_received")
        assert told(desk.head, "referral_received")
        assert not told(desk.liaison, "referral_sent")

    def test_twice_is_once_and_a_second_liaison_learns_who(self, desk):
        row = desk.referral(ReferralState.RECEIVED)
        assert referral_answers.receive(referral=row, by=desk.liaison) == row
        second = liaison_of(desk.disnaker, name="Narahubung Dua")
        with pytest.raises(AlreadyDone, match="Narahubung Disnaker"):
            referral_answers.receive(referral=row, by=second)

    def test_only_of_what_was_sent(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        with pytest.raises(Forbidden):
            referral_answers.receive(referral=row, by=desk.liaison)

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "other_liaison"])
    def test_others_may_not(self, desk, role, request):
        row = desk.referral(ReferralState.SENT)
        by = request.getfixturevalue(role)
        with pytest.raises(Forbidden):
            referral_answers.receive(referral=row, by=by, recorded=by_call())

    def test_a_unit_above_reads_it_but_does_not_answer(self, desk):
        above = AgencyFactory(kind="disnaker")
        desk.disnaker.parent = above
        desk.disnaker.save()
        row = desk.referral(ReferralState.SENT)
        with pytest.raises(Forbidden):
            referral_answers.receive(referral=row, by=liaison_of(above))


class TestRecorded:
    def test_staff_say_how_and_who(self, desk):
        row = desk.referral(ReferralState.SENT)
        for recorded in (None, by_call(said_by=" "), Recorded(channel="", said_by="Bu Sari")):
            with pytest.raises(NotAllowed, match="cara dan nama"):
                referral_answers.receive(referral=row, by=desk.officer, recorded=recorded)
        row = referral_answers.receive(referral=row, by=desk.officer, recorded=by_call())
        assert (row.recorded_channel, row.recorded_from) == ("call", "Bu Sari, Pengantar Kerja")

    def test_the_agency_is_told(self, desk):
        row = desk.referral(ReferralState.SENT)
        referral_answers.receive(referral=row, by=desk.officer, recorded=by_call())
        assert told(desk.liaison, "referral_recorded")
        assert told(desk.head, "referral_received")
        assert not told(desk.officer, "referral_received")

    def test_the_agencys_own_next_answer_clears_it(self, desk):
        row = desk.referral(ReferralState.SENT, vacancy=desk.vacancy())
        referral_answers.receive(referral=row, by=desk.officer, recorded=by_call())
        row = referral_answers.forward(referral=row, by=desk.liaison)
        assert (row.recorded_channel, row.recorded_from) == ("", "")

    def test_a_liaison_does_not_record(self, desk):
        row = desk.referral(ReferralState.SENT)
        with pytest.raises(Forbidden):
            referral_answers.receive(referral=row, by=desk.liaison, recorded=by_call())

    def test_of_one_prison_by_another(self, desk, outsider):
        row = desk.referral(ReferralState.SENT)
        with pytest.raises(Forbidden):
            referral_answers.receive(referral=row, by=outsider, recorded=by_call())


class TestObjection:
    """As with slots: the agency may say that what was written down for it is wrong."""

    @pytest.fixture
    def recorded(self, desk):
        row = desk.referral(ReferralState.SENT)
        return referral_answers.decline(
            referral=row, decline_reason=DeclineReason.SKILL, by=desk.officer, recorded=by_call()
        )

    def test_the_prison_is_told(self, desk, recorded):
        row = referral_answers.object_to(
            referral=recorded, objection=" Kami belum menjawab ", by=desk.liaison
        )
        assert row.objection == "Kami belum menjawab"
        assert told(desk.officer, "referral_objected")
        again = referral_answers.object_to(
            referral=row, objection="Kami belum menjawab", by=desk.liaison
        )
        assert again == row
        with pytest.raises(AlreadyDone):
            referral_answers.object_to(referral=row, objection="Lain", by=desk.liaison)

    def test_only_by_the_agency_with_words_and_to_what_was_recorded(self, desk, recorded):
        with pytest.raises(NotAllowed):
            referral_answers.object_to(referral=recorded, objection=" ", by=desk.liaison)
        with pytest.raises(Forbidden):
            referral_answers.object_to(referral=recorded, objection="Keliru", by=desk.head)
        own = desk.referral(ReferralState.RECEIVED)
        with pytest.raises(NotAllowed, match="tidak dicatat oleh lapas"):
            referral_answers.object_to(referral=own, objection="Keliru", by=desk.liaison)

    def test_the_next_answer_clears_it(self, desk, recorded):
        referral_answers.object_to(referral=recorded, objection="Keliru", by=desk.liaison)
        row = referral_corrections.undo_decline(
            referral=recorded, reason="Keberatan Disnaker", by=desk.head
        )
        assert (row.objected_at, row.objection) == (None, "")


class TestForward:
    def test_to_the_vacancys_employer_whoever_is_named(self, desk):
        vacancy = desk.vacancy()
        row = desk.referral(ReferralState.SENT, vacancy=vacancy)
        row = referral_answers.forward(referral=row, by=desk.liaison, employer=EmployerFactory())
        assert row.employer == vacancy.employer

    def test_without_a_vacancy_somebody_has_to_be_named(self, desk):
        row = desk.referral(ReferralState.RECEIVED)
        with pytest.raises(NotAllowed) as refusal:
            referral_answers.forward(referral=row, by=desk.liaison)
        assert set(refusal.value.error_dict) == {"employer"}
        employer = EmployerFactory(name="Bengkel Sari")
        row = referral_answers.forward(
            referral=row,
            by=desk.liaison,
            employer=employer,
            number=" 560/12 ",
            introduced_on=today(),
        )
        assert (row.employer, row.introduction_number) == (employer, "560/12")
        assert "Bengkel Sari" not in str(told(desk.officer, "referral_forwarded")[0].data)

    def test_number_and_date_may_follow(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        with pytest.raises(NotAllowed):
            referral_answers.introduce(
                referral=row, number="560/13", introduced_on=today(1), by=desk.liaison
            )
        with pytest.raises(Forbidden):
            referral_answers.introduce(
                referral=row, number="560/13", introduced_on=today(), by=desk.officer
            )
        row = referral_answers.introduce(
            referral=row, number="560/13", introduced_on=today(), by=desk.liaison
        )
        assert (row.introduction_number, row.introduced_on) == ("560/13", today())

    def test_not_to_a_vacancy_without_a_place(self, desk):
        vacancy = desk.vacancy(places=1)
        row = desk.referral(ReferralState.RECEIVED, vacancy=vacancy)
        desk.referral(ReferralState.ACCEPTED, vacancy=vacancy)
        with pytest.raises(NotAllowed, match="terisi semua"):
            referral_answers.forward(referral=row, by=desk.liaison)

    def test_not_without_consent(self, desk):
        row = desk.referral(ReferralState.RECEIVED, vacancy=desk.vacancy())
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed, match="Persetujuan"):
            referral_answers.forward(referral=row, by=desk.liaison)
        row = now_of(row)
        assert row.state == ReferralState.RECEIVED


class TestInterview:
    def test_has_a_time_and_may_be_moved(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        first = tomorrow()
        row = referral_answers.interview(referral=row, at=first, by=desk.liaison)
        assert (row.state, row.interview_at) == (ReferralState.INTERVIEW, first)
        local = timezone.localtime(first)
        sentence = sentence_of(told(desk.officer, "referral_interview")[0])
        assert f"pukul {local:%H.%M}" in sentence
        assert str(local.year) in sentence
        assert referral_answers.interview(referral=row, at=first, by=desk.liaison) == row
        later = first + timedelta(days=2)
        row = referral_answers.interview(
            referral=row, at=later, by=desk.officer, recorded=by_call()
        )
        assert row.interview_at == later
        assert told(desk.liaison, "referral_recorded")

    @pytest.mark.parametrize("days", [-3, 400])
    def test_not_before_it_was_sent_nor_in_years(self, desk, days):
        row = desk.referral(ReferralState.FORWARDED)
        with pytest.raises(NotAllowed) as refusal:
            referral_answers.interview(
                referral=row, at=timezone.now() + timedelta(days=days), by=desk.liaison
            )
        assert set(refusal.value.error_dict) == {"at"}

    def test_not_before_somebody_was_asked(self, desk):
        row = desk.referral(ReferralState.RECEIVED)
        with pytest.raises(NotAllowed, match="Diterima Disnaker"):
            referral_answers.interview(referral=row, at=tomorrow(), by=desk.liaison)


class TestAccept:
    def test_fills_a_place(self, desk):
        vacancy = desk.vacancy(places=2)
        row = desk.referral(ReferralState.ACCEPTED, vacancy=vacancy)
        assert row.employer == vacancy.employer
        assert Vacancy.objects.get(pk=vacancy.pk).places_filled == 1
        assert told(desk.officer, "referral_accepted")

    def test_an_answer_may_come_after_the_vacancy_was_closed(self, desk):
        row = desk.referral(ReferralState.INTERVIEW, vacancy=desk.vacancy())
        Vacancy.objects.update(state=VacancyState.CLOSED, closes_on=today(-1))
        assert desk.step(row, ReferralState.ACCEPTED).state == ReferralState.ACCEPTED

    def test_not_after_it_was_cancelled(self, desk):
        row = desk.referral(ReferralState.INTERVIEW, vacancy=desk.vacancy())
        Vacancy.objects.update(state=VacancyState.CANCELLED)
        with pytest.raises(NotAllowed, match="dibatalkan"):
            desk.step(row, ReferralState.ACCEPTED)

    def test_the_last_place_goes_once(self, desk):
        vacancy = desk.vacancy(places=1)
        first = desk.referral(ReferralState.INTERVIEW, vacancy=vacancy)
        second = desk.referral(ReferralState.INTERVIEW, vacancy=vacancy)
        desk.step(first, ReferralState.ACCEPTED)
        with pytest.raises(NotAllowed, match=f"1 dari 1.*{first.person_code}.*Narahubung"):
            desk.step(second, ReferralState.ACCEPTED)

    def test_one_person_is_accepted_once_and_others_of_the_agency_learn_where(self, desk):
        person = desk.person()
        vacancies = [desk.vacancy(), desk.vacancy()]
        first, other = (
            desk.referral(ReferralState.INTERVIEW, person, vacancy=each) for each in vacancies
        )
        desk.step(first, ReferralState.ACCEPTED)
        with pytest.raises(AlreadyDone, match=f"{vacancies[0].employer}.*{first.person_code}"):
            desk.step(other, ReferralState.ACCEPTED)

    def test_another_agency_learns_that_and_not_where(self, desk, second):
        person = desk.person()
        first = desk.referral(ReferralState.INTERVIEW, person, vacancy=desk.vacancy())
        other = desk.referral(ReferralState.FORWARDED, person, agency=second.disnaker)
        desk.step(first, ReferralState.ACCEPTED)
        (notice,) = told(second.liaison, "referral_rests")
        assert notice.data["code"] == other.person_code
        with pytest.raises(AlreadyDone, match="diterima di tempat lain") as refusal:
            desk.step(other, ReferralState.ACCEPTED)
        assert first.person_code not in refusal.value.messages[0]
        assert first.vacancy.employer.name not in refusal.value.messages[0]

    def test_who_works_already_is_not_accepted(self, desk):
        row = desk.referral(ReferralState.INTERVIEW)
        placement_of(row.inmate, desk.facility)
        with pytest.raises(AlreadyDone, match="sudah tercatat bekerja"):
            desk.step(row, ReferralState.ACCEPTED)

    def test_twice_is_once_and_takes_one_place(self, desk):
        vacancy = desk.vacancy()
        row = desk.referral(ReferralState.ACCEPTED, vacancy=vacancy)
        assert referral_answers.accept(referral=row, by=desk.liaison) == row
        assert Vacancy.objects.get(pk=vacancy.pk).places_filled == 1


class TestResting:
    """Others of whoever was accepted stay open, go on no further, and do not lapse."""

    @pytest.fixture
    def pair(self, desk, second):
        person = desk.person()
        first = desk.referral(ReferralState.INTERVIEW, person, vacancy=desk.vacancy())
        other = desk.referral(ReferralState.SENT, person, agency=second.disnaker)
        desk.step(first, ReferralState.ACCEPTED)
        return now_of(first), now_of(other)

    def test_goes_on_no_further(self, pair, second):
        with pytest.raises(AlreadyDone):
            referral_answers.receive(referral=pair[1], by=second.liaison)

    def test_may_be_declined(self, pair, second):
        row = referral_answers.decline(
            referral=pair[1], decline_reason=DeclineReason.FILLED, by=second.liaison
        )
        assert row.state == ReferralState.DECLINED

    def test_does_not_lapse(self, pair):
        assert referral_upkeep.lapse_overdue(today=today(40)) == 0

    def test_goes_on_with_time_to_answer_once_it_fell_through(self, pair, desk, second):
        first, other = pair
        other.answer_by = today(2)
        other.save()
        referral_answers.fall_through(referral=first, reason="Perusahaan pindah", by=desk.liaison)
        assert now_of(other).answer_by == today(30)
        assert told(second.liaison, "referral_awake")
        referral_answers.receive(referral=other, by=second.liaison)

    def test_ends_once_work_begins(self, pair, desk, second):
        first, other = pair
        placement_of(first.inmate, desk.facility, referral=first, employer=first.employer)
        assert referral_upkeep.end_of_workers() == 1
        assert now_of(other).state == ReferralState.WITHDRAWN
        assert now_of(first).state == ReferralState.ACCEPTED
        assert told(second.liaison, "referral_withdrawn")


class TestDecline:
    def test_has_a_coded_reason_and_may_have_words(self, desk):
        row = desk.referral(ReferralState.INTERVIEW)
        with pytest.raises(NotAllowed) as refusal:
            referral_answers.decline(referral=row, decline_reason="", by=desk.liaison)
        assert set(refusal.value.error_dict) == {"decline_reason"}
        row = referral_answers.decline(
            referral=row, decline_reason=DeclineReason.RECORD, reason=" SKCK ", by=desk.liaison
        )
        assert (row.state, row.decline_reason, row.reason) == ("declined", "record", "SKCK")
        data = told(desk.officer, "referral_declined")[0].data
        assert "SKCK" not in str(data)

    @pytest.mark.parametrize(
        "state", [ReferralState.SENT, ReferralState.RECEIVED, ReferralState.FORWARDED]
    )
    def test_at_any_step_with_the_agency_also_without_consent(self, desk, state):
        row = desk.referral(state)
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        referral_answers.decline(referral=row, decline_reason=DeclineReason.SKILL, by=desk.liaison)

    def test_somebody_else_learns_who(self, desk):
        row = desk.referral(ReferralState.SENT)
        referral_answers.decline(
            referral=row, decline_reason=DeclineReason.SKILL, by=desk.officer, recorded=by_call()
        )
        with pytest.raises(AlreadyDone, match=desk.facility.name) as refusal:
            referral_answers.receive(referral=row, by=desk.liaison)
        assert "Petugas Rujukan" not in refusal.value.messages[0]


class TestFallThrough:
    def test_gives_the_place_back_and_says_why(self, desk):
        vacancy = desk.vacancy(places=1)
        row = desk.referral(ReferralState.ACCEPTED, vacancy=vacancy)
        with pytest.raises(NotAllowed):
            referral_answers.fall_through(referral=row, reason=" ", by=desk.liaison)
        row = referral_answers.fall_through(referral=row, reason="Tidak datang", by=desk.liaison)
        assert (row.state, row.reason) == (ReferralState.WITHDRAWN, "Tidak datang")
        assert Vacancy.objects.get(pk=vacancy.pk).places_filled == 0
        assert told(desk.officer, "referral_fell_through")

    def test_not_once_work_has_begun(self, desk):
        row = desk.referral(ReferralState.ACCEPTED, vacancy=desk.vacancy())
        placement_of(row.inmate, desk.facility, referral=row, employer=row.employer)
        with pytest.raises(NotAllowed, match="sudah tercatat bekerja"):
            referral_answers.fall_through(referral=row, reason="Batal", by=desk.liaison)
        with pytest.raises(NotAllowed, match="sudah tercatat bekerja"):
            referral_corrections.undo_accept(referral=row, reason="Salah", by=desk.head)

    def test_only_after_an_acceptance(self, desk):
        row = desk.referral(ReferralState.INTERVIEW)
        with pytest.raises(NotAllowed, match="Wawancara"):
            referral_answers.fall_through(referral=row, reason="Batal", by=desk.liaison)
