import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord, searched_by
from accounts.privacy import words
from accounts.reads import by
from accounts.states import state_triggers
from training.querysets import CertificateQuerySet
from training.teaching import (
    CERTIFICATE_INITIAL,
    CERTIFICATE_TRANSITIONS,
    OF_THE_COURSE,
    CertificateKind,
    CertificateState,
    Standing,
)

FROZEN = (
    "facility_id",
    "agency_id",
    "inmate_id",
    "enrolment_id",
    "course_id",
    "kind",
    "title",
    "issuer",
    "number",
    "registration_number",
    "scheme",
    "issued_on",
    "valid_until",
    "jp",
    "override_reason",
)


@pghistory.track()
class Certificate(StatefulRecord):
    """A paper about a person's training or competence; it names an issuer and a number.

    `agency` is whose liaisons see it: the agency that issued it or with which the batch ran;
    empty for papers from elsewhere. `issuer` is the name printed on the paper. The content is
    frozen from the start: a wrong one is revoked, with its reason, and entered anew. Expiry is
    read from `valid_until`, no job has to run.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="certificates")
    enrolment = models.ForeignKey(
        "training.Enrolment", models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    course = models.ForeignKey(
        "training.Course",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name=_("program"),
    )
    kind = models.CharField(_("jenis"), max_length=13, choices=CertificateKind)
    title = models.CharField(_("judul"), max_length=200)
    issuer = models.CharField(_("penerbit"), max_length=150)
    number = models.CharField(_("nomor"), max_length=80)
    registration_number = models.CharField(_("nomor registrasi"), max_length=80, blank=True)
    scheme = models.CharField(_("skema"), max_length=150, blank=True)
    issued_on = models.DateField(_("tanggal terbit"))
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    jp = models.PositiveSmallIntegerField(_("JP"), null=True, blank=True)
    override_reason = models.CharField(_("alasan pengecualian"), max_length=250, blank=True)
    scan = models.FileField(_("pindaian"), upload_to="certificates/%Y/", blank=True)
    letter = models.OneToOneField(
        "correspondence.Letter",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("surat"),
    )
    verification = models.OneToOneField(
        "correspondence.Verification",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("verifikasi"),
    )
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=CertificateState,
        default=CertificateState.ISSUED,
        db_default=CertificateState.ISSUED,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan dicabut"), max_length=250, blank=True)

    objects = CertificateQuerySet.as_manager()
    privacy = words(
        keep="facility agency inmate enrolment course kind title issuer number "
        "registration_number scheme issued_on valid_until jp letter verification state state_at "
        "state_by",
        mask="scan override_reason reason",
    )
    liaison_reads = (
        by("agency").introducing("inmate").introducing("letter").introducing("verification")
    )

    class Meta:
        verbose_name = _("sertifikat")
        verbose_name_plural = _("sertifikat")
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind", "number"],
                condition=Q(state=CertificateState.ISSUED),
                name="certificate_number_once",
                violation_error_message=_("Nomor sertifikat ini sudah dipakai penerbit itu."),
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=CertificateState.ISSUED, kind__in=OF_THE_COURSE),
                name="certificate_of_course_once",
                violation_error_message=_("Peserta ini sudah punya sertifikat pelatihan."),
            ),
            models.UniqueConstraint(
                fields=["enrolment", "scheme"],
                condition=Q(state=CertificateState.ISSUED, kind=CertificateKind.COMPETENCY),
                name="certificate_of_scheme_once",
                violation_error_message=_("Peserta ini sudah punya sertifikat skema itu."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="certificate_valid_after_issue",
                violation_error_message=_("Masa berlaku berakhir sebelum tanggal terbit."),
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.ISSUED) | ~Q(reason=""),
                name="certificate_revoked_why",
                violation_error_message=_("Sebutkan alasan pencabutan."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-issued_on"], name="certificate_facility"),
            searched_by("number", "registration_number", name="certificate_search"),
            models.Index(
                fields=["facility", "valid_until"],
                condition=Q(state=CertificateState.ISSUED, valid_until__isnull=False),
                name="certificate_expiry",
            ),
            # Of `certified()`: whether, and since when, a participation has one.
            models.Index(
                fields=["enrolment"],
                include=["issued_on"],
                condition=Q(state=CertificateState.ISSUED) & ~Q(kind=CertificateKind.PARTICIPATION),
                name="certificate_certified",
            ),
        ]
        triggers = [
            *state_triggers(CERTIFICATE_INITIAL, CERTIFICATE_TRANSITIONS),
            pgtrigger.Trigger(
                name="certificate_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF {" OR ".join(f"NEW.{f} IS DISTINCT FROM OLD.{f}" for f in FROZEN)} THEN
                        RAISE EXCEPTION 'an issued certificate is frozen'
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_frozen';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return address_of("training:certificate-detail", self.public_id)

    @property
    def is_valid(self):
        """Not revoked, and not past its last day."""
        lasts = self.valid_until is None or self.valid_until >= timezone.localdate()
        return self.state == CertificateState.ISSUED and lasts

    @property
    def standing(self):
        """How the paper stands today."""
        if self.state == CertificateState.REVOKED:
            return Standing.REVOKED
        if self.valid_until is None:
            return Standing.VALID
        days = (self.valid_until - timezone.localdate()).days
        if days < 0:
            return Standing.EXPIRED
        return Standing.EXPIRING if days <= settings.CERTIFICATE_EXPIRING_DAYS else Standing.VALID

    def get_standing_display(self):
        return self.standing.label
