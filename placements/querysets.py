from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils import timezone

from accounts.permissions import may
from correspondence.states import LetterState
from inmates.querysets import GoesWithPerson, OfPerson
from inmates.states import ConsentPurpose
from partners.querysets import AgencyScoped
from placements.employment import (
    INSIDE,
    REACHED,
    REFERRAL_OPEN,
    WITH_AGENCY,
    WORKING,
    CardStanding,
    FollowUpOutcome,
    FollowUpOwner,
    FollowUpState,
    PlacementKind,
    PlacementState,
    ReferralState,
    VacancyStanding,
    VacancyState,
)

# Called off because the person is in custody again: still one of those who were to be asked.
DETAINED_AGAIN = Q(state=FollowUpState.CANCELLED, outcome=FollowUpOutcome.DETAINED)
IS_REACHED = Q(state=FollowUpState.DONE, outcome__in=REACHED) | DETAINED_AGAIN
IS_WORKING = Q(state=FollowUpState.DONE, outcome__in=WORKING)


class CircumstancePolicyQuerySet(models.QuerySet):
    def of(self, facility_id):
        """`{kind: effect}` as it holds at the prison: its own rows before the national ones."""
        rows = self.filter(Q(facility=facility_id) | Q(facility=None)).order_by(
            F("facility").asc(nulls_first=True)
        )
        return dict(rows.values_list("kind", "effect"))


class KeptBySides(models.QuerySet):
    """Base for what a prison or an agency keeps: its own, and that of those it works with."""

    def _kept_for(self, user):
        agencies = self.model._meta.get_field("agency").related_model.objects
        if user.is_liaison:
            return Q(agency__in=agencies.ids_under(user))
        return Q(facility__in=user.facility_ids) | Q(
            agency__in=agencies.visible_to(user).values("pk")
        )

    def kept_by(self, user):
        """Those that the user's own side keeps, and may change."""
        if user.is_liaison:
            agencies = self.model._meta.get_field("agency").related_model.objects
            return self.filter(agency__in=agencies.own_ids(user))
        return self.filter(facility__in=user.facility_ids)


class EmployerKeeperQuerySet(KeptBySides):
    def of(self, user):
        """Where the user's own side, or a partner, entered an employer that was known already."""
        return self.filter(self._kept_for(user))


class EmployerQuerySet(KeptBySides):
    def kept_for(self, user):
        """Entered by one's own side or a partner: those whose contacts one reads."""
        keepers = self.model._meta.get_field("keepers").related_model.objects
        return self.filter(self._kept_for(user) | Q(pk__in=keepers.of(user).values("employer")))

    def visible_to(self, user):
        """Those kept for the user, and the employers of all vacancies that the user sees."""
        vacancies = self.model._meta.get_field("vacancies").related_model.objects
        offering = vacancies.visible_to(user).order_by().values("employer")
        return self.filter(
            Q(pk__in=self.model.objects.kept_for(user).order_by().values("pk")) | Q(pk__in=offering)
        )

    def with_vacancies(self, user):
        """Annotates `vacancies_open`: open vacancies that the user sees."""
        vacancies = self.model._meta.get_field("vacancies").related_model.objects
        open_ones = vacancies.visible_to(user).open().filter(employer=OuterRef("pk"))
        number = open_ones.order_by().values("employer").annotate(n=Count("pk")).values("n")
        return self.annotate(vacancies_open=Coalesce(Subquery(number), 0))

    def in_region(self, code):
        """In the region or within it."""
        return self.filter(Q(region_code=code) | Q(region_code__startswith=f"{code}."))


class VacancyQuerySet(KeptBySides):
    def visible_to(self, user):
        """Kept by one's own side or a partner; a reported vacancy is public by law."""
        return self.filter(self._kept_for(user) | ~Q(report_number=""))

    def reported(self):
        return self.exclude(report_number="")

    def open(self, on=None):
        """Neither closed nor past its closing day, with a place left."""
        on = on or timezone.localdate()
        return self.filter(
            state=VacancyState.OPEN, closes_on__gte=on, places_filled__lt=F("places")
        )

    def soonest_first(self):
        """Open ones by their closing day, then the others, the latest closing day first."""
        on = timezone.localdate()
        opened = Case(
            When(state=VacancyState.OPEN, closes_on__gte=on, then=F("closes_on")),
            output_field=models.DateField(),
        )
        return self.order_by(opened.asc(nulls_last=True), "-closes_on", "-pk")

    def standing(self, standing, on=None):
        """Those whose `Vacancy.standing` on a day (default today) is this one."""
        on = on or timezone.localdate()
        if standing == VacancyStanding.OPEN:
            return self.open(on)
        opened = self.filter(state=VacancyState.OPEN)
        if standing == VacancyStanding.PAST:
            return opened.filter(closes_on__lt=on)
        if standing == VacancyStanding.FULL:
            return opened.filter(closes_on__gte=on, places_filled__gte=F("places"))
        return self.filter(state=standing)

    def closing_within(self, days, on=None):
        """Open, and closing in so many days at the latest."""
        on = on or timezone.localdate()
        return self.open(on).filter(closes_on__lte=on + timedelta(days=days))

    def in_region(self, code):
        """In the region or within it."""
        return self.filter(Q(region_code=code) | Q(region_code__startswith=f"{code}."))


class JobSeekerCardQuerySet(GoesWithPerson):
    """Cards name people: those who may not see people there see none of them."""

    def open(self):
        return self.filter(ended_on=None)

    def standing(self, standing, on=None):
        """Those whose `JobSeekerCard.standing` on a day (default today) is this one."""
        on = on or timezone.localdate()
        if standing == CardStanding.ENDED:
            return self.exclude(ended_on=None)
        if standing == CardStanding.EXPIRED:
            return self.open().filter(expires_on__lt=on)
        rows = self.open().filter(expires_on__gte=on)
        late = Q(report_by__lt=on)
        if standing == CardStanding.REPORT_LATE:
            return rows.filter(late)
        due = Q(report_by__range=(on, on + timedelta(days=settings.JOB_SEEKER_SOON_DAYS)))
        if standing == CardStanding.REPORT_DUE:
            return rows.filter(due)
        ending = Q(expires_on__lte=on + timedelta(days=settings.JOB_SEEKER_SOON_DAYS))
        if standing == CardStanding.EXPIRING:
            return rows.exclude(late).exclude(due).filter(ending)
        return rows.exclude(late).exclude(due).exclude(ending)


class CurriculumVitaeQuerySet(GoesWithPerson):
    def approved(self):
        return self.exclude(approved_on=None)


class ReadinessItemQuerySet(GoesWithPerson):
    def missing(self):
        return self.filter(done_on=None, is_waived=False)


class ReferralQuerySet(AgencyScoped):
    def visible_to(self, user):
        """A liaison sees a referral once it was sent, and never what was kept inside."""
        rows = super().visible_to(user)
        if user.is_liaison:
            rows = rows.exclude(state__in=INSIDE).exclude(sent_at=None)
        return rows

    def open(self):
        return self.filter(state__in=REFERRAL_OPEN)

    def not_over(self):
        """Open, or accepted by an employer where work has not begun."""
        return self.filter(
            Q(state__in=REFERRAL_OPEN) | Q(state=ReferralState.ACCEPTED, is_placed=False)
        )

    def with_agency(self):
        return self.filter(state__in=WITH_AGENCY)

    def resting(self):
        """Open ones of whoever is accepted elsewhere and has not begun to work there."""
        return self.open().filter(self._beside_an_acceptance())

    def not_resting(self):
        return self.exclude(self._beside_an_acceptance())

    def _beside_an_acceptance(self):
        """Two look-ups rather than one among all records: each has its index."""
        accepted = self.model.objects.to_place().exclude(pk=OuterRef("pk")).order_by()
        person = Coalesce(OuterRef("inmate__merged_into"), OuterRef("inmate"))
        return Exists(accepted.filter(inmate=person)) | Exists(
            accepted.filter(inmate__merged_into=person)
        )

    def to_send(self):
        """Approved, and the letter that goes with them is signed; others wait for its number."""
        signed = (LetterState.SIGNED, LetterState.SENT)
        return self.filter(state=ReferralState.APPROVED, letter__state__in=signed)

    def unanswered(self, on=None):
        """With the agency past the day by which it was to answer."""
        return self.with_agency().filter(answer_by__lt=on or timezone.localdate())

    def to_place(self):
        """Accepted by an employer, and no work recorded yet."""
        return self.filter(state=ReferralState.ACCEPTED, is_placed=False)


def _last_day(ends_on, terminated_on):
    """The last day of an agreement that ends on one day, or the day before the other."""
    before = Cast(F(terminated_on) - timedelta(days=1), models.DateField())
    return Least(ends_on, before, output_field=models.DateField())


class PlacementQuerySet(OfPerson):
    """Work of people, for the prison that recorded it; a liaison learns of it by the referral."""

    def counted(self):
        """All but what was written down wrongly."""
        return self.exclude(state=PlacementState.VOID)

    def running(self):
        return self.filter(state=PlacementState.RUNNING)

    def work_release(self):
        return self.filter(kind=PlacementKind.WORK_RELEASE)

    def with_papers_end(self):
        """Annotates `papers_end`: the last day on which decree and agreement of work release hold.

        A signed agreement that continues the one it began with counts.
        """
        agreements = self.model._meta.get_field("agreement").related_model.objects
        following = agreements.signed_once().filter(renews=OuterRef("agreement"))
        following = following.values(last=_last_day("ends_on", "terminated_on"))
        agreed = Greatest(
            _last_day("agreement__ends_on", "agreement__terminated_on"), Subquery(following[:1])
        )
        return self.annotate(papers_end=Least("decree_until", agreed))

    def lapsing(self, until):
        """Work release that goes on and whose papers end by a day, or have ended."""
        return self.work_release().running().with_papers_end().filter(papers_end__lte=until)

    def going_out(self, on):
        """Work release on a day by its own days: begun, not ended, on one of its weekdays."""
        rows = self.work_release().running()
        return rows.filter(starts_on__lte=on, weekdays__contains=[on.isoweekday()])


class WorkDayQuerySet(OfPerson):
    def out(self):
        """Those who went out and have not come back."""
        return self.filter(back_at=None)

    def overdue(self, now=None):
        """Out, and due back already."""
        return self.out().filter(due_back_at__lt=now or timezone.now())


class FollowUpQuerySet(AgencyScoped):
    """Names people: staff need the right to see them, a liaison the person's consent."""

    def visible_to(self, user):
        """A liaison sees those that the agency itself is to ask, as long as a consent holds.

        Not those that were called off, nor of whom it was learned that they are detained again.
        """
        if not user.is_liaison:
            prisons = [pk for pk in user.facility_ids if may(user, "see_people", pk)]
            return self.filter(facility__in=prisons)
        rows = super().visible_to(user).filter(owner=FollowUpOwner.AGENCY)
        rows = rows.exclude(state=FollowUpState.CANCELLED)
        return rows.exclude(outcome=FollowUpOutcome.DETAINED).with_consent()

    def of_person(self):
        """With `root`, the record that the person is known by now."""
        return self.alias(root=Coalesce("inmate__merged_into", "inmate"))

    def with_consent(self, on=None):
        """Those whose person agrees, on a day (default today), to being asked afterwards."""
        return self.of_person().filter(self._consented(on))

    def without_consent(self, on=None):
        return self.of_person().filter(~self._consented(on))

    def with_leave(self, on=None, *, reader=None):
        """With `has_consent` and `sentence_ends`: after that day contact needs the consent.

        A liaison reads no sentence: the agency asks only of who agreed.
        """
        if reader is not None and reader.is_liaison:
            unknown = models.Value(None, output_field=models.DateField())
            return self.of_person().annotate(has_consent=self._consented(on), sentence_ends=unknown)
        person = self.model._meta.get_field("inmate").related_model
        sentences = person._meta.get_field("sentence").related_model.objects
        ends = sentences.filter(inmate=OuterRef("root")).values("expires")
        return self.of_person().annotate(
            has_consent=self._consented(on), sentence_ends=Subquery(ends[:1])
        )

    def planned(self):
        return self.filter(state=FollowUpState.DUE)

    def due(self, on=None):
        """To be asked by a day (default today)."""
        return self.planned().filter(due_on__lte=on or timezone.localdate())

    def due_here(self, on=None):
        """To be asked by a day, and not by an agency."""
        return self.due(on).exclude(owner=FollowUpOwner.AGENCY)

    def news(self):
        """What came outside the schedule."""
        return self.filter(months=0)

    def counted(self, on=None):
        """What every share is a share of: asked or to be asked by a day (default today).

        Whoever is detained again stays in it, so that no figure is better than it was. Left out
        are news outside the schedule and what no longer applies (a death, a new series).
        """
        return self.exclude(months=0).filter(
            Q(state__in=[FollowUpState.DUE, FollowUpState.DONE]) | DETAINED_AGAIN,
            due_on__lte=on or timezone.localdate(),
        )

    def reached(self):
        """Of whom something was learned."""
        return self.filter(IS_REACHED)

    def not_reached(self):
        """Of whom nothing is known: not answered yet, or tried in vain."""
        return self.filter(
            Q(state=FollowUpState.DUE)
            | Q(state=FollowUpState.DONE, outcome=FollowUpOutcome.NOT_REACHED)
        )

    def working(self):
        return self.filter(IS_WORKING)

    def _consented(self, on):
        """Two look-ups rather than one with an `or` between tables: each has its index."""
        person = self.model._meta.get_field("inmate").related_model
        consents = person._meta.get_field("consents").related_model.objects
        given = consents.in_force(on, purpose=ConsentPurpose.FOLLOW_UP)
        return Exists(given.filter(inmate=OuterRef("root"))) | Exists(
            given.filter(inmate__merged_into=OuterRef("root"))
        )


class FollowUpLinkQuerySet(models.QuerySet):
    def alive(self):
        """Neither used nor revoked; may have expired."""
        return self.filter(used_at=None, revoked_at=None)
