import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from lokal.phone import parse_phone

from accounts.addresses import address_of
from accounts.models import PublicRecord, Record, searched_by
from accounts.privacy import words
from accounts.reads import OWN_AGENCIES, by, introduced
from inmates import regions
from placements.employment import EmployerKind, EmployerSize, Openness
from placements.querysets import EmployerKeeperQuerySet, EmployerQuerySet


@pghistory.track()
class Employer(PublicRecord):
    """A company or a person that employs. Kept by a prison or by an agency (Disnaker).

    `identity_number` is the NIB of a business or the NIK of a private person. `agency` keeps the
    entry, `partner` is the same body as a partner with agreements, if it is one.
    """

    facility = models.ForeignKey(
        "accounts.Facility", models.PROTECT, null=True, blank=True, related_name="employers"
    )
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, null=True, blank=True, related_name="employers"
    )
    partner = models.ForeignKey(
        "partners.Agency",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mitra"),
    )
    kind = models.CharField(_("jenis"), max_length=10, choices=EmployerKind)
    name = models.CharField(_("nama"), max_length=150)
    identity_number = models.CharField(_("NIB atau NIK"), max_length=20, blank=True)
    sector = models.CharField(_("bidang usaha"), max_length=100, blank=True)
    size = models.CharField(_("skala"), max_length=6, choices=EmployerSize, blank=True)
    region_code = models.CharField(_("kode wilayah"), max_length=13, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    contact_name = models.CharField(_("narahubung"), max_length=120, blank=True)
    phone = models.CharField(_("nomor telepon"), max_length=30, blank=True)
    email = models.EmailField(_("email"), blank=True)
    openness = models.CharField(
        _("menerima mantan warga binaan"),
        max_length=10,
        choices=Openness,
        default=Openness.UNKNOWN,
        db_default=Openness.UNKNOWN,
    )
    conditions = models.CharField(_("syarat"), max_length=250, blank=True)
    is_active = models.BooleanField(_("masih aktif"), default=True, db_default=True)

    objects = EmployerQuerySet.as_manager()
    privacy = words(
        keep="facility agency partner kind name sector size region_code openness conditions "
        "is_active",
        mask="identity_number address contact_name phone email",
    )
    liaison_reads = (
        introduced(or_else=[by("agency")])
        .showing(
            "public_id facility agency kind name sector size region_code openness conditions "
            "is_active",
            **{
                name: f"CASE WHEN {{fully}} OR agency_id = {OWN_AGENCIES} THEN {name} ELSE '' END"
                for name in ("identity_number", "address", "contact_name", "phone", "email")
            },
        )
        .with_history()
    )

    class Meta:
        verbose_name = _("pemberi kerja")
        verbose_name_plural = _("pemberi kerja")
        ordering = ["name", "id"]
        indexes = [searched_by("name", name="employer_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(facility__isnull=False) | Q(agency__isnull=False),
                name="employer_kept_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(openness=Openness.CONDITIONS) | ~Q(conditions=""),
                name="employer_conditions_named",
                violation_error_message=_("Sebutkan syaratnya."),
            ),
            models.UniqueConstraint(
                fields=["identity_number"],
                condition=~Q(identity_number=""),
                name="employer_identity_once",
                violation_error_message=_("Pemberi kerja dengan NIB atau NIK ini sudah ada."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("placements:employer-detail", self.public_id)

    @property
    def region_name(self):
        return regions.name_of(self.region_code)

    @property
    def dialled(self):
        """The number as a phone dials it, +62...; empty when it is none."""
        return parse_phone(self.phone).e164 or "" if self.phone else ""


@pghistory.track()
class EmployerKeeper(Record):
    """A further prison or agency that keeps an employer which somebody else entered first."""

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="keepers")
    facility = models.ForeignKey(
        "accounts.Facility", models.PROTECT, null=True, blank=True, related_name="+"
    )
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EmployerKeeperQuerySet.as_manager()
    privacy = words(keep="employer facility agency")
    liaison_reads = by("agency").introducing("employer", fully="true")

    class Meta:
        verbose_name = _("pencatat pemberi kerja")
        verbose_name_plural = _("pencatat pemberi kerja")
        constraints = [
            models.CheckConstraint(
                condition=Q(facility__isnull=False, agency__isnull=True)
                | Q(facility__isnull=True, agency__isnull=False),
                name="employer_keeper_is_one_side",
            ),
            models.UniqueConstraint(
                fields=["employer", "facility", "agency"],
                nulls_distinct=False,
                name="employer_keeper_once",
                violation_error_message=_("Pemberi kerja ini sudah ada di daftar Anda."),
            ),
        ]

    def __str__(self):
        return f"{self.employer_id}-{self.facility_id or self.agency_id}"
