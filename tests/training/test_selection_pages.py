"""The pages of a selection, as an officer, a head and a warden use them."""

import io

import pytest
from pypdf import PdfReader

from accounts.models import AccessRecord
from inmates.states import RegisterClass
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
from training.models import Candidate, Decree, Enrolment, Hearing
from training.services import decrees, hearings

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


class TestWhoCouldJoin:
    def test_picked_people_become_candidates(self, batch, facility, officer, login):
        people = [inmate_at(facility, name="SATU"), inmate_at(facility, name="DUA")]
        client = login(officer)
        page = client.get(url(batch, "candidates/"))
        assert "SATU" in text(page)
        assert "Memenuhi syarat" in text(page)
        answer = client.post(
            url(batch, "candidates/"), {"people": [str(p.public_id) for p in people]}
        )
        assert answer.status_code == 302
        assert Candidate.objects.count() == 2
        assert "SATU" in text(client.get(url(batch)))

    def test_who_fails_is_shown_with_the_reason_and_cannot_be_picked(
        self, batch, facility, officer, login
    ):
        inmate_at(facility, name="TAHANAN", register_class=RegisterClass.A3)
        page = text(login(officer).get(url(batch, "candidates/")))
        assert "Masih tahanan (A.III)" in page
        assert " disabled>" in page

    def test_refused_people_are_listed_with_reasons_beside_those_proposed(
        self, batch, facility, officer, login
    ):
        detainee = inmate_at(facility, name="TAHANAN", register_class=RegisterClass.A3)
        fine = inmate_at(facility, name="BOLEH")
        answer = login(officer).post(
            url(batch, "candidates/"), {"people": [str(detainee.public_id), str(fine.public_id)]}
        )
        page = text(answer)
        assert "1 orang diusulkan." in page
        assert "<strong>TAHANAN</strong>: Masih tahanan (A.III)" in page
        assert Candidate.objects.get().inmate == fine

    def test_nobody_picked_is_said_and_keeps_the_page(self, batch, facility, officer, login):
        inmate_at(facility)
        answer = login(officer).post(url(batch, "candidates/"), {})
        assert answer.status_code == 422
        assert "Pilih paling sedikit satu orang" in text(answer)

    def test_the_reason_of_an_override_is_kept_when_refused(self, batch, facility, officer, login):
        person = inmate_at(facility)
        answer = login(officer).post(
            url(batch, "candidates/"),
            {"people": [str(person.public_id)], "override_reason": "Sudah mahir"},
        )
        assert answer.status_code == 403

    def test_a_stranger_to_the_prison_cannot_be_named(self, batch, outsider, officer, login):
        stranger = inmate_at(outsider.facility)
        answer = login(officer).post(
            url(batch, "candidates/"), {"people": [str(stranger.public_id)]}
        )
        assert answer.status_code == 422
        assert not Candidate.objects.exists()

    def test_looking_at_the_list_is_recorded(self, batch, facility, officer, login):
        person = inmate_at(facility)
        login(officer).get(url(batch, "candidates/"))
        assert subjects() == {person.public_id}

    @pytest.mark.parametrize(("role", "status"), [("registrar", 403), ("warden", 403)])
    def test_others_of_the_prison_are_told_no(self, batch, role, status, login, request):
        client = login(request.getfixturevalue(role))
        assert client.get(url(batch, "candidates/")).status_code == status

    def test_another_prison_does_not_know_the_batch(self, batch, outsider, login):
        assert login(outsider).get(url(batch, "candidates/")).status_code == 404

    def test_a_liaison_sees_nobody(self, batch, liaison, login):
        assert login(liaison).get(url(batch, "candidates/")).status_code in (403, 404)

    def test_the_whole_prison_is_counted_and_filtered_by_address(
        self, batch, facility, officer, login
    ):
        inmate_at(facility, name="COCOK", city="Kota Cilegon")
        inmate_at(facility, name="TAHANAN", register_class=RegisterClass.A3)
        client = login(officer)
        page = text(client.get(url(batch, "candidates/")))
        assert "Memenuhi <strong>1</strong>" in page
        assert "Belum memenuhi <strong>1</strong>" in page
        assert "warga Cilegon: 6" in page
        only = text(client.get(url(batch, "candidates/?outcome=fail&resident=no&sort=name")))
        assert "TAHANAN" in only
        assert "COCOK" not in only
        assert "Tidak ada yang cocok" in text(client.get(url(batch, "candidates/?waiting=on")))

    @pytest.mark.parametrize(
        "query", ["?outcome=x&sort=y&page=z", "?q=%00", "?page=999", "?first=x", "?first=99999"]
    )
    def test_an_odd_address_is_no_error(self, batch, facility, officer, login, query):
        inmate_at(facility)
        assert login(officer).get(url(batch, f"candidates/{query}")).status_code == 200

    def test_the_first_are_shown_ticked_before_anybody_is_proposed(
        self, batch, facility, officer, login
    ):
        people = [inmate_at(facility) for _n in range(5)]
        inmate_at(facility, register_class=RegisterClass.A3)
        client = login(officer)
        assert 'name="first" value="3"' in text(client.get(url(batch, "candidates/")))
        page = text(client.get(url(batch, "candidates/?first=3")))
        assert page.count(" checked") == 3
        assert "Belum ada yang diusulkan" in page
        assert not Candidate.objects.exists()
        ticked = [str(p.public_id) for p in people if str(p.public_id) in page]
        assert client.post(url(batch, "candidates/?first=3"), {"people": ticked}).status_code == 302
        assert Candidate.objects.count() == 3

    def test_candidates_stand_in_the_order_of_the_page(self, batch, facility, officer, login):
        people = [inmate_at(facility, name=name) for name in ("C", "A", "B")]
        ids = [str(p.public_id) for p in people]
        login(officer).post(url(batch, "candidates/"), {"people": ids})
        assert [c.inmate for c in Candidate.objects.order_by("rank")] == people

    def test_boxes_stay_ticked_and_the_reason_stays_when_some_are_refused(
        self, batch, facility, head, login
    ):
        detainee = inmate_at(facility, name="TAHANAN", register_class=RegisterClass.A3)
        early = inmate_at(facility, name="BELUM", sentence={"one_third": today(400)})
        page = text(
            login(head).post(
                url(batch, "candidates/"),
                {
                    "people": [str(detainee.public_id), str(early.public_id)],
                    "override_reason": "Sudah mahir mengelas",
                },
            )
        )
        assert "Sudah mahir mengelas" in page
        assert page.count(" checked") == 1
        assert Candidate.objects.get().inmate == early

    def test_an_override_is_read_wherever_the_person_is_decided_on(
        self, batch, facility, head, warden, login
    ):
        early = inmate_at(facility, sentence={"one_third": today(400)})
        client = login(head)
        client.post(
            url(batch, "candidates/"),
            {"people": [str(early.public_id)], "override_reason": "Sudah mahir"},
        )
        assert "Sudah mahir (Kasi Giatja)" in text(client.get(url(batch)))
        hearing = hearings.schedule(batch=batch, held_on=today(), by=head)
        assert "Sudah mahir" in text(client.get(hearing.get_absolute_url()))
        candidate = Candidate.objects.get()
        hearings.record(
            hearing=hearing,
            number="BA-1",
            chair="Kasi",
            members="",
            results={candidate: ("approved", "", False)},
            by=head,
        )
        assert "Sudah mahir" in text(client.get(hearing.get_absolute_url()))
        assert "Sudah mahir" in text(client.get(url(batch, "decree/")))
        decree = decrees.prepare(batch=batch, hearing=hearing, candidates=[candidate], by=head)
        assert "Sudah mahir" in text(login(warden).get(decree.get_absolute_url()))

    def test_withdrawing_asks_for_a_reason(self, batch, officer, login):
        candidate = CandidateFactory(batch=batch)
        client = login(officer)
        page = f"/candidates/{candidate.public_id}/withdraw/"
        assert client.get(page).status_code == 200
        assert client.post(page, {"reason": ""}).status_code == 422
        assert client.post(page, {"reason": "Mundur"}).status_code == 302
        candidate.refresh_from_db()
        assert (candidate.state, candidate.note) == ("withdrawn", "Mundur")


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


class TestParticipants:
    def test_the_agency_reads_names_after_the_decree_and_it_is_recorded(
        self, batch, liaison, login
    ):
        enrolment = enrolled(batch)
        batch.proposals.create(
            facility=batch.facility,
            agency=batch.agency,
            round=1,
            side="prison",
            seats=2,
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            respond_by=today(3),
        )
        page = text(login(liaison).get(url(batch, "participants/")))
        assert enrolment.participant_code in page
        assert enrolment.inmate.custodies.get().register_number not in page
        assert subjects() == {enrolment.inmate.public_id}

    def test_another_agency_does_not(self, batch, other_liaison, login):
        enrolled(batch)
        assert login(other_liaison).get(url(batch, "participants/")).status_code == 404


def test_the_batch_page_asks_as_often_for_three_as_for_one(
    batch, officer, login, django_assert_num_queries
):
    from training.views.selection import selection_context

    CandidateFactory(batch=batch)
    enrolled(batch)
    for _n in range(2):
        officer.__dict__.pop("_acts", None)
        with django_assert_num_queries(6 + (not _n)):
            selection_context(batch, officer)
        CandidateFactory.create_batch(2, batch=batch)


def test_the_batch_page_names_nobody_to_an_observer(batch, facility, login):
    candidate = CandidateFactory(batch=batch)
    page = text(login(staff(facility, "observer", name="Kanwil")).get(url(batch)))
    assert candidate.inmate.name not in page
    assert "1 calon, 0 peserta." in page


def test_the_batch_page_records_whom_it_names(batch, officer, login):
    candidate = CandidateFactory(batch=batch)
    login(officer).get(url(batch))
    assert subjects() == {candidate.inmate.public_id}
