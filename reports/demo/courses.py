"""The catalogue: the typical programmes, which the head takes up, and one that is run no more."""

from reports.demo.acting import did
from training.models import Course
from training.services import catalogue, courses

RETIRED = "AGR-MELON"


def create(office):
    """The catalogue, by code."""
    head = office.staff["head"]
    did(catalogue.load, by=head)
    known = {course.code: course for course in Course.objects.select_related("trade")}
    did(courses.offer, by=head, course=known[RETIRED], is_offered=False)
    return {code: course for code, course in known.items() if code != RETIRED}
