from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.querysets import FacilityScoped
from inmates.querysets import GoesWithPerson
from partners.querysets import AgencyScoped
from partners.states import SIGNED_ONCE
from training.attended import CountsAttendance
from training.known import KnowsPerson
from training.needed import NeedsClinic, NeedsSomething
from training.states import (
    BATCH_BEGUN,
    BATCH_OPEN,
    BATCH_OVER,
    BLOCKS_OTHERS,
    CANDIDATE_OPEN,
    HOLDS_SEAT,
    SEAT_OFFER_HOLDS,
    TAUGHT,
    BatchState,
    CandidateState,
    DecreeState,
    ProposalState,
    SeatOfferState,
    Side,
    WaitingState,
)
from training.teaching import (
    ATTENDED,
    AssessmentKind,
    CertificateKind,
    CertificateState,
    MeetingState,
    Verdict,
)


def _holds_on(agreement, day):
    """The agreement behind the path `agreement` was not terminated by that day of the batch."""
    return Q(**{f"{agreement}__terminated_on": None}) | Q(
        **{f"{agreement}__terminated_on__gt": day}
    )


BY_AGREEMENT = Q(
    agreement__state__in=SIGNED_ONCE,
    agreement__starts_on__lte=F("starts_on"),
    agreement__ends_on__gte=F("ends_on"),
) & _holds_on("agreement", F("ends_on"))
BY_SUCCESSOR = (
    Q(
        agreement__state__in=SIGNED_ONCE,
        agreement__starts_on__lte=F("starts_on"),
        agreement__ends_on__gte=F("starts_on"),
        agreement__successor__state__in=SIGNED_ONCE,
        agreement__successor__starts_on__lte=F("agreement__ends_on") + timedelta(days=1),
        agreement__successor__ends_on__gte=F("ends_on"),
    )
    & _holds_on("agreement", F("starts_on"))
    & _holds_on("agreement__successor", F("ends_on"))
    & (
        Q(agreement__terminated_on=None)
        | Q(agreement__successor__starts_on__lte=F("agreement__terminated_on"))
    )
)


class BatchQuerySet(NeedsSomething, AgencyScoped):
    def visible_to(self, user):
        """A liaison sees a batch of the own agency once the agency was asked (or offered).

        A batch that ran before it was entered was never asked here: its participants say that the
        agency knows it.
        """
        rows = super().visible_to(user)
        if user.is_liaison:
            rows = rows.filter(Q(self._has_any("proposals")) | Q(self._has_any("enrolments")))
        return rows

    def _has_any(self, name):
        """Looked up for each batch: all that were ever asked or taught are the whole country's."""
        related = self.model._meta.get_field(name).related_model
        return Exists(related.objects.filter(batch=OuterRef("pk")).order_by())

    def upcoming(self):
        return self.filter(ends_on__gte=timezone.localdate()).exclude(
            state__in=[BatchState.CANCELLED, BatchState.CLOSED]
        )

    def with_cover(self):
        """Each row with `is_covered`: `training.rules.problem_of_cover` finds nothing, in SQL."""
        return self.annotate(
            is_covered=Case(
                When(~Q(exception="") | BY_AGREEMENT | BY_SUCCESSOR, then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            )
        )

    def with_seats_coming(self):
        """Batches still to begin with a seat that nobody has taken yet."""
        free = F("seats_confirmed") + F("seats_extra") - F("seats_taken")
        rows = self.filter(state__in=BATCH_OPEN, starts_on__gte=timezone.localdate())
        return rows.alias(seats_coming=free).filter(seats_coming__gt=0)

    def with_certified(self):
        """Each row with `people_certified`: participants with a paper that counts as certified."""
        enrolments = self.model._meta.get_field("enrolments").related_model
        papers = enrolments._meta.get_field("certificates").related_model
        certified = papers.objects.certified().filter(enrolment__batch=OuterRef("pk"))
        return self.annotate(
            people_certified=_count_of(
                certified, "enrolment__batch", Count("enrolment", distinct=True)
            )
        )

    def uncovered(self, on=None):
        """Batches still to be held whose agreement does not, or no longer, hold on all days."""
        rows = self.filter(state__in=BATCH_OPEN, ends_on__gte=on or timezone.localdate())
        return rows.with_cover().filter(is_covered=False)


class SlotProposalQuerySet(AgencyScoped):
    def open(self):
        return self.filter(state=ProposalState.OPEN)

    def awaiting_agency(self):
        """Rounds that the agency has to answer."""
        return self.open().filter(side=Side.PRISON)

    def awaiting_prison(self):
        """Rounds that the prison has to answer."""
        return self.open().filter(side=Side.AGENCY)

    def past_reply_date(self, on=None):
        """Open rounds whose last day for an answer has passed."""
        return self.open().filter(respond_by__lt=on or timezone.localdate())


class CandidateQuerySet(NeedsClinic, KnowsPerson, FacilityScoped):
    def open(self):
        return self.filter(state__in=CANDIDATE_OPEN)

    def awaiting_hearing(self):
        return self.filter(state=CandidateState.PROPOSED)

    def approved_without_seat(self):
        return self.filter(state=CandidateState.APPROVED, enrolment__isnull=True)

    def on_the_way(self, prisons):
        """Open ones without a seat, at these prisons: all in the few batches that are not over and
        of the prison, as `reports.integrity` asks. So the database reads no others."""
        rows = self.open().filter(enrolment=None, facility__in=prisons)
        return rows.filter(batch__facility__in=prisons).exclude(batch__state__in=BATCH_OVER)

    def regular(self):
        """Not a reserve: meant for a seat of the batch."""
        return self.filter(is_reserve=False)

    def on_pending_decree(self):
        """Listed on a decree that waits for the warden."""
        return self.filter(
            batch__decrees__state=DecreeState.PREPARED,
            batch__decrees__entries__candidate_id=F("pk"),
        )

    def claiming(self):
        """Those a free seat is meant for: regulars, and reserves whom a pending decree lists."""
        rows = self.exclude(seat_offers__state__in=SEAT_OFFER_HOLDS)
        listed = self.model.objects.on_pending_decree().values("pk")
        return rows.filter(Q(is_reserve=False) | Q(pk__in=listed))

    def reserves(self):
        """Approved reserves who hold no seat by an offer and are on no pending decree, in order."""
        rows = self.approved_without_seat().filter(is_reserve=True)
        rows = rows.exclude(seat_offers__state__in=SEAT_OFFER_HOLDS)
        listed = self.model.objects.on_pending_decree().values("pk")
        return rows.exclude(pk__in=listed).order_by("rank", "pk")


class HearingQuerySet(FacilityScoped):
    """Hearings are the prison's own: a liaison sees none."""


class DecreeQuerySet(FacilityScoped):
    """Decrees name people: a liaison sees none."""

    def awaiting_warden(self):
        return self.filter(state=DecreeState.PREPARED)

    def issued(self):
        return self.filter(state=DecreeState.ISSUED)


class SeatOfferQuerySet(FacilityScoped):
    """Offers name reserves: a liaison sees none."""

    def open(self):
        return self.filter(state=SeatOfferState.OPEN)

    def holding(self):
        """Offers that hold a seat: open, or taken and waiting for the decree."""
        return self.filter(state__in=SEAT_OFFER_HOLDS)

    def taken(self):
        """Waiting for a decree that names the person."""
        return self.filter(state=SeatOfferState.TAKEN)

    def ending_a_turn(self):
        """After these a reserve is not asked by itself again: no, silence, taken back by somebody.

        One that ended with what it was made for (nobody withdrew it) leaves the turn.
        """
        answered = Q(state__in=(SeatOfferState.REFUSED, SeatOfferState.EXPIRED))
        return self.filter(answered | Q(state=SeatOfferState.WITHDRAWN, state_by__isnull=False))

    def past_day(self, on=None):
        """Open offers whose last day for an answer has passed."""
        return self.open().filter(until__lt=on or timezone.localdate())


class EnrolmentQuerySet(CountsAttendance, KnowsPerson, AgencyScoped):
    def blocking(self):
        """Enrolments during which the person can join no other batch."""
        return self.filter(state__in=BLOCKS_OTHERS)


class WaitingEntryQuerySet(GoesWithPerson):
    """Waiting lists name people: those who may not see people there see none of them."""

    def open(self):
        return self.filter(state=WaitingState.WAITING)

    def with_expected_release(self, today=None):
        """With `expected_release` of the person (of the record that a merged one stands for)."""
        people = self.model._meta.get_field("inmate").related_model.objects
        released = people.with_expected_release(today).filter(pk=OuterRef("person"))
        return self.alias(person=Coalesce("inmate__merged_into_id", "inmate_id")).annotate(
            expected_release=Subquery(released.values("expected_release")[:1])
        )

    def of_people_at(self, facility_ids):
        """Of people whose open custody is at one of the prisons, also by a merged record."""
        return self.filter(
            Q(inmate__prison__in=facility_ids) | Q(inmate__merged_into__prison__in=facility_ids)
        )


class PlanLineQuerySet(FacilityScoped):
    """Plans are the prison's own: a liaison sees what was asked of the agency as rounds."""

    def with_results(self):
        """What came of each line, from its batches: `packages_run` (begun), `people_run` (took
        part and did not drop out) and `people_certified` (as of `with_certified`)."""
        batches = self.model._meta.get_field("batches").related_model
        enrolments = batches._meta.get_field("enrolments").related_model
        papers = enrolments._meta.get_field("certificates").related_model
        begun = batches.objects.filter(plan_line=OuterRef("pk"), state__in=BATCH_BEGUN)
        people = enrolments.objects.filter(batch__plan_line=OuterRef("pk"), state__in=HOLDS_SEAT)
        certified = papers.objects.certified().filter(enrolment__batch__plan_line=OuterRef("pk"))
        return self.annotate(
            packages_run=_count_of(begun, "plan_line"),
            people_run=_count_of(people.filter(batch__state__in=BATCH_BEGUN), "batch__plan_line"),
            people_certified=_count_of(
                certified, "enrolment__batch__plan_line", Count("enrolment", distinct=True)
            ),
        )


def _count_of(rows, line, number=None):
    counted = rows.order_by().values(line).annotate(n=number or Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The catalogue is the country's: whoever signs in may read it."""
        return self.all() if user.is_authenticated else self.none()

    def offered(self):
        """Not retired: may be planned and waited for."""
        return self.filter(is_offered=True)


class InstructorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of agencies that the user works with."""
        agency = self.model._meta.get_field("agency").related_model
        return self.filter(agency__in=agency.objects.visible_to(user))

    def teaching_for(self, agency):
        """Of the agency that runs a batch, and of the one above it."""
        return self.filter(agency__in=[agency.pk, agency.parent_id or agency.pk])


class RoomQuerySet(FacilityScoped):
    """Rooms of the prison: a liaison reads their names at the meetings only."""


class MeetingQuerySet(AgencyScoped):
    def standing(self):
        """Not cancelled."""
        return self.exclude(state=MeetingState.CANCELLED)

    def on(self, day):
        """Meetings that begin on a day of the prison's time zone."""
        return self.filter(during__startswith__date=day)

    def with_tools_out(self, now=None):
        """They are over, and tools of theirs were not counted back."""
        checks = self.model._meta.get_field("tool_checks").related_model.objects
        out = checks.filter(meeting=OuterRef("pk"), quantity_in=None)
        return self.filter(Exists(out), during__endswith__lte=now or timezone.now())

    def to_mark(self, now=None):
        """They began, nobody called them off, and somebody's attendance is still missing."""
        return self.filter(
            state=MeetingState.PLANNED,
            during__startswith__lte=now or timezone.now(),
            batch__state__in=TAUGHT,
        )


class AttendanceQuerySet(AgencyScoped):
    def attended(self):
        return self.filter(code__in=ATTENDED)


class ToolCheckQuerySet(FacilityScoped):
    def short(self):
        """Fewer came back than went out, and security has not released the gate."""
        return self.filter(quantity_in__lt=F("quantity_out"), released_at=None)

    def unsettled(self):
        """Still out, or short: the batch's next meeting gets no tools."""
        return self.filter(
            Q(quantity_in=None) | Q(quantity_in__lt=F("quantity_out"), released_at=None)
        )


class AssessmentQuerySet(AgencyScoped):
    def newest_first(self):
        return self.order_by("-attempt")

    def newest(self):
        """What counts: the newest attempt of each participant, kind and unit."""
        later = self.model.objects.alias(of=Coalesce("unit_id", 0)).filter(
            enrolment=OuterRef("enrolment"),
            kind=OuterRef("kind"),
            of=Coalesce(OuterRef("unit_id"), 0),
            attempt__gt=OuterRef("attempt"),
        )
        return self.filter(~Exists(later))

    def of_units(self):
        """The competency assessments, unit by unit."""
        return self.filter(kind=AssessmentKind.COMPETENCY)

    def not_yet(self):
        """Found not yet competent (BK)."""
        return self.filter(result=Verdict.NOT_YET)


class CertificateQuerySet(AgencyScoped):
    def issued(self):
        """Not revoked; may have expired."""
        return self.filter(state=CertificateState.ISSUED)

    def valid(self, on=None):
        """Not revoked, and not past the last day on a day (default today)."""
        on = on or timezone.localdate()
        return self.issued().filter(Q(valid_until=None) | Q(valid_until__gte=on))

    def revoked(self):
        return self.filter(state=CertificateState.REVOKED)

    def expired(self, on=None):
        return self.issued().filter(valid_until__lt=on or timezone.localdate())

    def expiring(self, on=None):
        """Valid, with so few days left that the next assessment should be planned."""
        on = on or timezone.localdate()
        last = on + timedelta(days=settings.CERTIFICATE_EXPIRING_DAYS)
        return self.issued().filter(valid_until__range=(on, last))

    def certified(self):
        """What counts as certified: issued, and more than a letter of participation."""
        return self.issued().exclude(kind=CertificateKind.PARTICIPATION)

    def of_people_held(self):
        """Of people who are still in custody at the prison that wrote the paper down."""
        here = F("facility")
        return self.filter(Q(inmate__prison=here) | Q(inmate__merged_into__prison=here))
