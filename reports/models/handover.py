from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from reports.querysets import HandoverQuerySet


class Handover(PublicRecord):
    """A posting ended: to whom its open work went, and the paper as it was that day.

    `data` is all that the paper says, so that it can be printed again; it never changes.
    """

    append_only = True

    posting = models.OneToOneField("accounts.Posting", models.PROTECT, related_name="handover")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    successor = models.ForeignKey(
        "accounts.Posting",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("penugasan penerus"),
    )
    note = models.TextField(_("catatan"), blank=True)
    data = models.JSONField(_("isi"))

    objects = HandoverQuerySet.as_manager()
    privacy = words(keep="posting facility successor", mask="note data")

    class Meta:
        verbose_name = _("serah terima jabatan")
        verbose_name_plural = _("serah terima jabatan")
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return self.data["post"]

    @property
    def taken_on(self):
        """First day on which the successor alone holds the post, None without a successor."""
        if self.successor is None:
            return None
        return max(self.successor.starts, self.posting.until + timedelta(days=1))

    def get_absolute_url(self):
        return address_of("reports:handover-detail", self.public_id)
