from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.querysets import FacilityScoped
from correspondence.states import MailState, NoticeState


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def live(self):
        return self.filter(state=NoticeState.LIVE)

    def waiting(self):
        """Live, not acknowledged and not snoozed to a later day."""
        today = timezone.localdate()
        return self.live().filter(
            Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today), acknowledged_at=None
        )

    def unread(self):
        return self.live().filter(read_at=None)


class MailQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def claimable(self, now):
        """Queued mail whose time has come and that no worker holds."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now),
            state=MailState.QUEUED,
            not_before__lte=now,
        )


class LetterQuerySet(FacilityScoped):
    """Letters belong to the prison; a liaison gets one through its object's page only."""
