import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words


@pghistory.track()
class Sentence(Record):
    """Dates as SDP states them, authoritative as of `as_of`; remission in months and days."""

    inmate = models.OneToOneField("inmates.Inmate", models.CASCADE, related_name="sentence")
    as_of = models.DateField(_("menurut SDP per"))
    detained_since = models.DateField(_("mulai ditahan"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("tahun"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("bulan"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("hari"), null=True, blank=True)
    remission_months = models.PositiveSmallIntegerField(_("remisi, bulan"), default=0)
    remission_days = models.PositiveSmallIntegerField(_("remisi, hari"), default=0)
    one_third = models.DateField(_("1/3 masa pidana"), null=True, blank=True)
    one_half = models.DateField(_("1/2 masa pidana"), null=True, blank=True)
    two_thirds = models.DateField(_("2/3 masa pidana"), null=True, blank=True)
    expires = models.DateField(_("ekspirasi"), null=True, blank=True)
    released_on = models.DateField(_("tanggal bebas"), null=True, blank=True)

    privacy = words(
        keep="inmate as_of detained_since years months days remission_months remission_days "
        "one_third one_half two_thirds expires released_on",
    )

    class Meta:
        verbose_name = _("pidana")
        verbose_name_plural = _("pidana")

    def __str__(self):
        return f"{self.as_of}"
