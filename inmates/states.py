from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Move


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
    DUPLICATE = "duplicate", _("Tercatat ganda")


class ReleaseBasis(models.TextChoices):
    """What an expected release rests on (field notes 2.4)."""

    STATED = "stated", _("Tgl Bebas SDP")
    PAROLE = "parole", _("PB")
    LEAVE = "leave", _("CB")
    FULL = "full", _("Bebas murni")


class RestrictionKind(models.TextChoices):
    DISCIPLINE = "discipline", _("Register F")
    SECURITY = "security", _("Catatan keamanan")
    UNFIT = "unfit", _("Belum laik kesehatan")
    FIT = "fit", _("Laik kesehatan")


KEEPS_OUT = (RestrictionKind.DISCIPLINE, RestrictionKind.SECURITY, RestrictionKind.UNFIT)


class DocumentKind(models.TextChoices):
    """Papers that courses and SIAPkerja ask for (field notes 2.6, 4.2)."""

    IDENTITY = "identity", _("KTP-el atau surat perekaman")
    DIPLOMA = "diploma", _("Ijazah terakhir")
    PHOTO = "photo", _("Pasfoto")
    FAMILY_CARD = "family_card", _("Kartu keluarga")


class ConsentPurpose(models.TextChoices):
    """What a person may agree to, each by itself (field notes 2.7)."""

    TRAINING = "training", _("Pelatihan bersama instansi")
    REFERRAL = "referral", _("Rujukan kerja ke Disnaker")
    PROFILE = "profile", _("Profil untuk pemberi kerja")
    FOLLOW_UP = "follow_up", _("Pemantauan setelah bebas")


class TransferState(models.TextChoices):
    PROPOSED = "proposed", _("Menunggu lapas asal")
    ACCEPTED = "accepted", _("Diterima")
    REFUSED = "refused", _("Ditolak")
    WITHDRAWN = "withdrawn", _("Ditarik")


# Proposed by the prison where the person is; accepted at once when the prison of origin sends.
TRANSFER_INITIAL = (TransferState.PROPOSED, TransferState.ACCEPTED)
TRANSFER_TRANSITIONS = (
    Move(TransferState.PROPOSED, TransferState.ACCEPTED, "accept", "answer_transfer"),
    Move(TransferState.PROPOSED, TransferState.REFUSED, "refuse", "answer_transfer"),
    Move(TransferState.PROPOSED, TransferState.WITHDRAWN, "withdraw", "import_register"),
)


class CircumstanceKind(models.TextChoices):
    """What may change the way into a training or a job (field notes 2.4, last line)."""

    TRANSFERRED = "transferred", _("Pindah lapas")
    RELEASED = "released", _("Bebas")
    DIED = "died", _("Meninggal")
    ESCAPED = "escaped", _("Melarikan diri")
    DISCIPLINE = "discipline", _("Masuk Register F")
    SECURITY = "security", _("Keberatan keamanan")
    UNFIT = "unfit", _("Belum laik kesehatan")
    LIFTED = "lifted", _("Pembatasan berakhir")
    DATES = "dates", _("Tanggal bebas berubah")
    REGISTER = "register", _("Golongan registrasi berubah")
    CONSENT = "consent", _("Persetujuan ditarik")


# Ends the stay here: whatever runs at this prison cannot go on.
LEAVES = (
    CircumstanceKind.TRANSFERRED,
    CircumstanceKind.RELEASED,
    CircumstanceKind.DIED,
    CircumstanceKind.ESCAPED,
)


# What is known now, whatever day it speaks of.
KNOWN_AT_ONCE = (CircumstanceKind.DATES, CircumstanceKind.REGISTER, CircumstanceKind.CONSENT)


class CircumstanceDecision(models.TextChoices):
    """What was done about a change; empty while it is open."""

    NOTHING = "nothing", _("Tidak ada yang terpengaruh")
    KEPT = "kept", _("Tetap dilanjutkan")
    SUSPENDED = "suspended", _("Ditangguhkan")
    ENDED = "ended", _("Dihentikan")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Menunggu dibaca")
    READING = "reading", _("Sedang dibaca")
    UNCLEAR = "unclear", _("Kolom perlu dijelaskan")
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


class AbsenceDecision(models.TextChoices):
    """Why somebody stood no more in a complete register; empty while nobody has said."""

    TRANSFERRED = "transferred", _("Pindah lapas")
    RELEASED = "released", _("Bebas")
    DIED = "died", _("Meninggal")
    ESCAPED = "escaped", _("Melarikan diri")
    STILL_HERE = "still_here", _("Masih di sini")
    BACK = "back", _("Muncul lagi di register")
