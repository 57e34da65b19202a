"""Tools out and in: what is missing closes the gate until it is found or security says why not."""

from datetime import time

import pytest
import time_machine

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Mail, Notice
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.training import MeetingFactory, confirmed_batch, enrolled, hours
from tests.races import race
from training.models import Meeting, ToolCheck
from training.services import attendance, meetings, schedule, tools

pytestmark = pytest.mark.django_db
ITEMS = [("Palu", 3), ("Obeng", 5)]


@pytest.fixture
def security(facility):
    return staff(facility, "security", name="Petugas KPLP")


@pytest.fixture
def meeting(facility, agency):
    """The second meeting of a batch that began yesterday: it is today."""
    batch = confirmed_batch(facility, agency, starts_on=today(-1))
    MeetingFactory(batch=batch, during=hours(today(-1), 8, 14))
    return MeetingFactory(batch=batch, during=hours(today(), 8, 14))


def out(meeting, by, items=ITEMS):
    return {check.name: check for check in tools.take_out(meeting=meeting, items=items, by=by)}


def stored(check):
    return ToolCheck.objects.get(pk=check.pk)


def short_of_one(meeting, by):
    """A meeting at which one hammer of three is missing."""
    checks = out(meeting, by)
    tools.bring_back_all(meeting=meeting, counts={checks["Palu"]: 2, checks["Obeng"]: 5}, by=by)
    return stored(checks["Palu"])


class TestTakeOut:
    def test_each_tool_is_a_row_of_the_meeting(self, meeting, officer):
        out(meeting, officer)
        rows = ToolCheck.objects.values_list("name", "quantity_out", "quantity_in", "created_by")
        assert set(rows) == {("Palu", 3, None, officer.pk), ("Obeng", 5, None, officer.pk)}

    def test_more_may_follow(self, meeting, officer):
        out(meeting, officer)
        assert set(out(meeting, officer, [("Gergaji", 1)])) == {"Palu", "Obeng", "Gergaji"}

    def test_a_double_click_writes_once(self, meeting, officer):
        out(meeting, officer)
        assert set(out(meeting, officer)) == {"Palu", "Obeng"}
        assert ToolCheck.objects.count() == 2

    def test_whoever_comes_second_learns_who_was_first(self, meeting, officer, head):
        out(meeting, officer)
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            out(meeting, head)
        with pytest.raises(AlreadyDone):
            out(meeting, officer, [("palu", 4)])

    @pytest.mark.parametrize(
        "items",
        [[], [("Palu", 0)], [("Palu", 1000)], [(" ", 2)], [("Palu", 1), ("palu ", 2)]],
    )
    def test_what_makes_no_sense_is_refused(self, meeting, officer, items):
        with pytest.raises(NotAllowed):
            out(meeting, officer, items)
        assert not ToolCheck.objects.exists()

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "liaison"])
    def test_others_may_not(self, meeting, role, request):
        with pytest.raises(Forbidden):
            out(meeting, request.getfixturevalue(role))

    def test_nothing_goes_out_before_its_day(self, meeting, officer):
        Meeting.objects.filter(pk=meeting.pk).update(during=hours(today(1), 8, 14))
        with pytest.raises(NotAllowed, match="hari pertemuan"):
            out(meeting, officer)

    def test_nothing_goes_out_for_a_meeting_that_is_over_or_called_off(self, meeting, officer):
        for state in ("held", "planned", "cancelled"):
            Meeting.objects.filter(pk=meeting.pk).update(state=state)
            if state != "planned":
                with pytest.raises(NotAllowed, match="dijadwalkan"):
                    out(meeting, officer)

    def test_not_while_tools_of_the_batch_are_missing_or_uncounted(self, meeting, officer):
        first = meeting.batch.meetings.first()
        check = out(first, officer, [("Palu", 3)])["Palu"]
        with pytest.raises(NotAllowed, match="belum dihitung"):
            out(meeting, officer)
        tools.bring_back(check=check, quantity=2, by=officer)
        with pytest.raises(NotAllowed, match="masih tertutup"):
            out(meeting, officer)
        tools.recount(check=check, quantity=3, reason="Ada di lemari", by=officer)
        assert out(meeting, officer)

    def test_no_more_of_it_while_the_meeting_s_own_gate_is_closed(self, meeting, officer):
        short_of_one(meeting, officer)
        with pytest.raises(NotAllowed, match="masih tertutup"):
            out(meeting, officer, [("Gergaji", 1)])


class TestUsual:
    def test_the_list_of_the_course_then_that_of_the_meeting_before(self, meeting, officer):
        meeting.batch.course.tools.create(name="Tang", quantity=4)
        first = meeting.batch.meetings.first()
        assert tools.usual_of(meeting) == [("Tang", 4)]
        out(first, officer)
        assert tools.usual_of(meeting) == [("Obeng", 5), ("Palu", 3)]
        assert tools.usual_of(first) == [("Tang", 4)]


class TestBringBack:
    def test_all_back_leaves_the_gate_open_and_alarms_nobody(self, meeting, officer, security):
        checks = out(meeting, officer)
        assert "belum dihitung" in tools.problem_of_gate(meeting)
        tools.bring_back_all(
            meeting=meeting,
            counts={check: check.quantity_out for check in checks.values()},
            by=security,
        )
        assert tools.problem_of_gate(meeting) is None
        assert not Notice.objects.exists()
        assert stored(checks["Palu"]).in_by == security

    def test_a_missing_one_closes_the_gate_and_alarms_at_once(
        self, meeting, officer, head, security, warden
    ):
        check = short_of_one(meeting, officer)
        assert check.missing == 1
        assert "1 Palu" in tools.problem_of_gate(meeting)
        told = Notice.objects.filter(kind="tools_short")
        assert {notice.recipient for notice in told} == {officer, head, security}
        assert told.first().data["tools"] == "1 Palu"
        assert Mail.objects.count() == 3

    def test_a_second_shortage_of_the_meeting_is_told_with_the_first(
        self, meeting, officer, security
    ):
        checks = out(meeting, officer)
        tools.bring_back(check=checks["Palu"], quantity=2, by=officer)
        tools.bring_back(check=checks["Obeng"], quantity=1, by=officer)
        live = Notice.objects.live().filter(recipient=security)
        assert live.get().data["tools"] == "4 Obeng, 1 Palu"

    def test_more_than_went_out_is_refused_beside_its_field(self, meeting, officer):
        checks = out(meeting, officer)
        with pytest.raises(NotAllowed) as refusal:
            tools.bring_back_all(
                meeting=meeting, counts={checks["Palu"]: 4, checks["Obeng"]: 5}, by=officer
            )
        assert set(refusal.value.error_dict) == {str(checks["Palu"].public_id)}
        assert stored(checks["Obeng"]).quantity_in is None

    def test_counted_again_by_the_same_person_is_the_same(self, meeting, officer):
        check = short_of_one(meeting, officer)
        assert tools.bring_back(check=check, quantity=2, by=officer) == check
        assert Notice.objects.count() == 1

    def test_whoever_counts_second_learns_who_was_first(self, meeting, officer, head):
        check = short_of_one(meeting, officer)
        for by, quantity in ((head, 2), (officer, 3)):
            with pytest.raises(AlreadyDone, match="Budi Petugas"):
                tools.bring_back(check=check, quantity=quantity, by=by)

    def test_others_may_not(self, meeting, officer, warden):
        checks = out(meeting, officer)
        with pytest.raises(Forbidden):
            tools.bring_back(check=checks["Palu"], quantity=3, by=warden)


class TestRecount:
    def test_what_was_found_opens_the_gate_and_is_told(self, meeting, officer, security):
        check = short_of_one(meeting, officer)
        tools.recount(check=check, quantity=3, reason="Ada di lemari bengkel", by=officer)
        assert tools.problem_of_gate(meeting) is None
        assert Notice.objects.live().get(recipient=security).kind == "tools_found"
        history = stored(check).events.order_by("pgh_id").values_list("quantity_in", "note")
        assert list(history) == [(None, ""), (2, ""), (3, "Ada di lemari bengkel")]

    def test_a_part_of_it_leaves_the_gate_closed(self, meeting, officer, security):
        checks = out(meeting, officer)
        tools.bring_back(check=checks["Obeng"], quantity=2, by=officer)
        tools.recount(check=checks["Obeng"], quantity=4, reason="Dua ditemukan", by=officer)
        assert Notice.objects.live().get(recipient=security).data["tools"] == "1 Obeng"
        assert stored(checks["Obeng"]).keeps_gate_closed

    def test_fewer_than_thought_closes_a_released_gate_again(self, meeting, officer, security):
        check = short_of_one(meeting, officer)
        tools.release_gate(check=check, reason="Sudah digeledah", by=security)
        tools.recount(check=check, quantity=1, reason="Salah hitung", by=officer)
        assert stored(check).keeps_gate_closed
        assert Notice.objects.live().get(recipient=security).kind == "tools_short"

    @pytest.mark.parametrize(("quantity", "reason"), [(4, "Salah"), (-1, "Salah"), (3, " ")])
    def test_it_needs_a_reason_and_a_number_that_can_be(self, meeting, officer, quantity, reason):
        check = short_of_one(meeting, officer)
        with pytest.raises(NotAllowed):
            tools.recount(check=check, quantity=quantity, reason=reason, by=officer)
        assert stored(check).quantity_in == 2

    def test_what_went_out_is_corrected_only_before_it_is_counted_back(self, meeting, officer):
        checks = out(meeting, officer)
        tools.change_out(check=checks["Palu"], quantity=2, reason="Salah ketik", by=officer)
        assert stored(checks["Palu"]).quantity_out == 2
        with pytest.raises(NotAllowed):
            tools.change_out(check=checks["Palu"], quantity=0, reason="Tidak jadi", by=officer)
        tools.bring_back(check=checks["Palu"], quantity=1, by=officer)
        with pytest.raises(AlreadyDone):
            tools.change_out(check=checks["Palu"], quantity=1, reason="Salah", by=officer)


class TestRelease:
    def test_security_opens_the_gate_with_a_reason(self, meeting, officer, security, head):
        check = short_of_one(meeting, officer)
        tools.release_gate(check=check, reason="Bengkel digeledah, alat hilang", by=security)
        assert tools.problem_of_gate(meeting) is None
        check = stored(check)
        assert (check.released_by, check.missing) == (security, 1)
        assert Notice.objects.live().get(recipient=head).kind == "gate_released"

    @pytest.mark.parametrize("role", ["officer", "head", "warden", "liaison"])
    def test_nobody_else_does(self, meeting, officer, role, request):
        check = short_of_one(meeting, officer)
        with pytest.raises(Forbidden):
            tools.release_gate(check=check, reason="Ya", by=request.getfixturevalue(role))

    def test_not_without_a_reason_and_not_without_a_shortage(self, meeting, officer, security):
        check = short_of_one(meeting, officer)
        with pytest.raises(NotAllowed, match="alasan"):
            tools.release_gate(check=check, reason="  ", by=security)
        full = meeting.tool_checks.get(name="Obeng")
        with pytest.raises(NotAllowed, match="tidak kurang"):
            tools.release_gate(check=full, reason="Ya", by=security)

    def test_twice_by_one_is_once_by_two_is_refused(self, meeting, officer, security, facility):
        check = short_of_one(meeting, officer)
        tools.release_gate(check=check, reason="Digeledah", by=security)
        assert tools.release_gate(check=check, reason="Digeledah", by=security) == check
        with pytest.raises(AlreadyDone, match="Petugas KPLP"):
            tools.release_gate(check=check, reason="Lain", by=staff(facility, "security"))


class TestGate:
    def test_a_meeting_is_neither_held_nor_called_off_while_it_is_closed(
        self, meeting, officer, security
    ):
        first = meeting.batch.meetings.first()
        check = out(first, officer, [("Palu", 3)])["Palu"]
        for said in ("belum dihitung", "Alat kurang"):
            for act in (
                lambda: meetings.hold(meeting=first, by=officer),
                lambda: meetings.cancel(meeting=first, reason="Libur", by=officer),
            ):
                with pytest.raises(NotAllowed, match=said):
                    act()
            if check.quantity_in is None:
                check = tools.bring_back(check=check, quantity=2, by=officer)
        tools.release_gate(check=check, reason="Digeledah", by=security)
        assert meetings.hold(meeting=first, by=officer).state == "held"

    def test_the_last_entry_of_attendance_does_not_hold_it(self, meeting, officer, security):
        first = meeting.batch.meetings.first()
        person = enrolled(meeting.batch)
        check = short_of_one(first, officer)
        attendance.mark(
            meeting=first, enrolment=person, entry=attendance.Entry(code="H"), by=officer
        )
        assert Meeting.objects.get(pk=first.pk).state == "planned"
        tools.release_gate(check=check, reason="Digeledah", by=security)
        assert meetings.hold(meeting=first, by=officer).state == "held"

    @pytest.fixture
    def early(self, facility, agency, officer):
        """A meeting that begins in an hour, with its tools out already, and one tomorrow."""
        batch = confirmed_batch(facility, agency, starts_on=today(), ends_on=today(13))
        with time_machine.travel(hours(today(), 7, 8).lower, tick=False):
            meeting = MeetingFactory(batch=batch, during=hours(today(), 8, 14))
            MeetingFactory(batch=batch, during=hours(today(1), 8, 14))
            yield meeting, out(meeting, officer, [("Palu", 3)])["Palu"]

    def test_a_meeting_is_not_moved_while_its_tools_are_out(self, early, officer):
        meeting, check = early
        day = today(2)
        terms = {"meeting": meeting, "day": day, "starts_at": time(8), "jp": 8, "reason": "Libur"}
        with pytest.raises(NotAllowed, match="belum dihitung"):
            meetings.move(**terms, by=officer)
        tools.bring_back(check=check, quantity=3, by=officer)
        assert meetings.move(**terms, by=officer).during.lower.day == day.day

    def test_it_stays_when_the_rest_is_called_off(self, early, officer):
        meeting, _check = early
        assert meetings.cancel_future(batch=meeting.batch, reason="Ditunda", by=officer) == 1
        assert list(meeting.batch.meetings.standing()) == [meeting]

    def test_a_schedule_made_anew_leaves_it(self, early, officer):
        meeting, _check = early
        weekday = today(3).isoweekday()
        slots = [schedule.Slot(weekday=weekday, starts_at=time(8), jp=8)]
        schedule.set_slots(batch=meeting.batch, slots=slots, by=officer)
        schedule.generate(batch=meeting.batch, by=officer)
        assert meeting in meeting.batch.meetings.standing()
        assert Meeting.objects.get(pk=meeting.pk).during == meeting.during


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_who_count_at_once_one_counts(facility, agency, officer, head):
    batch = confirmed_batch(facility, agency, starts_on=today())
    meeting = MeetingFactory(batch=batch, during=hours(today(), 8, 14))
    check = out(meeting, officer)["Palu"]
    first, second = race(
        lambda: tools.bring_back(check=check, quantity=2, by=officer),
        lambda: tools.bring_back(check=check, quantity=3, by=head),
    )
    refused = [each for each in (first, second) if isinstance(each, AlreadyDone)]
    counted = [each for each in (first, second) if isinstance(each, ToolCheck)]
    assert (len(refused), len(counted)) == (1, 1)
    assert stored(check).quantity_in == counted[0].quantity_in
    assert Notice.objects.live().exists() is (counted[0].quantity_in == 2)
