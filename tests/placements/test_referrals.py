"""The prison's side of a referral: drafted, submitted, approved, sent, taken back."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.states import LetterState
from inmates.models import Consent, Custody, Inmate
from inmates.states import CustodyEnd
from partners.models import Partnership
from placements.employment import Openness, ReferralState, VacancyState
from placements.models import Employer, Referral, Vacancy
from placements.services import referrals
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import PartnershipFactory, today
from tests.factories.placements import EmployerFactory, consent_of
from tests.placements.changes import told
from tests.placements.referring import Desk, now_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(facility):
    return Desk(facility)


def problems(refusal):
    return set(refusal.value.error_dict)


class TestDraft:
    def test_rests_on_the_consent_and_names_a_code_and_a_month(self, desk):
        vacancy = desk.vacancy()
        person = desk.person(sentence={"two_thirds": today(200), "expires": today(400)})
        row = desk.draft(person, vacancy=vacancy, message="  Rajin  ")
        assert row.state == ReferralState.DRAFT
        assert row.consent == person.consents.get()
        assert row.employer == vacancy.employer
        assert row.available_from == today(200).replace(day=1)
        assert row.person_code.startswith("R-")
        assert str(person.pk) not in row.person_code
        assert row.message == "Rajin"

    def test_the_same_again_is_the_same(self, desk):
        vacancy, person = desk.vacancy(), desk.person()
        first = desk.draft(person, vacancy=vacancy)
        assert desk.draft(person, vacancy=vacancy) == first
        with pytest.raises(AlreadyDone, match="Petugas Rujukan"):
            referrals.draft(inmate=person, agency=desk.disnaker, vacancy=vacancy, by=desk.head)

    def test_several_are_open_for_one_person_but_one_without_a_vacancy(self, desk):
        person = desk.person()
        desk.draft(person, vacancy=desk.vacancy())
        desk.draft(person, vacancy=desk.vacancy())
        desk.draft(person)
        with pytest.raises(AlreadyDone):
            desk.draft(person, employer=EmployerFactory())

    def test_without_consent_nobody_is_referred(self, desk):
        person = inmate_at(desk.facility)
        with pytest.raises(NotAllowed, match="persetujuan"):
            desk.draft(person)
        consent_of(person, desk.facility, until=today(-1), signed_on=today(-9))
        with pytest.raises(NotAllowed, match="persetujuan"):
            desk.draft(person)

    def test_a_consent_under_a_merged_record_counts(self, desk):
        person, other = inmate_at(desk.facility), inmate_at(FacilityFactory())
        consent_of(other, desk.facility)
        Custody.objects.filter(inmate=other).update(until=today(-1), ended_how="duplicate")
        Inmate.objects.filter(pk=other.pk).update(merged_into=person)
        assert desk.draft(person).consent.inmate == other

    def test_only_the_sentenced(self, desk):
        with pytest.raises(NotAllowed, match="register B"):
            desk.draft(desk.person(register_class="A.III"))

    def test_only_people_with_a_way_out(self, desk):
        person = desk.person(
            sentence={"one_third": None, "one_half": None, "two_thirds": None, "expires": None}
        )
        with pytest.raises(NotAllowed, match="Perkiraan bebas"):
            desk.draft(person)

    def test_a_prison_refers_its_own_and_those_it_released(self, desk, outsider):
        person = desk.person()
        with pytest.raises(Forbidden):
            referrals.draft(inmate=person, agency=desk.disnaker, by=outsider)
        Custody.objects.filter(inmate=person).update(until=today(), ended_how=CustodyEnd.RELEASED)
        assert desk.draft(person).available_from == today().replace(day=1)

    @pytest.mark.parametrize("how", [CustodyEnd.DIED, CustodyEnd.ESCAPED, CustodyEnd.TRANSFERRED])
    def test_nobody_who_left_otherwise(self, desk, how):
        person = desk.person()
        Custody.objects.filter(inmate=person).update(until=today(), ended_how=how)
        with pytest.raises(NotAllowed, match="tidak sedang ditempatkan"):
            desk.draft(person)

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "security"])
    def test_others_may_not(self, desk, role):
        by = staff(desk.facility, role)
        with pytest.raises(Forbidden):
            referrals.draft(inmate=desk.person(), agency=desk.disnaker, by=by)

    def test_goes_through_a_partner(self, desk):
        Partnership.objects.all().delete()
        with pytest.raises(NotAllowed) as refusal:
            desk.draft()
        assert problems(refusal) == {"agency"}

    def test_goes_through_a_disnaker(self, desk, agency):
        with pytest.raises(NotAllowed, match="Dinas Tenaga Kerja") as refusal:
            desk.draft(agency=agency)
        assert problems(refusal) == {"agency"}

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"state": VacancyState.CLOSED}, "ditutup"),
            ({"state": VacancyState.CANCELLED}, "dibatalkan"),
            ({"closes_on": today(-1)}, "ditutup pada"),
        ],
    )
    def test_a_vacancy_that_is_over_takes_nobody(self, desk, fields, words):
        vacancy = desk.vacancy()
        Vacancy.objects.filter(pk=vacancy.pk).update(**fields)
        with pytest.raises(NotAllowed, match=words) as refusal:
            desk.draft(vacancy=vacancy)
        assert problems(refusal) == {"vacancy"}

    def test_a_full_vacancy_takes_nobody(self, desk):
        vacancy = desk.vacancy(places=1)
        desk.referral(ReferralState.ACCEPTED, vacancy=vacancy)
        with pytest.raises(NotAllowed, match="terisi semua"):
            desk.draft(vacancy=vacancy)

    def test_a_vacancy_of_strangers_is_not_seen(self, desk):
        stranger = Desk(FacilityFactory())
        with pytest.raises(NotAllowed) as refusal:
            desk.draft(vacancy=stranger.vacancy())
        assert problems(refusal) == {"vacancy"}

    def test_an_employer_that_takes_nobody_needs_a_reason(self, desk):
        vacancy = desk.vacancy()
        Employer.objects.update(openness=Openness.NO)
        with pytest.raises(NotAllowed) as refusal:
            desk.draft(vacancy=vacancy)
        assert problems(refusal) == {"despite"}
        row = desk.draft(vacancy=vacancy, despite="Pimpinan baru sudah setuju")
        desk.step(row, ReferralState.SUBMITTED)
        assert now_of(row).despite == "Pimpinan baru sudah setuju"

    def test_who_was_accepted_is_referred_nowhere_else(self, desk):
        row = desk.referral(ReferralState.ACCEPTED, vacancy=desk.vacancy())
        with pytest.raises(AlreadyDone, match=row.person_code):
            desk.draft(row.inmate, vacancy=desk.vacancy())

    def test_a_draft_is_put_right(self, desk):
        row = desk.draft()
        row = referrals.change(
            referral=row, agency=desk.disnaker, message="Bisa mulai pagi", by=desk.head
        )
        assert row.message == "Bisa mulai pagi"
        referrals.submit(referrals=[row], by=desk.officer)
        with pytest.raises(AlreadyDone):
            referrals.change(referral=row, agency=desk.disnaker, message="Lain", by=desk.head)


class TestSubmit:
    def test_the_warden_is_told_of_a_code(self, desk):
        row = desk.referral(ReferralState.SUBMITTED)
        (notice,) = told(desk.warden, "referral_waiting")
        assert notice.data["code"] == row.person_code
        assert row.inmate.name not in str(notice.data)

    def test_several_at_once_or_none(self, desk):
        rows = [desk.draft() for _n in range(3)]
        Consent.objects.filter(inmate=rows[1].inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed, match=rows[1].person_code) as refusal:
            referrals.submit(referrals=rows, by=desk.officer)
        assert refusal.value.people == [rows[1].inmate]
        assert {now_of(row).state for row in rows} == {ReferralState.DRAFT}

    def test_the_same_again_is_the_same_and_by_another_already_done(self, desk):
        row = desk.referral(ReferralState.SUBMITTED)
        assert referrals.submit(referrals=[row], by=desk.officer) == [row]
        with pytest.raises(AlreadyDone, match="Petugas Rujukan"):
            referrals.submit(referrals=[row], by=desk.head)

    def test_the_warden_returns_it_with_a_reason(self, desk):
        row = desk.referral(ReferralState.SUBMITTED)
        with pytest.raises(NotAllowed):
            referrals.send_back(referral=row, reason=" ", by=desk.warden)
        row = referrals.send_back(referral=row, reason="Tunggu sidang", by=desk.warden)
        assert (row.state, row.reason) == (ReferralState.DRAFT, "Tunggu sidang")
        assert referrals.send_back(referral=row, reason="Tunggu sidang", by=desk.warden) == row
        assert told(desk.officer, "referral_returned")
        assert not told(desk.warden, "referral_waiting")

    def test_nothing_picked(self, desk):
        with pytest.raises(NotAllowed, match="paling sedikit satu"):
            referrals.submit(referrals=[], by=desk.officer)


class TestApprove:
    def test_only_the_warden(self, desk):
        row = desk.referral(ReferralState.SUBMITTED)
        for by in (desk.officer, desk.head, desk.liaison):
            with pytest.raises(Forbidden):
                referrals.approve(referrals=[row], by=by)

    def test_says_who_and_when_and_asks_the_officer_to_send(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        assert row.approved_by == desk.warden
        assert row.approved_at
        assert told(desk.officer, "referral_approved")

    def test_a_transferred_person_is_not_recommended(self, desk):
        row = desk.referral(ReferralState.SUBMITTED)
        Custody.objects.filter(inmate=row.inmate).update(until=today(), ended_how="transferred")
        with pytest.raises(NotAllowed, match="tidak lagi ditempatkan"):
            referrals.approve(referrals=[row], by=desk.warden)

    def test_a_released_person_is(self, desk):
        row = desk.referral(ReferralState.SUBMITTED)
        Custody.objects.filter(inmate=row.inmate).update(until=today(), ended_how="released")
        referrals.approve(referrals=[row], by=desk.warden)
        assert now_of(row).state == ReferralState.APPROVED

    def test_a_draft_is_not_approved(self, desk):
        with pytest.raises(NotAllowed, match="Disusun"):
            referrals.approve(referrals=[desk.draft()], by=desk.warden)


class TestSend:
    def test_the_agency_has_thirty_days_and_a_mail(self, desk):
        row = desk.referral(ReferralState.SENT)
        assert row.answer_by == today(30)
        assert row.sent_at
        (notice,) = told(desk.liaison, "referral_sent")
        assert notice.mail
        assert row.person_code in notice.mail.body
        assert row.inmate.name not in notice.mail.body + notice.mail.subject
        assert not told(desk.officer, "referral_approved")

    def test_another_day_may_be_named_not_a_past_one(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        with pytest.raises(NotAllowed):
            referrals.send(referrals=[row], answer_by=today(-1), by=desk.officer)
        referrals.send(referrals=[row], answer_by=today(14), by=desk.officer)
        assert now_of(row).answer_by == today(14)

    def test_a_consent_that_is_gone_stops_it(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        Consent.objects.filter(inmate=row.inmate).update(withdrawn_on=today())
        with pytest.raises(NotAllowed, match="Persetujuan"):
            referrals.send(referrals=[row], by=desk.officer)

    def test_a_renewed_consent_takes_the_place_of_the_old(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        Consent.objects.filter(inmate=row.inmate).update(until=today(-1), signed_on=today(-9))
        newer = consent_of(row.inmate, desk.facility, signed_on=today())
        referrals.send(referrals=[row], by=desk.officer)
        assert now_of(row).consent == newer

    def test_a_vacancy_that_closed_meanwhile_stops_it(self, desk):
        row = desk.referral(ReferralState.APPROVED, vacancy=desk.vacancy())
        Vacancy.objects.update(state=VacancyState.CLOSED)
        with pytest.raises(NotAllowed, match="ditutup"):
            referrals.send(referrals=[row], by=desk.officer)

    def test_a_liaison_sees_it_from_then_on(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        assert not Referral.objects.visible_to(desk.liaison).exists()
        referrals.send(referrals=[row], by=desk.officer)
        assert Referral.objects.visible_to(desk.liaison).get() == row


class TestWithdraw:
    def test_before_sending_nobody_outside_learns_and_the_letter_is_void(self, desk):
        row = desk.referral(ReferralState.APPROVED)
        row = referrals.withdraw(referral=row, reason="Pindah rencana", by=desk.officer)
        assert row.state == ReferralState.WITHDRAWN
        assert now_of(row).letter.state == LetterState.VOID
        assert not told(desk.liaison, "referral_withdrawn")

    def test_afterwards_the_agency_learns_it_and_not_why(self, desk):
        row = desk.referral(ReferralState.FORWARDED)
        referrals.withdraw(referral=row, reason="Sakit keras", by=desk.officer)
        (notice,) = told(desk.liaison, "referral_withdrawn")
        assert "Sakit" not in str(notice.data)
        assert now_of(row).letter.state == LetterState.SENT

    def test_the_same_again_is_the_same_and_another_learns_who(self, desk):
        row = desk.referral(ReferralState.SENT)
        first = referrals.withdraw(referral=row, reason="Batal", by=desk.officer)
        assert referrals.withdraw(referral=row, reason="Batal", by=desk.officer) == first
        with pytest.raises(AlreadyDone, match="Petugas Rujukan"):
            referrals.withdraw(referral=row, reason="Batal", by=desk.head)

    def test_who_was_accepted_is_not_withdrawn(self, desk):
        row = desk.referral(ReferralState.ACCEPTED, vacancy=desk.vacancy())
        with pytest.raises(AlreadyDone):
            referrals.withdraw(referral=row, reason="Batal", by=desk.officer)

    def test_mails_that_wait_with_a_link_stay_unsent(self, desk):
        row = desk.referral(ReferralState.SENT)
        mail = told(desk.liaison, "referral_sent")[0].mail
        referrals.withdraw(referral=row, reason="Batal", by=desk.officer)
        mail.refresh_from_db()
        assert mail.state == "cancelled"


class TestTime:
    def test_more_of_it(self, desk):
        row = desk.referral(ReferralState.SENT)
        with pytest.raises(NotAllowed):
            referrals.extend(referral=row, answer_by=today(20), by=desk.officer)
        referrals.extend(referral=row, answer_by=today(45), by=desk.officer)
        assert now_of(row).answer_by == today(45)
        assert told(desk.liaison, "referral_extended")

    def test_not_of_what_is_over(self, desk):
        row = desk.draft()
        with pytest.raises(AlreadyDone):
            referrals.extend(referral=row, answer_by=today(45), by=desk.officer)

    def test_a_second_disnaker_may_have_another(self, desk, facility):
        other = Desk(facility=FacilityFactory())
        PartnershipFactory(facility=facility, agency=other.disnaker)
        person = desk.person()
        desk.referral(ReferralState.SENT, person, vacancy=desk.vacancy())
        row = desk.referral(ReferralState.SENT, person, agency=other.disnaker)
        assert told(other.liaison, "referral_sent")[0].object_id == row.pk
