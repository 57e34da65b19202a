import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.base import PublicRecord
from accounts.privacy import words
from accounts.querysets import FacilityQuerySet


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

    objects = FacilityQuerySet.as_manager()
    privacy = words(keep="code name city residence_code address retention_months")

    class Meta:
        verbose_name = _("lapas")
        verbose_name_plural = _("lapas")
        ordering = ["name"]

    def __str__(self):
        return self.name
