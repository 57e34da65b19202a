from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.base import PublicRecord
from accounts.privacy import words
from accounts.querysets import ActionLinkQuerySet

USED, REVOKED, CLOSED, EXPIRED = "used", "revoked", "closed", "expired"


class ActionLink(PublicRecord):
    """A link in a mail that lets one user do one act on one object, once.

    Only the SHA-256 of its token is kept. Opening the link changes nothing (mail scanners open
    links too); the POST consumes it in the transaction of the act. It dies when used, expired or
    revoked, and with its user.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="action_links")
    act = models.CharField(_("tindakan"), max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    expires_at = models.DateTimeField(_("berlaku sampai"))
    used_at = models.DateTimeField(_("dipakai pada"), null=True)
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True)

    objects = ActionLinkQuerySet.as_manager()
    privacy = words(
        keep="user act object_type object_id expires_at used_at revoked_at", drop="token_hash"
    )

    class Meta:
        verbose_name = _("tautan tindakan")
        verbose_name_plural = _("tautan tindakan")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="action_link_lasts"
            )
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id", "act"], name="action_link_object")
        ]

    def __str__(self):
        return self.act

    @property
    def end(self):
        """Why the link is dead: used, revoked, expired or closed (its user); empty: it lives."""
        if self.used_at:
            return USED
        if self.revoked_at:
            return REVOKED
        if not self.user.is_active:
            return CLOSED
        return EXPIRED if self.expires_at <= timezone.now() else ""
