import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from placements.querysets import WorkDayQuerySet


@pghistory.track()
class WorkDay(PublicRecord):
    """A day on which somebody on work release went out of the gate, and came back.

    `due_back_at` is fixed when they leave: the hour of return, or the most hours out if that comes
    first. `late_told_at` is when the prison was told that they had not come back by then.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="work_days")
    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="work_days")
    day = models.DateField(_("hari"))
    out_at = models.DateTimeField(_("keluar pada"))
    out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("dicatat keluar oleh"),
    )
    due_back_at = models.DateTimeField(_("harus kembali pada"))
    back_at = models.DateTimeField(_("kembali pada"), null=True, blank=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("dicatat kembali oleh"),
    )
    late_told_at = models.DateTimeField(_("keterlambatan diberitahukan pada"), null=True)
    note = models.CharField(_("catatan"), max_length=200, blank=True)

    objects = WorkDayQuerySet.as_manager()
    privacy = words(
        keep="facility placement day out_at out_by due_back_at back_at back_by late_told_at",
        mask="note",
    )

    class Meta:
        verbose_name = _("hari keluar bekerja")
        verbose_name_plural = _("hari keluar bekerja")
        ordering = ["-day", "out_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "day"],
                name="work_day_once",
                violation_error_message=_("Orang ini sudah dicatat keluar hari ini."),
            ),
            models.CheckConstraint(
                condition=Q(due_back_at__gt=F("out_at")),
                name="work_day_due_after_leaving",
                violation_error_message=_("Jam kembalinya sudah lewat."),
            ),
            models.CheckConstraint(
                condition=Q(back_at__isnull=True) | Q(back_at__gte=F("out_at")),
                name="work_day_back_after_leaving",
                violation_error_message=_("Jam kembali mendahului jam keluar."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_back_at"], condition=Q(back_at__isnull=True), name="work_day_out"
            )
        ]

    def __str__(self):
        return f"{self.day}"

    def get_absolute_url(self):
        return f"{reverse('placements:gate-list')}?date={self.day:%Y-%m-%d}"

    @property
    def is_late(self):
        """Whether they came back after the hour, or should have been back by now."""
        return (self.back_at or timezone.now()) > self.due_back_at

    @property
    def minutes_late(self):
        seconds = ((self.back_at or timezone.now()) - self.due_back_at).total_seconds()
        return max(0, int(seconds // 60))
