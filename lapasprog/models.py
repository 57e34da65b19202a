from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words


class BackupRun(models.Model):
    """A backup that was taken, or that failed (`failure` says why). `/readyz` reads the newest."""

    at = models.DateTimeField(_("pada"), db_default=Now(), db_index=True)
    ok = models.BooleanField(_("berhasil"))
    archive = models.CharField(_("arsip"), max_length=200, blank=True)
    size = models.BigIntegerField(_("ukuran (byte)"), default=0)
    files = models.PositiveIntegerField(_("berkas"), default=0)
    is_sealed = models.BooleanField(_("terenkripsi"), default=False)
    seconds = models.FloatField(_("detik"), default=0)
    failure = models.CharField(_("kegagalan"), max_length=400, blank=True)

    privacy = words(keep="id at ok archive size files is_sealed seconds failure")

    class Meta:
        verbose_name = _("cadangan data")
        verbose_name_plural = _("cadangan data")
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"
