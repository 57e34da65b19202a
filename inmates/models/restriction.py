import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import through
from inmates.querysets import RestrictionManager, RestrictionQuerySet
from inmates.states import KEEPS_OUT, RestrictionKind


@pghistory.track()
class Restriction(PublicRecord):
    """What keeps a person out of a training for now; fitness without any diagnosis.

    A row of kind `fit` keeps nobody out: it is the clinic's word that the person was seen. An
    entry that was wrong stays, with the reason, and counts for nothing: `objects` is without
    those, `entries` has them too.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="restrictions")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    kind = models.CharField(_("jenis"), max_length=12, choices=RestrictionKind)
    starts = models.DateField(_("mulai"))
    until = models.DateField(_("sampai"), null=True, blank=True)
    note = models.CharField(
        _("dasar"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("Nomor surat atau halaman register; tanpa pelanggaran, tanpa diagnosis."),
    )

    voided_at = models.DateTimeField(_("dinyatakan salah pada"), null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    voided_why = models.CharField(
        _("alasan pembetulan"), max_length=250, blank=True, db_default="", editable=False
    )

    objects = RestrictionManager()
    entries = RestrictionQuerySet.as_manager()
    privacy = words(
        keep="inmate facility kind starts until voided_at voided_by", mask="note voided_why"
    )
    liaison_reads = (
        through("inmate")
        .only(f"kind = '{RestrictionKind.UNFIT}'")
        .showing("inmate kind starts until voided_at")
    )

    class Meta:
        verbose_name = _("pembatasan")
        verbose_name_plural = _("pembatasan")
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")),
                name="restriction_ends_after_start",
                violation_error_message=_("Pembatasan tidak bisa berakhir sebelum dimulai."),
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(voided_why=""),
                name="restriction_voided_why",
                violation_error_message=_("Sebutkan alasannya."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def is_voided(self):
        return self.voided_at is not None

    def keeps_out_of(self, batch):
        """Whether it holds on some day of a training (anything that `starts_on` and `ends_on`)."""
        is_over = self.until is not None and self.until < batch.starts_on
        return self.kind in KEEPS_OUT and self.starts <= batch.ends_on and not is_over

    @property
    def holds(self):
        """Today or from a day to come."""
        is_over = self.until is not None and self.until < timezone.localdate()
        return not self.is_voided and not is_over
