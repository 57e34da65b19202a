from django.db import models
from django.db.models import F, Q
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
    FollowUpOwner,
    FollowUpState,
    PlacementState,
    ReferralState,
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


class EmployerQuerySet(KeptBySides):
    def visible_to(self, user):
        """Kept by one's own side or a partner, or known to all by a reported vacancy."""
        vacancies = self.model._meta.get_field("vacancies").related_model.objects
        reported = vacancies.reported().values("employer")
        return self.filter(self._kept_for(user) | Q(pk__in=reported))


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


class JobSeekerCardQuerySet(GoesWithPerson):
    """Cards name people: those who may not see people there see none of them."""

    def open(self):
        return self.filter(ended_on=None)


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
