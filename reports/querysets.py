from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.querysets import FacilityScoped
from correspondence.states import LetterState
from reports.states import ReportState


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff of the prison, and the two who hand over and take over, wherever they are now."""
        if user.is_liaison:
            return self.none()
        return self.filter(
            Q(facility_id__in=user.facility_ids)
            | Q(posting__user_id=user.pk)
            | Q(successor__user_id=user.pk)
        )

    def over(self, today=None):
        """Those whose last day has passed, the earliest first."""
        today = today or timezone.localdate()
        return self.filter(posting__until__lt=today).order_by("posting__until", "pk")


class EditionQuerySet(models.QuerySet):
    """What everybody may read."""

    def visible_to(self, user):
        return self.all()

    def latest_first(self):
        return self.order_by("-as_of")


class CityEditionQuerySet(FacilityScoped):
    """Counts without names: whoever has a post at the prison reads them."""

    def latest_of(self, facility, year):
        """The last edition of a prison's year, or None."""
        return self.filter(facility=facility, year=year).order_by("-as_of").first()


class KeptGroupQuerySet(FacilityScoped):
    """Counts without names: whoever has a post at the prison reads them."""


class ReportQuerySet(FacilityScoped):
    """Reports name no inmate: whoever has a post at the prison reads them."""

    def unfinished(self):
        return self.filter(state__in=[ReportState.QUEUED, ReportState.COUNTING])

    def unsigned(self):
        """Not signed and sent on its way yet."""
        return self.exclude(letter__state__in=[LetterState.SIGNED, LetterState.SENT])
