import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from training.querysets import ToolCheckQuerySet


@pghistory.track()
class ToolCheck(PublicRecord):
    """A kind of tool that went out for a meeting, and how many came back.

    Fewer back than out keeps the meeting's gate closed until security releases it, with a
    reason (field notes 4.4: hammers and cutters found in cells).
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    meeting = models.ForeignKey("training.Meeting", models.PROTECT, related_name="tool_checks")
    name = models.CharField(_("alat"), max_length=80)
    quantity_out = models.PositiveSmallIntegerField(_("keluar"), validators=[MinValueValidator(1)])
    out_at = models.DateTimeField(_("keluar pada"))
    quantity_in = models.PositiveSmallIntegerField(_("kembali"), null=True, blank=True)
    in_at = models.DateTimeField(_("kembali pada"), null=True, blank=True)
    in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    note = models.CharField(_("catatan"), max_length=200, blank=True)
    released_at = models.DateTimeField(_("dibuka pada"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    released_why = models.CharField(_("alasan dibuka"), max_length=250, blank=True)

    objects = ToolCheckQuerySet.as_manager()
    privacy = words(
        keep="facility meeting name quantity_out out_at quantity_in in_at in_by note released_at "
        "released_by released_why",
    )

    class Meta:
        verbose_name = _("pemeriksaan alat")
        verbose_name_plural = _("pemeriksaan alat")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "name"],
                name="tool_check_once",
                violation_error_message=_("Alat ini sudah tercatat pada pertemuan ini."),
            ),
            models.CheckConstraint(
                condition=Q(quantity_in__isnull=True) | Q(quantity_in__lte=F("quantity_out")),
                name="tool_not_more_back_than_out",
                violation_error_message=_("Yang kembali lebih banyak daripada yang keluar."),
            ),
            models.CheckConstraint(
                condition=Q(quantity_in__isnull=True, in_at__isnull=True)
                | Q(quantity_in__isnull=False, in_at__isnull=False),
                name="tool_back_when",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | (Q(quantity_in__lt=F("quantity_out")) & ~Q(released_why="")),
                name="tool_released_why",
                violation_error_message=_("Sebutkan mengapa pintu dibuka meski alat kurang."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "meeting"],
                condition=Q(quantity_in__lt=F("quantity_out"), released_at__isnull=True),
                name="tool_short",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("training:tool-detail", self.public_id)

    @property
    def missing(self):
        """How many are not back; None while nobody has counted."""
        return None if self.quantity_in is None else self.quantity_out - self.quantity_in

    @property
    def keeps_gate_closed(self):
        """Counted, fewer back than out, and not released by security."""
        return bool(self.missing) and self.released_at is None
