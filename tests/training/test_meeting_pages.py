"""Pages of meetings, of the weekly schedule, and of those who teach and where."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Holiday, User
from accounts.refusals import Forbidden
from correspondence.models import Notice
from correspondence.services.sweep import sweep
from tests.factories.accounts import FacilityFactory, PostingFactory, staff
from tests.factories.partners import AgencyFactory, PartnershipFactory, today
from tests.factories.training import (
    InstructorFactory,
    MeetingFactory,
    RoomFactory,
    confirmed_batch,
    enrolled,
    hours,
)
from training.models import Instructor, Meeting, Room
from training.services import attendance, instructors

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(facility, agency):
    monday = today(7 - today().weekday())
    return confirmed_batch(facility, agency, starts_on=monday, ends_on=monday + timedelta(days=55))


def to(name, row):
    return reverse(f"training:{name}", args=[row.public_id])


def lines(*rows):
    """What the form of weekly times sends: rows of (weekday, start, JP)."""
    data = {"slot-TOTAL_FORMS": len(rows), "slot-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        names = ("weekday", "starts_at", "jp")
        data |= {f"slot-{number}-{name}": v for name, v in zip(names, row, strict=True)}
    return data


class TestSchedule:
    def test_typed_looked_at_and_applied(self, batch, login, officer):
        client = login(officer)
        Holiday.objects.update_or_create(day=batch.starts_on, defaults={"name": "Hari Uji"})
        answer = client.post(to("schedule-edit", batch), lines((1, "08:00", 8), ("", "", "")))
        assert answer.status_code == 302
        page = client.get(answer.url).content.decode()
        assert "Hari Uji" in page
        assert "JP yang tidak muat" in page
        assert not batch.meetings.exists()
        seen = page.split('name="seen" value="')[1].split('"')[0]
        client.post(to("schedule-generate", batch), {"seen": seen})
        assert batch.meetings.exists()
        assert "sudah sesuai" in client.get(to("schedule-edit", batch)).content.decode()

    def test_an_old_preview_is_refused_in_a_sentence(self, batch, login, officer):
        client = login(officer)
        client.post(to("schedule-edit", batch), lines((1, "08:00", 8)))
        answer = client.post(to("schedule-generate", batch), {"seen": "lama"}, follow=True)
        assert "Periksa lagi" in answer.content.decode()
        assert not batch.meetings.exists()

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([("", "08:00", 8)], "Pilih harinya"),
            ([(1, "", 8)], "Isi."),
            ([(1, "08:00", 99)], "16"),
            ([(1, "08:00", 4), (1, "09:00", 4)], "bertumpuk"),
            ([(9, "25:00", "x")], "invalid-feedback"),
        ],
    )
    def test_nonsense_is_said_beside_the_line(self, batch, login, officer, rows, words):
        answer = login(officer).post(to("schedule-edit", batch), lines(*rows))
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_a_preview_asks_as_many_queries_for_thirty_meetings_as_for_three(
        self, batch, login, officer
    ):
        client = login(officer)
        counts = []
        for jp in (24, 240):
            batch.course.jp = jp
            batch.course.save()
            client.post(to("schedule-edit", batch), lines(*((n, "08:00", 8) for n in range(1, 6))))
            client.get(to("schedule-edit", batch))
            with CaptureQueriesContext(connection) as asked:
                client.get(to("schedule-edit", batch))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestMeeting:
    def test_moved_with_a_reason_and_refused_beside_the_field(self, batch, login, officer):
        teacher = InstructorFactory(agency=batch.agency, name="Pak Rudi")
        other = confirmed_batch(batch.facility, batch.agency, name="Lain")
        day = batch.starts_on + timedelta(days=3)
        MeetingFactory(batch=other, during=hours(day, 8, 14), instructor=teacher)
        meeting = MeetingFactory(batch=batch)
        typed = {
            "day": day.isoformat(),
            "starts_at": "09:00",
            "jp": 8,
            "instructor": teacher.pk,
            "reason": "Instruktur berhalangan",
        }
        client = login(officer)
        answer = client.post(to("meeting-move", meeting), typed)
        assert answer.status_code == 422
        assert "Pak Rudi sudah mengajar" in answer.content.decode()
        answer = client.post(to("meeting-move", meeting), typed | {"starts_at": "14:00"})
        assert answer.url == meeting.get_absolute_url()

    def test_added_and_called_off(self, batch, login, officer):
        client = login(officer)
        typed = {"day": batch.starts_on.isoformat(), "starts_at": "08:00", "jp": 4}
        client.post(to("meeting-add", batch), typed)
        meeting = Meeting.objects.get()
        client.post(to("meeting-cancel", meeting), {"reason": "Listrik padam"})
        page = client.get(to("meeting-detail", meeting)).content.decode()
        assert "Listrik padam" in page
        client.post(to("meeting-restore", meeting))
        assert Meeting.objects.get().state == "planned"

    def test_the_liaison_writes_who_comes_in_and_moves_nothing(self, batch, login, liaison):
        meeting = MeetingFactory(batch=batch)
        client = login(liaison)
        client.post(to("meeting-describe", meeting), {"topic": "Las", "companions": "2 asisten"})
        page = client.get(to("meeting-detail", meeting)).content.decode()
        assert "2 asisten" in page
        assert to("meeting-move", meeting) not in page

    def test_its_page_asks_as_many_queries_for_ten_people_as_for_one(
        self, facility, agency, login, officer
    ):
        batch = confirmed_batch(facility, agency, starts_on=today(-3), ends_on=today(9))
        meeting = MeetingFactory(batch=batch)
        client, counts = login(officer), []
        for more in (1, 9):
            for _n in range(more):
                enrolled(batch)
            with CaptureQueriesContext(connection) as asked:
                client.get(to("meeting-detail", meeting))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestWaiting:
    @pytest.fixture
    def batch(self, facility, agency):
        batch = confirmed_batch(facility, agency, starts_on=today(-9), ends_on=today(9))
        enrolled(batch)
        return batch

    @pytest.fixture
    def missed(self, batch):
        return MeetingFactory(batch=batch, during=hours(today(-1), 8, 14))

    def test_a_meeting_without_attendance_waits_for_the_officer(self, missed, login, officer):
        client = login(officer)
        assert "Catat kehadiran" in client.get("/").content.decode()
        rows = client.get("/meetings/", {"attendance": "missing"}).content.decode()
        assert to("meeting-detail", missed) in rows
        attendance.mark_all_present(meeting=missed, by=officer)
        assert "Catat kehadiran" not in client.get("/").content.decode()

    def test_the_day_after_officer_and_liaison_are_reminded(
        self, missed, officer, liaison, other_liaison
    ):
        sweep()
        told = Notice.objects.filter(kind="attendance_missing")
        assert {notice.recipient for notice in told} == {officer, liaison}
        attendance.mark_all_present(meeting=missed, by=officer)
        assert not told.live().exists()

    def test_not_on_the_day_itself_if_the_next_is_one_of_work(self, batch, officer):
        wednesday = today(-1 - (today(-1).weekday() - 2) % 7)
        Holiday.objects.filter(day=wednesday + timedelta(days=1)).delete()
        missed = MeetingFactory(batch=batch, during=hours(wednesday, 8, 14))
        with time_machine.travel(missed.during.upper):
            sweep()
        assert not Notice.objects.filter(kind="attendance_missing").exists()


class TestInstructors:
    def test_a_liaison_adds_those_of_the_own_agency(self, agency, login, liaison):
        client = login(liaison)
        typed = {"agency": agency.pk, "name": "Bu Sari", "expertise": "Garmen"}
        assert client.post("/instructors/new/", typed).status_code == 302
        teacher = Instructor.objects.get()
        assert (teacher.agency, teacher.created_by) == (agency, liaison)
        assert client.post("/instructors/new/", typed).status_code == 302
        assert Instructor.objects.count() == 1
        other = AgencyFactory()
        assert client.post("/instructors/new/", typed | {"agency": other.pk}).status_code == 422

    def test_who_no_longer_teaches_is_not_offered(self, batch, agency, login, officer):
        teacher = InstructorFactory(agency=agency, name="Pak Rudi")
        client = login(officer)
        client.post(to("instructor-change", teacher), {"name": "Pak Rudi"})
        assert not Instructor.objects.get().is_active
        assert "Pak Rudi" not in client.get(to("meeting-add", batch)).content.decode()

    def test_of_agencies_that_one_does_not_work_with_nothing_is_seen(self, login, officer):
        stranger = InstructorFactory(name="Orang Asing")
        client = login(officer)
        assert client.get(to("instructor-change", stranger)).status_code == 404
        assert "Orang Asing" not in client.get("/instructors/").content.decode()

    @pytest.mark.parametrize(
        ("role", "reads"),
        [("officer", True), ("security", True), ("clinic", False), ("secretariat", False)],
    )
    def test_phones_are_for_who_calls_or_stands_at_the_gate(
        self, facility, agency, login, role, reads
    ):
        InstructorFactory(agency=agency, name="Pak Rudi", phone="0811-55")
        client = login(staff(facility, role))
        for query in ("", "?format=csv"):
            page = client.get(f"/instructors/{query}").getvalue().decode()
            assert "Pak Rudi" in page
            assert ("0811-55" in page) == reads

    def test_kept_where_one_plans_batches_not_where_one_only_reads(self, facility, officer, login):
        elsewhere = FacilityFactory()
        PostingFactory(user=officer, facility=elsewhere, role_id="observer")
        agency = PartnershipFactory(facility=elsewhere).agency
        teacher = InstructorFactory(agency=agency, name="Pak Rudi")
        client = login(User.objects.get(pk=officer.pk))
        assert to("instructor-change", teacher) not in client.get("/instructors/").content.decode()
        assert client.get(to("instructor-change", teacher)).status_code == 403
        with pytest.raises(Forbidden):
            instructors.change(instructor=teacher, name="Pak Budi", by=officer)
        with pytest.raises(Forbidden):
            instructors.add(agency=agency, name="Pak Budi", by=officer)

    def test_the_same_name_with_the_same_number_is_refused(self, facility, login, officer):
        agency = PartnershipFactory(facility=facility).agency
        InstructorFactory(agency=agency, name="Pak Rudi", identity_number="12")
        typed = {"agency": agency.pk, "name": "pak rudi", "identity_number": "12"}
        answer = login(officer).post("/instructors/new/", typed)
        assert "sudah tercatat" in answer.content.decode()


class TestRooms:
    def test_each_name_once(self, facility, login, officer):
        RoomFactory(facility=facility, name="Bengkel")
        answer = login(officer).post("/rooms/new/", {"name": "Bengkel"})
        assert answer.status_code == 422
        assert "sudah ada" in answer.content.decode()

    def test_added_and_retired(self, facility, login, officer):
        client = login(officer)
        client.post("/rooms/new/", {"name": "Aula", "capacity": 40})
        room = Room.objects.get()
        client.post(to("room-change", room), {"name": "Aula Besar", "capacity": 60})
        room.refresh_from_db()
        assert (room.name, room.capacity, room.is_active) == ("Aula Besar", 60, False)
