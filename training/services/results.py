"""What assessors found of the participants of a batch, as it counts now. Reads only."""

from dataclasses import dataclass, field
from uuid import UUID

from accounts.permissions import may
from training.models import Assessment, CompetencyUnit, Enrolment
from training.services import enrolments
from training.states import EnrolmentState
from training.teaching import AssessmentKind, Verdict

EVALUATION = "evaluation"
WHOLE = "competency"  # the assessment of a course that names no units


@dataclass(frozen=True)
class Part:
    """What is assessed: the training as a whole, or a unit of the course. `key` names it."""

    key: str
    kind: AssessmentKind
    unit: CompetencyUnit | None = None
    jp: int | None = None

    @property
    def has_scores(self):
        return self.kind == AssessmentKind.EVALUATION


@dataclass
class Results:
    """What counts of one participant, by part, and how many are K and BK among the units."""

    by_part: dict = field(default_factory=dict)

    @property
    def evaluation(self):
        return self.by_part.get(EVALUATION)

    @property
    def units(self):
        return [row for key, row in self.by_part.items() if key != EVALUATION]

    @property
    def has_passed(self):
        """Whether the evaluation of the whole training was passed."""
        return bool(self.evaluation) and self.evaluation.result == Verdict.COMPETENT

    @property
    def competent(self):
        return sum(row.result == Verdict.COMPETENT for row in self.units)

    @property
    def not_yet(self):
        return sum(row.result == Verdict.NOT_YET for row in self.units)


@dataclass
class Line:
    """A participant on the page of results, as the reader may know them."""

    enrolment: Enrolment
    code: str
    name: str
    results: Results
    person: UUID | None = None

    @property
    def public_id(self):
        """Of the person, for the record of who was shown; None where no name is."""
        return self.person

    @property
    def label(self):
        return self.name or self.code


def key_of(assessment):
    """The key of the part that an assessment is about."""
    if assessment.kind == AssessmentKind.EVALUATION:
        return EVALUATION
    return f"unit-{assessment.unit_id}" if assessment.unit_id else WHOLE


def parts_of(batch):
    """What is assessed in a batch: the evaluation, then each unit of its course in order.

    Units that left the course after they were assessed here come last.
    """
    rows = list(batch.course.units.select_related("unit").order_by("position", "pk"))
    assessed = Assessment.objects.filter(enrolment__batch=batch, unit__isnull=False)
    left = CompetencyUnit.objects.filter(pk__in=assessed.values("unit")).exclude(
        pk__in=[row.unit_id for row in rows]
    )
    units = [(row.unit, row.jp) for row in rows] + [(unit, None) for unit in left]
    parts = [Part(EVALUATION, AssessmentKind.EVALUATION)]
    parts += [
        Part(f"unit-{unit.pk}", AssessmentKind.COMPETENCY, unit, jp) for unit, jp in units
    ] or [Part(WHOLE, AssessmentKind.COMPETENCY)]
    return parts


def results_of(batch):
    """`{enrolment id: Results}` of all participants of a batch who have any, in one query."""
    return _gathered(Assessment.objects.filter(enrolment__batch=batch))


def results_of_people(rows):
    """The same for these enrolments; each is in the answer."""
    found = _gathered(Assessment.objects.filter(enrolment__in=rows))
    return {row.pk: found.get(row.pk, Results()) for row in rows}


def lines_of(batch, user):
    """The participants who are or were in class to the end, in order of their codes.

    A liaison reads no name of whoever took the consent back. The same number of queries for any
    number.
    """
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(batch=batch)
        .exclude(state=EnrolmentState.DROPPED)
        .select_related("inmate")
        .order_by("participant_code")
    )
    found = results_of(batch)
    names = _names(batch, user)
    lines = []
    for row in rows:
        name, person = names.get(row.participant_code, ("", None))
        results = found.get(row.pk, Results())
        lines.append(Line(row, row.participant_code, name, results, person))
    return lines


def _names(batch, user):
    """By code, the name and public id of the participants whom this reader may see."""
    if not user.is_liaison and not may(user, "see_people", batch.facility_id):
        return {}
    return {
        each.code: (each.name, each.public_id)
        for each in enrolments.roster(batch, user)
        if each.is_named
    }


def _gathered(rows):
    found = {}
    for row in rows.newest().select_related("unit", "created_by").order_by("kind", "unit"):
        found.setdefault(row.enrolment_id, Results()).by_part[key_of(row)] = row
    return found
