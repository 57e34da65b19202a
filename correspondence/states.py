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
    NUMBERED = "numbered", _("Bernomor")
    SIGNED = "signed", _("Ditandatangani")
    SENT = "sent", _("Terkirim")
    VOID = "void", _("Tidak berlaku")


LETTER_INITIAL = (LetterState.DRAFT,)
LETTER_TRANSITIONS = (
    Move(LetterState.DRAFT, LetterState.NUMBERED, "number", "issue_decree"),
    Move(LetterState.NUMBERED, LetterState.SIGNED, "sign", "issue_decree"),
    Move(LetterState.SIGNED, LetterState.SENT, "send", "number_letters"),
    Move(LetterState.NUMBERED, LetterState.VOID, "void", "number_letters"),
    Move(LetterState.SIGNED, LetterState.VOID, "void", "number_letters"),
    Move(LetterState.SENT, LetterState.VOID, "void", "number_letters"),
)


class SeriesMode(models.TextChoices):
    OWN = "own", _("Nomor dari aplikasi")
    BOOK = "book", _("Nomor dari buku agenda TU")
