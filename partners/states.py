"""Agreements: kinds, stored states and allowed moves. Ended, expiring, renewed are derived."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Move


class AgencyKind(models.TextChoices):
    DISNAKER = "disnaker", _("Dinas Tenaga Kerja")
    BLK = "blk", _("Balai/UPT Latihan Kerja")
    LPK = "lpk", _("Lembaga Pelatihan Kerja")
    LSP = "lsp", _("Lembaga Sertifikasi Profesi")
    BAPAS = "bapas", _("Balai Pemasyarakatan")
    PROVINCE = "province", _("Dinas provinsi")
    COMPANY = "company", _("Perusahaan")
    OTHER = "other", _("Lainnya")


class LiaisonStanding(models.TextChoices):
    """How far a liaison's account is: derived, never stored."""

    INVITED = "invited", _("Diundang")
    ACTIVE = "active", _("Aktif")
    SUSPENDED = "suspended", _("Ditangguhkan")
    ENDED = "ended", _("Berakhir")


class EngagementKind(models.TextChoices):
    VISIT = "visit", _("Kunjungan/audiensi")
    MEETING = "meeting", _("Rapat")
    CALL = "call", _("Telepon")
    LETTER = "letter", _("Surat")


class AgreementKind(models.TextChoices):
    MOU = "mou", _("Nota Kesepahaman")
    ACCORD = "accord", _("Nota Kesepakatan (sinergi)")
    PKS = "pks", _("Perjanjian Kerja Sama (PKS)")


class DocumentKind(models.TextChoices):
    DRAFT = "draft", _("Naskah draf")
    FINAL = "final", _("Naskah akhir")
    ANNEX = "annex", _("Lampiran/rencana kerja")
    ADDENDUM = "addendum", _("Adendum")
    OTHER = "other", _("Lainnya")


class Party(models.TextChoices):
    """Whose duty an obligation is."""

    PRISON = "prison", _("Lapas")
    AGENCY = "agency", _("Instansi")


SHARED_DOCUMENTS = (
    DocumentKind.DRAFT,
    DocumentKind.FINAL,
    DocumentKind.ANNEX,
    DocumentKind.ADDENDUM,
)  # the kinds that the other side reads too


class TerminationGround(models.TextChoices):
    """Why an agreement ends early; only `notice` has to wait for the days of the agreement."""

    NOTICE = "notice", _("Pemberitahuan menurut tenggang waktu perjanjian")
    MUTUAL = "mutual", _("Kesepakatan kedua pihak")
    BREACH = "breach", _("Pelanggaran isi perjanjian")
    FORCE = "force", _("Keadaan kahar")


class AgreementState(models.TextChoices):
    EXPLORING = "exploring", _("Penjajakan")
    DRAFT = "draft", _("Draf")
    REVIEW = "review", _("Telaah")
    READY = "ready", _("Siap ditandatangani")
    SIGNED = "signed", _("Ditandatangani")
    TERMINATED = "terminated", _("Dihentikan")
    CANCELLED = "cancelled", _("Dibatalkan")


class AgreementStatus(models.TextChoices):
    """What an agreement is worth on a day: derived from its dates, never stored."""

    UNSIGNED = "unsigned", _("Belum ditandatangani")
    NOT_YET = "not_yet", _("Belum berlaku")
    IN_FORCE = "in_force", _("Berlaku")
    EXPIRING = "expiring", _("Akan berakhir")
    ENDED = "ended", _("Berakhir")
    TERMINATED = "terminated", _("Dihentikan")
    CANCELLED = "cancelled", _("Dibatalkan")


PAST_NOTICE = "past_notice", _("Lewat batas usulan perpanjangan")

UMBRELLAS = (AgreementKind.MOU, AgreementKind.ACCORD)  # what a PKS may stand under
INITIAL = (AgreementState.EXPLORING, AgreementState.DRAFT)
UNSIGNED = (
    AgreementState.EXPLORING,
    AgreementState.DRAFT,
    AgreementState.REVIEW,
    AgreementState.READY,
)
SIGNED_ONCE = (AgreementState.SIGNED, AgreementState.TERMINATED)
TRANSITIONS = (
    Move(AgreementState.EXPLORING, AgreementState.DRAFT, "begin_draft", "draft_agreement"),
    Move(AgreementState.DRAFT, AgreementState.REVIEW, "send_for_review", "draft_agreement"),
    Move(AgreementState.REVIEW, AgreementState.DRAFT, "revise", "draft_agreement"),
    Move(AgreementState.REVIEW, AgreementState.READY, "mark_ready", "draft_agreement"),
    Move(AgreementState.READY, AgreementState.REVIEW, "reopen", "draft_agreement"),
    Move(AgreementState.DRAFT, AgreementState.SIGNED, "sign", "sign_agreement"),
    Move(AgreementState.REVIEW, AgreementState.SIGNED, "sign", "sign_agreement"),
    Move(AgreementState.READY, AgreementState.SIGNED, "sign", "sign_agreement"),
    Move(AgreementState.SIGNED, AgreementState.TERMINATED, "terminate", "sign_agreement"),
    *(Move(state, AgreementState.CANCELLED, "cancel", "draft_agreement") for state in UNSIGNED),
    # A wrong click goes back, with a reason.
    Move(AgreementState.SIGNED, AgreementState.READY, "undo_signing", "correct_state"),
    Move(AgreementState.TERMINATED, AgreementState.SIGNED, "undo_termination", "correct_state"),
    Move(AgreementState.CANCELLED, AgreementState.DRAFT, "undo_cancellation", "correct_state"),
)
