"""What somebody was, is or could be trained in."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from inmates.models import Restriction
from placements import timeline
from placements.timeline import Verdict
from training.models import Batch, Candidate, Enrolment
from training.states import CandidateState, EnrolmentState
from training.teaching import AssessmentKind
from training.teaching import Verdict as Found

TONES = {
    Verdict.FITS: "good",
    Verdict.TIGHT: "wait",
    Verdict.LATE: "bad",
    EnrolmentState.COMPLETED: "good",
    EnrolmentState.ENROLLED: "info",
    EnrolmentState.SUSPENDED: "wait",
    EnrolmentState.NOT_COMPLETED: "bad",
    EnrolmentState.DROPPED: "bad",
    CandidateState.PROPOSED: "wait",
    CandidateState.DEFERRED: "wait",
    CandidateState.APPROVED: "info",
}


@dataclass
class Leg:
    """A candidature or an enrolment, and the span of it; `prison` names another prison."""

    row: Candidate | Enrolment
    starts: date
    ends: date
    is_own: bool
    decree: str = ""
    assessments: tuple = ()

    @property
    def batch(self):
        return self.row.batch

    @property
    def results(self):
        """What counts of the assessments, in words; empty where nobody was assessed."""
        told = [
            _("evaluasi %(knowledge)s / %(skill)s")
            % {
                "knowledge": formats.number_format(row.knowledge.normalize()),
                "skill": formats.number_format(row.skill.normalize()),
            }
            for row in self.assessments
            if row.kind == AssessmentKind.EVALUATION and None not in (row.knowledge, row.skill)
        ]
        verdicts = [row.result for row in self.assessments if row.kind == AssessmentKind.COMPETENCY]
        told += [
            f"{verdicts.count(verdict)} {verdict}"
            for verdict in Found.values
            if verdict in verdicts
        ]
        return ", ".join(told)

    @property
    def title(self):
        return f"{self.batch.course.name} – {self.batch.name}"

    @property
    def prison(self):
        return "" if self.is_own else self.row.facility.name

    @property
    def url(self):
        return self.batch.get_absolute_url() if self.is_own else ""

    @property
    def tone(self):
        return TONES.get(self.row.state, "quiet")

    @property
    def note(self):
        """What was said about it, for the prison that said it."""
        said = getattr(self.row, "note", "") or getattr(self.row, "reason", "")
        return said if self.is_own else ""

    @property
    def override(self):
        """The reason for which a rule was set aside, where one was."""
        return getattr(self.row, "override_reason", "") if self.is_own else ""


@dataclass
class Planned:
    """A batch that the person is not in, and whether it ends early enough for them.

    `kept_out` is the restriction that holds on some day of it, or None.
    """

    batch: Batch
    fit: timeline.Fit
    kept_out: Restriction | None = None

    @property
    def title(self):
        return f"{self.batch.course.name} – {self.batch.name}"

    @property
    def tone(self):
        return TONES.get(self.fit.verdict, "quiet")

    @property
    def badge(self):
        """Word and tone: nothing is in time for who may not come."""
        if self.kept_out and self.fit.verdict != Verdict.LATE:
            return self.kept_out.get_kind_display(), "bad"
        return self.fit.verdict.label, self.tone

    @property
    def sentence(self):
        """How many days lie between its last day and the expected release."""
        if self.fit.verdict == Verdict.TIGHT:
            words = {"days": self.days, "buffer": self.fit.buffer}
            return _("%(days)s, perlu %(buffer)s hari") % words
        return self.days

    @property
    def days(self):
        days = self.fit.days
        if days is None:
            return ""
        if days < 0:
            return _("%(days)s hari sesudah perkiraan bebas") % {"days": -days}
        return _("%(days)s hari sebelum perkiraan bebas") % {"days": days}


def buffer_of(course):
    """Days that should be left from the end of a batch to a release."""
    general = settings.REMAINING_TERM_BUFFER_DAYS
    return general if course.buffer_days is None else course.buffer_days
