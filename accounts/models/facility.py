import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.base import PublicRecord
from accounts.privacy import words
from accounts.querysets import FacilityQuerySet
from accounts.reads import EVERYBODY


@pghistory.track()
class Facility(PublicRecord):
    """A prison. Prisons are rows: everything else hangs on one."""

    code = models.CharField(_("kode"), max_length=10, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    city = models.CharField(_("kota"), max_length=80)
    residence_code = models.CharField(
        _("kode wilayah kota"),
        max_length=13,
        blank=True,
        help_text=_("Kode Kemendagri kota/kabupaten yang warganya didahulukan, mis. 36.72."),
    )
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    retention_months = models.PositiveSmallIntegerField(
        _("masa simpan data sesudah bebas (bulan)"),
        null=True,
        blank=True,
        help_text=_("Sesudah itu data diri dianonimkan; angka statistik tetap. Kosong: umum."),
    )
    issuer_name = models.CharField(
        _("nama penyelenggara pada sertifikat"),
        max_length=150,
        blank=True,
        db_default="",
        help_text=_(
            "Nama netral tanpa kata lapas, supaya pemegangnya tidak dicap. "
            "Kosong: Penyelenggara Pelatihan Kerja dan nama kota."
        ),
    )
    lpk_number = models.CharField(
        _("nomor tanda daftar LPK"), max_length=80, blank=True, db_default=""
    )
    lpk_starts_on = models.DateField(_("terdaftar sebagai LPK mulai"), null=True, blank=True)
    lpk_ends_on = models.DateField(
        _("terdaftar sebagai LPK sampai"),
        null=True,
        blank=True,
        help_text=_("Kosong: tanpa batas. Di luar masa ini tidak terbit sertifikat sendiri."),
    )

    objects = FacilityQuerySet.as_manager()
    found_by = ("name", "code")
    privacy = words(
        keep="code name city residence_code address retention_months issuer_name lpk_number "
        "lpk_starts_on lpk_ends_on"
    )
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("lapas")
        verbose_name_plural = _("lapas")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lpk_starts_on__isnull=True, lpk_ends_on__isnull=True)
                | (Q(lpk_starts_on__isnull=False) & ~Q(lpk_number="")),
                name="facility_lpk_complete",
                violation_error_message=_("Tanda daftar LPK perlu nomor dan tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(lpk_ends_on__isnull=True) | Q(lpk_ends_on__gte=F("lpk_starts_on")),
                name="facility_lpk_in_order",
                violation_error_message=_("Masa tanda daftar LPK berakhir sebelum dimulai."),
            ),
        ]

    def __str__(self):
        return self.name

    def is_lpk_on(self, day):
        """Whether the prison is registered as a training provider (LPK) on a day."""
        starts, ends = self.lpk_starts_on, self.lpk_ends_on
        return starts is not None and starts <= day and (ends is None or day <= ends)
