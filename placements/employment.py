"""From a certificate to work: states, words and allowed moves of referrals and placements."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Move


class EmployerKind(models.TextChoices):
    """Who may employ, after Perpres 57/2023: also a private person (field notes 5.2)."""

    COMPANY = "company", _("Perusahaan")
    INDIVIDUAL = "individual", _("Perorangan")
    SMALL = "small", _("UMKM")
    PUBLIC = "public", _("Instansi")


class EmployerSize(models.TextChoices):
    MICRO = "micro", _("Mikro")
    SMALL = "small", _("Kecil")
    MEDIUM = "medium", _("Menengah")
    LARGE = "large", _("Besar")


class Openness(models.TextChoices):
    """Whether an employer takes people who were in prison."""

    YES = "yes", _("Menerima")
    CONDITIONS = "conditions", _("Menerima dengan syarat")
    NO = "no", _("Tidak menerima")
    UNKNOWN = "unknown", _("Belum ditanyakan")


class VacancyState(models.TextChoices):
    OPEN = "open", _("Dibuka")
    CLOSED = "closed", _("Ditutup")
    CANCELLED = "cancelled", _("Dibatalkan")


# The schooling that a vacancy may ask for, from the lowest.
SCHOOLING = ("SD", "SMP", "SMA", "SMK", "D1", "D3", "S1")
VACANCY_INITIAL = (VacancyState.OPEN,)
VACANCY_TRANSITIONS = (
    Move(VacancyState.OPEN, VacancyState.CLOSED, "close", "keep_vacancies"),
    Move(VacancyState.OPEN, VacancyState.CANCELLED, "cancel", "keep_vacancies"),
    Move(VacancyState.CLOSED, VacancyState.OPEN, "reopen", "keep_vacancies"),
    Move(VacancyState.CANCELLED, VacancyState.OPEN, "reopen", "keep_vacancies"),
)


class VacancyStanding(models.TextChoices):
    """What a vacancy is today: its closing day and its last place count without any job."""

    OPEN = "open", _("Dibuka")
    FULL = "full", _("Terisi semua")
    PAST = "past", _("Lewat tanggal tutup")
    CLOSED = "closed", _("Ditutup")
    CANCELLED = "cancelled", _("Dibatalkan")


class CardEnd(models.TextChoices):
    WORK = "work", _("Sudah bekerja")
    EXPIRED = "expired", _("Habis masa berlaku")
    RENEWED = "renewed", _("Diganti kartu baru")
    OTHER = "other", _("Sebab lain")


class Readiness(models.TextChoices):
    """What an employer asks for; each is a thing to do before release (field notes 5.1)."""

    IDENTITY = "identity", _("KTP")
    DIPLOMA = "diploma", _("Ijazah")
    BANK = "bank", _("Rekening bank")
    CV = "cv", _("Daftar riwayat hidup")
    POLICE = "police", _("SKCK")
    PHOTO = "photo", _("Pasfoto")


class ReadinessStanding(models.TextChoices):
    THERE = "there", _("Ada")
    WAIVED = "waived", _("Tidak diperlukan")
    MISSING = "missing", _("Belum ada")


class CardStanding(models.TextChoices):
    """How a job-seeker card stands today: what its days come to."""

    VALID = "active", _("Berlaku")
    REPORT_DUE = "report_due", _("Segera lapor")
    REPORT_LATE = "report_late", _("Terlambat lapor")
    EXPIRING = "expiring", _("Akan berakhir")
    EXPIRED = "expired", _("Lewat masa berlaku")
    ENDED = "over", _("Sudah berakhir")


class CVLanguage(models.TextChoices):
    INDONESIAN = "id", _("Bahasa Indonesia")
    ENGLISH = "en", _("Bahasa Inggris")


class CVPart(models.TextChoices):
    """What a person may agree to share with employers besides the name."""

    AGE = "age", _("Umur")
    DISTRICT = "district", _("Daerah tujuan setelah bebas")
    EDUCATION = "education", _("Pendidikan")
    TRAINING = "training", _("Pelatihan dan sertifikat")
    SKILLS = "skills", _("Keterampilan dan bahasa")
    EXPERIENCE = "experience", _("Pengalaman kerja")
    CONTACT = "contact", _("Kontak")


class ReferralState(models.TextChoices):
    DRAFT = "draft", _("Disusun")
    SUBMITTED = "submitted", _("Menunggu Kalapas")
    APPROVED = "approved", _("Disetujui Kalapas")
    SENT = "sent", _("Dikirim ke Disnaker")
    RECEIVED = "received", _("Diterima Disnaker")
    FORWARDED = "forwarded", _("Dirujuk ke pemberi kerja")
    INTERVIEW = "interview", _("Wawancara")
    ACCEPTED = "accepted", _("Diterima bekerja")
    DECLINED = "declined", _("Ditolak")
    WITHDRAWN = "withdrawn", _("Ditarik")
    LAPSED = "lapsed", _("Kedaluwarsa")


REFERRAL_INITIAL = (ReferralState.DRAFT,)
INSIDE = (ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.APPROVED)
WITH_AGENCY = (
    ReferralState.SENT,
    ReferralState.RECEIVED,
    ReferralState.FORWARDED,
    ReferralState.INTERVIEW,
)
REFERRAL_OPEN = (*INSIDE, *WITH_AGENCY)
REFERRAL_TRANSITIONS = (
    Move(ReferralState.DRAFT, ReferralState.SUBMITTED, "submit", "refer"),
    Move(ReferralState.SUBMITTED, ReferralState.DRAFT, "send_back", "approve_referral"),
    Move(ReferralState.SUBMITTED, ReferralState.APPROVED, "approve", "approve_referral"),
    Move(ReferralState.APPROVED, ReferralState.SENT, "send", "refer"),
    Move(ReferralState.SENT, ReferralState.RECEIVED, "receive", "answer_referral"),
    *(
        Move(state, ReferralState.FORWARDED, "forward", "answer_referral")
        for state in (ReferralState.SENT, ReferralState.RECEIVED)
    ),
    Move(ReferralState.FORWARDED, ReferralState.INTERVIEW, "interview", "answer_referral"),
    *(
        Move(state, ReferralState.ACCEPTED, "accept", "answer_referral")
        for state in (ReferralState.FORWARDED, ReferralState.INTERVIEW)
    ),
    *(Move(state, ReferralState.DECLINED, "decline", "answer_referral") for state in WITH_AGENCY),
    *(Move(state, ReferralState.WITHDRAWN, "withdraw", "refer") for state in REFERRAL_OPEN),
    *(Move(state, ReferralState.LAPSED, "lapse", "system") for state in WITH_AGENCY),
    Move(ReferralState.ACCEPTED, ReferralState.WITHDRAWN, "fall_through", "answer_referral"),
    Move(ReferralState.LAPSED, ReferralState.SENT, "resume", "refer"),
    Move(ReferralState.ACCEPTED, ReferralState.FORWARDED, "undo_accept", "correct_state"),
    Move(ReferralState.DECLINED, ReferralState.RECEIVED, "undo_decline", "correct_state"),
    Move(ReferralState.WITHDRAWN, ReferralState.DRAFT, "undo_withdraw", "correct_state"),
)


class DeclineReason(models.TextChoices):
    RECORD = "record", _("Riwayat pidana")
    SKILL = "skill", _("Keterampilan tidak sesuai")
    DOCUMENTS = "documents", _("Dokumen kurang")
    FILLED = "filled", _("Lowongan sudah terisi")
    NOT_SHOWN = "not_shown", _("Tidak datang")
    PERSON = "person", _("Orangnya tidak mau")
    OTHER = "other", _("Sebab lain")


class PlacementKind(models.TextChoices):
    AFTER_RELEASE = "after_release", _("Sesudah bebas")
    WORK_RELEASE = "work_release", _("Asimilasi kerja")
    SELF_EMPLOYED = "self_employed", _("Wirausaha")


class Weekday(models.IntegerChoices):
    """As ISO 8601 counts them."""

    MONDAY = 1, _("Senin")
    TUESDAY = 2, _("Selasa")
    WEDNESDAY = 3, _("Rabu")
    THURSDAY = 4, _("Kamis")
    FRIDAY = 5, _("Jumat")
    SATURDAY = 6, _("Sabtu")
    SUNDAY = 7, _("Minggu")


class PlacementState(models.TextChoices):
    """`VOID` never was: written down of the wrong person, or of work that did not begin."""

    RUNNING = "running", _("Bekerja")
    ENDED = "ended", _("Berakhir")
    VOID = "void", _("Salah catat")


PLACEMENT_INITIAL = (PlacementState.RUNNING,)
PLACEMENT_TRANSITIONS = (
    Move(PlacementState.RUNNING, PlacementState.ENDED, "end", "place_people"),
    Move(PlacementState.ENDED, PlacementState.RUNNING, "undo_end", "correct_state"),
    *(
        Move(state, PlacementState.VOID, "void", "correct_state")
        for state in (PlacementState.RUNNING, PlacementState.ENDED)
    ),
)


class PayBand(models.TextChoices):
    """A month's pay beside the local minimum wage: the amount itself is nobody's business."""

    BELOW = "below", _("Di bawah upah minimum")
    AROUND = "around", _("Sekitar upah minimum")
    ABOVE = "above", _("Di atas upah minimum")
    UNKNOWN = "unknown", _("Tidak diketahui")


class FollowUpOwner(models.TextChoices):
    """Who asks: the post of the officer, the agency, or the probation officer by a link."""

    PRISON = "prison", _("Lapas")
    AGENCY = "agency", _("Disnaker")
    PROBATION = "probation", _("PK Bapas")


class FollowUpState(models.TextChoices):
    DUE = "due", _("Dijadwalkan")
    DONE = "done", _("Dicatat")
    CANCELLED = "cancelled", _("Tidak berlaku")


FOLLOW_UP_INITIAL = (FollowUpState.DUE,)
FOLLOW_UP_TRANSITIONS = (
    Move(FollowUpState.DUE, FollowUpState.DONE, "record", "follow_up"),
    Move(FollowUpState.DUE, FollowUpState.CANCELLED, "cancel", "system"),
    Move(FollowUpState.DONE, FollowUpState.DUE, "undo", "correct_state"),
    Move(FollowUpState.DONE, FollowUpState.CANCELLED, "undo_news", "correct_state"),
    Move(FollowUpState.CANCELLED, FollowUpState.DUE, "renew", "system"),
)


class FollowUpOutcome(models.TextChoices):
    """What became of somebody (field notes 5.4). Who was not reached is no outcome of work."""

    FORMAL = "formal", _("Bekerja formal")
    INFORMAL = "informal", _("Bekerja informal")
    SELF_EMPLOYED = "self_employed", _("Wirausaha")
    APPRENTICE = "apprentice", _("Magang")
    TRAINING = "training", _("Pelatihan lanjutan")
    NO_WORK = "no_work", _("Belum bekerja")
    NOT_REACHED = "not_reached", _("Tidak dapat dihubungi")
    DETAINED = "detained", _("Kembali ditahan")
    DIED = "died", _("Meninggal")


WORKING = (
    FollowUpOutcome.FORMAL,
    FollowUpOutcome.INFORMAL,
    FollowUpOutcome.SELF_EMPLOYED,
    FollowUpOutcome.APPRENTICE,
)
REACHED = tuple(o for o in FollowUpOutcome if o != FollowUpOutcome.NOT_REACHED)


# What ends a series: whoever is dead, or in custody again, is asked about no more.
ENDS_SERIES = (FollowUpOutcome.DETAINED, FollowUpOutcome.DIED)


class ContactChannel(models.TextChoices):
    CALL = "call", _("Telepon")
    WHATSAPP = "whatsapp", _("WhatsApp")
    VISIT = "visit", _("Kunjungan")
    OFFICE = "office", _("Datang ke kantor")
    PROBATION = "probation", _("PK Bapas")
    FAMILY = "family", _("Keluarga")


# The prison or the agency turns to the person; by the other ways news is brought to them.
WE_CONTACT = (ContactChannel.CALL, ContactChannel.WHATSAPP, ContactChannel.VISIT)
