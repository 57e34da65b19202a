"""The pages of reserves, freed seats and participants who leave, as officer and head use them."""

import pytest

from accounts.models import AccessRecord
from correspondence.models import Notice
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    approved,
    confirmed_batch,
    enrolled,
)
from training.models import Candidate, Enrolment, Hearing, SeatOffer
from training.services import enrolments, hearings

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, name="Angkatan Uji", seats_confirmed=2)


@pytest.fixture
def participant(batch):
    return enrolled(batch)


@pytest.fixture
def reserves(batch, participant):
    enrolled(batch)
    people, _hearing = approved(batch, 2, is_reserve=True)
    return people


@pytest.fixture
def offer(participant, reserves, officer):
    enrolments.drop(enrolment=participant, dropped_on=today(), reason="Sakit", by=officer)
    return SeatOffer.objects.get()


def text(answer):
    return answer.content.decode()


def shown():
    return {subject for record in AccessRecord.objects.all() for subject in record.subjects}


class TestParticipants:
    def test_kept_from_class_and_back(self, participant, officer, liaison, login):
        client = login(officer)
        page = f"/participants/{participant.public_id}/suspend/"
        assert participant.inmate.name in text(client.get(page))
        assert client.post(page, {"cause": "sick", "reason": "Dirawat"}).status_code == 302
        row = Enrolment.objects.get(pk=participant.pk)
        assert (row.state, row.cause, row.reason) == ("suspended", "sick", "Dirawat")
        paused = Notice.objects.get(kind="participant_paused")
        assert paused.recipient == liaison
        assert "Dirawat" not in str(paused.data)
        assert "Ikut pelatihan lagi" in text(client.get(page))
        client.post(f"/participants/{participant.public_id}/resume/")
        row.refresh_from_db()
        assert (row.state, row.cause) == ("enrolled", "")
        assert Notice.objects.live().get(recipient=liaison).kind == "participant_back"

    def test_dropping_out_says_what_becomes_of_the_seat(
        self, participant, reserves, officer, login
    ):
        client = login(officer)
        page = f"/participants/{participant.public_id}/drop/"
        assert "ditawarkan kepada cadangan berikutnya (2 cadangan" in text(client.get(page))
        typed = {"cause": "own_wish", "dropped_on": str(today()), "reason": "Bekerja di dapur"}
        answer = client.post(page, typed, follow=True)
        assert "Dijawab sampai" in text(answer)
        assert "Permintaan sendiri: Bekerja di dapur" in text(answer)
        assert SeatOffer.objects.get().candidate == reserves[0]

    def test_without_a_cause_the_form_says_so(self, participant, officer, login):
        page = f"/participants/{participant.public_id}/drop/"
        answer = login(officer).post(page, {"dropped_on": str(today(3)), "reason": "Lupa"})
        assert answer.status_code == 422
        assert "Lupa" in text(answer)
        assert shown() >= {participant.inmate.public_id}

    def test_whoever_is_out_has_no_form(self, participant, officer, login):
        enrolments.drop(enrolment=participant, dropped_on=today(), reason="X", by=officer)
        page = f"/participants/{participant.public_id}/drop/"
        client = login(officer)
        assert "bukan lagi peserta yang aktif" in text(client.get(page))
        again = {"cause": "sick", "dropped_on": str(today()), "reason": "Y"}
        assert "sudah tercatat keluar" in text(client.post(page, again))


class TestSeats:
    def test_yes_is_one_tap(self, offer, officer, login):
        client = login(officer)
        page = f"/seats/{offer.public_id}/"
        assert offer.candidate.inmate.name in text(client.get(page))
        assert client.post(f"{page}take/").status_code == 302
        assert "menunggu SK" in text(client.get(page))
        assert SeatOffer.objects.get().state == "taken"

    def test_no_needs_a_reason_and_asks_the_next(self, offer, reserves, officer, login):
        client = login(officer)
        page = f"/seats/{offer.public_id}/refuse/"
        assert client.post(page, {"reason": ""}).status_code == 422
        assert client.post(page, {"reason": "Menunggu PB"}).status_code == 302
        assert SeatOffer.objects.get(state="open").candidate == reserves[1]

    def test_somebody_elses_answer_is_a_sentence(self, offer, officer, head, login):
        login(officer).post(f"/seats/{offer.public_id}/take/")
        answer = login(head).post(f"/seats/{offer.public_id}/take/")
        assert answer.status_code == 422
        assert "oleh Budi Petugas" in text(answer)

    def test_withdrawn_and_offered_by_hand(self, offer, reserves, officer, login, batch):
        client = login(officer)
        client.post(f"/seats/{offer.public_id}/withdraw/", {"reason": "Salah orang"})
        assert not SeatOffer.objects.open().exists()
        page = text(client.get(f"/batches/{batch.public_id}/"))
        assert f"/candidates/{reserves[1].public_id}/seat/" in page
        answer = client.post(f"/candidates/{reserves[1].public_id}/seat/", follow=True)
        assert "Jawaban orangnya" in text(answer)

    def test_without_a_free_seat_the_refusal_is_shown(self, offer, reserves, officer, login):
        answer = login(officer).post(f"/candidates/{reserves[1].public_id}/seat/")
        assert answer.status_code == 422
        assert "Tidak ada kursi kosong" in text(answer)

    def test_the_decree_page_has_the_one_who_said_yes_ticked(
        self, offer, head, officer, login, batch, reserves
    ):
        login(officer).post(f"/seats/{offer.public_id}/take/")
        page = text(login(head).get(f"/batches/{batch.public_id}/decree/"))
        assert "Menerima kursi kosong" in page
        assert page.count(" checked") == 1


class TestHearings:
    @pytest.fixture
    def hearing(self, batch, officer):
        CandidateFactory.create_batch(3, batch=batch)
        return hearings.schedule(batch=batch, held_on=today(2), by=officer)

    def test_moved_to_another_day_everybody_is_told(self, hearing, officer, head, registrar, login):
        client = login(officer)
        page = f"/hearings/{hearing.public_id}/move/"
        assert client.post(page, {"held_on": str(today(5)), "reason": ""}).status_code == 422
        typed = {"held_on": str(today(5)), "reason": "Ruang dipakai"}
        assert client.post(page, typed).status_code == 302
        hearing.refresh_from_db()
        assert (hearing.held_on, hearing.reason) == (today(5), "Ruang dipakai")
        live = Notice.objects.live().filter(kind__startswith="hearing_")
        assert {(row.kind, row.recipient) for row in live} == {
            ("hearing_moved", head),
            ("hearing_moved", registrar),
        }
        assert client.post(page, {"held_on": str(today(-1)), "reason": "X"}).status_code == 422

    def test_called_off_its_candidates_wait_for_another(self, hearing, officer, batch, login):
        client = login(officer)
        answer = client.post(
            f"/hearings/{hearing.public_id}/cancel/", {"reason": "Tidak kuorum"}, follow=True
        )
        assert "Tidak kuorum" in text(answer)
        assert Hearing.objects.get().state == "cancelled"
        assert "Sidang ini dibatalkan" in text(client.get(hearing.get_absolute_url()))
        hearings.schedule(batch=batch, held_on=today(3), by=officer)
        assert Candidate.objects.awaiting_hearing().count() == 3

    def test_a_cancelled_one_is_neither_recorded_nor_moved(self, hearing, head, login):
        client = login(head)
        client.post(f"/hearings/{hearing.public_id}/cancel/", {"reason": "Tidak kuorum"})
        answer = client.post(
            f"/hearings/{hearing.public_id}/move/", {"held_on": str(today(5)), "reason": "X"}
        )
        assert "sudah dibatalkan" in text(answer)

    def test_the_order_is_typed_as_numbers(self, hearing, batch, officer, login):
        client = login(officer)
        page = f"/batches/{batch.public_id}/order/"
        people = list(Candidate.objects.order_by("rank"))
        assert people[0].inmate.name in text(client.get(page))
        places = {f"place-{row.public_id.hex}": n for row, n in zip(people, (3, 1, 2), strict=True)}
        assert client.post(page, places).status_code == 302
        now = list(Candidate.objects.order_by("rank"))
        assert now == [people[1], people[2], people[0]]
        assert [row.rank for row in now] == [row.rank for row in people]

    def test_a_place_that_is_no_number_is_told_beside_the_person(
        self, hearing, batch, officer, login
    ):
        people = Candidate.objects.all()
        places = {f"place-{row.public_id.hex}": "x" for row in people}
        answer = login(officer).post(f"/batches/{batch.public_id}/order/", places)
        assert answer.status_code == 422
