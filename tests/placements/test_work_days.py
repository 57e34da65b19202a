"""At the gate: who may go out, who is back, who is late; and an alarm for whoever is."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Restriction
from placements.models import WorkDay
from placements.services import placements, work_days, work_release
from placements.tasks import alarm_late_returns
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.factories.placements import consent_of, placement_of
from tests.placements.changes import told
from tests.placements.out_to_work import agreed_with, goes_out, partner_employer
from tests.placements.work import refusal_of, released_from

pytestmark = pytest.mark.django_db


def at(hour, minute=0, days=0):
    """A moment of today."""
    return timezone.make_aware(datetime.combine(today(days), time(hour, minute)))


@pytest.fixture
def clock():
    """It is seven in the morning; `clock.move_to` another moment."""
    with time_machine.travel(at(7), tick=False) as traveller:
        yield traveller


@pytest.fixture
def security(facility):
    return staff(facility, "security", name="Petugas KPLP")


@pytest.fixture
def work(clock, facility, officer):
    return goes_out(facility, officer)


class TestLeaving:
    def test_now_and_due_back_at_the_hour(self, work, security):
        day = work_days.leave(placement=work, by=security)
        assert (day.day, day.out_at, day.out_by) == (today(), at(7), security)
        assert day.due_back_at == at(16)

    def test_at_an_earlier_time_the_most_hours_count(self, work, security):
        day = work_days.leave(placement=work, at=time(6, 30), by=security)
        assert (day.out_at, day.due_back_at) == (at(6, 30), at(15, 30))

    def test_twice_is_once_and_another_hears_who(self, work, security, facility):
        first = work_days.leave(placement=work, by=security)
        assert work_days.leave(placement=work, by=security) == first
        with pytest.raises(AlreadyDone, match=r"pukul 07\.00 oleh Petugas KPLP"):
            work_days.leave(placement=work, by=staff(facility, "security"))

    def test_once_a_day(self, work, security, clock):
        day = work_days.leave(placement=work, by=security)
        clock.move_to(at(9))
        work_days.come_back(day=day, by=security)
        with pytest.raises(AlreadyDone, match=r"pukul 07\.00"):
            work_days.leave(placement=work, by=security)

    @pytest.mark.parametrize("role", ["officer", "head", "warden", "clinic"])
    def test_only_the_gate_ticks(self, role, work, facility):
        with pytest.raises(Forbidden):
            work_days.leave(placement=work, by=staff(facility, role))

    def test_not_in_the_future_and_not_past_the_hour(self, work, security, clock):
        said = refusal_of(work_days.leave, placement=work, at=time(7, 1), by=security)
        assert set(said) == {"at"}
        clock.move_to(at(16))
        with pytest.raises(NotAllowed, match=r"16\.00, sudah lewat"):
            work_days.leave(placement=work, by=security)

    def test_not_long_before_the_hour(self, work, security, clock):
        clock.move_to(at(6, 29))
        with pytest.raises(NotAllowed, match=r"mulai pukul 06\.30"):
            work_days.leave(placement=work, by=security)

    def test_not_before_who_went_yesterday_is_back(self, work, security, clock):
        work_days.leave(placement=work, by=security)
        clock.move_to(at(7, days=1))
        with pytest.raises(NotAllowed, match="belum dicatat"):
            work_days.leave(placement=work, by=security)


class TestWhoMayNotGo:
    def refused(self, work, security):
        with pytest.raises(NotAllowed) as refused:
            work_days.leave(placement=work, by=security)
        assert not WorkDay.objects.exists()
        return " ".join(refused.value.messages)

    def test_once_it_ended(self, work, security, officer):
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        assert "sudah berakhir" in self.refused(work, security)

    def test_before_it_begins(self, clock, facility, officer, security):
        work = goes_out(facility, officer, starts_on=today(1))
        assert "Baru mulai" in self.refused(work, security)

    def test_on_no_day_of_work(self, clock, facility, officer, security):
        other = [day for day in range(1, 8) if day != today().isoweekday()]
        work = goes_out(facility, officer, weekdays=other)
        assert self.refused(work, security) == "Bukan hari kerjanya."

    @pytest.mark.parametrize("kind", ["discipline", "security", "unfit"])
    def test_while_a_restriction_holds(self, kind, work, facility, security):
        row = Restriction.objects.create(
            inmate=work.inmate, facility=facility, kind=kind, starts=today(), until=today()
        )
        assert "pembatasan" in self.refused(work, security)
        row.delete()
        assert work_days.leave(placement=work, by=security)

    def test_once_the_agreement_is_over(self, clock, facility, officer, security):
        employer = partner_employer(facility)
        agreement = agreed_with(employer, ends_on=today(2))
        work = goes_out(facility, officer, employer=employer, agreement=agreement)
        clock.move_to(at(7, days=3))
        assert "Perjanjian" in self.refused(work, security)

    def test_once_the_decree_is_over(self, clock, facility, officer, security):
        work = goes_out(facility, officer, decree_until=today())
        clock.move_to(at(7, days=1))
        assert "SK asimilasi berakhir" in self.refused(work, security)

    def test_who_is_no_longer_here(self, work, security):
        work.inmate.custodies.update(until=today(), ended_how="released")
        assert "Tidak lagi ditempatkan" in self.refused(work, security)


def test_nobody_goes_out_by_other_work(clock, facility, officer, security):
    other = placement_of(released_from(facility), facility)
    with pytest.raises(NotAllowed, match="bukan asimilasi kerja"):
        work_days.leave(placement=other, by=security)
    with pytest.raises(NotAllowed, match="bukan asimilasi kerja"):
        work_release.change(placement=other, changes={"job": "x"}, reason="x", by=officer)


class TestComingBack:
    @pytest.fixture
    def day(self, work, security):
        return work_days.leave(placement=work, by=security)

    def test_in_time_tells_nobody(self, day, security, clock):
        clock.move_to(at(16))
        back = work_days.come_back(day=day, note="Sehat", by=security)
        assert (back.back_at, back.back_by, back.note) == (at(16), security, "Sehat")
        assert (back.is_late, back.minutes_late) == (False, 0)
        assert not Notice.objects.filter(kind="work_release_late").exists()

    def test_late_the_head_and_the_gate_learn_at_once(self, day, security, head, facility, clock):
        colleague = staff(facility, "security")
        clock.move_to(at(16, 25))
        back = work_days.come_back(day=day, by=security)
        assert (back.is_late, back.minutes_late) == (True, 25)
        for person in (head, colleague):
            (notice,) = told(person, "work_release_late")
            assert (notice.urgent, notice.data) == (True, {"at": "16.00", "minutes": 25})
        assert not told(security, "work_release_late")

    def test_at_an_earlier_time(self, day, security, clock):
        clock.move_to(at(17))
        assert not work_days.come_back(day=day, at=time(15, 59), by=security).is_late

    def test_not_before_leaving_and_not_in_the_future(self, day, security, clock):
        clock.move_to(at(15))
        for moment in (time(6, 59), time(15, 1)):
            said = refusal_of(work_days.come_back, day=day, at=moment, by=security)
            assert set(said) == {"at"}

    def test_twice_is_once_and_another_hears_who(self, day, security, facility, clock):
        clock.move_to(at(15))
        back = work_days.come_back(day=day, by=security)
        assert work_days.come_back(day=day, by=security) == back
        with pytest.raises(AlreadyDone, match=r"pukul 15\.00 oleh Petugas KPLP"):
            work_days.come_back(day=day, by=staff(facility, "security"))

    def test_after_the_work_release_ended_too(self, day, work, officer, security, clock):
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        clock.move_to(at(9))
        assert work_days.come_back(day=day, by=security).back_at == at(9)


class TestTakingBack:
    @pytest.fixture
    def day(self, work, security):
        return work_days.leave(placement=work, by=security)

    def test_first_the_return_then_the_leaving(self, day, security, clock):
        clock.move_to(at(17))
        work_days.come_back(day=day, by=security)
        undone = work_days.undo(day=day, reason="Orang lain", by=security)
        assert (undone.back_at, undone.back_by) == (None, None)
        assert not Notice.objects.live().filter(kind="work_release_late").exists()
        assert work_days.undo(day=day, reason="Orang lain", by=security) is None
        assert not WorkDay.objects.exists()
        gone = WorkDay.pgh_event_model.objects.get(pgh_label="delete")
        assert gone.pgh_context["reason"] == "Orang lain"

    def test_with_a_reason(self, day, security):
        assert set(refusal_of(work_days.undo, day=day, reason=" ", by=security)) == {"reason"}

    def test_later_only_by_the_head(self, day, security, head, officer, clock):
        clock.move_to(at(7, days=1))
        for person in (security, officer):
            with pytest.raises(Forbidden):
                work_days.undo(day=day, reason="x", by=person)
        assert work_days.undo(day=day, reason="x", by=head) is None


class TestAlarm:
    @pytest.fixture
    def day(self, work, security):
        return work_days.leave(placement=work, by=security)

    def test_once_the_hour_has_passed_and_only_once(self, day, security, head, officer, clock):
        clock.move_to(at(16))
        assert work_days.alarm_all() == 0
        clock.move_to(at(16, 1))
        alarm_late_returns()
        for person in (security, head):
            (notice,) = told(person, "work_release_overdue")
            assert (notice.urgent, notice.data["at"]) == (True, "16.00")
        assert not told(officer, "work_release_overdue")
        assert work_days.alarm_all() == 0

    def test_no_name_travels(self, day, work, security, clock):
        clock.move_to(at(18))
        work_days.alarm_all()
        assert work.inmate.name not in str(Notice.objects.values_list("data", "link"))

    def test_it_is_over_once_they_are_back(self, day, security, clock):
        clock.move_to(at(18))
        work_days.alarm_all()
        work_days.come_back(day=day, by=security)
        assert not told(security, "work_release_overdue")


class TestList:
    def test_who_goes_in_order_of_the_hour(self, clock, facility, officer, security):
        late = goes_out(facility, officer, leaves_at=time(9), returns_at=time(17))
        early = goes_out(facility, officer)
        ended = goes_out(facility, officer)
        placements.end(placement=ended, ended_on=today(), reason="x", by=officer)
        lines = work_days.day_of(security, today())
        assert [line.placement for line in lines] == [early, late]
        assert all(line.may_leave for line in lines)
        assert lines[0].register_number == early.inmate.custodies.get().register_number

    def test_why_somebody_may_not_go(self, work, facility, security):
        Restriction.objects.create(
            inmate=work.inmate, facility=facility, kind="unfit", starts=today()
        )
        (line,) = work_days.day_of(security, today())
        assert (line.may_leave, len(line.obstacles)) == (False, 1)

    def test_of_a_day_that_has_passed_only_who_went(self, work, security, clock):
        work_days.leave(placement=work, by=security)
        goes_out(work.facility, staff(work.facility, "officer"))
        clock.move_to(at(12, days=1))
        (line,) = work_days.day_of(security, today(-1))
        assert line.placement == work

    def test_who_is_out_since_yesterday_stands_there_today(self, work, security, officer, clock):
        work_days.leave(placement=work, by=security)
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        clock.move_to(at(7, days=1))
        (line,) = work_days.day_of(security, today())
        assert (line.is_out, line.log.day) == (True, today(-1))

    def test_not_those_of_another_prison(self, work, outsider, liaison):
        assert work_days.day_of(outsider, today()) == []
        assert work_days.day_of(liaison, today()) == []

    def test_merged_records_are_one_person(self, work, facility, security):
        twin = type(work.inmate).objects.create(person_key="X1", name="X", search_name="x")
        twin.merged_into = work.inmate
        twin.save()
        Restriction.objects.create(inmate=twin, facility=facility, kind="security", starts=today())
        (line,) = work_days.day_of(security, today())
        assert line.obstacles


class TestWalls:
    def test_one_day_once(self, work, security):
        day = work_days.leave(placement=work, by=security)
        same = {"facility": day.facility, "placement": work, "day": day.day}
        with pytest.raises(IntegrityError, match="work_day_once"), transaction.atomic():
            WorkDay.objects.create(**same, out_at=at(7), due_back_at=at(9))

    @pytest.mark.parametrize("field", ["back_at", "due_back_at"])
    def test_back_after_leaving(self, field, work, security):
        day = work_days.leave(placement=work, by=security)
        with pytest.raises(IntegrityError, match="after_leaving"), transaction.atomic():
            WorkDay.objects.filter(pk=day.pk).update(**{field: at(6)})


minutes = st.integers(0, 24 * 60 - 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(now=minutes, out=minutes, back=minutes)
def test_nobody_is_ever_out_longer_than_allowed_without_being_late(
    now, out, back, facility, officer, security
):
    with transaction.atomic(), time_machine.travel(at(0), tick=False) as clock:
        work = goes_out(facility, officer)
        clock.move_to(at(0) + timedelta(minutes=now))
        try:
            day = work_days.leave(placement=work, at=time(out // 60, out % 60), by=security)
        except NotAllowed:
            assert out > now or out < 6 * 60 + 30 or now >= min(16 * 60, out + 9 * 60)
        else:
            assert day.out_at >= at(6, 30)
            assert day.due_back_at == min(at(16), day.out_at + timedelta(hours=9))
            clock.move_to(max(at(0) + timedelta(minutes=back), timezone.now()))
            back_day = work_days.come_back(day=day, by=security)
            stayed = back_day.back_at - back_day.out_at
            assert back_day.is_late == (back_day.back_at > day.due_back_at)
            assert back_day.is_late or stayed <= timedelta(hours=9)
        transaction.set_rollback(True)


def test_a_consent_withdrawn_is_decided_not_a_closed_gate(work, facility, security):
    consent_of(work.inmate, facility, withdrawn_on=today(), withdrawn_why="x")
    assert work_days.leave(placement=work, by=security)
