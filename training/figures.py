"""What came of a batch in figures, for its closing report; few queries, whatever its size."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from training.attended import Attended
from training.models import Assessment, Batch, Certificate, Enrolment, Meeting
from training.states import EnrolmentState
from training.teaching import CertificateKind, MeetingState, Verdict


@dataclass
class Outcome:
    """What came of one participant."""

    enrolment: Enrolment
    attended: Attended
    competent: int = 0
    not_yet: int = 0
    certificates: set = field(default_factory=set)  # of `CertificateKind`


@dataclass
class Figures:
    """A batch as it was planned and as it was held."""

    batch: Batch
    held: int
    cancelled: int
    jp_held: int
    first_held: date | None
    last_held: date | None
    outcomes: list

    @property
    def by_state(self):
        """`{EnrolmentState: how many}`."""
        return Counter(outcome.enrolment.state for outcome in self.outcomes)

    @property
    def by_cause(self):
        """`{LeaveCause: how many}` of those who dropped out or did not complete."""
        left = (EnrolmentState.DROPPED, EnrolmentState.NOT_COMPLETED)
        return Counter(
            outcome.enrolment.cause for outcome in self.outcomes if outcome.enrolment.state in left
        )

    @property
    def by_certificate(self):
        """`{CertificateKind: how many people hold one}`."""
        return Counter(kind for outcome in self.outcomes for kind in outcome.certificates)

    @property
    def attended_percent(self):
        """JP attended of all JP that counted, of everybody together; None without a meeting."""
        counted = sum(outcome.attended.held for outcome in self.outcomes)
        attended = sum(outcome.attended.attended for outcome in self.outcomes)
        return attended * 100 // counted if counted > 0 else None


def of(batch):
    """The `Figures` of a batch; four queries."""
    meetings = Meeting.objects.filter(batch=batch).aggregate(
        held=Count("pk", filter=Q(state=MeetingState.HELD)),
        cancelled=Count("pk", filter=Q(state=MeetingState.CANCELLED)),
        jp_held=Sum("jp", filter=Q(state=MeetingState.HELD), default=0),
        first=Min("during__startswith", filter=Q(state=MeetingState.HELD)),
        last=Max("during__startswith", filter=Q(state=MeetingState.HELD)),
    )
    rows = (
        Enrolment.objects.filter(batch=batch)
        .with_attendance()
        .select_related("inmate")
        .order_by("participant_code")
    )
    outcomes = {row.pk: Outcome(row, Attended.of(row)) for row in rows}
    found = Assessment.objects.filter(enrolment__batch=batch).newest().of_units()
    for pk, result in found.values_list("enrolment", "result"):
        if result == Verdict.COMPETENT:
            outcomes[pk].competent += 1
        else:
            outcomes[pk].not_yet += 1
    papers = Certificate.objects.issued().filter(enrolment__batch=batch)
    for pk, kind in papers.values_list("enrolment", "kind"):
        outcomes[pk].certificates.add(CertificateKind(kind))
    return Figures(
        batch=batch,
        held=meetings["held"],
        cancelled=meetings["cancelled"],
        jp_held=meetings["jp_held"],
        first_held=_day(meetings["first"]),
        last_held=_day(meetings["last"]),
        outcomes=list(outcomes.values()),
    )


def _day(moment):
    return timezone.localdate(moment) if moment else None
