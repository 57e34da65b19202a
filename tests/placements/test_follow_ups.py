"""Series of follow-ups: planned by release or work, called off by death, return or a mistake."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Custody, Inmate
from inmates.services import custodies
from inmates.states import CustodyEnd
from placements.asking import due_day
from placements.employment import FollowUpOwner, PlacementKind
from placements.models import FollowUp
from placements.services import consents, departures, follow_ups
from tests.factories.inmates import CustodyFactory, absent_from, inmate_at
from tests.factories.partners import today
from tests.factories.placements import placement_of
from tests.factories.results import certificate_of
from tests.factories.training import confirmed_batch, enrolled
from tests.placements.followed import (
    again,
    agrees,
    free_follow_up,
    freed,
    sentence_over,
    series_of,
    states_of,
    trained_at,
)
from training.services import certificates

pytestmark = pytest.mark.django_db
ALL_DUE = [(1, "due"), (3, "due"), (6, "due"), (12, "due")]
ALL_OFF = [(months, "cancelled") for months, _state in ALL_DUE]
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


class TestDueDays:
    @given(DAYS, st.integers(0, 60))
    def test_is_the_same_day_of_the_month_or_its_last(self, day, months):
        due = due_day(day, months)
        assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
        following = date.fromordinal(due.toordinal() + 1)
        assert due.day == day.day or (due.day < day.day and following.day == 1)

    @given(DAYS, st.integers(0, 30), st.integers(1, 30))
    def test_later_months_are_due_later(self, day, months, more):
        assert due_day(day, months) < due_day(day, months + more)

    @pytest.mark.parametrize(
        ("day", "months", "due"),
        [
            (date(2027, 1, 31), 1, date(2027, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2027, 11, 30), 3, date(2028, 2, 29)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2027, 12, 15), 1, date(2028, 1, 15)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
        ],
    )
    def test_is_clipped_at_the_end_of_a_month(self, day, months, due):
        assert due_day(day, months) == due


class TestRelease:
    def test_plans_four_months_after_a_completed_training(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar, days_ago=5)
        rows = series_of(inmate)
        assert [(row.months, row.state, row.due_on) for row in rows] == [
            (months, "due", due_day(today(-5), months)) for months in (1, 3, 6, 12)
        ]
        assert {row.owner for row in rows} == {FollowUpOwner.PRISON}
        assert {row.facility for row in rows} == {facility}

    def test_follows_the_months_of_the_setting(self, facility, agency, registrar, settings):
        settings.FOLLOW_UP_MONTHS = [2, 9]
        assert states_of(freed(facility, agency, registrar)) == [(2, "due"), (9, "due")]

    def test_plans_for_who_was_only_certified(self, facility, agency, registrar):
        row = enrolled(confirmed_batch(facility, agency))
        certificate_of(row)
        departures.leave(
            inmate=row.inmate, facility=facility, how="released", on=today(), by=registrar
        )
        assert states_of(row.inmate) == ALL_DUE

    @pytest.mark.parametrize("kind", ["participation", "training"])
    def test_a_letter_or_a_revoked_paper_certifies_nobody(
        self, facility, agency, registrar, head, kind
    ):
        row = enrolled(confirmed_batch(facility, agency))
        paper = certificate_of(row, kind=kind)
        if kind == "training":
            certificates.revoke(certificate=paper, reason="Keliru", by=head)
        departures.leave(
            inmate=row.inmate, facility=facility, how="released", on=today(), by=registrar
        )
        assert series_of(row.inmate) == []

    def test_plans_nothing_for_who_was_not_trained(self, facility, registrar):
        inmate = inmate_at(facility)
        departures.leave(inmate=inmate, facility=facility, how="released", on=today(), by=registrar)
        assert series_of(inmate) == []

    @pytest.mark.parametrize("how", ["died", "escaped", "transferred"])
    def test_plans_nothing_for_who_left_otherwise(self, facility, agency, registrar, how):
        inmate = trained_at(facility, agency)
        departures.leave(inmate=inmate, facility=facility, how=how, on=today(), by=registrar)
        assert series_of(inmate) == []

    def test_twice_is_planned_once(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar, days_ago=5)
        departures.leave(
            inmate=inmate, facility=facility, how="released", on=today(-5), by=registrar
        )
        follow_ups.plan_for_release(inmate=inmate, day=today(-5), by=registrar)
        assert states_of(inmate) == ALL_DUE

    def test_plans_by_the_training_of_a_merged_record(self, facility, agency, registrar):
        inmate, twin = inmate_at(facility), trained_at(facility, agency)
        Custody.objects.filter(inmate=twin).update(until=today(-3), ended_how="duplicate")
        Inmate.objects.filter(pk=twin.pk).update(merged_into=inmate)
        departures.leave(inmate=inmate, facility=facility, how="released", on=today(), by=registrar)
        assert states_of(inmate) == ALL_DUE

    def test_of_an_absence_that_the_registrar_decides(self, facility, agency, registrar):
        absence = absent_from(facility)
        enrolled(
            confirmed_batch(facility, agency),
            absence.inmate,
            state="completed",
            entered_afterwards=True,
        )
        departures.decide_absence(absence=absence, decision="released", on=today(-2), by=registrar)
        assert states_of(absence.inmate) == ALL_DUE


class TestUndoing:
    def test_a_release_that_did_not_happen_is_not_asked_about(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        departures.reopen(custody=inmate.custodies.get(), reason="Salah orang", by=registrar)
        assert states_of(inmate) == ALL_OFF
        assert {row.outcome for row in series_of(inmate)} == {""}
        assert "Salah orang" in series_of(inmate)[0].reason

    def test_the_same_day_again_takes_the_same_rows(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar, days_ago=5)
        before = [row.pk for row in series_of(inmate)]
        departures.reopen(custody=inmate.custodies.get(), reason="Salah", by=registrar)
        departures.leave(
            inmate=inmate, facility=facility, how="released", on=today(-5), by=registrar
        )
        assert [row.pk for row in series_of(inmate)] == before
        assert states_of(inmate) == ALL_DUE

    def test_another_day_moves_the_series(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar, days_ago=5)
        departures.reopen(custody=inmate.custodies.get(), reason="Salah hari", by=registrar)
        departures.leave(
            inmate=inmate, facility=facility, how="released", on=today(-2), by=registrar
        )
        planned = FollowUp.objects.planned().filter(inmate=inmate)
        assert {row.counted_from for row in planned} == {today(-2)}
        assert planned.count() == 4


class TestReturn:
    def test_whoever_comes_back_is_asked_no_more(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        departures.come_back(inmate=inmate, facility=facility, starts=today(-1), by=registrar)
        assert states_of(inmate) == ALL_OFF
        assert {row.outcome for row in series_of(inmate)} == {"detained"}

    def test_the_sweep_finds_who_the_register_brought_back(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        CustodyFactory(inmate=inmate, facility=facility, starts=today(-1))
        assert follow_ups.keep_up() == 4
        assert states_of(inmate) == ALL_OFF
        assert follow_ups.keep_up() == 0

    def test_also_at_another_prison(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        CustodyFactory(inmate=inmate, starts=today())
        follow_ups.keep_up()
        assert {row.outcome for row in series_of(inmate)} == {"detained"}

    def test_a_stay_with_the_old_day_was_no_return(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        FollowUp.objects.update(created_at=timezone.now() - timedelta(days=3))
        CustodyFactory(inmate=inmate, facility=facility, starts=today(-500))
        follow_ups.keep_up()
        assert states_of(inmate) == ALL_OFF
        assert {row.outcome for row in series_of(inmate)} == {""}

    def test_whoever_is_free_stays_planned(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        assert follow_ups.keep_up() == 0
        assert states_of(inmate) == ALL_DUE

    def test_a_new_release_begins_a_new_series(self, facility, agency, registrar):
        inmate = freed(facility, agency, registrar)
        departures.come_back(inmate=inmate, facility=facility, starts=today(-20), by=registrar)
        departures.leave(
            inmate=inmate, facility=facility, how="released", on=today(-1), by=registrar
        )
        planned = FollowUp.objects.planned().filter(inmate=inmate)
        assert {row.counted_from for row in planned} == {today(-1)}


class TestWork:
    def test_begins_a_new_series_and_ends_the_old(self, facility, agency, registrar, officer):
        inmate = freed(facility, agency, registrar)
        work = placement_of(inmate, facility, starts_on=today(-3))
        rows = follow_ups.plan_for_placement(placement=work, by=officer)
        assert [(row.months, row.due_on) for row in rows] == [
            (months, due_day(today(-3), months)) for months in (1, 3, 6, 12)
        ]
        planned = FollowUp.objects.planned().filter(inmate=inmate)
        assert {row.placement for row in planned} == {work}

    def test_what_was_answered_stays(self, facility, agency, registrar, officer):
        inmate = freed(facility, agency, registrar)
        FollowUp.objects.filter(inmate=inmate, months=1).update(
            state="done", outcome="no_work", channel="call", done_on=today(-9)
        )
        work = placement_of(inmate, facility, starts_on=today(-3))
        follow_ups.plan_for_placement(placement=work, by=officer)
        old = [row for row in series_of(inmate) if row.placement is None]
        assert [str(row.state) for row in old] == ["done", "cancelled", "cancelled", "cancelled"]

    def test_whoever_asked_goes_on_asking(self, facility, agency, registrar, officer):
        inmate = freed(facility, agency, registrar)
        FollowUp.objects.filter(inmate=inmate).update(
            owner=FollowUpOwner.AGENCY, agency=agency, contact="0812"
        )
        work = placement_of(inmate, facility, starts_on=today(-3))
        rows = follow_ups.plan_for_placement(placement=work, by=officer)
        assert {(row.owner, row.agency, row.contact) for row in rows} == {
            (FollowUpOwner.AGENCY, agency, "0812")
        }

    def test_on_the_day_of_release_there_is_one_series(self, facility, agency, registrar, officer):
        inmate = freed(facility, agency, registrar, days_ago=3)
        work = placement_of(inmate, facility, starts_on=today(-3))
        follow_ups.plan_for_placement(placement=work, by=officer)
        assert states_of(inmate) == ALL_DUE
        assert {row.placement for row in series_of(inmate)} == {work}

    def test_a_release_entered_late_leaves_it_alone(self, facility, agency, registrar, officer):
        inmate = trained_at(facility, agency)
        work = placement_of(inmate, facility, starts_on=today(-3))
        follow_ups.plan_for_placement(placement=work, by=officer)
        departures.leave(
            inmate=inmate, facility=facility, how="released", on=today(-10), by=registrar
        )
        assert {row.counted_from for row in series_of(inmate)} == {today(-3)}

    @pytest.fixture
    def working_inside(self, facility, agency, officer):
        inmate = trained_at(facility, agency)
        work = placement_of(inmate, facility, starts_on=today(-30))
        follow_ups.plan_for_placement(placement=work, by=officer)
        # Its papers are no matter of these tests.
        with_papers = {
            "kind": PlacementKind.WORK_RELEASE,
            "state": "ended",
            "ended_on": today(),
            "reason": "Bebas",
            "decree_number": "1",
            "decree_on": today(-31),
            "agreement": confirmed_batch(facility, agency).agreement,
            "leaves_at": "07:00",
            "returns_at": "15:00",
            "weekdays": [1],
            "decree_until": today(60),
        }
        type(work).objects.filter(pk=work.pk).update(**with_papers)
        return inmate

    def test_work_release_goes_on_in_custody(self, working_inside):
        assert follow_ups.keep_up() == 0
        assert states_of(working_inside) == ALL_DUE

    def test_a_release_takes_its_place(self, facility, working_inside, registrar):
        departures.leave(
            inmate=working_inside, facility=facility, how="released", on=today(), by=registrar
        )
        planned = FollowUp.objects.planned().filter(inmate=working_inside)
        assert {row.counted_from for row in planned} == {today()}

    @pytest.mark.parametrize(("how", "outcome"), [("died", "died"), ("escaped", "")])
    def test_leaving_unfree_ends_it(self, facility, working_inside, registrar, how, outcome):
        departures.leave(
            inmate=working_inside, facility=facility, how=how, on=today(), by=registrar
        )
        assert states_of(working_inside) == ALL_OFF
        assert {row.outcome for row in series_of(working_inside)} == {outcome}


class TestStarting:
    @pytest.fixture
    def gone(self, facility, agency):
        inmate = trained_at(facility, agency)
        Custody.objects.filter(inmate=inmate).update(
            until=today(-100), ended_how=CustodyEnd.RELEASED
        )
        return inmate

    def test_begins_for_who_left_before_anybody_asked(self, gone, officer):
        follow_ups.start(inmate=gone, by=officer)
        assert {row.counted_from for row in series_of(gone)} == {today(-100)}

    def test_twice_is_once(self, gone, officer, head):
        first = follow_ups.start(inmate=gone, by=officer)
        assert follow_ups.start(inmate=gone, by=head) == first

    def test_is_refused_for_who_is_here(self, facility, agency, officer):
        with pytest.raises(NotAllowed, match="belum pernah"):
            follow_ups.start(inmate=trained_at(facility, agency), by=officer)

    def test_is_refused_for_who_is_back(self, facility, gone, officer, registrar):
        custodies.begin(inmate=gone, facility=facility, starts=today(-1), by=registrar)
        with pytest.raises(NotAllowed, match="masih ditempatkan"):
            follow_ups.start(inmate=gone, by=officer)

    def test_is_no_task_of_the_registrar_or_of_another_prison(self, gone, registrar, outsider):
        for user in (registrar, outsider):
            with pytest.raises(Forbidden):
                follow_ups.start(inmate=gone, by=user)


class TestConsentLost:
    @pytest.fixture
    def given(self, facility, agency):
        row = free_follow_up(facility)
        consent = agrees(row.inmate, facility)
        FollowUp.objects.filter(pk=row.pk).update(owner=FollowUpOwner.AGENCY, agency=agency)
        return again(row), consent

    def test_withdrawn_it_comes_back_at_once(self, given, officer):
        row, consent = given
        withdrawn = consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=officer)
        assert (again(row).owner, withdrawn.changed) == (FollowUpOwner.PRISON, 1)

    def test_ended_by_its_date_the_sweep_brings_it_back(self, given, officer):
        row, consent = given
        assert follow_ups.keep_up() == 0
        type(consent).objects.filter(pk=consent.pk).update(signed_on=today(-30), until=today(-1))
        assert follow_ups.keep_up() == 1
        assert again(row).owner == FollowUpOwner.PRISON
        assert officer.notices.live().get().kind == "follow_ups_back"

    def test_even_under_the_sentence_an_agency_needs_it(self, given, officer):
        row, consent = given
        sentence_over(row.inmate, days_ago=-100)
        consents.withdraw(consent=consent, on=today(), why="Tidak mau", by=officer)
        assert again(row).owner == FollowUpOwner.PRISON
