"""Results of assessors: first ones, further attempts, slips mended, and who was faster."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Forbidden, NotAllowed
from tests.factories.accounts import staff
from tests.factories.partners import liaison_of, today
from tests.factories.results import certificate_series, finished_batch
from tests.factories.training import confirmed_batch, enrolled
from tests.training.conftest import told
from training.models import Assessment
from training.services import assessments, certificates, outcomes, results
from training.services.assessments import Entry, mark_of
from training.services.outcomes import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(facility, agency):
    return finished_batch(facility, agency, people=2, units=2)


@pytest.fixture
def batch(finished):
    return finished[0]


@pytest.fixture
def parts(batch):
    return results.parts_of(batch)


def unit(person, part, result="K", seen="", field="cell"):
    return Entry(enrolment=person, part=part, result=result, seen=seen, field=field)


def scores(person, part, knowledge, skill, seen="", field="cell"):
    return Entry(
        enrolment=person,
        part=part,
        knowledge=Decimal(knowledge),
        skill=Decimal(skill),
        seen=seen,
        field=field,
    )


def record(batch, *entries, by, on=None, assessor="Asesor Uji"):
    return assessments.record(
        batch=batch, entries=entries, assessor=assessor, assessed_on=on or today(-5), by=by
    )


def counts(batch, person, part):
    return results.results_of(batch)[person.pk].by_part[part.key]


class TestRecord:
    def test_the_liaison_enters_all_at_once(self, finished, parts, liaison, officer, head):
        batch, (one, other) = finished
        evaluation, first, second = parts
        rows = record(
            batch,
            scores(one, evaluation, 80, "72.5"),
            unit(one, first),
            unit(other, second, "BK"),
            by=liaison,
        )
        assert len(rows) == 3
        assert counts(batch, one, evaluation).result == "K"
        assert counts(batch, other, second).result == "BK"
        assert told("results_recorded") == {officer, head}

    @pytest.mark.parametrize(
        ("knowledge", "skill", "verdict"), [(60, 60, "K"), (59, 100, "BK"), (100, "59.99", "BK")]
    )
    def test_an_evaluation_is_passed_from_both_marks_on(
        self, finished, parts, head, knowledge, skill, verdict
    ):
        batch, (one, _other) = finished
        record(batch, scores(one, parts[0], knowledge, skill), by=head)
        assert counts(batch, one, parts[0]).result == verdict

    def test_not_by_others(self, finished, parts, officer, warden, other_liaison):
        batch, (one, _other) = finished
        for user in (officer, warden, other_liaison):
            with pytest.raises(Forbidden):
                record(batch, unit(one, parts[1]), by=user)

    def test_not_by_the_head_of_another_prison(self, finished, parts, outsider):
        batch, (one, _other) = finished
        with pytest.raises(Forbidden):
            record(batch, unit(one, parts[1]), by=outsider)

    def test_not_before_the_training_runs(self, facility, agency, head):
        batch = confirmed_batch(facility, agency)
        with pytest.raises(NotAllowed, match="dikonfirmasi"):
            record(batch, unit(enrolled(batch), results.parts_of(batch)[1]), by=head)

    @pytest.mark.parametrize(("day", "field"), [(1, "assessed_on"), (-60, "assessed_on")])
    def test_not_on_an_impossible_day(self, finished, parts, head, day, field):
        batch, (one, _other) = finished
        with pytest.raises(NotAllowed) as refusal:
            record(batch, unit(one, parts[1]), by=head, on=today(day))
        assert set(refusal.value.error_dict) == {field}

    def test_the_same_again_by_the_same_is_once(self, finished, parts, liaison):
        batch, (one, _other) = finished
        record(batch, unit(one, parts[1]), by=liaison)
        assert record(batch, unit(one, parts[1]), by=liaison) == []
        assert Assessment.objects.count() == 1

    def test_nobody_overwrites_what_another_wrote_meanwhile(self, finished, parts, liaison, head):
        batch, (one, other) = finished
        record(batch, unit(one, parts[1], "BK"), by=liaison)
        with pytest.raises(NotAllowed) as refusal:
            record(
                batch,
                unit(one, parts[1], field="first"),
                unit(other, parts[1], field="second"),
                by=head,
            )
        assert set(refusal.value.error_dict) == {"first"}
        assert "Narahubung BLK" in str(refusal.value)
        assert Assessment.objects.count() == 1  # all or none

    def test_a_course_without_units_is_assessed_as_a_whole(self, facility, agency, head):
        batch, (one,) = finished_batch(facility, agency, people=1, units=0)
        _evaluation, whole = results.parts_of(batch)
        record(batch, unit(one, whole), by=head)
        assert counts(batch, one, whole).unit is None
        assert whole.key in results.results_of(batch)[one.pk].by_part

    def test_a_unit_that_left_the_course_keeps_its_results(self, finished, parts, head):
        batch, (one, _other) = finished
        record(batch, unit(one, parts[2]), by=head)
        batch.course.units.filter(unit=parts[2].unit).delete()
        assert parts[2].key in [part.key for part in results.parts_of(batch)]


class TestFurtherAttempts:
    def test_who_was_bk_is_assessed_again_and_the_newest_counts(self, finished, parts, liaison):
        batch, (one, _other) = finished
        record(batch, unit(one, parts[1], "BK"), by=liaison, on=today(-6))
        seen = mark_of(counts(batch, one, parts[1]))
        (row,) = record(batch, unit(one, parts[1], "K", seen), by=liaison, on=today(-1))
        assert (row.attempt, counts(batch, one, parts[1]).result) == (2, "K")
        assert Assessment.objects.count() == 2

    def test_who_is_competent_is_not_assessed_again(self, finished, parts, liaison):
        batch, (one, _other) = finished
        record(batch, unit(one, parts[1]), by=liaison)
        seen = mark_of(counts(batch, one, parts[1]))
        with pytest.raises(NotAllowed, match="Sudah kompeten"):
            record(batch, unit(one, parts[1], "BK", seen), by=liaison)

    def test_not_before_the_attempt_before(self, finished, parts, liaison):
        batch, (one, _other) = finished
        record(batch, unit(one, parts[1], "BK"), by=liaison, on=today(-3))
        seen = mark_of(counts(batch, one, parts[1]))
        with pytest.raises(NotAllowed, match="sesudah tanggal ini"):
            record(batch, unit(one, parts[1], "K", seen), by=liaison, on=today(-4))


class TestSlips:
    def correct(self, batch, *entries, by, **heading):
        return assessments.correct(batch=batch, entries=entries, by=by, **heading)

    def test_mended_by_the_side_that_made_it_and_kept_in_the_history(
        self, finished, parts, liaison, agency
    ):
        batch, (one, _other) = finished
        (row,) = record(batch, unit(one, parts[1]), by=liaison)
        colleague = liaison_of(agency)
        assert self.correct(batch, unit(one, parts[1], "BK", mark_of(row)), by=colleague) == 1
        row.refresh_from_db()
        assert (row.result, row.attempt, row.assessor) == ("BK", 1, "Asesor Uji")
        assert [event.result for event in row.events.order_by("pgh_id")] == ["K", "BK"]

    def test_taken_away_when_left_empty(self, finished, parts, liaison):
        batch, (one, _other) = finished
        (row,) = record(batch, unit(one, parts[1]), by=liaison)
        self.correct(batch, unit(one, parts[1], "", mark_of(row)), by=liaison)
        assert not results.results_of(batch)

    def test_not_by_the_other_side(self, finished, parts, liaison, head, facility):
        batch, (one, _other) = finished
        (row,) = record(batch, unit(one, parts[1]), by=liaison)
        with pytest.raises(NotAllowed, match="pihak lain"):
            self.correct(batch, unit(one, parts[1], "BK", mark_of(row)), by=head)
        other_head = staff(facility, "head")
        (mine,) = record(batch, unit(one, parts[2]), by=head)
        assert self.correct(batch, unit(one, parts[2], "BK", mark_of(mine)), by=other_head) == 1

    def test_not_after_the_days_of_grace(self, finished, parts, liaison):
        batch, (one, _other) = finished
        (row,) = record(batch, unit(one, parts[1]), by=liaison)
        later = timezone.now() + timedelta(days=8)
        with time_machine.travel(later), pytest.raises(NotAllowed, match="7 hari"):
            self.correct(batch, unit(one, parts[1], "BK", mark_of(row)), by=liaison)

    def test_not_what_changed_meanwhile(self, finished, parts, liaison):
        batch, (one, _other) = finished
        (row,) = record(batch, unit(one, parts[1]), by=liaison)
        old = mark_of(row)
        self.correct(batch, unit(one, parts[1], "BK", old), by=liaison)
        with pytest.raises(NotAllowed, match="Buka lagi"):
            self.correct(batch, unit(one, parts[1], "", old), by=liaison)

    def test_not_under_a_paper_that_tells_it(self, facility, finished, parts, head, warden):
        certificate_series(facility)
        batch, (one, _other) = finished
        (row,) = record(batch, unit(one, parts[1]), by=head)
        outcomes.complete(batch=batch, outcomes={one: Outcome()}, by=head)
        certificates.issue(enrolment=one, by=head)
        with pytest.raises(NotAllowed, match="cabut dulu"):
            self.correct(batch, unit(one, parts[1], "BK", mark_of(row)), by=head)


def test_results_of_a_batch_are_one_query(finished, parts, head, django_assert_num_queries):
    batch, (one, other) = finished
    record(batch, unit(one, parts[1]), unit(other, parts[1]), unit(other, parts[2], "BK"), by=head)
    with django_assert_num_queries(1):
        found = results.results_of(batch)
    assert (found[other.pk].competent, found[other.pk].not_yet) == (1, 1)
    assert set(Assessment.objects.newest().not_yet().values_list("enrolment", flat=True)) == {
        other.pk
    }
