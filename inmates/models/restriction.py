import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from inmates.querysets import RestrictionQuerySet
from inmates.states import RestrictionKind


@pghistory.track()
class Restriction(Record):
    """What keeps a person out of a training for now; fitness without any diagnosis."""

    inmate = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="restrictions")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    kind = models.CharField(_("jenis"), max_length=12, choices=RestrictionKind)
    starts = models.DateField(_("mulai"))
    until = models.DateField(_("sampai"), null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()
    privacy = words(keep="inmate facility kind starts until")

    class Meta:
        verbose_name = _("pembatasan")
        verbose_name_plural = _("pembatasan")
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")),
                name="restriction_ends_after_start",
                violation_error_message=_("Pembatasan tidak bisa berakhir sebelum dimulai."),
            )
        ]

    def __str__(self):
        return self.get_kind_display()
