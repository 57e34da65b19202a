"""Everything that one person's page shows, read in a constant number of queries.

Who holds the person now sees all that moves with them, also from other prisons; a prison that
held them before sees what it did itself.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import timeline_of
from accounts.permissions import may
from inmates import regions, rules
from inmates.models import (
    AptitudeAssessment,
    Circumstance,
    Consent,
    Custody,
    Document,
    Inmate,
    Restriction,
    Sentence,
    SkillProfile,
    Transfer,
)
from inmates.states import KEEPS_OUT
from placements import timeline
from placements.timeline import Mark, Span, Verdict
from training.models import Batch, Candidate, Enrolment, WaitingEntry
from training.states import CANDIDATE_OPEN, BatchState, CandidateState, EnrolmentState

PICTURED = 12  # planned batches in the picture; the table beside it has all
NOT_BEGUN = (BatchState.PLANNED, BatchState.NEGOTIATING, BatchState.CONFIRMED)
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
SERVED = {"one_third": "1/3", "one_half": "1/2", "two_thirds": "2/3"}


@dataclass
class Leg:
    """A candidature or an enrolment, and the span of it; `prison` names another prison."""

    row: Candidate | Enrolment
    starts: date
    ends: date
    is_own: bool
    decree: str = ""

    @property
    def batch(self):
        return self.row.batch

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
    """A batch that the person is not in, and whether it ends early enough for them."""

    batch: Batch
    fit: timeline.Fit

    @property
    def title(self):
        return f"{self.batch.course.name} – {self.batch.name}"

    @property
    def tone(self):
        return TONES.get(self.fit.verdict, "quiet")

    @property
    def sentence(self):
        """How many days lie between its last day and the expected release."""
        if self.fit.verdict == Verdict.TIGHT:
            words = {"days": self.days, "buffer": self.fit.buffer}
            return _("selesai %(days)s; cadangan %(buffer)s hari") % words
        return _("selesai %(days)s") % {"days": self.days} if self.days else ""

    @property
    def days(self):
        days = self.fit.days
        if days is None:
            return ""
        if days < 0:
            return _("%(days)s hari sesudah perkiraan bebas") % {"days": -days}
        return _("%(days)s hari sebelum perkiraan bebas") % {"days": days}


class Person:
    """One person as the reader may see them today. Nothing is read before it is shown."""

    def __init__(self, inmate, reader):
        self.inmate, self.reader = inmate, reader
        self.today = timezone.localdate()
        self.prisons = {pk for pk in reader.facility_ids if may(reader, "see_people", pk)}
        self.records = list(Inmate.objects.records_of(inmate))

    # --- Where they are ------------------------------------------------------------------
    @cached_property
    def _custodies(self):
        rows = Custody.objects.filter(inmate__in=self.records).select_related("facility")
        return list(rows.prefetch_related("register_entries"))

    @cached_property
    def current(self):
        """The open custody at a prison of the reader, None for who is not (any more) there."""
        here = (c for c in self._custodies if not c.until and c.facility_id in self.prisons)
        return next(here, None)

    @cached_property
    def stays(self):
        rows = self._custodies
        if not self.current:
            rows = [custody for custody in rows if custody.facility_id in self.prisons]
        return sorted(rows, key=attrgetter("starts", "pk"), reverse=True)

    @property
    def facility(self):
        return self.current and self.current.facility

    @cached_property
    def transfers(self):
        rows = Transfer.objects.filter(inmate__in=self.records)
        if not self.current:
            rows = rows.filter(Q(origin__in=self.prisons) | Q(destination__in=self.prisons))
        rows = list(rows.select_related("origin", "destination"))
        for row in rows:
            row.is_own = bool({row.origin_id, row.destination_id} & self.prisons)
        return rows

    # --- Who they are --------------------------------------------------------------------
    @property
    def domicile(self):
        code = self.inmate.domicile_code
        return f"{regions.name_of(code)} ({code})" if code else ""

    @cached_property
    def is_resident(self):
        """Whether they are from the city of the prison: by the KTP, else by the register."""
        return (
            Inmate.objects.filter(pk=self.inmate.pk)
            .for_list(self.facility)
            .values_list("is_resident", flat=True)
            .get()
        )

    @property
    def sentence(self):
        return getattr(self.inmate, "sentence", None) if self.current else None

    @cached_property
    def sentence_dates(self):
        """Each date with the day that the app computes, where that is far from SDP's."""
        computed = {each.which: each for each in rules.differences(self.sentence)}
        return [
            (
                Sentence._meta.get_field(name).verbose_name,
                getattr(self.sentence, name),
                computed.get(name),
            )
            for name in ("detained_since", *SERVED, "expires", "released_on")
        ]

    @cached_property
    def release(self):
        return rules.release_of(self.sentence, self.current, self.today)

    @property
    def release_source(self):
        return self.release and self.release.source(self.sentence.as_of)

    # --- What keeps them out, and what changed --------------------------------------------
    @cached_property
    def restrictions(self):
        if not self.current:
            return []
        return list(Restriction.objects.filter(inmate__in=self.records).select_related("facility"))

    @cached_property
    def circumstances(self):
        rows = Circumstance.objects.filter(inmate__in=self.records, facility__in=self.prisons)
        return list(rows.select_related("handled_by"))

    # --- Training ------------------------------------------------------------------------
    def _of_reader(self, rows):
        """All rows of the person for who holds them, else those of the reader's own prisons."""
        rows = rows.filter(inmate__in=self.records)
        return rows if self.current else rows.filter(facility__in=self.prisons)

    @cached_property
    def waiting(self):
        rows = self._of_reader(WaitingEntry.objects.select_related("course", "facility"))
        return list(rows.order_by("-asked_on", "-id"))

    @cached_property
    def training(self):
        """Candidatures and enrolments, newest first."""
        enrolments = self._of_reader(Enrolment.objects.all())
        candidates = self._of_reader(Candidate.objects.filter(enrolment__isnull=True))
        legs = [
            Leg(
                row,
                row.batch.starts_on,
                row.dropped_on or row.batch.ends_on,
                row.facility_id in self.prisons,
                decree=row.decree.letter.number if row.decree.letter else "",
            )
            for row in enrolments.select_related("batch__course", "facility", "decree__letter")
        ] + [
            Leg(row, row.batch.starts_on, row.batch.ends_on, row.facility_id in self.prisons)
            for row in candidates.select_related("batch__course", "facility", "override_by")
        ]
        return sorted(legs, key=lambda leg: (leg.starts, leg.row.created_at), reverse=True)

    @cached_property
    def planned(self):
        """Batches of this prison that have not begun and that they are not on the way into."""
        if not self.current:
            return []
        inside = {
            leg.batch.pk
            for leg in self.training
            if isinstance(leg.row, Enrolment) or leg.row.state in CANDIDATE_OPEN
        }
        batches = Batch.objects.filter(
            facility=self.facility, state__in=NOT_BEGUN, ends_on__gte=self.today
        ).exclude(pk__in=inside)
        release = self.release and self.release.day
        return [
            Planned(batch, timeline.fit(batch.ends_on, release, _buffer_of(batch.course)))
            for batch in batches.select_related("course").order_by("starts_on", "pk")
        ]

    # --- Skills, consents, papers ----------------------------------------------------------
    @cached_property
    def skills(self):
        """The profile of the record that is used now, else that of a merged one."""
        if not self.current:
            return None
        profiles = SkillProfile.objects.filter(inmate__in=self.records)
        return min(profiles, key=lambda each: each.inmate_id != self.inmate.pk, default=None)

    @cached_property
    def assessments(self):
        if not self.current:
            return []
        rows = AptitudeAssessment.objects.filter(inmate__in=self.records)
        return list(rows.select_related("facility", "created_by"))

    @cached_property
    def consents(self):
        """Also for a prison of the past: a person may take back there what was given there."""
        rows = self._of_reader(Consent.objects.select_related("facility", "withdrawn_by"))
        return list(rows)

    @cached_property
    def documents(self):
        if not self.current:
            return []
        rows = Document.objects.filter(inmate__in=self.records)
        return list(rows.select_related("facility", "created_by"))

    # --- The picture -----------------------------------------------------------------------
    @cached_property
    def picture(self):
        return timeline.draw(self.spans, self.marks, today=self.today)

    @cached_property
    def marks(self):
        """Days of the sentence. A further kind of day is one more line."""
        labels = {"detained_since": _("Mulai ditahan"), **SERVED, "expires": _("Ekspirasi")}
        marks = [
            Mark(day=day, label=label, tone="date")
            for name, label in labels.items()
            if self.sentence and (day := getattr(self.sentence, name))
        ]
        if self.release:
            marks.append(
                Mark(
                    day=self.release.day,
                    label=_("Perkiraan bebas (%(way)s)") % {"way": self.release.label},
                    tone="release",
                )
            )
        return marks

    @cached_property
    def spans(self):
        """What lasted or lasts. A further kind of span is one more line."""
        return [
            *map(_stay, reversed(self.stays)),
            *(
                Span(
                    lane=_("Pembatasan"),
                    label=row.get_kind_display(),
                    starts=row.starts,
                    ends=row.until,
                    tone="bad",
                )
                for row in self.restrictions
                if row.kind in KEEPS_OUT
            ),
            *(
                Span(
                    lane=_("Pelatihan"),
                    label=leg.title,
                    starts=leg.starts,
                    ends=max(leg.starts, leg.ends),
                    tone=TONES.get(leg.row.state, "quiet"),
                    note=leg.row.get_state_display(),
                    url=leg.url,
                )
                for leg in self.training
            ),
            *(
                Span(
                    lane=_("Angkatan mendatang"),
                    label=f"{each.batch.name}: {each.days}" if each.days else each.batch.name,
                    starts=each.batch.starts_on,
                    ends=each.batch.ends_on,
                    tone=each.tone,
                    note=each.fit.verdict.label,
                    url=each.batch.get_absolute_url(),
                )
                for each in self.planned[:PICTURED]
            ),
        ]

    # --- What was changed ------------------------------------------------------------------
    @cached_property
    def history(self):
        """What was written about the person here, newest first."""
        if not self.current:
            return []
        entries = self._history_of(Inmate, pgh_obj__in=self.records)
        for model in (Sentence, Custody, SkillProfile, AptitudeAssessment, Consent, Document):
            entries += self._history_of(model, inmate__in=self.records)
        return sorted(entries, key=attrgetter("at"), reverse=True)

    def _history_of(self, model, **about):
        entries = timeline_of(model, model.pgh_event_model.objects.filter(**about), self.reader)
        for entry in entries:
            entry.about = str(model._meta.verbose_name)
        return entries


def _stay(custody):
    number = custody.register_number
    return Span(
        lane=_("Penempatan"),
        label=f"{custody.facility.name} ({number})" if number else custody.facility.name,
        starts=custody.starts,
        ends=custody.until,
        tone="stay",
        note=custody.get_ended_how_display(),
    )


def _buffer_of(course):
    general = settings.REMAINING_TERM_BUFFER_DAYS
    return general if course.buffer_days is None else course.buffer_days
