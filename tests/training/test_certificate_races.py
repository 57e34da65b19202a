"""Two people at once: the same number, the same person's paper, the same cell."""

import pytest

from accounts.refusals import NotAllowed
from tests.factories.partners import liaison_of, today
from tests.factories.results import certificate_series, finished_batch
from tests.races import race
from training.models import Assessment, Certificate
from training.services import assessments, certificates, outcomes, results
from training.services.assessments import Entry

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def finished(facility, agency, warden):
    certificate_series(facility)
    return finished_batch(facility, agency, people=2, units=1)


def split(outcomes_):
    """What went through, and the refusals; anything else is an error of ours."""
    refused = [each for each in outcomes_ if isinstance(each, NotAllowed)]
    done = [each for each in outcomes_ if not isinstance(each, Exception)]
    assert len(refused) + len(done) == len(outcomes_), outcomes_
    return done, refused


def test_one_number_goes_to_one_person(finished, agency, liaison):
    _batch, rows = finished
    colleague = liaison_of(agency)
    done, refused = split(
        race(
            *(
                lambda row=row, by=by: certificates.record(
                    enrolment=row, kind="training", number="BLK-1", issued_on=today(-2), by=by
                )
                for row, by in zip(rows, (liaison, colleague), strict=True)
            )
        )
    )
    assert (len(done), len(refused)) == (1, 1)
    assert "sudah dipakai" in " ".join(refused[0].messages)
    assert Certificate.objects.count() == 1


def test_one_person_gets_one_paper(finished, liaison, head):
    _batch, (row, _other) = finished
    done, refused = split(
        race(
            *(
                lambda by=by, number=number: certificates.record(
                    enrolment=row, kind="training", number=number, issued_on=today(-2), by=by
                )
                for by, number in ((liaison, "BLK-1"), (head, "BLK-2"))
            )
        )
    )
    assert (len(done), len(refused)) == (1, 1)
    assert row.certificates.issued().count() == 1


def test_all_and_one_at_once_take_each_number_once(finished, head):
    batch, rows = finished
    outcomes.complete_suggested(batch=batch, by=head)
    answers = race(
        lambda: certificates.issue_all(batch=batch, by=head),
        lambda: certificates.issue(enrolment=rows[1], by=head),
        lambda: certificates.issue(enrolment=rows[0], by=head),
    )
    split(answers)
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    year = today().year
    assert numbers == [f"SK-0001/{year}", f"SK-0002/{year}"]


def test_two_assessors_of_one_cell_are_not_both_written(finished, liaison, head):
    batch, (row, _other) = finished
    part = results.parts_of(batch)[1]
    done, refused = split(
        race(
            *(
                lambda by=by, result=result: assessments.record(
                    batch=batch,
                    entries=[Entry(enrolment=row, part=part, result=result, field="cell")],
                    assessor="Asesor",
                    assessed_on=today(-2),
                    by=by,
                )
                for by, result in ((liaison, "K"), (head, "BK"))
            )
        )
    )
    assert (len(done), len(refused)) == (1, 1)
    assert Assessment.objects.count() == 1
