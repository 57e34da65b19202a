"""Pages of work release: all its papers on one form, and what changes; a phone at the gate."""

from datetime import datetime, time
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AccessRecord
from inmates.models import Restriction
from placements.models import Placement, WorkDay
from placements.services import work_days
from placements.services.work_release_checks import SCANS
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import scan_file, today
from tests.factories.placements import EmployerFactory, placement_of, referral_of
from tests.placements.out_to_work import (
    agreed_with,
    goes_out,
    may_go_out,
    out_today,
    papers,
    partner_employer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    """It is seven in the morning."""
    moment = timezone.make_aware(datetime.combine(today(), time(7)))
    with time_machine.travel(moment, tick=False) as traveller:
        yield traveller


@pytest.fixture
def employer(facility):
    return partner_employer(facility)


@pytest.fixture
def person(facility):
    return may_go_out(facility, name="BUDI SANTOSO")


@pytest.fixture
def security(facility):
    return staff(facility, "security", name="Petugas KPLP")


def text_of(answer):
    return answer.content.decode()


def page(name, row, **query):
    return reverse(f"placements:{name}", args=[row.public_id], query=query)


def typed(employer, agreement, **given):
    values = papers(employer, agreement=agreement, **given)
    values |= {"employer": employer.public_id, "agreement": agreement.public_id}
    values |= {name: values[name].strftime("%H:%M") for name in ("leaves_at", "returns_at")}
    return {name: value for name, value in values.items() if value is not None}


class TestForm:
    def test_with_everything(self, person, employer, officer, login):
        client = login(officer)
        assert page("placement-release", person) in text_of(client.get(person.get_absolute_url()))
        form = typed(employer, agreed_with(employer))
        answer = client.post(page("placement-release", person), form, follow=True)
        assert "pengamanan diberi tahu" in text_of(answer)
        work = Placement.objects.get()
        assert (work.employer, work.weekdays) == (employer, [1, 2, 3, 4, 5, 6, 7])
        assert all(getattr(work, name) for name in SCANS)

    def test_all_that_is_missing_is_said_at_once_beside_its_field(self, person, officer, login):
        answer = login(officer).post(page("placement-release", person), {"job": "Operator"})
        assert answer.status_code == 422
        answer = login(officer).post(
            page("placement-release", person), {"job": "Operator", "pay_band": "around",
                                                "starts_on": today()},
        )  # fmt: skip
        errors = answer.context["form"].errors
        assert {*SCANS, "employer", "decree_number", "leaves_at", "weekdays"} <= set(errors)
        for ended_on in ("", today()):
            form = {"job": "Operator", "pay_band": "around", "ended_on": ended_on}
            answer = login(officer).post(page("placement-release", person), form)
            assert "starts_on" in answer.context["form"].errors
        assert 'value="Operator"' in text_of(answer)

    def test_only_employers_with_an_agreement_are_offered(self, person, facility, officer, login):
        stranger = EmployerFactory(facility=facility, name="PT Tanpa Mitra")
        text = text_of(login(officer).get(page("placement-release", person)))
        assert stranger.name not in text

    def test_it_says_how_far_the_person_is(self, facility, officer, login):
        early = inmate_at(facility, sentence={"one_half": today(200)})
        text = text_of(login(officer).get(page("placement-release", early)))
        assert "menurut SDP" in text
        assert "Belum ada persetujuan" in text

    def test_a_file_that_lies_is_refused(self, person, employer, officer, login):
        form = typed(employer, agreed_with(employer))
        form["decree_scan"] = scan_file(b"MZ", "sk.pdf")
        answer = login(officer).post(page("placement-release", person), form)
        assert "sk.pdf bukan PDF, JPEG atau PNG." in text_of(answer)

    def test_from_an_accepted_referral(self, person, facility, agency, employer, officer, login):
        referral = referral_of(person, facility, agency, state="accepted", employer=employer)
        address = page("placement-release", person, referral=referral.public_id)
        client = login(officer)
        assert "PT Mitra Uji" in text_of(client.get(address))
        form = typed(employer, agreed_with(employer))
        form.pop("employer")
        client.post(address, form)
        assert Placement.objects.get().referral == referral

    @pytest.mark.parametrize("value", ["x", "00000000-0000-4000-8000-000000000000"])
    def test_a_referral_that_does_not_exist(self, value, person, officer, login):
        answer = login(officer).get(page("placement-release", person, referral=value))
        assert answer.status_code == 404

    @pytest.mark.parametrize("value", ["", "x", "99:99", "\0"])
    def test_nonsense_is_told(self, value, person, officer, login):
        fields = ("employer", "agreement", "weekdays", "leaves_at", "returns_at", "decree_on")
        form = {"job": "x", "pay_band": "around", **dict.fromkeys(fields, value)}
        answer = login(officer).post(page("placement-release", person), form)
        assert answer.status_code == 422


class TestOne:
    @pytest.fixture
    def work(self, clock, facility, officer, employer, person):
        return goes_out(facility, officer, employer=employer, inmate=person)

    def test_papers_hours_and_days(self, work, officer, login):
        out_today(work)
        text = text_of(login(officer).get(work.get_absolute_url()))
        for words in ("W12-PK.05.09-17", "07.00 – 16.00", "Senin, Selasa", "di luar"):
            assert words in text

    def test_why_they_may_not_go_stands_on_top(self, work, facility, officer, login):
        Restriction.objects.create(
            inmate=work.inmate, facility=facility, kind="unfit", starts=today()
        )
        assert "Tidak boleh keluar bekerja" in text_of(login(officer).get(work.get_absolute_url()))

    def test_scans_are_downloads_on_record(self, work, officer, login, outsider):
        for name in ("decree", "family", "institution"):
            answer = login(officer).get(page(f"placement-{name}", work))
            assert b"".join(answer.streaming_content) == b"%PDF-1.7 naskah"
            assert login(outsider).get(page(f"placement-{name}", work)).status_code == 404
        exports = AccessRecord.objects.filter(act="export", subjects=[work.inmate.public_id])
        assert exports.count() == 3

    def test_the_terms_change_with_a_reason(self, work, employer, officer, login):
        following = agreed_with(employer, ends_on=today(900))
        form = typed(employer, following, returns_at=time(15))
        for name in ("employer", "starts_on", *SCANS):
            form.pop(name)
        answer = login(officer).post(
            page("placement-terms", work), form | {"reason": "Perjanjian baru"}
        )
        assert answer.status_code == 302
        work.refresh_from_db()
        assert (work.agreement, work.returns_at) == (following, time(15))
        assert work.decree_scan

    def test_other_work_has_no_such_terms(self, facility, officer, login):
        other = placement_of(inmate_at(facility), facility)
        assert login(officer).get(page("placement-terms", other)).status_code == 403


class TestGate:
    @pytest.fixture
    def work(self, clock, facility, officer, employer, person):
        return goes_out(facility, officer, employer=employer, inmate=person)

    def test_out_and_back_in_two_taps(self, work, security, login, clock):
        client = login(security)
        assert "belum keluar" in text_of(client.get("/work-release/"))
        answer = client.post(page("gate-out", work), {"at": ""}, follow=True)
        assert "Dicatat keluar: BUDI SANTOSO." in text_of(answer)
        clock.shift(8 * 3600)
        day = WorkDay.objects.get()
        answer = client.post(page("gate-back", day), {"at": "", "note": "Sehat"}, follow=True)
        text = text_of(answer)
        assert "Dicatat kembali: BUDI SANTOSO." in text
        assert "Keluar 07.00, kembali 15.00" in text
        assert "Sehat" in text

    def test_a_refusal_names_whom_it_is_about(self, work, security, login, clock):
        work.inmate.custodies.update(until=today(), ended_how="released")
        answer = login(security).post(page("gate-out", work))
        assert answer.status_code == 422
        assert "BUDI SANTOSO:</strong> Tidak lagi ditempatkan" in text_of(answer)

    def test_a_time_that_cannot_be(self, work, security, login):
        client = login(security)
        for at in ("99:99", "x", "23:59"):
            assert client.post(page("gate-out", work), {"at": at}).status_code == 422
        assert not WorkDay.objects.exists()

    def test_a_wrong_tick_is_taken_back(self, work, security, login):
        day = work_days.leave(placement=work, by=security)
        client = login(security)
        assert client.post(page("gate-undo", day), {"reason": ""}).status_code == 422
        answer = client.post(page("gate-undo", day), {"reason": "Orang lain"}, follow=True)
        assert "Catatan dibatalkan" in text_of(answer)
        assert not WorkDay.objects.exists()

    def test_a_second_click_takes_back_no_more_than_the_first(self, work, security, login):
        day = work_days.leave(placement=work, by=security)
        work_days.come_back(day=day, by=security)
        client, undo = login(security), page("gate-undo", day)
        assert f"{undo}?of=back" in text_of(client.get("/work-release/"))
        assert client.post(f"{undo}?of=out", {"reason": "x"}).status_code == 422
        for _click in range(2):
            client.post(f"{undo}?of=back", {"reason": "Masih di luar"})
        assert WorkDay.objects.get().back_at is None

    def test_the_officer_reads_without_ticking(self, work, officer, login):
        text = text_of(login(officer).get("/work-release/"))
        assert "BUDI SANTOSO" in text
        assert "gate-tick" not in text

    def test_any_day_can_be_looked_at(self, work, officer, login):
        client = login(officer)
        for day in (today(-1), today(1), "nonsense", "2026-99-99", ""):
            assert client.get(f"/work-release/?date={day}").status_code == 200

    def test_whom_it_names_is_on_record(self, work, officer, login, person):
        login(officer).get("/work-release/")
        assert AccessRecord.objects.filter(
            path="/work-release/", subjects=[person.public_id]
        ).exists()

    def test_security_s_day_list_has_them_too_on_page_and_paper(self, work, security, login):
        client = login(security)
        text = text_of(client.get("/days/"))
        assert "Keluar bekerja" in text
        assert "BUDI SANTOSO" in text
        paper = client.get("/days/paper.pdf")
        words = " ".join(each.extract_text() for each in PdfReader(BytesIO(paper.content)).pages)
        assert "BUDI SANTOSO" in words
        assert "07.00–16.00" in words

    def test_home_of_security_counts_who_is_outside(self, work, security, login, clock):
        work_days.leave(placement=work, by=security)
        clock.shift(10 * 3600)
        text = text_of(login(security).get("/"))
        assert "Catat kepulangan dari tempat kerja" in text
        assert 'href="/work-release/"' in text
