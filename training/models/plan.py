import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from training.querysets import PlanLineQuerySet
from training.teaching import Fund


@pghistory.track()
class PlanLine(PublicRecord):
    """What a prison plans, asks for and is granted of one course in one year.

    Counted in packages and in seats, apart: agencies grant packages of 16, of 20, of 32 people.
    What was run and certified is counted from the batches of the line, never typed.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="plan_lines")
    year = models.PositiveSmallIntegerField(_("tahun"))
    course = models.ForeignKey(
        "training.Course", models.PROTECT, related_name="plan_lines", verbose_name=_("program")
    )
    agency = models.ForeignKey(
        "partners.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name=_("instansi"),
    )
    fund = models.CharField(_("sumber dana"), max_length=10, choices=Fund)
    packages_planned = models.PositiveSmallIntegerField(_("paket direncanakan"), default=0)
    seats_planned = models.PositiveSmallIntegerField(_("kursi direncanakan"), default=0)
    packages_requested = models.PositiveSmallIntegerField(_("paket diminta"), default=0)
    seats_requested = models.PositiveSmallIntegerField(_("kursi diminta"), default=0)
    packages_granted = models.PositiveSmallIntegerField(_("paket diberikan"), default=0)
    seats_granted = models.PositiveSmallIntegerField(_("kursi diberikan"), default=0)
    note = models.CharField(_("catatan"), max_length=250, blank=True)

    objects = PlanLineQuerySet.as_manager()
    privacy = words(
        keep="facility year course agency fund packages_planned seats_planned packages_requested "
        "seats_requested packages_granted seats_granted note",
    )

    class Meta:
        verbose_name = _("baris rencana")
        verbose_name_plural = _("rencana tahunan")
        ordering = ["-year", "course__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "year", "course", "agency", "fund"],
                nulls_distinct=False,
                name="plan_line_once",
                violation_error_message=_(
                    "Rencana tahun ini untuk program, instansi dan sumber dana itu sudah ada."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(year__range=(2000, 2100)),
                name="plan_year_sane",
                violation_error_message=_("Tahun tidak masuk akal."),
            ),
        ]

    def __str__(self):
        return f"{self.year}"

    def get_absolute_url(self):
        return address_of("training:plan-line", self.public_id)
