import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import through
from inmates.querysets import ConsentQuerySet, DocumentQuerySet
from inmates.states import ConsentPurpose, DocumentKind

# From the signature to the last day, or to the day of withdrawal, which counts no more.
HELD_FOR = Func(
    "signed_on",
    Least("withdrawn_on", F("until") + Value(1), output_field=models.DateField()),
    Value("[)"),
    function="daterange",
    output_field=DateRangeField(),
)


@pghistory.track()
class Consent(PublicRecord):
    """What a person agreed to, with the signed paper (UU 27/2022). Withdrawn, it never returns.

    `until` is the last day on which it holds, None without an end.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="consents")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    purpose = models.CharField(_("untuk"), max_length=10, choices=ConsentPurpose)
    signed_on = models.DateField(_("ditandatangani pada"))
    until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    scan = models.FileField(_("pindaian"), upload_to="consents/%Y/%m/")
    withdrawn_on = models.DateField(_("ditarik pada"), null=True, blank=True)
    withdrawn_why = models.CharField(_("alasan penarikan"), max_length=250, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()
    privacy = words(
        keep="inmate facility purpose signed_on until withdrawn_on withdrawn_by",
        mask="withdrawn_why",
        drop="scan",
    )
    liaison_reads = through("inmate").showing("inmate purpose signed_on until withdrawn_on")

    class Meta:
        verbose_name = _("persetujuan data")
        verbose_name_plural = _("persetujuan data")
        ordering = ["-signed_on", "-id"]
        constraints = [
            ExclusionConstraint(
                name="consent_once_at_a_time",
                expressions=[
                    ("inmate", RangeOperators.EQUAL),
                    ("purpose", RangeOperators.EQUAL),
                    (HELD_FOR, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Untuk tujuan ini sudah ada persetujuan yang berlaku pada masa itu."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("signed_on")),
                name="consent_withdrawn_after_signed",
                violation_error_message=_("Persetujuan tidak bisa ditarik sebelum diberikan."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("signed_on")),
                name="consent_ends_after_signed",
                violation_error_message=_("Persetujuan tidak bisa berakhir sebelum diberikan."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["inmate", "purpose"],
                include=["signed_on", "until"],
                condition=Q(withdrawn_on__isnull=True),
                name="consent_standing",
            )
        ]

    def __str__(self):
        return self.get_purpose_display()

    @property
    def is_in_force(self):
        """Whether it holds today: not withdrawn, not ended."""
        return not self.withdrawn_on and (not self.until or self.until >= timezone.localdate())


@pghistory.track()
class Document(PublicRecord):
    """A paper of the person that an officer has seen; a scan is welcome, not required."""

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="documents")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    kind = models.CharField(_("dokumen"), max_length=12, choices=DocumentKind)
    seen_on = models.DateField(_("dilihat pada"))
    scan = models.FileField(_("pindaian"), upload_to="documents/%Y/%m/", blank=True)

    objects = DocumentQuerySet.as_manager()
    privacy = words(keep="inmate facility kind seen_on", drop="scan")

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = _("dokumen")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate", "kind"],
                name="document_kind_once",
                violation_error_message=_("Dokumen ini sudah tercatat."),
            )
        ]

    def __str__(self):
        return self.get_kind_display()
