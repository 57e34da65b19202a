import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import through
from partners.querysets import ExtensionQuerySet


@pghistory.track()
class Extension(PublicRecord):
    """A new end of an agreement by addendum; voided, the old end holds again."""

    agreement = models.ForeignKey("partners.Agreement", models.PROTECT, related_name="extensions")
    number = models.CharField(_("nomor adendum"), max_length=80, blank=True)
    signed_on = models.DateField(_("ditandatangani pada"))
    old_end = models.DateField(_("semula berlaku sampai"))
    new_end = models.DateField(_("menjadi berlaku sampai"))
    reason = models.CharField(_("alasan"), max_length=250)
    scan = models.FileField(_("pindaian adendum"), upload_to="agreements/%Y/")
    voided_at = models.DateTimeField(_("dibatalkan pada"), null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    voided_why = models.CharField(_("alasan pembatalan"), max_length=250, blank=True)

    objects = ExtensionQuerySet.as_manager()
    privacy = words(
        keep="agreement number signed_on old_end new_end reason scan voided_at voided_by voided_why"
    )
    liaison_reads = through("agreement")

    class Meta:
        verbose_name = _("perpanjangan")
        verbose_name_plural = _("perpanjangan")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_end__gt=F("old_end")),
                name="extension_is_later",
                violation_error_message=_("Tanggal akhir baru harus sesudah yang lama."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "old_end"],
                condition=Q(voided_at__isnull=True),
                name="extension_once",
                violation_error_message=_("Perpanjangan dari tanggal ini sudah dicatat."),
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(voided_why=""),
                name="extension_voided_why",
                violation_error_message=_("Sebutkan alasan pembatalan."),
            ),
        ]

    def __str__(self):
        return f"{self.old_end} – {self.new_end}"
