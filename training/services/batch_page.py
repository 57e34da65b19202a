"""What the page of a batch reads, in one statement. Reads only."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.stand_ins import asked_often
from training.models import (
    Assessment,
    Candidate,
    Certificate,
    Decree,
    Enrolment,
    Hearing,
    Meeting,
    SeatOffer,
)
from training.services import conversation
from training.teaching import AssessmentKind, Verdict

SHOWN = 3  # meetings to come, and those to mark; of the latter one more


@dataclass(frozen=True)
class Rows:
    """What the reader sees of the batch; what is the prison's own is empty for a liaison.

    `enrolled` (for staff) know `.has_consent`, `proposed` and `reserves` the `.register_number`,
    reserves whether they `.was_asked`. `claiming` are ids of candidates whom a free seat is meant
    for, `meetings` tuples of during, state and JP of those that stand, `papers` ids.
    """

    rounds: list
    replies: list
    enrolled: list
    proposed: list
    hearings: list
    decrees: list
    offers: list
    reserves: list
    claiming: list
    meetings: list
    ahead: list
    to_mark: list
    results: list
    papers: list

    @property
    def figures(self):
        """How many were assessed and passed, and units found K and BK; as they count now."""
        return self.results[0] if self.results else NOBODY_ASSESSED


NOBODY_ASSESSED = {"assessed": 0, "passed": 0, "competent": 0, "not_yet": 0}


def rows_of(batch, user):
    """The `Rows` of a batch that the user sees."""
    return Rows(*_asked(user, batch.pk, timezone.now()))


@asked_often
def _asked(reader, batch, now):
    def of(model):
        return model.objects.visible_to(reader).filter(batch=batch)

    # What the rules said of each is for hearings and decrees: long, and not shown here.
    proposed = of(Candidate).select_related("inmate", "override_by").defer("eligibility")
    proposed = proposed.with_register_number()
    offers = SeatOffer.objects.ending_a_turn().filter(candidate=OuterRef("pk"))
    meetings = of(Meeting).order_by("during")
    ahead = meetings.standing().filter(during__startswith__gt=now)
    papers = Certificate.objects.visible_to(reader).issued().filter(enrolment__batch=batch)
    return (
        *conversation.asked(reader, batch),
        _enrolled(of(Enrolment), reader),
        proposed.order_by("rank"),
        of(Hearing),
        of(Decree).select_related("letter"),
        of(SeatOffer).select_related("candidate__inmate"),
        proposed.reserves().annotate(was_asked=Exists(offers)),
        of(Candidate).approved_without_seat().claiming().values_list("pk"),
        meetings.standing().values_list("during", "state", "jp"),
        ahead.select_related("room", "instructor")[:SHOWN],
        meetings.to_mark(now)[: SHOWN + 1],
        _results(batch),
        papers.values_list("pk"),
    )


def _enrolled(rows, reader):
    return rows if reader.is_liaison else rows.select_related("inmate").with_consent()


def _results(batch):
    rows = Assessment.objects.filter(enrolment__batch=batch).newest()
    of_unit, is_k = Q(kind=AssessmentKind.COMPETENCY), Q(result=Verdict.COMPETENT)
    return (
        rows.order_by()
        .values("enrolment__batch")
        .annotate(
            assessed=Count("enrolment", distinct=True),
            passed=Count("pk", filter=Q(kind=AssessmentKind.EVALUATION) & is_k),
            competent=Count("pk", filter=of_unit & is_k),
            not_yet=Count("pk", filter=of_unit & Q(result=Verdict.NOT_YET)),
        )
    )
