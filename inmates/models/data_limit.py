import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import through
from inmates.querysets import DataLimitQuerySet


@pghistory.track()
class DataLimit(PublicRecord):
    """A person asked that their data be kept and used no further (UU 27/2022). Lifted, it stays.

    While it stands, nobody outside reads of the person and nobody proposes, matches or refers them;
    the prison goes on reading and keeping the record. Each record of a person has a row of its own.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="limits")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    asked_on = models.DateField(_("diminta pada"))
    reason = models.CharField(_("alasan"), max_length=250)
    lifted_on = models.DateField(_("dicabut pada"), null=True, blank=True)
    lifted_why = models.CharField(_("alasan pencabutan"), max_length=250, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = DataLimitQuerySet.as_manager()
    privacy = words(keep="inmate facility asked_on lifted_on lifted_by", mask="reason lifted_why")
    liaison_reads = through("inmate").showing("inmate lifted_on")

    class Meta:
        verbose_name = _("pembatasan pemrosesan")
        verbose_name_plural = _("pembatasan pemrosesan")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(lifted_on__isnull=True),
                name="data_limit_once",
                violation_error_message=_("Pemrosesan data orang ini sudah dibatasi."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True)
                | (Q(lifted_on__gte=F("asked_on")) & ~Q(lifted_why="")),
                name="data_limit_lifted_why",
                violation_error_message=_("Sebutkan alasannya."),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)
