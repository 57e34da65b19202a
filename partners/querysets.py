from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partners.states import AgreementState


class AgencyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff: the partners of their prisons. A liaison: the own agency and units below."""
        if user.is_liaison:
            return self.under(user)
        return self.filter(
            pk__in=self.model.objects.filter(
                partnerships__facility_id__in=user.facility_ids
            ).values("pk")
        )

    def under(self, user):
        """What a liaison reads: the agency of the open liaison row, and two levels below."""
        own = self.model.objects.represented_by(user).values("pk")
        return self.filter(Q(pk__in=own) | Q(parent__in=own) | Q(parent__parent__in=own))

    def represented_by(self, user):
        """The agency that a liaison acts for (at most one); empty for everybody else."""
        if not user.is_liaison or not user.is_active:
            return self.none()
        return self.filter(liaisons__user=user, liaisons__until__isnull=True)


class AgencyScoped(models.QuerySet):
    """Base of querysets whose rows stand between one prison and one agency."""

    agency = "agency"
    facility = "facility"

    def visible_to(self, user):
        if user.is_liaison:
            agencies = self.model._meta.get_field(self.agency).related_model
            return self.filter(**{f"{self.agency}__in": agencies.objects.under(user).values("pk")})
        return self.filter(**{f"{self.facility}_id__in": user.facility_ids})


class EngagementQuerySet(AgencyScoped):
    def visible_to(self, user):
        """The prison's own log: a liaison does not read it."""
        return self.none() if user.is_liaison else super().visible_to(user)


class AgreementQuerySet(AgencyScoped):
    def visible_to(self, user):
        """A liaison reads agreements once they are on the table: from review on."""
        rows = super().visible_to(user)
        if user.is_liaison:
            rows = rows.exclude(state__in=[AgreementState.EXPLORING, AgreementState.DRAFT])
        return rows

    def in_force(self, on=None):
        """Agreements that hold on a day (default today): its first and last day count."""
        on = on or timezone.localdate()
        return self.filter(
            Q(terminated_on__isnull=True) | Q(terminated_on__gt=on),
            state__in=[AgreementState.SIGNED, AgreementState.TERMINATED],
            starts_on__lte=on,
            ends_on__gte=on,
        )

    def ending_within(self, days, on=None):
        on = on or timezone.localdate()
        return self.in_force(on).filter(ends_on__lte=on + timedelta(days=days))

    def covering(self, starts_on, ends_on):
        """Agreements that hold on every day from `starts_on` to `ends_on`."""
        return self.filter(
            Q(terminated_on__isnull=True) | Q(terminated_on__gt=ends_on),
            state__in=[AgreementState.SIGNED, AgreementState.TERMINATED],
            starts_on__lte=starts_on,
            ends_on__gte=ends_on,
        )

    def usable(self, on=None):
        """Signed agreements that still hold or will hold: those a new batch may name."""
        on = on or timezone.localdate()
        return self.filter(state=AgreementState.SIGNED, ends_on__gte=on)

    def not_renewed(self):
        return self.filter(successor__isnull=True)

    def unsigned(self):
        return self.filter(
            state__in=[AgreementState.DRAFT, AgreementState.REVIEW, AgreementState.READY]
        ).order_by(F("created_at"))
