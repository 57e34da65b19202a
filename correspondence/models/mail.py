from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import own
from correspondence.querysets import MailQuerySet
from correspondence.states import MailState


class Mail(PublicRecord):
    """One e-mail to one person. The row is the queue; a worker claims it with a lease.

    `address` is that of somebody who has no account, and then there is no `recipient`; it is
    blanked with the words of a secret mail.

    Text is rendered once, when first claimed, from the notices then live, and stored: a retry
    sends the same words under the same Message-ID. A mail that was written with its words (an
    invitation) has no notices. `digest_on` is the working day whose one
    digest this is; empty for urgent mail and, with `DIGEST_AT=now`, for the digest of a sweep.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="mails"
    )
    address = models.EmailField(_("alamat e-mail"), blank=True, db_default="")
    digest_on = models.DateField(null=True, help_text=_("Hari ringkasan; kosong: segera."))
    state = models.CharField(
        max_length=10, choices=MailState, default=MailState.QUEUED, db_default=MailState.QUEUED
    )
    message_id = models.CharField(max_length=120, blank=True, db_default="")
    subject = models.CharField(_("perihal"), max_length=200, blank=True, db_default="")
    body = models.TextField(_("isi"), blank=True, db_default="")
    not_before = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(_("dikirim pada"), null=True)
    last_error = models.CharField(max_length=300, blank=True, db_default="")
    secret = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Memuat tautan sekali pakai: isinya dihapus sesudah terkirim."),
    )

    objects = MailQuerySet.as_manager()
    privacy = words(
        keep="recipient digest_on state message_id subject body not_before claimed_until attempts "
        "sent_at last_error secret",
        mask="address",
    )
    liaison_reads = own("recipient")

    class Meta:
        verbose_name = _("surel")
        verbose_name_plural = _("surel")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "digest_on"], name="mail_digest_once"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(message_id=""),
                name="mail_to_outside_has_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(state=MailState.QUEUED), name="mail_queued"
            )
        ]

    def __str__(self):
        return self.subject or self.message_id or str(self.pk)
