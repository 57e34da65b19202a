from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from reports.querysets import ReportQuerySet
from reports.states import ReportState


class Report(PublicRecord):
    """The monthly report of the work-activity section of one prison.

    `figures` are the counted sections as they were on `counted_at` (`reports.monthly`); `typed`
    is what no table of the app knows: `{"activities": [[...], ...], "obstacles": "", "plan": ""}`.
    Once its letter has a number, neither changes; what differs by then is shown beside it.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="reports")
    starts_on = models.DateField(_("bulan"))
    due_on = models.DateField(_("dikirim paling lambat"))
    state = models.CharField(
        _("keadaan"),
        max_length=8,
        choices=ReportState,
        default=ReportState.QUEUED,
        db_default=ReportState.QUEUED,
    )
    sections_done = models.PositiveSmallIntegerField(default=0, db_default=0)
    claimed_until = models.DateTimeField(null=True)
    figures = models.JSONField(_("angka"), default=list)
    typed = models.JSONField(_("isian"), default=dict)
    counted_at = models.DateTimeField(_("dihitung pada"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    letter = models.OneToOneField(
        "correspondence.Letter",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("surat"),
    )

    objects = ReportQuerySet.as_manager()
    privacy = words(
        keep="facility starts_on due_on state sections_done claimed_until figures typed counted_at "
        "asked_by letter",
    )

    class Meta:
        verbose_name = _("laporan bulanan")
        verbose_name_plural = _("laporan bulanan")
        ordering = ["-starts_on", "facility"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "starts_on"], name="report_once_a_month"),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="report_of_a_month"),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("starts_on")), name="report_due_after_its_month"
            ),
        ]

    def __str__(self):
        return formats.date_format(self.starts_on, "F Y")

    def get_absolute_url(self):
        return address_of("reports:report-detail", self.public_id)

    @property
    def is_working(self):
        """Whether a worker has it, or should soon have it: the page then shows progress."""
        return self.state in (ReportState.QUEUED, ReportState.COUNTING)
