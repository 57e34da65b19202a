"""The pages of attendance: a flat grid, one small request a cell, and a plain form beside them."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessRecord
from inmates.models import Consent
from tests.factories.inmates import inmate_at
from tests.factories.partners import scan_file, today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled, hours
from training.models import Attendance, Enrolment, Meeting
from training.services import attendance, enrolments
from training.services.attendance import Entry
from training.teaching import MeetingState

pytestmark = pytest.mark.django_db
GRID_QUERIES = {"officer": 10, "liaison": 14}
CELL_QUERIES = {"officer": 14, "liaison": 14}


@pytest.fixture
def batch(facility, agency):
    return confirmed_batch(
        facility, agency, starts_on=today(-29), ends_on=today(30), seats_confirmed=40
    )


@pytest.fixture
def meeting(batch):
    return MeetingFactory(batch=batch, during=hours(today(-1), 8, 14))


def named(batch, name):
    return enrolled(batch, inmate_at(batch.facility, name=name))


def to(name, row):
    return reverse(f"training:{name}", args=[row.public_id])


def send(client, meeting, person, code, **fields):
    data = {"who": person.public_id, "code": code, **fields}
    return client.post(to("meeting-cell", meeting), data)


class TestCell:
    def test_a_change_is_saved_and_answered_in_a_few_bytes(self, batch, meeting, login, officer):
        people = [enrolled(batch), enrolled(batch)]
        answer = send(login(officer), meeting, people[0], "T", jp=5, seen="")
        assert answer.json() == {"code": "T", "jp": 5, "note": ""}
        assert len(answer.content) < 100

    def test_the_last_one_brings_everybodys_share(self, batch, meeting, login, officer):
        person = enrolled(batch)
        answer = send(login(officer), meeting, person, "H").json()
        assert answer["held"] is True
        assert answer["shares"] == {person.participant_code: [100, "fine"]}

    def test_over_somebody_elses_entry_theirs_is_shown(self, batch, meeting, login, officer, head):
        person = enrolled(batch)
        enrolled(batch)
        attendance.mark(meeting=meeting, enrolment=person, entry=Entry(code="S"), by=head)
        answer = send(login(officer), meeting, person, "A", seen="")
        assert (answer.status_code, answer.json()["code"]) == (409, "S")
        assert "kini Sakit" in answer.json()["message"]

    @pytest.mark.parametrize(
        "fields", [{"code": "Z"}, {"jp": "banyak"}, {"note": "x" * 121}, {"code": "T", "jp": 99}]
    )
    def test_nonsense_is_a_sentence(self, batch, meeting, login, officer, fields):
        person = enrolled(batch)
        answer = send(login(officer), meeting, person, **{"code": "H", **fields})
        assert answer.status_code == 422
        assert answer.json()["message"]
        assert not Attendance.objects.exists()

    def test_a_participant_of_another_batch_is_unknown_here(
        self, meeting, facility, agency, login, officer
    ):
        stranger = enrolled(confirmed_batch(facility, agency))
        assert send(login(officer), meeting, stranger, "H").status_code == 404

    def test_a_note_that_is_not_sent_stays(self, batch, meeting, login, officer):
        person = enrolled(batch)
        client = login(officer)
        send(client, meeting, person, "I", note="Ibu sakit")
        send(client, meeting, person, "A", seen="I")
        assert Attendance.objects.get().note == "Ibu sakit"
        send(client, meeting, person, "A", seen="A", note="")
        assert Attendance.objects.get().note == ""

    def test_after_the_last_day_the_head_needs_a_reason(self, batch, login, head):
        old = MeetingFactory(batch=batch)
        person = enrolled(batch)
        client = login(head)
        assert send(client, old, person, "H").status_code == 422
        assert send(client, old, person, "H", reason="Kertas ditemukan").status_code == 200


@pytest.mark.parametrize("role", ["officer", "liaison"])
def test_forty_people_and_thirty_meetings_take_as_many_queries_as_one_of_each(
    batch, login, request, role
):
    user = request.getfixturevalue(role)
    client = login(user)
    first = enrolled(batch)
    MeetingFactory(batch=batch, during=hours(today(-29), 8, 14))
    assert _grid(client, batch) == GRID_QUERIES[role]
    people = [first, *(enrolled(batch) for _n in range(39))]
    days = [today(n - 28) for n in range(29)]
    for day in days:
        MeetingFactory(batch=batch, during=hours(day, 0, 1))
    rows = list(batch.meetings.all())
    Attendance.objects.bulk_create(
        Attendance(
            facility=batch.facility,
            agency=batch.agency,
            meeting=row,
            enrolment=person,
            code="H",
            jp=8,
        )
        for row in rows[:-1]
        for person in people
    )
    assert _grid(client, batch) == GRID_QUERIES[role]
    with CaptureQueriesContext(connection) as asked:
        answer = send(client, rows[-1], first, "H", seen="")
    assert answer.status_code == 200
    assert len(asked) == CELL_QUERIES[role]
    assert len(answer.content) < 100


def _grid(client, batch):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(to("attendance-grid", batch)).status_code == 200
    return len(asked)


class TestGrid:
    def test_who_may_not_read_names_does_not_read_the_class(
        self, batch, meeting, login, secretariat
    ):
        enrolled(batch)
        client = login(secretariat)
        for name, row in (("attendance-grid", batch), ("meeting-attendance", meeting)):
            assert client.get(to(name, row)).status_code == 403

    def test_names_are_on_record(self, batch, meeting, login, officer):
        person = named(batch, "SLAMET RIYADI")
        assert "SLAMET RIYADI" in login(officer).get(to("attendance-grid", batch)).content.decode()
        assert AccessRecord.objects.last().subjects == [person.inmate.public_id]

    def test_a_liaison_reads_names_unless_the_consent_was_withdrawn(
        self, batch, meeting, login, liaison
    ):
        person = named(batch, "SLAMET RIYADI")
        other = named(batch, "JOKO SUSILO")
        Consent.objects.create(
            inmate=person.inmate,
            facility=batch.facility,
            purpose="training",
            signed_on=today(-9),
            withdrawn_on=today(-1),
            scan=scan_file(),
        )
        client = login(liaison)
        for name, row in (("attendance-grid", batch), ("meeting-attendance", meeting)):
            page = client.get(to(name, row)).content.decode()
            assert "SLAMET RIYADI" not in page
            assert person.participant_code in page
            assert "JOKO SUSILO" in page
            assert AccessRecord.objects.last().subjects == [other.inmate.public_id]

    def test_cells_outside_somebodys_time_are_not_asked(self, batch, login, officer):
        early = MeetingFactory(batch=batch, during=hours(today(-20), 8, 14))
        MeetingFactory(batch=batch, during=hours(today(-2), 8, 14))
        with time_machine.travel(today(-29)):
            enrolled(batch)
        with time_machine.travel(today(-10)):
            later = enrolled(batch)
        page = login(officer).get(to("attendance-grid", batch)).content.decode()
        row = re.search(rf'data-who="{later.public_id}".*?</tr>', page, re.DOTALL)[0]
        assert re.findall(r"<td class=out>·</td>|<td></td>", row) == [
            "<td class=out>·</td>",
            "<td></td>",
        ]
        listed = login(officer).get(to("meeting-attendance", early)).content.decode()
        assert later.participant_code not in listed

    def test_who_is_in_danger_is_said_in_words(self, batch, login, officer):
        person = enrolled(batch)
        for n in range(4):
            row = MeetingFactory(batch=batch, during=hours(today(n - 6), 8, 14))
            entry = Entry(code="A" if n < 2 else "H")
            attendance.mark(meeting=row, enrolment=person, entry=entry, by=officer)
        page = login(officer).get(to("attendance-grid", batch)).content.decode()
        assert 'class="share lost">50%' in page
        assert "tidak tercapai" in page

    def test_empty_pages_say_what_to_do(self, batch, login, officer):
        client = login(officer)
        assert "Susun jadwal" in client.get(to("attendance-grid", batch)).content.decode()
        MeetingFactory(batch=batch)
        assert "Belum ada peserta" in client.get(to("attendance-grid", batch)).content.decode()


class TestListOfAMeeting:
    def post(self, client, meeting, people, **fields):
        data = {f"seen-{person.public_id.hex}": "" for person in people}
        return client.post(to("meeting-attendance", meeting), data | fields)

    def test_it_works_without_javascript(self, batch, meeting, login, liaison):
        people = [enrolled(batch) for _n in range(2)]
        one, two = (person.public_id.hex for person in people)
        typed = {f"code-{one}": "H", f"code-{two}": "T", f"jp-{two}": "6", f"note-{two}": "Apel"}
        answer = self.post(login(liaison), meeting, people, **typed)
        assert answer.status_code == 302
        assert sorted(Attendance.objects.values_list("code", "jp", "note")) == [
            ("H", 8, ""),
            ("T", 6, ""),
        ]
        assert Meeting.objects.get().state == MeetingState.HELD

    def test_who_is_left_empty_stays_empty(self, batch, meeting, login, officer):
        people = [enrolled(batch) for _n in range(2)]
        self.post(login(officer), meeting, people, **{f"code-{people[0].public_id.hex}": "A"})
        assert Attendance.objects.get().enrolment == people[0]

    def test_a_bad_line_keeps_what_was_typed_and_says_which(self, batch, meeting, login, officer):
        people = [named(batch, "SLAMET RIYADI"), named(batch, "JOKO SUSILO")]
        one, two = (person.public_id.hex for person in people)
        typed = {f"code-{one}": "S", f"code-{two}": "T", f"jp-{two}": "99"}
        answer = self.post(login(officer), meeting, people, **typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "JP antara 0 dan 8" in page
        assert re.search(rf'name="code-{one}" value="S" id="[^"]*" checked', page)
        assert not Attendance.objects.exists()

    def test_somebody_elses_entry_meanwhile_is_shown_and_then_may_be_changed(
        self, batch, meeting, login, officer, head
    ):
        people = [enrolled(batch), enrolled(batch)]
        key = people[0].public_id.hex
        attendance.mark(meeting=meeting, enrolment=people[0], entry=Entry(code="S"), by=head)
        client = login(officer)
        answer = self.post(client, meeting, people, **{f"code-{key}": "A"})
        page = answer.content.decode()
        assert "kini Sakit" in page
        assert f'name="seen-{key}" value="S"' in page
        again = self.post(client, meeting, people, **{f"code-{key}": "A", f"seen-{key}": "S"})
        assert again.status_code == 302
        assert Attendance.objects.get().code == "A"

    def test_all_present_in_one_click(self, batch, meeting, login, officer):
        for _n in range(3):
            enrolled(batch)
        client = login(officer)
        answer = client.post(to("meeting-present", meeting), {"to": "grid"})
        assert answer.url == f"{to('attendance-grid', batch)}?at={meeting.number}"
        assert Attendance.objects.filter(code="H").count() == 3

    def test_who_changed_what_stands_on_a_page_of_its_own(
        self, batch, meeting, login, officer, head
    ):
        person, other = named(batch, "SLAMET RIYADI"), named(batch, "JOKO SUSILO")
        client = login(officer)
        send(client, meeting, person, "A")
        send(login(head), meeting, person, "S", seen="A")
        send(client, meeting, other, "H")
        page = client.get(to("meeting-changes", meeting)).content.decode()
        assert [page.count(name) for name in ("SLAMET", "JOKO")] == [2, 1]
        only = client.get(to("meeting-changes", meeting), {"who": person.participant_code})
        assert "JOKO" not in only.content.decode()
        assert "Kasi Giatja" in only.content.decode()

    def test_history_takes_as_many_queries_for_many_as_for_one(
        self, batch, meeting, login, officer
    ):
        client = login(officer)
        counts = []
        for more in (1, 5):
            for _n in range(more):
                send(client, meeting, enrolled(batch), "A")
            with CaptureQueriesContext(connection) as asked:
                client.get(to("meeting-changes", meeting))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestSheet:
    def test_of_one_meeting_and_of_a_week(self, batch, meeting, login, liaison):
        person = named(batch, "SLAMET RIYADI")
        client = login(liaison)
        for query in ({"meeting": meeting.public_id}, {"week": str(today(-1))}, {}):
            answer = client.get(to("attendance-sheet", batch), query)
            assert answer.content.startswith(b"%PDF-")
        assert AccessRecord.objects.last().subjects == [person.inmate.public_id]
        assert AccessRecord.objects.last().act == "export"

    @pytest.mark.parametrize(
        "query",
        [
            {"week": "2001-01-01"},
            {"week": "9999-12-31"},
            {"week": "0001-01-01"},
            {"week": "kemarin", "meeting": "x"},
            {"meeting": "x"},
        ],
    )
    def test_what_is_not_there(self, batch, meeting, login, officer, query):
        enrolled(batch)
        assert login(officer).get(to("attendance-sheet", batch), query).status_code == 404


def test_who_was_suspended_when_a_meeting_was_held_is_not_missing_there(
    batch, meeting, login, officer
):
    person, other = enrolled(batch), enrolled(batch)
    enrolments.suspend(enrolment=person, cause="discipline", reason="Register F", by=officer)
    attendance.mark(meeting=meeting, enrolment=other, entry=Entry(code="H"), by=officer)
    grid = login(officer).get(to("attendance-grid", batch)).context["grid"]
    assert grid.columns[0].missing == 0
    enrolments.resume(enrolment=Enrolment.objects.get(pk=person.pk), by=officer)
    page = login(officer).get(to("attendance-grid", batch))
    grid = page.context["grid"]
    assert grid.columns[0].missing == 0
    assert [row.cells[0].css for row in grid.rows] == ["kept", "cH"]
    assert [row.person.attended.percent for row in grid.rows] == [None, 100]
    assert 'class="kept"' in page.content.decode()


def test_suspended_people_stand_on_the_list_marked(batch, meeting, login, officer):
    person = enrolled(batch)
    Enrolment.objects.filter(pk=person.pk).update(state="suspended")
    page = login(officer).get(to("meeting-attendance", meeting)).content.decode()
    assert "ditangguhkan" in page
