"""Counting tools on a phone, and the day list of security."""

import re

import pytest
from django.utils import timezone

from accounts.models import AccessRecord
from tests.factories.accounts import staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.training import (
    InstructorFactory,
    MeetingFactory,
    RoomFactory,
    confirmed_batch,
    enrolled,
    hours,
)
from training.models import Enrolment, Meeting, ToolCheck
from training.services import tools

pytestmark = pytest.mark.django_db


@pytest.fixture
def security(facility):
    return staff(facility, "security", name="Petugas KPLP")


@pytest.fixture
def meeting(facility, agency):
    batch = confirmed_batch(facility, agency, name="Las II", starts_on=today(-3))
    batch.course.tools.create(name="Palu", quantity=3)
    enrolled(batch, inmate_at(facility, name="SITI AMINAH"))
    return MeetingFactory(
        batch=batch,
        during=hours(today(), 8, 14),
        room=RoomFactory(facility=facility, name="Bengkel Las"),
        instructor=InstructorFactory(agency=agency, name="Pak Joko", identity_number="3672-001"),
        companions="Asisten Rudi, mobil A 1234 BC",
    )


def page_of(meeting, more=""):
    return f"/meetings/{meeting.public_id}/tools/{more}"


def typed_out(*lines, rows=4):
    form = {"out-TOTAL_FORMS": rows, "out-INITIAL_FORMS": 1}
    for place, (name, quantity) in enumerate(lines):
        form |= {f"out-{place}-name": name, f"out-{place}-quantity": quantity}
    return form


def text_of(answer):
    return answer.content.decode()


class TestMeetingPage:
    def test_the_course_s_tools_are_filled_in_and_go_out(self, meeting, security, login):
        client = login(security)
        page = text_of(client.get(page_of(meeting)))
        assert 'value="Palu"' in page
        answer = client.post(
            page_of(meeting, "out/"), typed_out(("Palu", 3), ("Obeng", 2), ("Tang", 0)), follow=True
        )
        assert "Alat dicatat keluar" in text_of(answer)
        assert set(ToolCheck.objects.values_list("name", "quantity_out")) == {
            ("Palu", 3),
            ("Obeng", 2),
        }

    def test_what_is_wrong_stands_beside_its_line_and_nothing_is_lost(
        self, meeting, security, login
    ):
        client = login(security)
        answer = client.post(page_of(meeting, "out/"), typed_out(("Palu", 3), ("", 2)))
        assert answer.status_code == 422
        assert "Tulis nama alatnya." in text_of(answer)
        assert 'value="Palu"' in text_of(answer)
        answer = client.post(page_of(meeting, "out/"), typed_out(("Palu", 3), ("palu", 2)))
        assert answer.status_code == 422
        assert "palu tertulis dua kali" in text_of(answer)

    def test_fewer_back_shows_the_closed_gate_everywhere(
        self, meeting, officer, head, security, login
    ):
        (check,) = tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
        client = login(officer)
        answer = client.post(page_of(meeting, "back/"), {str(check.public_id): "2"}, follow=True)
        assert "Pintu tertutup: alat kurang" in text_of(answer)
        for user in (officer, head, security):
            for address in ("/", "/days/"):
                assert "1 Palu" in text_of(login(user).get(address)), (user, address)

    def test_all_at_once(self, meeting, officer, login):
        checks = tools.take_out(meeting=meeting, items=[("Palu", 3), ("Obeng", 2)], by=officer)
        form = {str(check.public_id): "" for check in checks} | {"all": "1"}
        answer = login(officer).post(page_of(meeting, "back/"), form, follow=True)
        assert "alat lengkap" in text_of(answer)
        assert tools.problem_of_gate(meeting) is None

    def test_a_count_that_cannot_be_is_refused_and_kept(self, meeting, officer, login):
        (check,) = tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
        answer = login(officer).post(page_of(meeting, "back/"), {str(check.public_id): "7"})
        assert answer.status_code == 422
        assert 'value="7"' in text_of(answer)
        answer = login(officer).post(page_of(meeting, "back/"), {str(check.public_id): ""})
        assert "sedikitnya satu alat" in text_of(answer)

    def test_whoever_counts_second_reads_who_was_first(self, meeting, officer, head, login):
        (check,) = tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
        tools.bring_back(check=check, quantity=3, by=officer)
        answer = login(head).post(page_of(meeting, "back/"), {str(check.public_id): "2"})
        assert answer.status_code == 422
        assert "oleh Budi Petugas" in text_of(answer)

    def test_security_releases_and_everybody_corrects(self, meeting, officer, security, login):
        (check,) = tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
        tools.bring_back(check=check, quantity=2, by=officer)
        address = f"/tools/{check.public_id}/"
        assert "Buka pintu meski alat kurang" not in text_of(login(officer).get(address))
        assert "Buka pintu meski alat kurang" in text_of(login(security).get(address))
        answer = login(security).post(f"{address}release/", {"reason": ""})
        assert answer.status_code == 422
        answer = login(security).post(f"{address}release/", {"reason": "Digeledah"}, follow=True)
        assert "Pintu dibuka" in text_of(answer)
        answer = login(officer).post(
            f"{address}recount/", {"quantity": "3", "reason": "Ada di lemari"}, follow=True
        )
        assert "Hitungan dibetulkan" in text_of(answer)
        assert "Ada di lemari" in text_of(login(officer).get(address))

    def test_before_its_day_it_says_so(self, meeting, officer, login):
        Meeting.objects.filter(pk=meeting.pk).update(during=hours(today(2), 8, 14))
        assert "baru bisa keluar pada hari" in text_of(login(officer).get(page_of(meeting)))


class TestDayList:
    def test_it_says_who_where_when_who_comes_in_and_with_what(self, meeting, security, login):
        page = text_of(login(security).get("/days/"))
        for said in (
            *("08.00–14.00", "Bengkel Las", "Pak Joko", "3672-001", "Asisten Rudi"),
            *("3 Palu", "SITI AMINAH"),
        ):
            assert said in page, said

    def test_whoever_is_named_is_on_record(self, meeting, security, login):
        client = login(security)
        for address in ("/days/", "/days/paper.pdf"):
            client.get(address)
        (person,) = {row.inmate.public_id for row in Enrolment.objects.all()}
        records = AccessRecord.objects.filter(subjects=[person])
        assert set(records.values_list("path", "act")) == {
            ("/days/", "view"),
            ("/days/paper.pdf", "export"),
        }

    def test_other_days_are_a_link_away(self, meeting, security, login):
        client = login(security)
        yesterday = text_of(client.get(f"/days/?date={today(-1)}"))
        assert "SITI AMINAH" not in yesterday
        assert f"?date={today()}" in yesterday
        assert "Tidak ada pertemuan pada hari ini." in yesterday

    def test_who_dropped_out_or_is_kept_from_class_is_not_expected(
        self, meeting, facility, security, login
    ):
        kept = enrolled(meeting.batch, inmate_at(facility, name="BUDI HARTONO"))
        Enrolment.objects.filter(pk=kept.pk).update(state="suspended", reason="Sakit")
        page = text_of(login(security).get("/days/"))
        assert re.search(r"BUDI HARTONO.*ditangguhkan", page)
        assert "1 peserta" in page

    def test_a_cancelled_meeting_is_not_on_it(self, meeting, security, login):
        Meeting.objects.filter(pk=meeting.pk).update(state="cancelled", reason="Libur")
        assert "SITI AMINAH" not in text_of(login(security).get("/days/"))

    def test_another_prison_s_meetings_are_not_on_it(self, meeting, outsider, login):
        assert "SITI AMINAH" not in text_of(login(outsider).get("/days/"))

    @pytest.mark.parametrize("asked", ["", "31-31-2026", "2026-02-31", "%00", "9999-99-99"])
    def test_a_date_that_is_none_shows_today(self, meeting, security, login, asked):
        answer = login(security).get(f"/days/?date={asked}")
        assert answer.context["day"] == timezone.localdate()

    def test_it_prints(self, meeting, officer, security, login):
        (check,) = tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
        tools.bring_back(check=check, quantity=2, by=officer)
        answer = login(security).get("/days/paper.pdf")
        assert answer.content.startswith(b"%PDF")
        empty = login(security).get(f"/days/paper.pdf?date={today(-9)}")
        assert empty.content.startswith(b"%PDF")


def test_the_home_of_security_lists_the_meetings_of_the_day(meeting, security, login):
    page = text_of(login(security).get("/"))
    assert "Kawal pertemuan hari ini" in page
    assert "08.00–14.00" in page
    assert "Bengkel Las" in page


def test_tools_still_out_after_the_meeting_wait_for_the_officer(meeting, officer, login):
    tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
    Meeting.objects.filter(pk=meeting.pk).update(during=hours(today(-1), 8, 14))
    assert "Hitung kembali alat" in text_of(login(officer).get("/"))
