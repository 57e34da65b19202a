from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Move


class NoticeState(models.TextChoices):
    LIVE = "live", _("Berlaku")
    CANCELLED = "cancelled", _("Dibatalkan")
    SUPERSEDED = "superseded", _("Digantikan")


class MailState(models.TextChoices):
    QUEUED = "queued", _("Menunggu dikirim")
    SENT = "sent", _("Terkirim")
    FAILED = "failed", _("Gagal")
    CANCELLED = "cancelled", _("Dibatalkan")


class LetterState(models.TextChoices):
    DRAFT = "draft", _("Konsep")
    INITIALLED = "initialled", _("Diparaf")
    AWAITING = "awaiting", _("Menunggu nomor")
    NUMBERED = "numbered", _("Bernomor")
    SIGNED = "signed", _("Ditandatangani")
    SENT = "sent", _("Terkirim")
    VOID = "void", _("Tidak berlaku")


LETTER_INITIAL = (LetterState.DRAFT,)
LETTER_UNNUMBERED = (LetterState.DRAFT, LetterState.INITIALLED, LetterState.AWAITING)
LETTER_TRANSITIONS = (
    # A decree: numbered and signed in one act by the warden.
    Move(LetterState.DRAFT, LetterState.NUMBERED, "number", "issue_decree"),
    Move(LetterState.NUMBERED, LetterState.SIGNED, "sign", "issue_decree"),
    Move(LetterState.NUMBERED, LetterState.SIGNED, "sign", "sign_letters"),
    # Any other letter: konsep, paraf, nomor, tanda tangan, kirim (field notes 6).
    Move(LetterState.DRAFT, LetterState.INITIALLED, "initial", "initial_letters"),
    Move(LetterState.INITIALLED, LetterState.DRAFT, "rewrite", "write_letters"),
    Move(LetterState.INITIALLED, LetterState.AWAITING, "request_number", "write_letters"),
    Move(LetterState.AWAITING, LetterState.DRAFT, "rewrite", "write_letters"),
    Move(LetterState.AWAITING, LetterState.NUMBERED, "give_number", "number_letters"),
    Move(LetterState.SIGNED, LetterState.SENT, "send", "number_letters"),
    Move(LetterState.NUMBERED, LetterState.VOID, "void", "number_letters"),
    Move(LetterState.SIGNED, LetterState.VOID, "void", "number_letters"),
    Move(LetterState.SENT, LetterState.VOID, "void", "number_letters"),
)


class LetterNature(models.TextChoices):
    """Sifat: how a letter wants to be handled."""

    NORMAL = "Biasa", _("Biasa")
    SOON = "Segera", _("Segera")
    IMPORTANT = "Penting", _("Penting")
    SECRET = "Rahasia", _("Rahasia")


class SeriesMode(models.TextChoices):
    OWN = "own", _("Nomor dari aplikasi")
    BOOK = "book", _("Nomor dari buku agenda TU")
