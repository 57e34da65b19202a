from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisterClass(models.TextChoices):
    """Register books (field notes 2.1). A: detainees, B: sentenced."""

    A1 = "A.I", _("A.I tahanan penyidik")
    A2 = "A.II", _("A.II tahanan penuntut umum")
    A3 = "A.III", _("A.III tahanan pengadilan negeri")
    A4 = "A.IV", _("A.IV tahanan pengadilan tinggi")
    A5 = "A.V", _("A.V tahanan Mahkamah Agung")
    B1 = "B.I", _("B.I pidana lebih dari 1 tahun")
    B2A = "B.IIa", _("B.IIa pidana lebih dari 3 bulan s.d. 1 tahun")
    B2B = "B.IIb", _("B.IIb pidana sampai 3 bulan")
    B3 = "B.III", _("B.III kurungan")
    UNKNOWN = "", _("tidak diketahui")


class Sex(models.TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class CustodyEnd(models.TextChoices):
    TRANSFERRED = "transferred", _("Pindah lapas")
    RELEASED = "released", _("Bebas")
    DIED = "died", _("Meninggal")
    ESCAPED = "escaped", _("Melarikan diri")


class RestrictionKind(models.TextChoices):
    DISCIPLINE = "discipline", _("Register F")
    SECURITY = "security", _("Catatan keamanan")
    UNFIT = "unfit", _("Belum laik kesehatan")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Menunggu dibaca")
    READING = "reading", _("Sedang dibaca")
    READY = "ready", _("Siap diterapkan")
    APPLYING = "applying", _("Sedang diterapkan")
    APPLIED = "applied", _("Selesai")
    FAILED = "failed", _("Gagal")
    CANCELLED = "cancelled", _("Dibatalkan")


class RowOutcome(models.TextChoices):
    NEW = "new", _("Baru")
    UPDATED = "updated", _("Berubah")
    UNCHANGED = "unchanged", _("Sama")
    DUPLICATE = "duplicate", _("Ganda dalam berkas")
    ERROR = "error", _("Kesalahan")
