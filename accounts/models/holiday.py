from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words
from accounts.querysets import HolidayQuerySet
from accounts.reads import EVERYBODY


class Holiday(models.Model):
    """A day on which offices are closed. Joint leave is decreed yearly, so this is data."""

    day = models.DateField(_("tanggal"), unique=True)
    name = models.CharField(_("nama"), max_length=120)

    objects = HolidayQuerySet.as_manager()
    privacy = words(keep="id day name")
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day}: {self.name}"
