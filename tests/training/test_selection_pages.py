"""The pages of a selection, as an officer, a head and a warden use them."""

import pytest

from accounts.models import AccessRecord
from inmates.states import RegisterClass
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    confirmed_batch,
    enrolled,
)
from training.models import Candidate
from training.services import batch_page, decrees, hearings

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
        "query",
        [
            *("?outcome=x&sort=y&page=z", "?q=%00", "?page=999", "?first=x", "?first=99999"),
            *("?q=ab", "?q=-", "?q=ab&first=3"),
        ],
    )
    def test_an_odd_address_is_no_error(self, batch, facility, officer, login, query):
        inmate_at(facility)
        assert login(officer).get(url(batch, f"candidates/{query}")).status_code == 200

    def test_a_search_of_two_letters_finds_nobody_and_offers_to_ask_otherwise(
        self, batch, facility, officer, login
    ):
        inmate_at(facility, name="ABDUL")
        page = text(login(officer).get(url(batch, "candidates/?q=ab")))
        assert "ABDUL" not in page
        assert "Tidak ada yang cocok" in page

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


def test_the_rows_of_the_batch_page_are_one_statement_for_three_as_for_one(
    batch, officer, django_assert_num_queries
):
    CandidateFactory(batch=batch)
    enrolled(batch)
    batch_page.rows_of(batch, officer)
    for number in (1, 3):
        with django_assert_num_queries(1):
            rows = batch_page.rows_of(batch, officer)
        assert (len(rows.proposed), len(rows.enrolled)) == (number + 1, 1)
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
