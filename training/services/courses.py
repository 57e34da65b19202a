"""What a course asks of those who join: the head sets it, from the next proposal on it counts."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.refusals import NotAllowed, act
from inmates.states import DocumentKind
from training.eligibility import SOFTENED
from training.eligibility.rules import NOT_ASKED, ONLY_WARNS
from training.models import Course

# Fields of a course that are requirements, each with its greatest sensible value (None: no number).
REQUIREMENTS = {
    "minimum_age": 100,
    "maximum_age": 100,
    "needs_one_third": None,
    "buffer_days": 3650,
    "latest_release_months": 600,
    "minimum_remaining_months": 600,
    "discipline_free_months": 600,
    "retrain_after_months": 600,
    "fitness_within_months": 600,
    "documents": None,
    "resident_percent": 100,
    "severities": None,
}


@act
def require(*, course, by, **requirements):
    """Set some of the `REQUIREMENTS` of a course; who is a candidate already stays one.

    Raises `NotAllowed` with a dict of field errors for what makes no sense.
    """
    permissions.require(by, "manage_courses", None)
    course = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    problems = _problems({name: getattr(course, name) for name in REQUIREMENTS} | requirements)
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
    changed = [name for name, value in requirements.items() if getattr(course, name) != value]
    for name in changed:
        setattr(course, name, requirements[name])
    if changed:
        course.save(update_fields=changed)
    return course


def _problems(asked):
    problems = {
        name: _("Paling besar %(most)s.") % {"most": most}
        for name, most in REQUIREMENTS.items()
        if most is not None and asked[name] is not None and not 0 <= asked[name] <= most
    }
    youngest, oldest = asked["minimum_age"], asked["maximum_age"]
    if youngest is not None and oldest is not None and oldest < youngest:
        problems.setdefault("maximum_age", _("Usia maksimum di bawah usia minimum."))
    if set(asked["documents"]) - set(DocumentKind.values):
        problems["documents"] = _("Dokumen tidak dikenal.")
    hard = set(asked["severities"]) - set(SOFTENED)
    if hard or set(asked["severities"].values()) - {ONLY_WARNS, NOT_ASKED}:
        problems["severities"] = _("Syarat hukum dan bentrok jadwal tidak bisa dilunakkan.")
    return problems
