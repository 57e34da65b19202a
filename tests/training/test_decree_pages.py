"""The pages of a hearing and of the decree that follows it."""

import io

import pytest
from pypdf import PdfReader

from accounts.models import AccessRecord
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    approved,
    confirmed_batch,
    decree_series,
)
from training.models import Candidate, Decree, Enrolment, Hearing
from training.services import decrees, enrolments, hearings, seat_offers

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(facility, agency, name="Angkatan Uji", seats_confirmed=2)


def url(batch, page=""):
    return f"/batches/{batch.public_id}/{page}"


def text(answer):
    return answer.content.decode()


def subjects():
    return {subject for record in AccessRecord.objects.all() for subject in record.subjects}


class TestHearing:
    @pytest.fixture
    def proposed(self, batch):
        return [CandidateFactory(batch=batch, rank=rank) for rank in (1, 2, 3)]

    @pytest.fixture
    def hearing(self, batch, proposed, officer):
        return hearings.schedule(batch=batch, held_on=today(), by=officer)

    def typed(self, proposed, results=("approved",) * 3, **changed):
        data = {
            "number": "BA-3/TPP",
            "held_on": today().isoformat(),
            "chair": "Kasi Binadik",
            "members": "Ka. KPLP\nDokter",
        } | changed
        for candidate, result in zip(proposed, results, strict=True):
            data[f"result-{candidate.public_id.hex}"] = result
            data[f"note-{candidate.public_id.hex}"] = f"catatan {candidate.rank}"
        return data

    def test_is_scheduled_from_the_page_of_the_batch(self, batch, proposed, officer, login):
        client = login(officer)
        assert "Jadwalkan sidang" in text(client.get(url(batch)))
        client.post(url(batch, "hearing/"), {"held_on": today(2).isoformat()})
        assert Hearing.objects.get().held_on == today(2)

    def test_a_past_day_is_refused_beside_the_field(self, batch, proposed, officer, login):
        answer = login(officer).post(url(batch, "hearing/"), {"held_on": today(-2).isoformat()})
        assert answer.status_code == 422
        assert "sudah lewat" in text(answer)
        assert today(-2).isoformat() in text(answer)

    def test_one_page_records_it_all(self, hearing, proposed, head, login):
        client = login(head)
        page = hearing.get_absolute_url()
        assert "Simpan hasil sidang" in text(client.get(page))
        answer = client.post(page, self.typed(proposed, ("approved", "rejected", "deferred")))
        assert answer.status_code == 302
        assert list(Candidate.objects.order_by("rank").values_list("state", "note")) == [
            ("approved", "catatan 1"),
            ("rejected", "catatan 2"),
            ("deferred", "catatan 3"),
        ]
        assert "BA-3/TPP" in text(client.get(page))

    def test_three_approved_for_two_seats_leave_a_reserve(self, hearing, proposed, head, login):
        login(head).post(hearing.get_absolute_url(), self.typed(proposed))
        assert list(Candidate.objects.order_by("rank").values_list("is_reserve", flat=True)) == [
            False,
            False,
            True,
        ]

    def test_a_forgotten_person_keeps_all_that_was_typed(self, hearing, proposed, head, login):
        data = self.typed(proposed)
        del data[f"result-{proposed[1].public_id.hex}"]
        page = text(answer := login(head).post(hearing.get_absolute_url(), data))
        assert answer.status_code == 422
        assert "Pilih hasilnya." in page
        for kept in ("BA-3/TPP", "Kasi Binadik", "Ka. KPLP", "catatan 1", "catatan 3"):
            assert kept in page
        assert page.count('value="approved" id') == 3
        assert page.count(" checked") == 2

    def test_a_refusal_of_the_service_keeps_it_too(self, hearing, proposed, head, login):
        data = self.typed(proposed, held_on=today(1).isoformat())
        answer = login(head).post(hearing.get_absolute_url(), data)
        assert answer.status_code == 422
        assert "Sidang belum berlangsung" in text(answer)
        assert text(answer).count(" checked") == 3

    def test_recorded_by_two_the_second_learns_of_the_first(
        self, hearing, proposed, head, registrar, login
    ):
        data = self.typed(proposed)
        login(head).post(hearing.get_absolute_url(), data)
        answer = login(registrar).post(hearing.get_absolute_url(), data)
        assert answer.status_code == 422
        assert "sudah dicatat oleh Kasi Giatja" in text(answer)

    def test_sent_twice_by_the_same_it_is_recorded_once(self, hearing, proposed, head, login):
        client, data = login(head), self.typed(proposed)
        answers = [client.post(hearing.get_absolute_url(), data) for _n in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert hearing.recommendations.count() == 3

    def test_the_officer_reads_the_agenda_but_does_not_record(
        self, hearing, proposed, officer, login
    ):
        client = login(officer)
        page = text(client.get(hearing.get_absolute_url()))
        assert "Simpan hasil sidang" not in page
        assert client.post(hearing.get_absolute_url(), self.typed(proposed)).status_code == 403

    def test_agenda_and_minutes_are_papers(self, hearing, proposed, head, login):
        client = login(head)
        paper = f"/hearings/{hearing.public_id}/"
        assert proposed[0].inmate.name in self.words(client.get(f"{paper}agenda.pdf"))
        assert client.get(f"{paper}minutes.pdf").status_code == 404
        client.post(paper, self.typed(proposed, ("approved", "rejected", "deferred")))
        words = self.words(client.get(f"{paper}minutes.pdf"))
        for part in ("BERITA ACARA", "BA-3/TPP", "Ditolak", "catatan 2", "Dokter"):
            assert part in words
        assert client.get(f"{paper}agenda.pdf").status_code == 200
        assert AccessRecord.objects.filter(act="export").count() == 3

    def words(self, answer):
        assert answer["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.content)).pages
        return "\n".join(page.extract_text() for page in pages)

    def test_a_wrong_record_is_undone_with_a_reason(self, hearing, proposed, head, login):
        client = login(head)
        client.post(hearing.get_absolute_url(), self.typed(proposed))
        undo = f"/hearings/{hearing.public_id}/undo/"
        assert client.post(undo, {"reason": ""}).status_code == 422
        assert client.post(undo, {"reason": "Salah angkatan"}).status_code == 302
        assert Candidate.objects.filter(state="proposed").count() == 3

    def test_the_list_shows_it(self, hearing, head, login):
        assert "Angkatan Uji" in text(login(head).get("/hearings/"))

    @pytest.mark.parametrize("role", ["outsider", "liaison"])
    @pytest.mark.parametrize("page", ["", "agenda.pdf", "minutes.pdf"])
    def test_outside_it_does_not_exist(self, hearing, role, page, login, request):
        client = login(request.getfixturevalue(role))
        assert client.get(f"/hearings/{hearing.public_id}/{page}").status_code == 404

    def test_an_observer_reads_no_names(self, hearing, facility, login):
        observer = staff(facility, "observer", name="Kanwil")
        assert login(observer).get(hearing.get_absolute_url()).status_code == 403


class TestDecree:
    @pytest.fixture
    def chosen(self, batch):
        people, _hearing = approved(batch, 2)
        return people

    @pytest.fixture
    def decree(self, batch, chosen, head):
        hearing = batch.hearings.get()
        return decrees.prepare(batch=batch, hearing=hearing, candidates=chosen, by=head)

    def picks(self, candidates):
        return {"candidates": [str(candidate.public_id) for candidate in candidates]}

    def test_free_seats_are_ticked_to_begin_with(self, batch, chosen, head, login):
        reserve = CandidateFactory(
            batch=batch, rank=99, state="approved", is_reserve=True, entered_afterwards=True
        )
        page = text(login(head).get(url(batch, "decree/")))
        assert reserve.inmate.name in page
        assert page.count(" checked") == 2

    def test_the_head_prepares_and_sees_it_wait(self, batch, chosen, head, login):
        client = login(head)
        answer = client.post(url(batch, "decree/"), self.picks(chosen), follow=True)
        assert "Menunggu penetapan Kepala Lapas" in text(answer)
        assert "Tetapkan SK" not in text(answer)

    def test_a_reserve_who_was_not_offered_the_seat_cannot_be_ticked(
        self, decree, facility, batch, head, warden, officer, login
    ):
        decree_series(facility)
        decrees.issue(decree=decree, by=warden)
        first, second = approved(batch, 2, is_reserve=True)[0]
        gone = Enrolment.objects.first()
        enrolments.drop(enrolment=gone, dropped_on=today(), reason="Pindah", by=officer)
        seat_offers.take(offer=first.seat_offers.get(), by=officer)
        page = text(login(head).get(url(batch, "decree/")))
        boxes = [tag for tag in page.split("<input") if 'name="candidates"' in tag]
        assert [" checked" in tag for tag in boxes] == [True, False]
        assert [" disabled" in tag for tag in boxes] == [False, True]
        assert "Belum ditawari kursi" in page
        assert second.inmate.name in page

    def test_too_many_are_refused_and_the_picks_kept(self, batch, chosen, head, login):
        third = CandidateFactory(
            batch=batch, rank=99, state="approved", is_reserve=True, entered_afterwards=True
        )
        answer = login(head).post(url(batch, "decree/"), self.picks([*chosen, third]))
        assert answer.status_code == 422
        assert "2 kursi dikonfirmasi, 2 masih kosong, 3 orang dipilih." in text(answer)
        assert text(answer).count(" checked") == 3

    def test_the_warden_issues_and_reads_number_and_paper(
        self, decree, facility, batch, warden, login
    ):
        decree_series(facility)
        client = login(warden)
        assert "Tetapkan SK" in text(client.get(decree.get_absolute_url()))
        answer = client.post(f"/decrees/{decree.public_id}/issue/", follow=True)
        page = text(answer)
        letter = Decree.objects.get().letter
        assert letter.number in page
        assert f"/letters/{letter.public_id}/pdf/" in page
        assert Enrolment.objects.count() == 2
        assert "Tetapkan SK" not in page

    def test_a_refusal_stands_on_the_page_of_the_decree(self, decree, warden, login):
        answer = login(warden).post(f"/decrees/{decree.public_id}/issue/")
        assert answer.status_code == 422
        assert "minta admin" in text(answer)

    def test_sent_back_with_a_reason_it_is_prepared_again(self, decree, batch, head, warden, login):
        client = login(warden)
        back = f"/decrees/{decree.public_id}/send-back/"
        assert client.post(back, {"reason": ""}).status_code == 422
        client.post(back, {"reason": "Nama ganda"})
        page = text(login(head).get(decree.get_absolute_url()))
        assert "Nama ganda" in page
        assert "Siapkan lagi" in page

    def test_issuing_is_never_a_link(self, decree, warden, login):
        assert login(warden).get(f"/decrees/{decree.public_id}/issue/").status_code == 405

    def test_the_officer_may_look_but_not_issue(self, decree, officer, login):
        client = login(officer)
        assert client.get(decree.get_absolute_url()).status_code == 200
        assert client.post(f"/decrees/{decree.public_id}/issue/").status_code == 403

    @pytest.mark.parametrize("role", ["outsider", "liaison"])
    def test_outside_it_does_not_exist(self, decree, role, login, request):
        client = login(request.getfixturevalue(role))
        assert client.get(decree.get_absolute_url()).status_code == 404
        assert client.post(f"/decrees/{decree.public_id}/issue/").status_code == 404

    def test_looking_is_recorded(self, decree, chosen, warden, login):
        login(warden).get(decree.get_absolute_url())
        assert subjects() == {candidate.inmate.public_id for candidate in chosen}
