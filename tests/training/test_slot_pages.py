"""Seats and batches as people meet them on pages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.inmates import inmate_at
from tests.factories.partners import liaison_of, scan_file, today
from tests.factories.training import BatchFactory, CourseFactory, confirmed_batch
from tests.training.conftest import terms
from training.models import Batch, SlotProposal
from training.services import slots
from training.views.slots import PAGE

pytestmark = pytest.mark.django_db
VERBS = ("accept/", "counter/", "decline/", "extend/", "withdraw/", "object/", "record/")


def text(answer):
    return answer.content.decode()


def typed(**changed):
    """What one types into a form of terms."""
    return {name: str(value) for name, value in terms(**changed).items()}


def page_of(proposal, verb=""):
    return f"/slots/{proposal.public_id}/{verb}"


class TestAsking:
    def test_from_the_batch_to_the_round(self, planned, liaison, officer, login):
        client = login(officer)
        address = f"/batches/{planned.public_id}/slots/new/"
        assert address in text(client.get(planned.get_absolute_url()))
        answer = client.post(address, typed(), follow=True)
        assert answer.redirect_chain == [(planned.get_absolute_url(), 302)]
        assert "Usulan dikirim" in text(answer)
        assert SlotProposal.objects.get().seats == 20

    @pytest.mark.parametrize("seats", ["0", "101", "10000", "", "dua"])
    def test_seats_that_make_no_sense_are_said_beside_the_field(
        self, planned, officer, login, seats
    ):
        answer = login(officer).post(
            f"/batches/{planned.public_id}/slots/new/",
            typed() | {"seats": seats, "message": "Mohon kelas las"},
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"seats"}
        assert 'id="error_1_id_seats"' in text(answer) or 'id="id_seats_error"' in text(answer)
        assert "Mohon kelas las" in text(answer)
        assert f'value="{seats}"' in text(answer) or not seats

    def test_a_reply_date_in_the_past_too(self, planned, officer, login):
        answer = login(officer).post(
            f"/batches/{planned.public_id}/slots/new/", typed(respond_by=today(-1))
        )
        assert answer.status_code == 422
        assert "Batas jawaban sudah lewat." in text(answer)
        assert f'value="{today(-1)}"' in text(answer)

    def test_a_round_that_a_colleague_opened_is_named(self, proposal, planned, head, login):
        answer = login(head).post(f"/batches/{planned.public_id}/slots/new/", typed(seats=5))
        assert answer.status_code == 422
        assert "dari Budi Petugas" in text(answer)
        assert 'value="5"' in text(answer)

    @pytest.mark.parametrize(
        ("role", "status"),
        [("warden", 403), ("registrar", 403), ("outsider", 404), ("other_liaison", 404)],
    )
    @pytest.mark.parametrize("typed_in", [{}, typed()])
    def test_others_do_not_ask(self, planned, role, status, typed_in, login, request):
        client = login(request.getfixturevalue(role))
        address = f"/batches/{planned.public_id}/slots/new/"
        assert client.get(address).status_code == status
        assert client.post(address, typed_in).status_code == status
        assert not SlotProposal.objects.exists()


class TestAnswering:
    def test_accepting_takes_one_button(self, proposal, planned, liaison, login):
        client = login(liaison)
        assert "Terima 20 kursi" in text(client.get(page_of(proposal)))
        answer = client.post(page_of(proposal, "accept/"), follow=True)
        assert answer.redirect_chain == [(page_of(proposal), 302)]
        assert "Kuota sudah dikonfirmasi" in text(answer)
        assert Batch.objects.get().seats_confirmed == 20

    def test_accepting_too_late_says_who_was_faster(self, proposal, agency, liaison, login):
        client = login(liaison)
        slots.accept(proposal=proposal, by=liaison_of(agency, name="Rekan Cepat"))
        answer = client.post(
            page_of(proposal, "accept/"),
            headers={"referer": f"http://testserver{page_of(proposal)}"},
            follow=True,
        )
        assert answer.request["PATH_INFO"] == page_of(proposal)
        assert "oleh Rekan Cepat" in text(answer)

    def test_countering(self, proposal, officer, liaison, login):
        answer = login(liaison).post(
            page_of(proposal, "counter/"), typed(seats=12) | {"reason": "Alat hanya 12"}
        )
        assert answer.status_code == 302
        mine = SlotProposal.objects.get(round=2)
        page = text(login(officer).get(page_of(mine)))
        assert "Terima 12 kursi" in page
        assert "Alat hanya 12" in page

    @pytest.mark.parametrize(
        ("field", "value"), [("seats", "0"), ("respond_by", str(today(-1))), ("reason", "")]
    )
    def test_a_counter_that_is_refused_keeps_what_was_typed(
        self, proposal, liaison, login, field, value
    ):
        data = typed(seats=12) | {"reason": "Alat hanya dua belas"} | {field: value}
        answer = login(liaison).post(page_of(proposal, "counter/"), data)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        assert '<details class="card mb-3" open>' in text(answer)
        for name in {"seats", "respond_by", "reason"} - {field}:
            assert data[name] in text(answer)
        assert SlotProposal.objects.count() == 1

    def test_a_counter_too_late_says_who_was_faster(self, proposal, agency, liaison, login):
        client = login(liaison)
        slots.accept(proposal=proposal, by=liaison_of(agency, name="Rekan Cepat"))
        answer = client.post(
            page_of(proposal, "counter/"), typed(seats=12) | {"reason": "Alat hanya 12"}
        )
        assert answer.status_code == 422
        assert "Usulan ini sudah ditutup (Diterima) oleh Rekan Cepat" in text(answer)

    def test_declining_needs_a_reason(self, proposal, liaison, login):
        client = login(liaison)
        assert client.post(page_of(proposal, "decline/"), {}).status_code == 422
        answer = client.post(page_of(proposal, "decline/"), {"reason": "Cuti"}, follow=True)
        assert "Penolakan dikirim." in text(answer)

    def test_the_prison_takes_back_or_gives_time(self, proposal, officer, login):
        client = login(officer)
        page = text(client.get(page_of(proposal)))
        assert page_of(proposal, "withdraw/") in page
        later = {"respond_by": str(today(14))}
        assert client.post(page_of(proposal, "extend/"), later).status_code == 302
        answer = client.post(page_of(proposal, "extend/"), {"respond_by": str(today(-3))})
        assert answer.status_code == 422
        assert f'value="{today(-3)}"' in text(answer)
        assert client.post(page_of(proposal, "withdraw/")).status_code == 302
        assert not SlotProposal.objects.open().exists()

    def test_the_agency_takes_its_counter_back(self, proposal, liaison, login):
        mine = slots.counter(proposal=proposal, by=liaison, reason="Alat", **terms(seats=12))
        client = login(liaison)
        assert page_of(mine, "withdraw/") in text(client.get(page_of(mine)))
        assert client.post(page_of(mine, "withdraw/")).status_code == 302

    @pytest.mark.parametrize(
        "verb", ["accept", "counter", "decline", "extend", "withdraw", "object"]
    )
    def test_verbs_are_only_posted(self, proposal, liaison, login, verb):
        assert login(liaison).get(page_of(proposal, f"{verb}/")).status_code == 405

    @pytest.mark.parametrize("role", ["other_liaison", "outsider"])
    @pytest.mark.parametrize(
        "verb",
        ["", "accept/", "counter/", "decline/", "extend/", "withdraw/", "object/", "record/"],
    )
    def test_others_do_not_know_the_round(self, proposal, role, verb, login, request):
        client = login(request.getfixturevalue(role))
        answer = client.post(page_of(proposal, verb)) if verb else client.get(page_of(proposal))
        assert answer.status_code == 404

    @pytest.mark.parametrize("verb", VERBS)
    def test_the_warden_reads_and_does_nothing(self, proposal, warden, login, verb):
        client = login(warden)
        assert client.get(page_of(proposal)).status_code == 200
        assert client.post(page_of(proposal, verb)).status_code == 403

    def test_the_liaison_neither_extends_nor_records(self, proposal, liaison, login):
        client = login(liaison)
        for verb in ("extend/", "record/"):
            assert client.post(page_of(proposal, verb)).status_code == 403


class TestWritingDownAnAnswer:
    heard = {"channel": "whatsapp", "recorded_on": str(today()), "said_by": "Ibu Sari, BLK"}

    def test_with_its_proof(self, proposal, planned, officer, liaison, login):
        data = self.heard | {"answer": "accept", "scan": scan_file()}
        answer = login(officer).post(page_of(proposal, "record/"), data, follow=True)
        assert answer.redirect_chain == [(planned.get_absolute_url(), 302)]
        assert "Dicatat oleh lapas" in text(answer)
        assert "Ibu Sari, BLK" in text(answer)
        proposal.refresh_from_db()
        assert proposal.recorded_scan
        assert page_of(proposal, "object/") in text(login(liaison).get(page_of(proposal)))

    def test_then_the_liaison_objects_once(self, proposal, officer, liaison, login):
        login(officer).post(page_of(proposal, "record/"), self.heard | {"answer": "accept"})
        client = login(liaison)
        said = {"objection": "Kami bilang 12"}
        answer = client.post(page_of(proposal, "object/"), said, follow=True)
        assert "Keberatan dikirim ke lapas." in text(answer)
        again = client.post(page_of(proposal, "object/"), {"objection": "Sekali lagi"})
        assert again.status_code == 422
        assert "sudah dicatat" in text(again)

    def test_a_counter_needs_its_terms(self, proposal, officer, login):
        data = self.heard | {"answer": "counter", "seats": "12"}
        answer = login(officer).post(page_of(proposal, "record/"), data)
        assert answer.status_code == 422
        missing = {"starts_on", "ends_on", "respond_by", "reason"}
        assert set(answer.context["form"].errors) == missing
        assert "Ibu Sari, BLK" in text(answer)

    def test_a_counter_with_them(self, proposal, officer, login):
        data = self.heard | typed(seats=12) | {"answer": "counter", "reason": "Alat"}
        assert login(officer).post(page_of(proposal, "record/"), data).status_code == 302
        assert SlotProposal.objects.get(round=2).seats == 12

    @pytest.mark.parametrize(
        ("field", "value"),
        [("recorded_on", str(today(1))), ("said_by", ""), ("channel", "pigeon"), ("answer", "")],
    )
    def test_what_is_missing_is_said_beside_the_field(self, proposal, officer, login, field, value):
        data = self.heard | {"answer": "accept"} | {field: value}
        answer = login(officer).post(page_of(proposal, "record/"), data)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        proposal.refresh_from_db()
        assert proposal.state == "open"

    def test_a_proof_that_is_no_scan_is_refused(self, proposal, officer, login):
        data = self.heard | {"answer": "accept", "scan": scan_file(b"MZ", "bukti.exe")}
        answer = login(officer).post(page_of(proposal, "record/"), data)
        assert set(answer.context["form"].errors) == {"scan"}


class TestWhatTheAgencySees:
    """Who is in custody is told to a liaison by name only as a participant, on that list."""

    def test_no_page_of_a_round_names_anybody(self, full, facility, officer, liaison, login):
        inmate_at(facility, name="ORANG LAIN")
        proposal = slots.propose(batch=full, by=officer, **terms(seats=1))
        client = login(liaison)
        answers = [
            client.get("/"),
            client.get("/slots/"),
            client.get("/batches/"),
            client.get(full.get_absolute_url(), follow=True),
            client.get(page_of(proposal)),
            client.post(
                page_of(proposal, "accept/"),
                headers={"referer": f"http://testserver{page_of(proposal)}"},
                follow=True,
            ),
            client.post(page_of(proposal, "counter/"), {}),
        ]
        assert "1 peserta akan kehilangan kursi." in text(answers[5])
        for answer in answers:
            assert answer.status_code in (200, 422)
            assert not any(name in text(answer) for name in ("SITI", "BUDI", "ORANG LAIN"))

    def test_a_batch_that_was_never_asked_is_unknown(self, planned, liaison, login):
        assert login(liaison).get(planned.get_absolute_url()).status_code == 404

    def test_the_inbox_puts_first_what_waits_for_me(self, proposal, officer, liaison, login):
        waiting, other = text(login(liaison).get("/slots/")), text(login(officer).get("/slots/"))
        assert waiting.index(page_of(proposal)) < waiting.index('id="theirs"')
        assert other.index(page_of(proposal)) > other.index('id="theirs"')

    def test_another_agencys_inbox_is_empty(self, proposal, other_liaison, outsider, login):
        for user in (other_liaison, outsider):
            assert page_of(proposal) not in text(login(user).get("/slots/"))


class TestBatches:
    @pytest.fixture
    def wanted(self, planned):
        return {
            "course": str(CourseFactory().pk),
            "name": "Angkatan II",
            "agency": str(planned.agency_id),
            "agreement": str(planned.agreement_id),
            "starts_on": str(today(30)),
            "ends_on": str(today(70)),
        }

    def test_planned_from_a_form(self, wanted, officer, login):
        answer = login(officer).post("/batches/new/", wanted, follow=True)
        assert "Angkatan direncanakan." in text(answer)
        assert Batch.objects.filter(name="Angkatan II", facility=officer.facility).exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("ends_on", str(today(29))), ("agreement", ""), ("course", "9999999"), ("starts_on", "x")],
    )
    def test_a_plan_that_is_refused_keeps_what_was_typed(
        self, wanted, officer, login, field, value
    ):
        answer = login(officer).post("/batches/new/", wanted | {field: value})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert 'value="Angkatan II"' in text(answer)

    def test_the_agency_of_another_prison_is_no_choice(self, wanted, officer, login):
        foreign = BatchFactory()
        answer = login(officer).post("/batches/new/", wanted | {"agency": foreign.agency_id})
        assert set(answer.context["form"].errors) == {"agency"}

    def test_its_way(self, facility, agency, officer, login):
        batch = confirmed_batch(facility, agency, starts_on=today())
        client, address = login(officer), batch.get_absolute_url()
        assert "Angkatan berjalan." in text(client.post(f"{address}start/", follow=True))
        assert "Angkatan selesai." in text(client.post(f"{address}finish/", follow=True))

    def test_cancelled_with_a_reason(self, proposal, planned, officer, login):
        client, address = login(officer), f"/batches/{planned.public_id}/cancel/"
        assert client.post(address, {}).status_code == 422
        answer = client.post(address, {"reason": "Tidak ada dana"}, follow=True)
        assert "Angkatan dibatalkan" in text(answer)
        assert "Tidak ada dana" in text(answer)

    @pytest.mark.parametrize("verb", ["start", "finish", "cancel"])
    def test_verbs_are_only_posted_by_those_who_may(
        self, planned, proposal, officer, warden, liaison, outsider, login, verb
    ):
        address = f"{planned.get_absolute_url()}{verb}/"
        assert login(officer).get(address).status_code == 405
        assert login(warden).post(address).status_code == 403
        assert login(liaison).post(address).status_code == 403
        assert login(outsider).post(address).status_code == 404

    @pytest.mark.parametrize(
        ("role", "status"), [("warden", 403), ("registrar", 403), ("liaison", 403)]
    )
    def test_others_do_not_plan(self, role, status, login, request):
        client = login(request.getfixturevalue(role))
        assert client.get("/batches/new/").status_code == status
        assert client.post("/batches/new/", {}).status_code == status


class TestManyRounds:
    """More than a page of rounds that the agency has yet to answer."""

    @pytest.fixture
    def many(self, facility, agency, officer):
        for n in range(PAGE + 3):
            batch = BatchFactory(facility=facility, agency=agency, name=f"Putaran {n:02}")
            days = {"starts_on": today(100), "ends_on": today(120), "respond_by": today(1 + n)}
            slots.propose(batch=batch, by=officer, **terms(**days))

    def names(self, answer):
        return sorted(set(re.findall(r"Putaran \d\d", text(answer))))

    def test_the_most_urgent_stand_first_and_the_rest_on_a_further_page(
        self, many, officer, liaison, login
    ):
        for user, which in ((officer, "theirs"), (liaison, "mine")):
            client = login(user)
            first = client.get("/slots/")
            assert self.names(first) == [f"Putaran {n:02}" for n in range(PAGE)]
            assert f"?{which}=2" in text(first)
            rest = client.get("/slots/", {which: 2})
            assert self.names(rest) == [f"Putaran {n:02}" for n in range(PAGE, PAGE + 3)]

    @pytest.mark.parametrize("number", ["0", "-1", "x", "99999999", "7777", "٣"])
    def test_a_page_that_is_none_shows_the_first_or_none(self, many, officer, login, number):
        answer = login(officer).get("/slots/", {"theirs": number})
        assert answer.status_code == 200
        assert len(self.names(answer)) in (PAGE, 3)

    def test_one_statement_reads_the_first_pages_and_their_numbers(self, many, officer, login):
        client = login(officer)
        client.get("/slots/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/slots/")
        # By its name in SQL, or by the label beside a plan that the connection keeps.
        named = ('"training_slotproposal"', "training.slotproposal")
        asked = [q for q in queries if any(name in q["sql"] for name in named)]
        assert len(asked) == 1
