import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from accounts.reads import EVERYBODY


@pghistory.track()
class Letterhead(Record):
    """The lines above a prison's letters from a day on: ministries are renamed, papers are not.

    A letter takes the newest one whose `starts_on` is not after its date.
    """

    facility = models.ForeignKey("accounts.Facility", models.CASCADE, related_name="letterheads")
    starts_on = models.DateField(_("berlaku mulai"))
    lines = ArrayField(models.CharField(max_length=120), verbose_name=_("baris kop surat"))
    address = models.CharField(_("alamat"), max_length=250, blank=True)

    privacy = words(keep="facility starts_on lines address")
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("kop surat")
        verbose_name_plural = _("kop surat")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "starts_on"],
                name="letterhead_once",
                violation_error_message=_("Kop surat untuk tanggal ini sudah ada."),
            )
        ]

    def __str__(self):
        return self.lines[-1] if self.lines else str(self.starts_on)
