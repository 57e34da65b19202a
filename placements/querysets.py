from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.querysets import FacilityScoped
from inmates.querysets import GoesWithPerson
from partners.querysets import AgencyScoped
from placements.employment import (
    INSIDE,
    REACHED,
    REFERRAL_OPEN,
    WITH_AGENCY,
    WORKING,
    CardStanding,
    FollowUpOwner,
    FollowUpState,
    PlacementState,
    ReferralState,
    VacancyStanding,
    VacancyState,
)


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
            return Q(agency__in=agencies.under(user).values("pk"))
        return Q(facility__in=user.facility_ids) | Q(
            agency__in=agencies.visible_to(user).values("pk")
        )


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

    def unanswered(self, on=None):
        """With the agency past the day by which it was to answer."""
        return self.with_agency().filter(answer_by__lt=on or timezone.localdate())

    def to_place(self):
        """Accepted by an employer, and no work recorded yet."""
        return self.filter(state=ReferralState.ACCEPTED, is_placed=False)


class PlacementQuerySet(FacilityScoped):
    """Work of people: a liaison learns of it through the referral only."""

    def running(self):
        return self.filter(state=PlacementState.RUNNING)


class FollowUpQuerySet(AgencyScoped):
    def visible_to(self, user):
        """A liaison sees those that the agency itself is to ask."""
        rows = super().visible_to(user)
        return rows.filter(owner=FollowUpOwner.AGENCY) if user.is_liaison else rows

    def planned(self):
        return self.filter(state=FollowUpState.DUE)

    def due(self, on=None):
        """To be asked by a day (default today)."""
        return self.filter(state=FollowUpState.DUE, due_on__lte=on or timezone.localdate())

    def reached(self):
        return self.filter(state=FollowUpState.DONE, outcome__in=REACHED)

    def working(self):
        return self.filter(state=FollowUpState.DONE, outcome__in=WORKING)
