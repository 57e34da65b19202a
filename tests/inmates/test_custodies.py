"""A stay ends, begins again, or its ending was entered wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Circumstance, Custody
from inmates.services import custodies
from inmates.states import LEAVES, CircumstanceDecision, CircumstanceKind, CustodyEnd
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, inmate_at, transfer_from
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


def ended(inmate, facility, by, **said):
    said = {"how": CustodyEnd.RELEASED, "on": today(-2), **said}
    return custodies.end(inmate=inmate, facility=facility, by=by, **said)


@pytest.mark.parametrize("how", LEAVES)
def test_who_leaves_is_in_custody_nowhere_and_the_change_is_noted(facility, registrar, how):
    inmate = inmate_at(facility)
    custody = ended(inmate, facility, registrar, how=how)
    inmate.refresh_from_db()
    assert inmate.prison is None
    assert (custody.until, custody.ended_how) == (today(-2), how)
    noted = Circumstance.objects.get(inmate=inmate)
    assert (noted.kind, noted.effective, noted.created_by) == (how, today(-2), registrar)
    assert (noted.facility, noted.is_open) == (facility, True)


def test_a_prison_outside_the_app_is_kept_by_name(facility, registrar):
    custody = ended(
        inmate_at(facility), facility, registrar, how="transferred", moved_to="Lapas Ambon"
    )
    assert custody.moved_to == "Lapas Ambon"
    assert Circumstance.objects.get().new == "Lapas Ambon"
    assert Circumstance.objects.get().old == facility.name


def test_the_name_of_a_prison_says_nothing_about_a_release(facility, registrar):
    custody = ended(inmate_at(facility), facility, registrar, moved_to="Lapas Ambon")
    assert custody.moved_to == ""


def test_asked_twice_by_the_same_person_is_done_once(facility, registrar):
    inmate = inmate_at(facility)
    first = ended(inmate, facility, registrar)
    assert ended(inmate, facility, registrar) == first
    assert Circumstance.objects.count() == 1


def test_with_another_day_or_by_somebody_else_it_is_said_who_was_first(facility, registrar):
    inmate = inmate_at(facility)
    ended(inmate, facility, registrar)
    with pytest.raises(AlreadyDone, match=r"bebas.*oleh Petugas Register"):
        ended(inmate, facility, registrar, on=today(-1))
    with pytest.raises(AlreadyDone, match="Petugas Register"):
        ended(inmate, facility, staff(facility, "registrar"))


class TestDays(TestCase):
    @given(start=st.integers(-400, 0), left=st.integers(-500, 30))
    def test_nobody_leaves_before_they_came_or_in_days_to_come(self, start, left):
        facility = FacilityFactory()
        registrar = staff(facility, "registrar")
        inmate = inmate_at(facility)
        Custody.objects.filter(inmate=inmate).update(starts=today(start))
        if start <= left <= 0:
            assert ended(inmate, facility, registrar, on=today(left)).until == today(left)
        else:
            with pytest.raises(NotAllowed) as refused:
                ended(inmate, facility, registrar, on=today(left))
            assert set(refused.value.error_dict) == {"on"}


@pytest.mark.parametrize("how", ["", "duplicate", "nonsense"])
def test_only_the_four_ways_out_can_be_entered(facility, registrar, how):
    with pytest.raises(NotAllowed) as refused:
        ended(inmate_at(facility), facility, registrar, how=how)
    assert set(refused.value.error_dict) == {"how"}


def test_who_was_never_here_cannot_leave(facility, registrar):
    with pytest.raises(NotAllowed, match="tidak tercatat di lapas ini"):
        ended(inmate_at(FacilityFactory()), facility, registrar)


@pytest.mark.parametrize("role", ["officer", "head", "warden", "security"])
def test_only_the_registrar_ends_a_stay(facility, role):
    with pytest.raises(Forbidden):
        ended(inmate_at(facility), facility, staff(facility, role))


def test_who_is_asked_for_is_answered_about_not_sent_away(facility, registrar):
    asked = transfer_from(facility)
    with pytest.raises(NotAllowed, match=asked.destination.name):
        ended(asked.inmate, facility, registrar, how="transferred")
    assert ended(asked.inmate, facility, registrar, how="released").ended_how == "released"


@pytest.mark.parametrize("role", ["registrar", "head"])
def test_a_wrong_ending_is_taken_back_with_its_reason(facility, registrar, role):
    inmate = inmate_at(facility)
    custody = ended(inmate, facility, registrar)
    by = staff(facility, role)
    again = custodies.reopen(custody=custody, reason="Salah orang", by=by)
    assert custodies.reopen(custody=custody, reason="Salah orang", by=by) == again
    inmate.refresh_from_db()
    assert (again.until, again.ended_how, again.reopened_why) == (None, "", "Salah orang")
    assert inmate.prison == facility
    noted = Circumstance.objects.get()
    assert (noted.decision, noted.handled_by) == (CircumstanceDecision.NOTHING, by)
    ups = [event.until for event in custody.events.order_by("pgh_id")]
    assert ups == [None, today(-2), None]


def test_a_reopened_stay_may_end_again(facility, registrar):
    inmate = inmate_at(facility)
    custodies.reopen(custody=ended(inmate, facility, registrar), reason="Keliru", by=registrar)
    assert ended(inmate, facility, registrar, how="escaped").ended_how == "escaped"
    assert {row.kind for row in Circumstance.objects.open()} == {CircumstanceKind.ESCAPED}


def test_a_reason_is_needed_and_a_running_stay_stays(facility, registrar):
    inmate = inmate_at(facility)
    with pytest.raises(AlreadyDone, match="masih berjalan"):
        custodies.reopen(custody=inmate.custodies.get(), reason="Keliru", by=registrar)
    custody = ended(inmate, facility, registrar)
    with pytest.raises(NotAllowed) as refused:
        custodies.reopen(custody=custody, reason="  ", by=registrar)
    assert set(refused.value.error_dict) == {"reason"}


def test_nothing_is_reopened_while_the_person_is_elsewhere(facility, registrar):
    inmate = inmate_at(facility)
    custody = ended(inmate, facility, registrar)
    CustodyFactory(inmate=inmate, starts=today(-1))
    with pytest.raises(NotAllowed, match="sudah tercatat di lapas lain"):
        custodies.reopen(custody=custody, reason="Keliru", by=registrar)


def test_only_the_last_stay_is_reopened(facility, registrar):
    inmate = inmate_at(facility)
    custody = ended(inmate, facility, registrar)
    CustodyFactory(inmate=inmate, starts=today(-1), until=today(), ended_how="released")
    with pytest.raises(NotAllowed, match="terakhir"):
        custodies.reopen(custody=custody, reason="Keliru", by=registrar)


def test_a_stay_that_a_merge_ended_comes_back_with_the_merge(facility, registrar):
    inmate = inmate_at(facility)
    inmate.custodies.update(until=today(-2), ended_how="duplicate")
    with pytest.raises(NotAllowed, match="penggabungan"):
        custodies.reopen(custody=inmate.custodies.get(), reason="Keliru", by=registrar)


@pytest.mark.parametrize("role", ["officer", "warden", "security"])
def test_others_do_not_reopen(facility, registrar, role):
    custody = ended(inmate_at(facility), facility, registrar)
    with pytest.raises(Forbidden):
        custodies.reopen(custody=custody, reason="Keliru", by=staff(facility, role))


def back(inmate, facility, by, **said):
    said = {"starts": today(), "register_number": "B.I 9/2026", "register_class": "B.I", **said}
    return custodies.begin(inmate=inmate, facility=facility, by=by, **said)


def test_who_comes_back_has_a_new_stay_with_its_own_number(facility, registrar):
    inmate = inmate_at(facility)
    ended(inmate, facility, registrar, how="escaped")
    stay = back(inmate, facility, registrar)
    assert back(inmate, facility, registrar) == stay
    assert inmate.custodies.count() == 2
    assert stay.register_entries.get().register_number == "B.I 9/2026"


@pytest.mark.parametrize(("starts", "field"), [(1, "starts"), (-3, "starts")])
def test_nobody_comes_back_before_they_left_or_in_days_to_come(facility, registrar, starts, field):
    inmate = inmate_at(facility)
    ended(inmate, facility, registrar)
    with pytest.raises(NotAllowed) as refused:
        back(inmate, facility, registrar, starts=today(starts))
    assert set(refused.value.error_dict) == {field}


def test_who_is_in_custody_does_not_come_back(facility, registrar):
    with pytest.raises(NotAllowed, match="tercatat di lapas ini sejak"):
        back(inmate_at(facility), facility, registrar)
    with pytest.raises(NotAllowed, match="di lapas lain"):
        back(inmate_at(FacilityFactory()), facility, registrar)


def test_a_merged_record_is_not_used_again(facility, registrar):
    inmate = inmate_at(facility)
    ended(inmate, facility, registrar)
    inmate.merged_into = inmate_at(facility)
    inmate.save(update_fields=["merged_into"])
    with pytest.raises(NotAllowed, match="digabungkan"):
        back(inmate, facility, registrar)
