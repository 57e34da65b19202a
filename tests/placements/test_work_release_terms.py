"""Work release of the past, its terms as they change, and what the database refuses."""

from datetime import time

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from correspondence.models import Notice
from inmates.states import RegisterClass
from placements.employment import PayBand, PlacementKind, PlacementState
from placements.models import FollowUp, Placement
from placements.services import placements, work_release
from placements.services import work_release_checks as needs
from tests.factories.partners import scan_file, today
from tests.placements.out_to_work import (
    agreed_with,
    goes_out,
    may_go_out,
    papers,
    partner_employer,
)
from tests.placements.work import refusal_of, released_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer(facility):
    return partner_employer(facility)


@pytest.fixture
def person(facility):
    return may_go_out(facility)


@pytest.fixture
def refused(person, facility, officer, employer):
    """What is said when papers are changed so."""

    def refused_with(**given):
        inmate = given.pop("inmate", person)
        said = {"inmate": inmate, "facility": facility, "by": officer}
        found = refusal_of(
            work_release.begin, **said, **papers(given.pop("employer", employer), **given)
        )
        assert not Placement.objects.exists()
        return found

    return refused_with


class TestOfThePast:
    def test_scans_may_be_missing_and_today_does_not_count(self, facility, officer, employer):
        gone = released_from(facility, days=5, register_class=RegisterClass.B1)
        scans = dict.fromkeys(needs.SCANS)
        past = {"starts_on": today(-60), "decree_on": today(-70), "ended_on": today(-5)}
        work = goes_out(
            facility, officer, inmate=gone, employer=employer, reason="Bebas", **past, **scans
        )
        assert (work.state, work.entered_afterwards) == (PlacementState.ENDED, True)
        assert not Notice.objects.exists()

    def test_the_agreement_held_to_its_end(self, facility, employer, refused):
        gone = released_from(facility, days=5, register_class=RegisterClass.B1)
        past = {"starts_on": today(-60), "decree_on": today(-70), "ended_on": today(-5)}
        agreement = agreed_with(employer, ends_on=today(-6))
        said = refused(inmate=gone, agreement=agreement, reason="Bebas", **past)
        assert set(said) == {"agreement"}


class TestChanging:
    @pytest.fixture
    def work(self, person, facility, officer, employer):
        return goes_out(facility, officer, inmate=person, employer=employer)

    def change(self, work, by, reason="Jadwal baru", **changes):
        return work_release.change(placement=work, changes=changes, reason=reason, by=by)

    def test_hours_days_and_a_new_decree(self, work, officer):
        self.change(
            work, officer, leaves_at=time(8), weekdays=["5", "1"], decree_number="SK 18",
            decree_scan=scan_file(b"%PDF-1.7 baru"),
        )  # fmt: skip
        work.refresh_from_db()
        assert (work.leaves_at, work.weekdays, work.decree_number) == (time(8), [1, 5], "SK 18")
        assert work.decree_scan.read() == b"%PDF-1.7 baru"
        assert work.events.last().pgh_context["reason"] == "Jadwal baru"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("returns_at", time(17)),
            ("weekdays", []),
            ("pay_band", PayBand.BELOW),
            ("decree_number", ""),
            ("agreement", None),
            ("decree_until", today(-1)),
            ("starts_on", today(1)),
        ],
    )
    def test_what_it_needs_it_still_needs(self, field, value, work, officer):
        said = refusal_of(self.change, work, officer, **{field: value})
        assert set(said) == {field}

    def test_the_first_day_moves_while_it_has_not_come(self, facility, officer):
        work = goes_out(facility, officer, starts_on=today(5))
        self.change(work, officer, starts_on=today(8))
        assert set(refusal_of(self.change, work, officer, starts_on=today(-1))) == {"starts_on"}
        assert FollowUp.objects.planned().filter(counted_from=today(8)).exists()

    def test_not_once_it_ended(self, work, officer):
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        assert "berakhir" in refusal_of(self.change, work, officer, job="Lain")["__all__"]

    def test_an_end_is_undone_only_while_all_still_holds(self, work, officer, head, person):
        placements.end(placement=work, ended_on=today(), reason="x", by=officer)
        person.consents.update(withdrawn_on=today(), withdrawn_why="x")
        said = refusal_of(placements.undo_end, placement=work, reason="Keliru", by=head)
        assert "persetujuan" in said["__all__"]
        person.consents.update(withdrawn_on=None)
        assert placements.undo_end(placement=work, reason="Keliru", by=head).state == "running"


class TestWalls:
    """What the database refuses, whoever writes."""

    @pytest.mark.parametrize(
        ("field", "value", "wall"),
        [
            ("decree_number", "", "papers"),
            ("decree_on", None, "papers"),
            ("agreement", None, "papers"),
            ("leaves_at", None, "papers"),
            ("returns_at", None, "papers"),
            ("returns_at", time(6), "papers"),
            ("decree_scan", "", "scans"),
            ("family_guarantee", "", "scans"),
            ("institution_guarantee", "", "scans"),
            ("weekdays", [], "weekdays"),
            ("employer", None, "with_whom"),
            ("decree_until", today(-9), "decree_lasts"),
        ],
    )
    def test_each_missing_paper(self, field, value, wall, facility, officer):
        work = goes_out(facility, officer)
        with pytest.raises(IntegrityError, match=wall), transaction.atomic():
            Placement.objects.filter(pk=work.pk).update(**{field: value})

    def test_one_out_of_another_kind(self, facility, officer):
        work = placements.begin(
            inmate=released_from(facility), facility=facility, kind="self_employed",
            job="Warung", starts_on=today(), by=officer,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            Placement.objects.filter(pk=work.pk).update(kind=PlacementKind.WORK_RELEASE)
