import pghistory
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.base import PublicRecord
from accounts.privacy import words
from accounts.querysets import PostingQuerySet


class Acting(models.TextChoices):
    NONE = "", _("definitif")
    PLT = "Plt.", _("Plt. (pelaksana tugas)")
    PLH = "Plh.", _("Plh. (pelaksana harian)")


@pghistory.track()
class Posting(PublicRecord):
    """Who holds which post of a prison, from when until when. Work belongs to the post."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="postings")
    role = models.ForeignKey(Group, models.PROTECT, to_field="name", related_name="+")
    title = models.CharField(_("nama jabatan"), max_length=120, blank=True)
    acting = models.CharField(_("Plt./Plh."), max_length=4, choices=Acting, blank=True)
    starts = models.DateField(_("mulai"))
    until = models.DateField(_("sampai"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()
    privacy = words(keep="user facility role title acting starts until")

    class Meta:
        verbose_name = _("penugasan")
        verbose_name_plural = _("penugasan")
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")),
                name="posting_ends_after_start",
                violation_error_message=_("Penugasan tidak bisa berakhir sebelum dimulai."),
            ),
            models.UniqueConstraint(
                fields=["user", "facility", "role"],
                condition=Q(until__isnull=True),
                name="posting_open_once",
                violation_error_message=_("Orang ini sudah memegang jabatan itu."),
            ),
        ]

    def __str__(self):
        return f"{self.role_id} ({self.starts})"
