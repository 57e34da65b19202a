"""What a liaison reads of attendance: not why the prison kept somebody from class."""

import re

import pytest
from django.urls import reverse

from accounts.refusals import NotAllowed
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled, hours
from training.models import Attendance, Meeting
from training.papers import attendance as papers
from training.readings import legend
from training.services import attendance, meetings, tools
from training.services.attendance import Entry

pytestmark = pytest.mark.django_db
SECRETS = ("Register F", "Keamanan", "keamanan", "sidang", "Kunjungan", "kunjungan", "sel isolasi")
SECRETS += ("ketahuan", ">X<", ">K<", ">D<", "cX", 'value="X"', '"X"')
DRAWN = re.compile(r'"[A-Za-z0-9+/=]{22,}"')  # keys drawn by chance, in which any letters may stand
PAGES = ("attendance-grid", "meeting-attendance", "meeting-changes", "meeting-detail")


@pytest.fixture
def meeting(facility, agency):
    batch = confirmed_batch(
        facility, agency, starts_on=today(-29), ends_on=today(30), seats_confirmed=40
    )
    return MeetingFactory(batch=batch, during=hours(today(-1), 8, 14))


@pytest.fixture
def people(meeting):
    return [enrolled(meeting.batch) for _n in range(4)]


@pytest.fixture
def secret(meeting, people, officer):
    """Three people whom the prison kept away, one of whom was written down wrongly first."""
    entry = Entry(code="D", note="sidang di Serang")
    mark(meeting, people[0], officer, entry, reason="ketahuan kemudian")
    mark(meeting, people[0], officer, Entry(code="X", note="sel isolasi"))
    mark(meeting, people[1], officer, Entry(code="K"))
    mark(meeting, people[2], officer, Entry(code="D"))


def mark(meeting, person, by, entry, **more):
    return attendance.mark(meeting=meeting, enrolment=person, entry=entry, by=by, **more)


def address(name, meeting):
    row = meeting.batch if name == "attendance-grid" else meeting
    return reverse(f"training:{name}", args=[row.public_id])


def send(client, meeting, person, code, **fields):
    data = {"who": person.public_id, "code": code, **fields}
    return client.post(address("meeting-cell", meeting), data)


@pytest.mark.usefixtures("secret")
class TestReading:
    @pytest.mark.parametrize("page", PAGES)
    def test_no_page_says_why(self, meeting, login, liaison, page):
        words = login(liaison).get(address(page, meeting)).content.decode().split("<main")[1]
        words = DRAWN.sub('""', words)
        assert [secret for secret in SECRETS if secret in words] == []
        assert "Urusan lapas" in words

    @pytest.mark.parametrize("page", PAGES)
    def test_staff_read_all_of_it(self, meeting, login, officer, page):
        words = login(officer).get(address(page, meeting)).content.decode()
        assert "Register F" in words
        assert "Urusan lapas" not in words

    def test_the_three_reasons_are_one_number(self, meeting, login, liaison):
        words = login(liaison).get(address("meeting-detail", meeting)).content.decode()
        assert "<dt>Urusan lapas</dt><dd>3</dd>" in words

    def test_a_change_between_them_is_no_change(self, meeting, login, liaison):
        page = login(liaison).get(address("meeting-changes", meeting))
        assert len(page.context["changed"]) == 3

    def test_over_somebody_elses_entry_nothing_is_told_either(
        self, meeting, people, login, liaison
    ):
        answer = send(login(liaison), meeting, people[0], "H", seen="")
        assert answer.status_code == 409
        assert [secret for secret in SECRETS if secret in answer.content.decode()] == []
        assert answer.json()["code"] == "L"
        assert "kini Urusan lapas" in answer.json()["message"]

    def test_the_printed_list_names_the_codes_that_its_reader_knows(
        self, meeting, liaison, officer
    ):
        def codes(user):
            return papers.paper(meeting.batch, [meeting], [], legend(user))["codes"]

        assert "L = Urusan lapas" in codes(liaison)
        assert not any("Register F" in line for line in codes(liaison))
        assert "X = Keamanan atau Register F" in codes(officer)


class TestWriting:
    @pytest.mark.parametrize("code", ["D", "K", "X", "L"])
    def test_codes_of_the_prison_are_not_theirs(self, meeting, people, login, liaison, code):
        assert send(login(liaison), meeting, people[0], code).status_code == 422
        assert not Attendance.objects.exists()

    def test_nor_by_the_service(self, meeting, people, liaison):
        with pytest.raises(NotAllowed, match="Urusan lapas"):
            mark(meeting, people[0], liaison, Entry(code="X"))

    @pytest.mark.parametrize("code", ["H", "A", ""])
    @pytest.mark.usefixtures("secret")
    def test_what_the_prison_wrote_stays(self, meeting, people, login, liaison, code):
        answer = send(login(liaison), meeting, people[0], code, seen="L")
        assert answer.status_code == 422
        assert [secret for secret in SECRETS if secret in answer.content.decode()] == []
        row = Attendance.objects.get(enrolment=people[0])
        assert (row.code, row.note) == ("X", "sel isolasi")

    @pytest.mark.usefixtures("secret")
    def test_the_whole_list_is_saved_around_it(self, meeting, people, login, liaison):
        typed = {f"seen-{person.public_id.hex}": "L" for person in people[:3]}
        typed |= {f"code-{people[3].public_id.hex}": "H"}
        answer = login(liaison).post(address("meeting-attendance", meeting), typed)
        assert answer.status_code == 302
        rows = Attendance.objects.order_by("enrolment").values_list("code", flat=True)
        assert list(rows) == ["X", "K", "D", "H"]

    def test_a_note_of_the_officer_survives(self, meeting, people, login, liaison, officer):
        mark(meeting, people[0], officer, Entry(code="S", note="dirawat di klinik"))
        answer = send(login(liaison), meeting, people[0], "I", note="", seen="S")
        assert answer.json() == {"code": "I", "jp": 0, "note": ""}
        assert Attendance.objects.get().note == "dirawat di klinik"


class TestGate:
    @pytest.fixture
    def short(self, meeting, people, officer):
        """Everybody is written down; one hammer is missing."""
        (check,) = tools.take_out(meeting=meeting, items=[("Palu", 3)], by=officer)
        tools.bring_back(check=check, quantity=2, by=officer)
        attendance.mark_all_present(meeting=meeting, by=officer)

    @pytest.mark.usefixtures("short")
    def test_the_liaison_learns_only_that_it_cannot_be_closed_yet(self, meeting, login, liaison):
        with pytest.raises(NotAllowed) as refusal:
            meetings.hold(meeting=meeting, by=liaison)
        assert refusal.value.messages == ["Lapas belum dapat menutup pertemuan ini."]
        answer = login(liaison).post(address("meeting-hold", meeting), follow=True)
        words = answer.content.decode()
        assert "belum dapat menutup" in words
        assert "Palu" not in words
        assert "palu" not in words

    @pytest.mark.usefixtures("short")
    def test_staff_learn_what_is_missing(self, meeting, officer):
        with pytest.raises(NotAllowed, match="1 Palu"):
            meetings.hold(meeting=meeting, by=officer)
        assert Meeting.objects.get().state == "planned"
