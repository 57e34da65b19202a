"""The warden's decree: all that it lists are enrolled with it, or nobody."""

import re
from unittest.mock import patch

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Letter, LetterSeries, Mail, Notice
from correspondence.states import LetterState, SeriesMode
from inmates.models import Custody, Restriction
from inmates.states import CustodyEnd, RegisterClass, RestrictionKind
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    approved,
    confirmed_batch,
    decree_series,
    enrolled,
)
from training.models import Batch, Candidate, Decree, Enrolment
from training.services import candidates, decrees, enrolments, seat_offers
from training.states import DecreeState, HearingState

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, seats_confirmed=3)


@pytest.fixture
def series(facility):
    return decree_series(facility)


@pytest.fixture
def chosen(batch):
    """Three approved candidates of three seats."""
    return approved(batch, 3)


@pytest.fixture
def decree(batch, chosen, head):
    people, hearing = chosen
    return decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)


def seats_taken(batch):
    return Batch.objects.get(pk=batch.pk).seats_taken


class TestPrepare:
    def test_the_warden_is_told_at_once_and_nobody_is_enrolled(self, batch, chosen, head, warden):
        people, hearing = chosen
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)
        assert [entry.candidate for entry in decree.entries.all()] == people
        assert Notice.objects.get(kind="decree_waiting").recipient == warden
        assert Mail.objects.get().recipient == warden
        assert not Enrolment.objects.exists()

    def test_more_people_than_seats_are_refused_with_both_numbers(self, batch, head):
        people, hearing = approved(batch, 4)
        with pytest.raises(NotAllowed, match="3 kursi dikonfirmasi, 3 masih kosong, 4 orang"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)

    def test_regulars_stand_before_reserves(self, batch, chosen, head):
        (one, two, three), hearing = chosen
        Candidate.objects.filter(pk=one.pk).update(is_reserve=True)
        decree = decrees.prepare(
            batch=batch, hearing=hearing, candidates=[one, two, three], by=head
        )
        assert [entry.candidate for entry in decree.entries.all()] == [two, three, one]

    def test_only_approved_people(self, batch, chosen, head):
        _people, hearing = chosen
        waiting = CandidateFactory(batch=batch)
        with pytest.raises(NotAllowed, match=f"{waiting.inmate.name} belum disetujui"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=[waiting], by=head)

    def test_nobody_of_another_batch(self, batch, chosen, facility, agency, head):
        _people, hearing = chosen
        strangers, _other = approved(confirmed_batch(facility, agency), 1)
        with pytest.raises(NotAllowed, match="angkatan lain"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=strangers, by=head)

    def test_not_before_the_hearing_was_held(self, batch, chosen, facility, head):
        people, _hearing = chosen
        planned = batch.hearings.create(
            facility=facility, held_on=today(), state=HearingState.PLANNED
        )
        with pytest.raises(NotAllowed, match="hasil sidang"):
            decrees.prepare(batch=batch, hearing=planned, candidates=people, by=head)

    def test_nobody_is_not_enough(self, batch, chosen, head):
        with pytest.raises(NotAllowed, match="paling sedikit satu"):
            decrees.prepare(batch=batch, hearing=chosen[1], candidates=[], by=head)

    def test_twice_by_the_same_is_once(self, batch, chosen, decree, head):
        people, hearing = chosen
        assert decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head) == decree

    def test_a_second_list_while_one_waits_is_refused(self, batch, chosen, decree, head):
        people, hearing = chosen
        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=people[:1], by=head)

    @pytest.mark.parametrize("role", ["officer", "warden", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, batch, chosen, role, request):
        people, hearing = chosen
        by = request.getfixturevalue(role)
        with pytest.raises(Forbidden):
            decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=by)


class TestSendBack:
    def test_the_head_learns_why_and_the_wait_is_over(self, decree, head, warden):
        decrees.send_back(decree=decree, reason="Nama ganda", by=warden)
        assert Notice.objects.live().get().recipient == head
        assert "Nama ganda" not in Notice.objects.live().get().sentence  # it may name a person

    def test_the_same_decree_is_prepared_anew(self, batch, chosen, decree, head, warden):
        people, hearing = chosen
        decrees.send_back(decree=decree, reason="Kurangi", by=warden)
        again = decrees.prepare(batch=batch, hearing=hearing, candidates=people[:2], by=head)
        assert (again.pk, again.state, again.reason) == (decree.pk, DecreeState.PREPARED, "")
        assert again.entries.count() == 2
        assert Notice.objects.live().get(kind="decree_waiting").recipient == warden

    def test_not_without_a_reason(self, decree, warden):
        with pytest.raises(NotAllowed):
            decrees.send_back(decree=decree, reason=" ", by=warden)

    def test_not_when_issued(self, decree, series, warden):
        decrees.issue(decree=decree, by=warden)
        with pytest.raises(AlreadyDone):
            decrees.send_back(decree=decree, reason="Terlambat", by=warden)

    def test_a_returned_decree_cannot_be_issued(self, decree, series, warden):
        decrees.send_back(decree=decree, reason="Nama ganda", by=warden)
        with pytest.raises(AlreadyDone, match="Nama ganda"):
            decrees.issue(decree=decree, by=warden)


class TestIssue:
    def test_all_are_enrolled_and_the_letter_is_signed(self, decree, series, batch, warden):
        issued = decrees.issue(decree=decree, by=warden)
        letter = issued.letter
        assert issued.state == DecreeState.ISSUED
        assert (letter.state, letter.signed_by) == (LetterState.SIGNED, warden)
        assert letter.number == f"W12.PAS-PK.05.09-0001 TAHUN {today().year}"
        assert letter.dated == today()
        assert seats_taken(batch) == 3
        assert Enrolment.objects.filter(decree=issued, state="enrolled").count() == 3

    def test_codes_are_random_and_free_of_letters_that_look_alike(self, decree, series, warden):
        decrees.issue(decree=decree, by=warden)
        codes = set(Enrolment.objects.values_list("participant_code", flat=True))
        assert len(codes) == 3
        assert all(re.fullmatch(r"P-[2-9A-HJKMNP-TV-Z]{5}", code) for code in codes)

    def test_a_code_that_is_taken_is_drawn_again(self, decree, series, batch, warden):
        draws = iter("AAAAAAAAAABBBBBCCCCC")
        with patch("secrets.choice", lambda _alphabet: next(draws)):
            decrees.issue(decree=decree, by=warden)
        codes = set(batch.enrolments.values_list("participant_code", flat=True))
        assert codes == {"P-AAAAA", "P-BBBBB", "P-CCCCC"}

    def test_the_letter_freezes_who_signed_and_whom_it_lists(
        self, decree, series, chosen, facility, agency
    ):
        acting = staff(facility, "warden", name="Plh. Contoh", nip="198001012005011001")
        acting.postings.update(acting="Plh.", title="Kepala Lapas Cilegon")
        letter = decrees.issue(decree=decree, by=acting).letter
        assert letter.signatory == {
            "name": "Plh. Contoh",
            "nip": "198001012005011001",
            "title": "Kepala Lapas Cilegon",
            "acting": "Plh.",
        }
        listed = [person["name"] for person in letter.data["participants"]]
        assert listed == [candidate.inmate.name for candidate in chosen[0]]
        assert letter.data["participants"][0]["register_number"].startswith("B.I")
        assert letter.data["template"] == "decree_v1"
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(data={})

    def test_officer_head_and_agency_are_told_and_the_agency_without_names(
        self, decree, series, officer, head, warden, liaison, chosen
    ):
        decrees.issue(decree=decree, by=warden)
        issued = Notice.objects.filter(kind="decree_issued")
        assert {notice.recipient for notice in issued} == {officer, head}
        listed = Notice.objects.get(kind="participants_listed")
        assert (listed.recipient, listed.urgent) == (liaison, True)
        told = str([notice.data for notice in Notice.objects.all()])
        assert not any(candidate.inmate.name in told for candidate in chosen[0])
        assert not Notice.objects.live().filter(kind="decree_waiting").exists()

    def test_the_same_warden_again_gets_the_same_decree(self, decree, series, warden):
        first = decrees.issue(decree=decree, by=warden)
        assert decrees.issue(decree=decree, by=warden).letter == first.letter
        assert Letter.objects.count() == 1

    def test_another_learns_who_when_and_which_number(self, decree, series, facility, warden):
        decrees.issue(decree=decree, by=warden)
        second = staff(facility, "warden", name="Plh. Kedua")
        with pytest.raises(AlreadyDone, match=r"oleh Kalapas pada .* nomor W12"):
            decrees.issue(decree=decree, by=second)

    @pytest.mark.parametrize("role", ["officer", "head", "registrar", "liaison", "outsider"])
    def test_others_may_not(self, decree, series, role, request):
        with pytest.raises(Forbidden):
            decrees.issue(decree=decree, by=request.getfixturevalue(role))

    def test_without_a_series_nothing_happens_and_the_admin_is_named(self, decree, batch, warden):
        with pytest.raises(NotAllowed, match="minta admin"):
            decrees.issue(decree=decree, by=warden)
        assert (seats_taken(batch), Letter.objects.count()) == (0, 0)
        assert Decree.objects.get().state == DecreeState.PREPARED

    def test_a_book_series_is_not_counted_by_the_app(self, decree, facility, warden):
        decree_series(facility, mode=SeriesMode.BOOK)
        with pytest.raises(NotAllowed, match="minta admin"):
            decrees.issue(decree=decree, by=warden)

    def test_a_broken_pattern_says_so(self, decree, facility, warden):
        decree_series(facility, pattern="X-{nomor}")
        with pytest.raises(NotAllowed, match="Pola nomor"):
            decrees.issue(decree=decree, by=warden)


class TestWhoIsJudgedAgain:
    """Between hearing and decree things happen; each person is named in the refusal."""

    def refused(self, decree, warden, person, why):
        with pytest.raises(NotAllowed, match=f"{person.name}: .*{why}"):
            decrees.issue(decree=decree, by=warden)
        assert not Enrolment.objects.filter(decree=decree).exists()
        assert LetterSeries.objects.get().counter == 0

    def test_transferred_away(self, decree, series, chosen, warden):
        person = chosen[0][1].inmate
        Custody.objects.filter(inmate=person).update(
            until=today(), ended_how=CustodyEnd.TRANSFERRED
        )
        self.refused(decree, warden, person, "Tidak lagi tercatat")

    def test_back_to_detention(self, decree, series, chosen, warden):
        person = chosen[0][0].inmate
        Custody.objects.filter(inmate=person).update(register_class=RegisterClass.A4)
        self.refused(decree, warden, person, "A.IV")

    def test_enrolled_elsewhere_meanwhile(self, decree, series, chosen, facility, agency, warden):
        person = chosen[0][2].inmate
        enrolled(confirmed_batch(facility, agency, name="Angkatan Jahit"), person)
        self.refused(decree, warden, person, "Angkatan Jahit")

    def test_a_security_veto_after_the_hearing(self, decree, series, chosen, facility, warden):
        person = chosen[0][0].inmate
        Restriction.objects.create(
            inmate=person, facility=facility, kind=RestrictionKind.SECURITY, starts=today()
        )
        self.refused(decree, warden, person, "Keberatan keamanan")

    def test_a_restriction_that_was_overridden_does_not_stop_the_decree(
        self, decree, series, chosen, facility, head, warden
    ):
        candidate = chosen[0][0]
        Restriction.objects.create(
            inmate=candidate.inmate,
            facility=facility,
            kind=RestrictionKind.DISCIPLINE,
            starts=today(-9),
        )
        Candidate.objects.filter(pk=candidate.pk).update(
            override_reason="Sudah selesai dibina",
            override_by=head,
            eligibility=[{"rule": "discipline", "outcome": "fail"}],
        )
        assert decrees.issue(decree=decree, by=warden).state == DecreeState.ISSUED

    def test_several_are_all_named(self, decree, series, chosen, warden):
        people = [candidate.inmate for candidate in chosen[0]]
        Custody.objects.filter(inmate__in=people).update(register_class=RegisterClass.A1)
        with pytest.raises(NotAllowed) as refusal:
            decrees.issue(decree=decree, by=warden)
        assert len(refusal.value.messages) == 3


class TestFull:
    def test_a_thirteenth_is_refused_with_a_clear_sentence(self, facility, agency, head, warden):
        decree_series(facility)
        batch = confirmed_batch(facility, agency, seats_confirmed=12)
        people, hearing = approved(batch, 14)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=people[:12], by=head)
        decrees.issue(decree=decree, by=warden)
        with pytest.raises(NotAllowed, match="sudah penuh: 12 dari 12 kursi terisi"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=people[12:13], by=head)
        assert Batch.objects.get(pk=batch.pk).seats_free == 0

    def test_a_full_batch_still_says_first_what_else_keeps_somebody_out(
        self, decree, series, batch, chosen, head, warden
    ):
        decrees.issue(decree=decree, by=warden)
        (one, *_others), hearing = chosen
        proposed = CandidateFactory(batch=batch)
        for candidate, sentence in ((one, "sudah menjadi peserta"), (proposed, "belum disetujui")):
            with pytest.raises(NotAllowed, match=sentence):
                decrees.prepare(batch=batch, hearing=hearing, candidates=[candidate], by=head)

    def test_a_reserve_of_a_full_batch_hears_what_everybody_hears(
        self, decree, series, batch, head, warden
    ):
        decrees.issue(decree=decree, by=warden)
        reserve, hearing = approved(batch, 1, is_reserve=True)
        with pytest.raises(NotAllowed, match="sudah penuh: 3 dari 3"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=reserve, by=head)

    def test_a_seat_held_by_an_offer_is_the_reserves_though_the_batch_is_full(
        self, decree, series, batch, head, warden, officer
    ):
        decrees.issue(decree=decree, by=warden)
        reserve, hearing = approved(batch, 1, is_reserve=True)
        gone = Enrolment.objects.first()
        enrolments.drop(enrolment=gone, dropped_on=today(), reason="Pindah", by=officer)
        seat_offers.take(offer=reserve[0].seat_offers.get(), by=officer)
        regular, _hearing = approved(batch, 1)
        assert Batch.objects.get(pk=batch.pk).seats_free == 0
        with pytest.raises(NotAllowed, match="sudah penuh"):
            decrees.prepare(batch=batch, hearing=hearing, candidates=regular, by=head)
        assert decrees.prepare(batch=batch, hearing=hearing, candidates=reserve, by=head).pk

    def test_a_freed_seat_goes_to_a_reserve_by_another_decree(
        self, decree, series, batch, chosen, head, warden, officer
    ):
        decrees.issue(decree=decree, by=warden)
        reserve, hearing = approved(batch, 1, is_reserve=True)
        gone = Enrolment.objects.first()
        enrolments.drop(enrolment=gone, dropped_on=today(), reason="Pindah", by=officer)
        seat_offers.take(offer=reserve[0].seat_offers.get(), by=officer)
        second = decrees.prepare(batch=batch, hearing=hearing, candidates=reserve, by=head)
        number = decrees.issue(decree=second, by=warden).letter.number
        assert "-0002 " in number
        assert seats_taken(batch) == 3

    def test_seats_lowered_after_preparing_are_checked_when_issuing(
        self, decree, series, batch, warden
    ):
        Batch.objects.filter(pk=batch.pk).update(seats_confirmed=2)
        with pytest.raises(NotAllowed, match="2 kursi dikonfirmasi"):
            decrees.issue(decree=decree, by=warden)

    def test_a_cancelled_batch_gets_no_participants(self, decree, series, batch, warden):
        Batch.objects.filter(pk=batch.pk).update(state="cancelled")
        with pytest.raises(NotAllowed, match="dibatalkan"):
            decrees.issue(decree=decree, by=warden)


class TestNumbers:
    def issue_one(self, facility, agency, head, warden):
        batch = confirmed_batch(facility, agency, ends_on=today(500), seats_confirmed=1)
        people, hearing = approved(batch, 1)
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=people, by=head)
        return decrees.issue(decree=decree, by=warden).letter

    def test_run_on_and_begin_anew_each_year(self, facility, agency, head, warden):
        decree_series(facility, pattern="{number}/{month}/{year}")
        numbers = []
        for day in ("2026-11-24", "2026-12-31", "2027-01-02"):
            with time_machine.travel(f"{day}T10:00:00+07:00", tick=False):
                numbers.append(self.issue_one(facility, agency, head, warden).number)
        assert numbers == ["1/11/2026", "2/12/2026", "1/01/2027"]

    def test_a_refused_decree_gives_its_number_back(
        self, decree, series, facility, agency, head, warden
    ):
        with (
            patch("training.services.decrees._tell_issued", side_effect=NotAllowed("gagal")),
            pytest.raises(NotAllowed),
        ):
            decrees.issue(decree=decree, by=warden)
        assert self.issue_one(facility, agency, head, warden).sequence == 1


def test_nobody_withdraws_from_under_a_waiting_decree(decree, chosen, officer):
    with pytest.raises(NotAllowed, match="SK yang menunggu"):
        candidates.withdraw(candidate=chosen[0][0], reason="Mundur", by=officer)


def test_a_liaison_and_another_prison_see_no_decree(decree, liaison, outsider):
    assert not Decree.objects.visible_to(liaison).exists()
    assert not Decree.objects.visible_to(outsider).exists()
