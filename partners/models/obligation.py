import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import through
from partners.querysets import ObligationQuerySet, OfAgreement
from partners.states import Party


@pghistory.track()
class Obligation(PublicRecord):
    """What one side has to do under an agreement, by when, and the evidence that it was done."""

    agreement = models.ForeignKey("partners.Agreement", models.CASCADE, related_name="obligations")
    party = models.CharField(_("kewajiban"), max_length=6, choices=Party)
    what = models.CharField(_("uraian"), max_length=250)
    due = models.DateField(_("paling lambat"))
    done_on = models.DateField(_("dipenuhi pada"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    note = models.CharField(_("keterangan"), max_length=250, blank=True)
    evidence = models.FileField(_("bukti"), upload_to="evidence/%Y/", blank=True)
    dropped_at = models.DateTimeField(_("dihapus pada"), null=True, editable=False)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    dropped_why = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = ObligationQuerySet.as_manager()
    privacy = words(
        keep="agreement party what due done_on done_by note evidence dropped_at dropped_by "
        "dropped_why"
    )
    liaison_reads = through("agreement")

    class Meta:
        verbose_name = _("kewajiban")
        verbose_name_plural = _("kewajiban")
        ordering = ["due", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | ~Q(dropped_why=""),
                name="obligation_dropped_why",
                violation_error_message=_("Sebutkan alasannya."),
            )
        ]
        indexes = [
            models.Index(
                fields=["due"],
                condition=Q(done_on__isnull=True, dropped_at__isnull=True),
                name="obligation_open",
            )
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return address_of("partners:obligation-detail", self.public_id)

    @property
    def is_late(self):
        """Whether the duty stands, is not done, and its day has passed."""
        is_open = self.done_on is None and self.dropped_at is None
        return is_open and self.due < timezone.localdate()


@pghistory.track()
class Review(PublicRecord):
    """A monitoring and evaluation (monev) of an agreement that was held."""

    agreement = models.ForeignKey("partners.Agreement", models.CASCADE, related_name="reviews")
    due = models.DateField(_("jatuh tempo"))
    held_on = models.DateField(_("dilaksanakan pada"))
    result = models.TextField(_("hasil"))

    objects = OfAgreement.as_manager()
    privacy = words(keep="agreement due held_on result")
    liaison_reads = through("agreement")

    class Meta:
        verbose_name = _("monev")
        verbose_name_plural = _("monev")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "due"],
                name="review_once",
                violation_error_message=_("Monev untuk tanggal ini sudah dicatat."),
            )
        ]

    def __str__(self):
        return f"{self.held_on}"
