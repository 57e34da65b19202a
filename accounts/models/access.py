from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words
from accounts.querysets import AccessRecordQuerySet


class AccessRecord(models.Model):
    """One response that showed or exported named people: who, which page, whom.

    The user stands here as text, so that the record outlives the account (UU 27/2022). `request`
    is the id that the log lines and history rows of the same request carry.
    """

    append_only = True

    at = models.DateTimeField(_("waktu"), db_default=Now())
    user_email = models.CharField(_("pengguna"), max_length=254)
    act = models.CharField(_("tindakan"), max_length=20)
    path = models.CharField(_("halaman"), max_length=200)
    subjects = ArrayField(models.UUIDField(), verbose_name=_("warga binaan"))
    address = models.GenericIPAddressField(_("alamat jaringan"), null=True, blank=True)
    request = models.CharField(_("permintaan"), max_length=64, blank=True, db_default="")

    objects = AccessRecordQuerySet.as_manager()
    privacy = words(keep="id at user_email act path subjects address request")

    class Meta:
        verbose_name = _("catatan akses")
        verbose_name_plural = _("catatan akses")
        ordering = ["-at"]
        indexes = [
            GinIndex(fields=["subjects"], name="access_subjects"),
            models.Index(fields=["user_email", "-at"], name="access_user"),
            models.Index(fields=["at"], name="access_at"),
        ]

    def __str__(self):
        return f"{self.user_email} {self.act} {self.path}"
