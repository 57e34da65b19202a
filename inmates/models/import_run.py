from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from inmates.querysets import ImportRowQuerySet, ImportRunQuerySet
from inmates.register.findings import level_of, sentence_of
from inmates.states import ImportState, RowOutcome


class ImportRun(PublicRecord):
    """One register file: read in chunks, previewed by row, applied in one transaction."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("nama berkas"), max_length=200)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    as_of = models.DateField(_("data per"))
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    failure = models.CharField(max_length=400, blank=True)
    claimed_until = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = ImportRunQuerySet.as_manager()
    privacy = words(
        keep="facility file_name state as_of rows_total rows_done report failure claimed_until "
        "applied_at applied_by",
        drop="file",
    )

    class Meta:
        verbose_name = _("impor register")
        verbose_name_plural = _("impor register")
        ordering = ["-created_at"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("inmates:import-detail", args=[self.public_id])

    @property
    def is_working(self):
        """Whether a worker has it, or should soon have it: the page then shows progress."""
        return self.state in (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING)

    @property
    def changes_nothing(self):
        return "new" in self.report and not (self.report["new"] or self.report["updated"])


class ImportRow(models.Model):
    """What one row of the sheet (numbered from 1) will do; its values only until applied."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("baris"))
    outcome = models.CharField(_("hasil"), max_length=10, choices=RowOutcome)
    is_warning = models.BooleanField(_("peringatan"), default=False)
    name = models.CharField(_("nama"), max_length=150, blank=True)
    person_key = models.CharField(_("Nomor Induk SDP"), max_length=30, blank=True)
    messages = models.JSONField(_("keterangan"), default=list)
    values = models.JSONField(default=dict)

    objects = ImportRowQuerySet.as_manager()
    privacy = words(keep="id run number outcome is_warning", drop="name person_key messages values")

    class Meta:
        verbose_name = _("baris impor")
        verbose_name_plural = _("baris impor")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_row_once"),
        ]

    def __str__(self):
        return f"{self.number}"

    @property
    def sentences(self):
        """What is to be said about the row, as pairs (level, sentence)."""
        return [(level_of(found), sentence_of(found)) for found in self.messages]
