"""What hangs on a person at one prison: candidatures, enrolments, referrals, work that runs.

A new kind is one subclass of `Leg` with `@leg`: how its rows are found and locked, and how one is
ended, paused and resumed. Kinds are locked in the order in which they stand here.
"""

from abc import ABC, abstractmethod

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inmates.models import Inmate
from inmates.states import CircumstanceKind, ConsentPurpose
from placements.employment import INSIDE, REFERRAL_OPEN, PlacementState, ReferralState
from placements.models import Placement, Referral, Vacancy
from placements.services import placement_rows, referral_upkeep, referrals, work_release_checks
from placements.states import Effect
from training import eligibility
from training.models import Batch, Candidate, Enrolment
from training.services import candidates, decrees, enrolments
from training.services.eligible import facts_for, terms_of
from training.states import BATCH_OPEN, BatchState, EnrolmentState, LeaveCause

CAUSES = {
    CircumstanceKind.TRANSFERRED: LeaveCause.MOVED,
    CircumstanceKind.RELEASED: LeaveCause.RELEASED,
    CircumstanceKind.DISCIPLINE: LeaveCause.DISCIPLINE,
    CircumstanceKind.SECURITY: LeaveCause.DISCIPLINE,
    CircumstanceKind.UNFIT: LeaveCause.SICK,
    CircumstanceKind.CONSENT: LeaveCause.CONSENT,
}

_kinds = []


def leg(kind):
    """Register a kind of leg."""
    _kinds.append(kind)
    return kind


class Leg(ABC):
    """One row that hangs on a person. `code` is what the agency knows the person by, if it does.

    `purpose` is the consent without which it cannot go on, `related` what is read with its rows.
    """

    what, label = "", ""
    purpose = ConsentPurpose.TRAINING
    related = ("facility",)
    code = ""
    starts_on = ends_on = None

    def __init__(self, row):
        self.row = row
        self.why = []  # sentences: what the change broke

    @classmethod
    @abstractmethod
    def find(cls, people):
        """Rows that still run, of people by id."""

    @property
    @abstractmethod
    def name(self):
        """What it is, in short: stored with what became of it."""

    @property
    def title(self):
        """The same in full, as a page says it."""
        return self.name

    @property
    def url(self):
        return self.row.get_absolute_url()

    @property
    def state(self):
        return self.row.state

    @property
    def is_paused(self):
        return False

    @property
    @abstractmethod
    def still_runs(self):
        """Whether nothing that was done in the meantime has ended it."""

    def outlives(self, day):
        """Whether it goes on after a day, or its outcome is only waiting to be written down."""
        return True

    can_pause = True

    def heeds(self, kind):
        """Whether a change of this kind, which would touch such a leg, touches it."""
        return True

    def effect_of(self, kind, effect):
        """What the prison's policy (`states.Effect`) comes to for this leg."""
        return effect

    def may_stay(self, kind):
        """Whether it may go on after a change by which the person left the prison."""
        return False

    def follow(self, circumstance):  # noqa: B027
        """What changes with the circumstance at once, whatever the policy says."""

    @classmethod  # noqa: B027
    def lock_above(cls, rows):
        """Lock what stands between the batches and these rows in the order of locks."""

    @abstractmethod
    def end(self, *, reason, day, by, kind=""):
        """For a reason in words; `kind` is that of the circumstance behind it."""

    def pause(self, *, reason, kind=""):  # noqa: B027 - a kind need not be able to pause
        """Keep the person away for now; what cannot pause stays as it is, and is shown."""

    def resume(self):  # noqa: B027
        """Undo `pause`."""

    def problems_of_dates(self, inmate):
        """Sentences: why the person's dates, as they are now, end it."""
        return []

    def problems_of_register(self, inmate):
        """Sentences: why the person's register class, as it is now, ends it."""
        return []


class OfBatch(Leg):
    """A place in a batch or on the way into one.

    `date_rules` are those rules of eligibility that a changed date may break.
    """

    related = ("batch__course", "batch__facility")
    date_rules = frozenset()

    @property
    def batch(self):
        return self.row.batch

    @property
    def name(self):
        return self.batch.name

    @property
    def title(self):
        return f"{self.batch.course.name} – {self.batch.name}"

    @property
    def url(self):
        return self.batch.get_absolute_url()

    @property
    def starts_on(self):
        return self.batch.starts_on

    @property
    def ends_on(self):
        return self.batch.ends_on

    def outlives(self, day):
        """A postponed batch is still to come, whatever its old dates were."""
        if self.batch.state == BatchState.POSTPONED:
            return True
        return self.batch.state in BATCH_OPEN and day <= self.batch.ends_on

    def problems_of_dates(self, inmate):
        return [result.text for result in self.broken_dates(self._failures(inmate))]

    def problems_of_register(self, inmate):
        return [result.text for result in self._failures(inmate) if result.rule == "register"]

    def broken_dates(self, failures):
        """Those of the failed rules that a changed date may break."""
        return [result for result in failures if result.rule in self.date_rules]

    def _failures(self, inmate):
        facts = facts_for(self.batch, [inmate])[inmate.pk]
        return eligibility.failures(eligibility.check(facts, terms_of(self.batch)))


@leg
class Candidature(OfBatch):
    """On the way into a batch, without a seat."""

    what, label = "candidate", _("calon")
    date_rules = frozenset({"one_third", "remaining_term", "long_term", "release_window"})

    @classmethod
    def find(cls, people):
        return Candidate.objects.open().filter(inmate__in=people, enrolment__isnull=True)

    @property
    def still_runs(self):
        return self.row.is_open

    def end(self, *, reason, day, by, kind=""):
        """A decree that waits with this person's name is taken back first."""
        decrees.take_back(batch=self.batch, candidate=self.row)
        self.row = candidates.lapse(candidate=self.row, reason=reason, by=by)

    def broken_dates(self, failures):
        """Those whom an override let in although a rule failed are not asked again for it."""
        lifted = eligibility.lifted_by(self.row.eligibility, self.row.override_reason)
        return [result for result in super().broken_dates(failures) if result.rule not in lifted]


@leg
class Enrolled(OfBatch):
    """A participant, in class or kept from it."""

    what, label = "enrolment", _("peserta")
    date_rules = frozenset({"remaining_term"})

    @classmethod
    def find(cls, people):
        return Enrolment.objects.blocking().filter(inmate__in=people)

    @property
    def code(self):
        return self.row.participant_code

    @property
    def is_paused(self):
        return self.row.state == EnrolmentState.SUSPENDED

    @property
    def still_runs(self):
        return self.row.state in (EnrolmentState.ENROLLED, EnrolmentState.SUSPENDED)

    def end(self, *, reason, day, by, kind=""):
        cause = CAUSES.get(kind, LeaveCause.OTHER)
        self.row = enrolments.let_go(
            enrolment=self.row, dropped_on=day, reason=reason, by=by, cause=cause
        )

    def pause(self, *, reason, kind=""):
        if not self.is_paused:
            cause = CAUSES.get(kind, LeaveCause.OTHER)
            self.row = enrolments.pause(enrolment=self.row, reason=reason, cause=cause)

    def resume(self):
        self.row = enrolments.unpause(enrolment=self.row)


@leg
class Referred(Leg):
    """On the way to work. Release is the aim: a referral goes on through it.

    Without its consent it ends, whatever the policy; so it does at death or escape, and inside
    the prison at a transfer, because the warden recommends only whom the prison holds. What an
    agency has, or an employer accepted, a post decides about. It cannot pause.
    """

    what, label = "referral", _("rujukan")
    purpose = ConsentPurpose.REFERRAL
    related = ("facility", "agency", "employer", "vacancy", "inmate", "letter", "cover_letter")
    can_pause = False

    @classmethod
    def find(cls, people):
        return Referral.objects.not_over().filter(inmate__in=people)

    @classmethod
    def lock_above(cls, rows):
        vacancies = Vacancy.objects.filter(pk__in=rows.order_by().values("vacancy_id"))
        list(vacancies.order_by("pk").select_for_update(no_key=True).values_list("pk"))

    @property
    def name(self):
        return self.row.vacancy.title if self.row.vacancy else str(self.row.employer or "")

    @property
    def title(self):
        return " – ".join(text for text in (str(_("Rujukan kerja")), self.name) if text)

    @property
    def code(self):
        return self.row.person_code

    @property
    def still_runs(self):
        return self.row.state in (*REFERRAL_OPEN, ReferralState.ACCEPTED)

    def heeds(self, kind):
        return kind != CircumstanceKind.RELEASED

    def effect_of(self, kind, effect):
        if kind == CircumstanceKind.CONSENT and self.row.state in REFERRAL_OPEN:
            return Effect.END
        if kind == CircumstanceKind.TRANSFERRED:
            return Effect.END if self.row.state in INSIDE else Effect.ASK
        return Effect.ASK if effect == Effect.SUSPEND else effect

    def may_stay(self, kind):
        return kind == CircumstanceKind.TRANSFERRED and self.row.state not in INSIDE

    def follow(self, circumstance):
        """A date that moved, and a release, change the month from which one is available."""
        if circumstance.kind in (CircumstanceKind.DATES, CircumstanceKind.RELEASED):
            referral_upkeep.follow_date(referral=self.row)

    def end(self, *, reason, day, by, kind=""):
        self.row = referrals.take_back(referral=self.row, reason=reason, by=by)


@leg
class WorkRelease(Leg):
    """Somebody who goes out to work while serving, from a day on.

    Discipline and security end it, because its decree falls with them. Any other restriction only
    closes the gate while it holds (`work_release_checks.obstacles`).
    """

    what, label = "work_release", _("asimilasi kerja")
    purpose = work_release_checks.PURPOSE
    related = ("inmate", "facility", "employer", "referral", "agreement__successor")
    revoking = (CircumstanceKind.DISCIPLINE, CircumstanceKind.SECURITY)

    @classmethod
    def find(cls, people):
        return Placement.objects.work_release().running().filter(inmate__in=people)

    @property
    def name(self):
        return str(self.row.employer)

    @property
    def starts_on(self):
        return self.row.starts_on

    @property
    def still_runs(self):
        return self.row.state == PlacementState.RUNNING

    def effect_of(self, kind, effect):
        return Effect.END if kind in self.revoking and effect == Effect.SUSPEND else effect

    def end(self, *, reason, day, by, kind=""):
        placement_rows.close(self.row, day=day, reason=reason, by=by, kind=kind)

    def problems_of_dates(self, inmate):
        """Half of the sentence, as SDP states it now, is not served yet."""
        records = Inmate.objects.records_of(inmate)
        day = max(timezone.localdate(), self.row.starts_on)
        note = self.row.eligibility_note
        return list(work_release_checks.problems_of_eligibility(records, day, note).values())

    def problems_of_register(self, inmate):
        records = Inmate.objects.records_of(inmate)
        day = timezone.localdate()
        found = work_release_checks.problems_of_custody(records, self.row.facility_id, day)
        return list(found.values())


def locked(people, facility_ids):
    """All legs of people (by id) at the prisons, locked: batches first, then kind by kind."""
    wanted = [kind.find(people).filter(facility__in=facility_ids) for kind in _kinds]
    batches = Q(pk__in=[])
    for kind, rows in zip(_kinds, wanted, strict=True):
        if issubclass(kind, OfBatch):
            batches |= Q(pk__in=rows.values("batch_id"))
    list(
        Batch.objects.filter(batches)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )
    found = []
    for kind, rows in zip(_kinds, wanted, strict=True):
        kind.lock_above(rows)
        mine = rows.select_for_update(no_key=True, of=["self"]).select_related(*kind.related)
        found += [kind(row) for row in mine.order_by("pk")]
    return found


def read(people, facility_ids):
    """As `locked`, to be shown."""
    return [
        kind(row)
        for kind in _kinds
        for row in kind.find(people)
        .filter(facility__in=facility_ids)
        .select_related(*kind.related)
        .order_by("pk")
    ]
