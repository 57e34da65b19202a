"""Teaching and its results: states, codes and allowed moves of meetings and certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Move


class Fund(models.TextChoices):
    """Who pays for a package (sumber dana; field notes 4.1)."""

    PRISON = "prison", _("DIPA lapas")
    CITY = "city", _("APBD kota/kabupaten")
    PROVINCE = "province", _("APBD provinsi")
    MINISTRY = "ministry", _("APBN kementerian")
    CSR = "csr", _("CSR perusahaan")
    OTHER = "other", _("Sumber lain")


class Weekday(models.IntegerChoices):
    """As `date.isoweekday()`: Monday is 1."""

    MONDAY = 1, _("Senin")
    TUESDAY = 2, _("Selasa")
    WEDNESDAY = 3, _("Rabu")
    THURSDAY = 4, _("Kamis")
    FRIDAY = 5, _("Jumat")
    SATURDAY = 6, _("Sabtu")
    SUNDAY = 7, _("Minggu")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Dijadwalkan")
    HELD = "held", _("Terlaksana")
    CANCELLED = "cancelled", _("Batal")


MEETING_INITIAL = (MeetingState.PLANNED,)
MEETING_TRANSITIONS = (
    Move(MeetingState.PLANNED, MeetingState.HELD, "hold", "keep_attendance"),
    Move(MeetingState.PLANNED, MeetingState.CANCELLED, "cancel", "plan_batch"),
    Move(MeetingState.HELD, MeetingState.PLANNED, "undo_hold", "correct_state"),
    Move(MeetingState.CANCELLED, MeetingState.PLANNED, "undo_cancel", "plan_batch"),
)


class AttendanceCode(models.TextChoices):
    """The codes of the field (field notes 4.4). Which absences are excused is a setting."""

    PRESENT = "H", _("Hadir")
    LATE = "T", _("Terlambat")
    PERMITTED = "I", _("Izin")
    SICK = "S", _("Sakit")
    DUTY = "D", _("Dinas, sidang atau bon")
    VISIT = "K", _("Kunjungan")
    SECURITY = "X", _("Keamanan atau Register F")
    ABSENT = "A", _("Alpa")


ATTENDED = (AttendanceCode.PRESENT, AttendanceCode.LATE)


class AssessmentKind(models.TextChoices):
    EVALUATION = "evaluation", _("Evaluasi pelatihan")
    COMPETENCY = "competency", _("Uji kompetensi")


class Verdict(models.TextChoices):
    COMPETENT = "K", _("Kompeten")
    NOT_YET = "BK", _("Belum kompeten")


class CertificateKind(models.TextChoices):
    """Papers of a different weight, never one for the other (field notes 4.4)."""

    TRAINING = "training", _("Sertifikat pelatihan")
    COMPETENCY = "competency", _("Sertifikat kompetensi")
    PARTICIPATION = "participation", _("Surat keterangan mengikuti pelatihan")


OF_THE_COURSE = (CertificateKind.TRAINING, CertificateKind.PARTICIPATION)


class CertificateState(models.TextChoices):
    ISSUED = "issued", _("Berlaku")
    REVOKED = "revoked", _("Dicabut")


CERTIFICATE_INITIAL = (CertificateState.ISSUED,)
CERTIFICATE_TRANSITIONS = (
    Move(CertificateState.ISSUED, CertificateState.REVOKED, "revoke", "certify"),
)


class Standing(models.TextChoices):
    """How a paper stands today: what its state and its last day come to."""

    VALID = "active", _("Berlaku")
    EXPIRING = "expiring", _("Akan berakhir")
    EXPIRED = "expired", _("Lewat masa berlaku")
    REVOKED = "revoked", _("Dicabut")
