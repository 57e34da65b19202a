from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import own
from correspondence import kinds
from correspondence.querysets import NoticeQuerySet
from correspondence.states import NoticeState


class Notice(PublicRecord):
    """One reason to tell one person something: a deadline that comes near, or an event.

    `kind` names an entry of `correspondence.kinds`; `data` fills its sentence and holds codes and
    dates, never a person's name. `due` is the deadline itself (for an event: its day) and
    `offset_days` says how many days before it the notice is meant (-1: the day after).
    `told_on` is the day of the sweep that raised it (empty for an event), `told_as` the word of
    the audience by which the person was found (a role, or `agency`);
    `escalated_from` the role that did not take note in time.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    facility = models.ForeignKey("accounts.Facility", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    due = models.DateField(_("jatuh tempo"))
    offset_days = models.SmallIntegerField(default=0, db_default=0)
    data = models.JSONField(default=dict, db_default={})
    link = models.CharField(max_length=200, blank=True, db_default="")
    urgent = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        max_length=10, choices=NoticeState, default=NoticeState.LIVE, db_default=NoticeState.LIVE
    )
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    snoozed_until = models.DateField(null=True)
    snooze_reason = models.CharField(max_length=200, blank=True, db_default="")
    told_on = models.DateField(null=True)
    told_as = models.CharField(max_length=20, blank=True, db_default="")
    escalated_from = models.CharField(max_length=20, blank=True, db_default="")
    mail = models.ForeignKey(
        "correspondence.Mail", models.SET_NULL, null=True, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()
    privacy = words(
        keep="recipient facility kind object_type object_id due offset_days data link urgent state "
        "read_at acknowledged_at snoozed_until snooze_reason told_on told_as escalated_from mail",
    )
    liaison_reads = own("recipient")

    class Meta:
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "object_type", "object_id", "due", "offset_days"],
                condition=Q(state=NoticeState.LIVE),
                name="notice_live_once",
            ),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="notice_object"),
            models.Index(fields=["recipient", "-created_at"], name="notice_recipient"),
            models.Index(
                fields=["recipient"],
                condition=Q(mail__isnull=True, state=NoticeState.LIVE),
                name="notice_unmailed",
            ),
            # How many deadlines pass unnoted, in the whole country (`lapasprog.watching`).
            models.Index(
                fields=["due"],
                condition=Q(
                    state=NoticeState.LIVE, acknowledged_at__isnull=True, told_on__isnull=False
                ),
                name="notice_unnoted",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.object_type} {self.due}"

    @property
    def sentence(self):
        """The notice in words, in the active language."""
        return kinds.sentence_of(self)

    @property
    def has_deadline(self):
        """Whether `due` is a date to keep, not just the day of an event."""
        day = timezone.localtime(self.created_at).date()
        return kinds.get(self.kind).deadline or self.due > day
