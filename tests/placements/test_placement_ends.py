"""Work ends, its end is undone, what was written wrongly is corrected; and the database's walls."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from placements.employment import FollowUpState
from placements.models import FollowUp
from placements.services import placements
from tests.factories.inmates import CustodyFactory
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, placement_of
from tests.placements.work import accepted, begin, begin_referred, refusal_of, released_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def free(facility):
    """Released ten days ago."""
    return released_from(facility)


@pytest.fixture
def employer(facility):
    return EmployerFactory(facility=facility, name="PT Baja Uji")


class TestEnding:
    @pytest.fixture
    def work(self, free, facility, officer, employer):
        return begin(free, facility, officer, employer=employer)

    def test_with_day_and_reason_and_the_follow_ups_stay(self, work, officer):
        placements.end(placement=work, ended_on=today(), reason="Kontrak habis", by=officer)
        work.refresh_from_db()
        assert (work.state, work.ended_on, work.reason) == ("ended", today(), "Kontrak habis")
        assert FollowUp.objects.filter(state=FollowUpState.DUE).count() == 4

    def test_twice_is_once_and_another_hears_who(self, work, officer, head):
        said = {"placement": work, "ended_on": today(), "reason": "Kontrak habis"}
        ended = placements.end(**said, by=officer)
        assert placements.end(**said, by=officer) == ended
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            placements.end(**said, by=head)

    @pytest.mark.parametrize(
        ("days", "reason", "field"),
        [(-4, "x", "ended_on"), (1, "x", "ended_on"), (0, "  ", "reason")],
    )
    def test_when_and_why(self, days, reason, field, work, officer):
        said = {"placement": work, "ended_on": today(days), "reason": reason, "by": officer}
        assert set(refusal_of(placements.end, **said)) == {field}

    def test_the_agency_of_a_referral_learns_it(self, free, facility, agency, officer, liaison):
        work = begin_referred(accepted(facility, agency, free), officer)
        placements.end(placement=work, ended_on=today(), reason="Sakit", by=officer)
        notice = Notice.objects.get(recipient=liaison, kind="placement_ended")
        assert "Sakit" not in str(notice.data)

    def test_not_by_others(self, work, warden):
        with pytest.raises(Forbidden):
            placements.end(placement=work, ended_on=today(), reason="x", by=warden)

    def test_another_place_is_free_for_the_person(self, work, free, facility, officer, employer):
        placements.end(placement=work, ended_on=today(-1), reason="x", by=officer)
        assert begin(free, facility, officer, employer=employer, starts_on=today()).pk


class TestUndoing:
    @pytest.fixture
    def ended(self, free, facility, officer, employer):
        work = begin(free, facility, officer, employer=employer)
        return placements.end(placement=work, ended_on=today(), reason="Keliru", by=officer)

    def test_the_head_reopens_with_a_reason(self, ended, head):
        placements.undo_end(placement=ended, reason="Salah orang", by=head)
        ended.refresh_from_db()
        assert (ended.state, ended.ended_on, ended.reason) == ("running", None, "")
        assert ended.events.last().pgh_context["reason"] == "Salah orang"

    def test_nobody_else_and_not_without_a_reason(self, ended, officer, head):
        with pytest.raises(Forbidden):
            placements.undo_end(placement=ended, reason="x", by=officer)
        assert set(refusal_of(placements.undo_end, placement=ended, reason=" ", by=head)) == {
            "reason"
        }

    def test_not_while_other_work_goes_on(self, ended, free, facility, officer, head, employer):
        begin(free, facility, officer, employer=employer, starts_on=today(), job="Sopir")
        with pytest.raises(AlreadyDone, match="Sopir"):
            placements.undo_end(placement=ended, reason="x", by=head)

    def test_not_for_who_is_inside_again(self, ended, free, facility, head):
        CustodyFactory(inmate=free, facility=facility, starts=today())
        with pytest.raises(NotAllowed, match="masih ditempatkan"):
            placements.undo_end(placement=ended, reason="x", by=head)

    def test_what_goes_on_is_not_undone(self, free, facility, officer, head, employer):
        work = begin(free, facility, officer, employer=employer)
        with pytest.raises(AlreadyDone, match="masih berjalan"):
            placements.undo_end(placement=work, reason="x", by=head)


class TestCorrecting:
    @pytest.fixture
    def work(self, free, facility, officer, employer):
        return begin(free, facility, officer, employer=employer)

    def correct(self, work, by, reason="Salah ketik", **changes):
        return placements.correct(placement=work, changes=changes, reason=reason, by=by)

    def test_with_a_reason_in_the_history(self, work, officer, facility):
        other = EmployerFactory(facility=facility)
        self.correct(work, officer, job=" Tukang  kayu ", pay_band="around", employer=other)
        work.refresh_from_db()
        assert (work.job, work.pay_band, work.employer) == ("Tukang kayu", "around", other)
        assert work.events.last().pgh_context["reason"] == "Salah ketik"

    def test_another_first_day_moves_the_follow_ups(self, work, officer):
        self.correct(work, officer, starts_on=today(-5))
        planned = FollowUp.objects.planned()
        assert set(planned.values_list("counted_from", flat=True)) == {today(-5)}

    def test_not_to_a_day_inside_and_not_without_a_reason(self, work, officer):
        changes = {"changes": {"starts_on": today(-11)}, "placement": work, "by": officer}
        assert set(refusal_of(placements.correct, reason="x", **changes)) == {"starts_on"}
        assert set(refusal_of(placements.correct, reason="", **changes)) == {"reason"}

    def test_not_past_its_end(self, work, officer):
        placements.end(placement=work, ended_on=today(-2), reason="x", by=officer)
        changes = {"changes": {"starts_on": today(-1)}, "placement": work, "by": officer}
        assert set(refusal_of(placements.correct, reason="x", **changes)) == {"starts_on"}

    def test_the_employer_of_a_referral_stays(self, facility, agency, free, officer):
        work = begin_referred(accepted(facility, agency, free), officer)
        assert "employer" not in placements.correctable(work)
        with pytest.raises(ValueError, match="not corrected here"):
            self.correct(work, officer, employer=EmployerFactory(facility=facility))

    def test_an_employer_that_is_no_longer_active_may_stay(self, work, officer, employer):
        employer.is_active = False
        employer.save()
        assert self.correct(work, officer, job="Tukang kayu").job == "Tukang kayu"


class TestWalls:
    """What the database refuses, whoever writes."""

    def test_two_pieces_of_work_at_once(self, free, facility):
        placement_of(free, facility)
        with pytest.raises(IntegrityError, match="placement_open_once"), transaction.atomic():
            placement_of(free, facility)

    def test_work_after_release_without_employer(self, free, facility):
        with pytest.raises(IntegrityError, match="placement_with_whom"), transaction.atomic():
            placement_of(free, facility, employer=None)

    @pytest.mark.parametrize("given", [{"ended_on": today()}, {"reason": "x"}, {}])
    def test_an_end_without_day_or_reason(self, given, free, facility):
        with pytest.raises(IntegrityError, match="when_and_why"), transaction.atomic():
            placement_of(free, facility, state="ended", entered_afterwards=True, **given)

    def test_nothing_is_born_ended_unless_it_is_of_the_past(self, free, facility):
        over = {"state": "ended", "ended_on": today(), "reason": "x"}
        with pytest.raises(DatabaseError), transaction.atomic():
            placement_of(free, facility, **over)
