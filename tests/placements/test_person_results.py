"""Results and papers on a person's page: in words, in the picture, linked where one may follow."""

import pytest
from django.urls import reverse

from placements.person import Person
from tests.factories.partners import today
from tests.factories.results import certificate_of, finished_batch
from tests.training.test_assessments import record, scores, unit
from training.services import results

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(facility, agency, liaison):
    batch, (row,) = finished_batch(facility, agency, people=1, units=2)
    evaluation, first, second = results.parts_of(batch)
    record(
        batch,
        scores(row, evaluation, "81.5", 77),
        unit(row, first),
        unit(row, second, "BK"),
        by=liaison,
    )
    return row


def test_what_counts_stands_in_words(enrolment, officer):
    (leg,) = Person(enrolment.inmate, officer).training
    assert leg.results == "evaluasi 81,5 / 77, 1 K, 1 BK"


def test_papers_stand_in_the_list_and_in_the_picture(enrolment, officer, login):
    paper = certificate_of(enrolment, issued_on=today(-2))
    person = Person(enrolment.inmate, officer)
    marks = {mark.label: mark for mark in person.marks}
    mark = marks[f"Sertifikat pelatihan: {paper.title}"]
    assert (mark.day, mark.url) == (today(-2), paper.get_absolute_url())
    page = login(officer).get(
        reverse("placements:person-detail", args=[enrolment.inmate.public_id])
    )
    assert paper.get_absolute_url() in page.content.decode()
    assert "evaluasi 81,5 / 77" in page.content.decode()
