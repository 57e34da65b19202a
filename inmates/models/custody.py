import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from inmates.querysets import CustodyQuerySet
from inmates.states import CustodyEnd, RegisterClass


@pghistory.track()
class Custody(Record):
    """A stay at one prison, with the register number of that prison's book."""

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="custodies")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="custodies")
    register_number = models.CharField(_("nomor registrasi"), max_length=40, blank=True)
    register_class = models.CharField(
        _("golongan registrasi"), max_length=6, choices=RegisterClass, blank=True
    )
    starts = models.DateField(_("masuk pada"))
    until = models.DateField(_("keluar pada"), null=True, blank=True)
    ended_how = models.CharField(_("cara keluar"), max_length=12, choices=CustodyEnd, blank=True)

    objects = CustodyQuerySet.as_manager()
    privacy = words(
        keep="inmate facility register_class starts until ended_how",
        mask="register_number",
    )

    class Meta:
        verbose_name = _("masa penempatan")
        verbose_name_plural = _("masa penempatan")
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(until__isnull=True),
                name="custody_open_once",
                violation_error_message=_("Orang ini masih tercatat di lapas lain."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")),
                name="custody_ends_after_start",
                violation_error_message=_("Tanggal keluar tidak boleh sebelum tanggal masuk."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "inmate"],
                condition=Q(until__isnull=True),
                name="custody_open_facility",
            )
        ]

    def __str__(self):
        return self.register_number

    @property
    def is_sentenced(self):
        """Register B: only they are trained and placed (field notes 2.1)."""
        return self.register_class.startswith("B")
