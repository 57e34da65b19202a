"""What a batch's page offers next, and how it names those who were chosen."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    CandidateFactory,
    MeetingFactory,
    approved,
    confirmed_batch,
    enrolled,
)
from tests.training.conftest import change, now_of
from training.services import batches, enrolments, slots

pytestmark = pytest.mark.django_db
MOST = {"officer": 30, "liaison": 20}  # queries


def page_of(batch, user, login):
    return login(user).get(f"/batches/{batch.public_id}/").content.decode()


def test_once_people_are_approved_the_head_is_offered_the_decree(facility, agency, head, login):
    batch = confirmed_batch(facility, agency)
    assert "Siapkan SK peserta" not in page_of(batch, head, login)
    approved(batch, 2)
    assert "Siapkan SK peserta" in page_of(batch, head, login)


def test_who_dropped_out_is_called_so_among_the_candidates(facility, agency, head, login):
    participant = enrolled(confirmed_batch(facility, agency))
    assert "Berhenti" not in page_of(participant.batch, head, login)
    enrolments.drop(enrolment=participant, dropped_on=today(), reason="Sakit", by=head)
    assert "Berhenti" in page_of(participant.batch, head, login)


@pytest.mark.parametrize("role", ["officer", "liaison"])
def test_the_page_asks_the_same_for_one_row_and_for_many(
    facility, agency, officer, liaison, role, request
):
    batch = confirmed_batch(facility, agency)
    client = Client()
    client.force_login(request.getfixturevalue(role), "django.contrib.auth.backends.ModelBackend")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(batch.get_absolute_url()).status_code == 200
        return len(queries)

    def grow():
        enrolled(batch)
        CandidateFactory(batch=batch)
        MeetingFactory(batch=batch)
        slots.accept(proposal=change(batch, officer, seats=12), by=liaison)

    grow()
    asked()  # what is cached once is cached now
    before = asked()
    for _more in range(3):
        grow()
    assert asked() == before <= MOST[role]


class TestWhoReadsWhat:
    @pytest.fixture
    def batch(self, facility, agency, officer, liaison):
        batch = confirmed_batch(facility, agency, fund="city", cost=12_345_678, minimum_seats=3)
        slots.accept(proposal=change(batch, officer, seats=12), by=liaison)
        enrolled(batch, inmate_at(facility, name="SITI RAHASIA"))
        return batch

    def test_a_liaison_reads_seats_and_rounds_but_no_person_and_no_money(
        self, batch, liaison, login
    ):
        page = page_of(batch, liaison, login)
        assert "Lapas mengusulkan" in page
        assert 'data-figure="confirmed">12<' in page
        for hidden in ("SITI RAHASIA", "12.345.678", "Mengubah angkatan", "Riwayat</h2>"):
            assert hidden not in page

    def test_a_liaison_is_led_to_the_answer(self, batch, officer, liaison, login):
        asked = change(batch, officer, seats=9)
        page = page_of(batch, liaison, login)
        assert "Jawab usulan lapas" in page
        assert asked.get_absolute_url() in page

    def test_staff_read_who_granted_extra_seats_and_why(self, batch, head, officer, login):
        batches.grant_extra_seats(batch=batch, seats=2, reason="Permintaan wali", by=head)
        page = page_of(batch, officer, login)
        assert "Permintaan wali" in page
        assert head.name in page

    def test_acts_are_offered_to_whoever_may(self, batch, officer, head, warden, login):
        offered = {
            "officer": (officer, {"Tunda angkatan", "Batalkan angkatan"}),
            "head": (head, {"Tunda angkatan", "Batalkan angkatan", "Simpan kursi tambahan"}),
            "warden": (warden, {"Simpan kursi tambahan"}),
        }
        every = {"Tunda angkatan", "Batalkan angkatan", "Simpan kursi tambahan"}
        for user, words in offered.values():
            page = page_of(batch, user, login)
            assert {each for each in every if each in page} == words


class TestActs:
    def test_from_postponing_to_the_new_dates(self, facility, agency, officer, login):
        batch = confirmed_batch(facility, agency)
        client = login(officer)
        address = batch.get_absolute_url()
        answer = client.post(f"{address}postpone/", {"reason": "Instruktur sakit"}, follow=True)
        page = answer.content.decode()
        assert "Ditunda: Instruktur sakit" in page
        assert "Jadwalkan lagi" in page
        sent = {"agreement": batch.agreement.pk, "exception": ""}
        bad = client.post(
            f"{address}resume/", sent | {"starts_on": str(today(-3)), "ends_on": str(today(9))}
        )
        assert bad.status_code == 422
        assert "Tanggal mulai sudah lewat." in bad.content.decode()
        assert f'value="{today(9)}"' in bad.content.decode()
        good = client.post(
            f"{address}resume/",
            sent | {"starts_on": str(today(50)), "ends_on": str(today(90))},
            follow=True,
        )
        assert "Usulkan tanggal barunya" in good.content.decode()

    def test_extra_seats_without_a_reason_keep_the_number(self, facility, agency, head, login):
        batch = confirmed_batch(facility, agency)
        answer = login(head).post(f"{batch.get_absolute_url()}extra/", {"seats": "3"})
        assert answer.status_code == 422
        assert 'id="extra_seats"' in answer.content.decode()
        assert 'value="3"' in answer.content.decode()

    def test_what_is_not_possible_any_more_is_said_above(self, facility, agency, officer, login):
        batch = confirmed_batch(facility, agency)
        batches.cancel(batch=batch, reason="Dana", by=officer)
        answer = login(officer).post(f"{batch.get_absolute_url()}postpone/", {"reason": "Sakit"})
        assert answer.status_code == 422
        assert "angkatan ini dibatalkan" in answer.content.decode()

    def test_editing_keeps_what_is_agreed(self, facility, agency, officer, login):
        batch = confirmed_batch(facility, agency)
        address = f"{batch.get_absolute_url()}edit/"
        client = login(officer)
        assert 'name="starts_on"' in client.get(address).content.decode()
        sent = {"name": "Angkatan Baru", "starts_on": str(today(1)), "cost": "50000000"}
        assert client.post(address, sent).status_code == 302
        changed = now_of(batch)
        assert (changed.name, changed.starts_on) == ("Angkatan Baru", batch.starts_on)
        assert changed.cost == 50_000_000

    @pytest.mark.parametrize("cost", ["-1", "seratus", "9" * 20])
    def test_a_cost_without_sense_is_said_beside_it(self, facility, agency, officer, login, cost):
        batch = confirmed_batch(facility, agency)
        answer = login(officer).post(
            f"{batch.get_absolute_url()}edit/", {"name": "Baru", "cost": cost}
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"cost"}

    def test_the_head_sets_a_wrong_click_back(self, facility, agency, head, officer, login):
        batch = confirmed_batch(facility, agency, starts_on=today())
        batches.start(batch=batch, by=officer)
        client = login(head)
        assert "Salah klik" in client.get(batch.get_absolute_url()).content.decode()
        client.post(f"{batch.get_absolute_url()}step-back/", {"reason": "Salah klik"})
        assert now_of(batch).state == "confirmed"
