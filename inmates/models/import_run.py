from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord, ReadAtOnce
from accounts.privacy import words
from inmates.querysets import AbsenceQuerySet, ImportRowQuerySet, ImportRunQuerySet
from inmates.register.changes import in_words
from inmates.register.findings import level_of, sentence_of
from inmates.states import AbsenceDecision, ImportState, RowOutcome


class ImportRun(PublicRecord):
    """One register file: read in chunks, previewed by row, applied in one transaction.

    `mapping` is what the reader said of headers that the app does not know by itself:
    `{bare header: field, or "" to leave it unread}`.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("nama berkas"), max_length=200)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    as_of = models.DateField(_("data per"))
    is_complete = models.BooleanField(
        _("memuat seluruh penghuni"),
        default=False,
        db_default=False,
        help_text=_("Maka orang yang tidak tercantum didaftar untuk diputuskan."),
    )
    mapping = models.JSONField(default=dict, blank=True)
    cancel_requested = models.BooleanField(default=False, db_default=False)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_applied = models.PositiveIntegerField(default=0, db_default=0)
    report = models.JSONField(default=dict)
    failure = models.CharField(max_length=400, blank=True)
    claimed_until = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = ImportRunQuerySet.as_manager()
    privacy = words(
        keep="facility file_name state as_of is_complete mapping cancel_requested rows_total "
        "rows_done rows_applied report failure claimed_until applied_at applied_by",
        drop="file",
    )

    class Meta:
        verbose_name = _("impor register")
        verbose_name_plural = _("impor register")
        ordering = ["-created_at"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return address_of("inmates:import-detail", self.public_id)

    @property
    def is_working(self):
        """Whether a worker has it, or should soon have it: the page then shows progress."""
        return self.state in (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING)

    @property
    def can_be_cancelled(self):
        settled = (ImportState.APPLIED, ImportState.FAILED, ImportState.CANCELLED)
        return self.state not in settled and not self.cancel_requested

    @property
    def rows_to_apply(self):
        """How many rows of the preview are imported; the others are errors or duplicates."""
        return sum(self.report.get(name, 0) for name in ("new", "updated", "unchanged"))

    @property
    def changes_nothing(self):
        return "new" in self.report and not (self.report["new"] or self.report["updated"])


class ImportRow(ReadAtOnce, models.Model):
    """What one row of the sheet (numbered from 1) will do; its values only until applied.

    `changes` says field by field what an update changes: `[{"field", "old", "new"}, ...]`.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("baris"))
    outcome = models.CharField(_("hasil"), max_length=10, choices=RowOutcome)
    is_warning = models.BooleanField(_("peringatan"), default=False)
    name = models.CharField(_("nama"), max_length=150, blank=True)
    person_key = models.CharField(_("Nomor Induk SDP"), max_length=30, blank=True)
    messages = models.JSONField(_("keterangan"), default=list)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list, db_default=[])

    objects = ImportRowQuerySet.as_manager()
    privacy = words(
        keep="id run number outcome is_warning",
        drop="name person_key messages values changes",
    )

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

    @property
    def changed(self):
        """What an update changes, as triples (label, old, new) in words."""
        return [in_words(change) for change in self.changes]


class ColumnMapping(models.Model):
    """What a header means in the files of one prison, remembered from an earlier import.

    `header` is in bare form (`inmates.register.columns.bare`); an empty `field`: leave it unread.
    """

    facility = models.ForeignKey("accounts.Facility", models.CASCADE, related_name="+")
    header = models.CharField(_("judul kolom"), max_length=60)
    field = models.CharField(_("isi"), max_length=30, blank=True)

    privacy = words(keep="id facility header field")

    class Meta:
        verbose_name = _("arti kolom")
        verbose_name_plural = _("arti kolom")
        ordering = ["header"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "header"], name="column_mapping_once"),
        ]

    def __str__(self):
        return self.header


class Absence(PublicRecord):
    """Somebody in custody here whom a complete register does not list any more.

    Nobody is deleted for it: a post says what became of them (`decision`), or the next register
    lists them again.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="absences")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    inmate = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="absences")
    decision = models.CharField(
        _("keputusan"), max_length=12, choices=AbsenceDecision, blank=True, db_default=""
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = AbsenceQuerySet.as_manager()
    privacy = words(keep="run facility inmate decision decided_at decided_by")

    class Meta:
        verbose_name = _("tidak tercantum lagi")
        verbose_name_plural = _("tidak tercantum lagi")
        ordering = ["inmate__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "inmate"],
                condition=models.Q(decision=""),
                name="absence_open_once",
            )
        ]

    def __str__(self):
        return f"{self.inmate_id}"
