import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import Record, StatefulRecord
from accounts.models.action_link import EXPIRED, REVOKED, USED
from accounts.privacy import words
from accounts.reads import by, through
from accounts.states import state_triggers
from placements.employment import (
    FOLLOW_UP_INITIAL,
    FOLLOW_UP_TRANSITIONS,
    ContactChannel,
    FollowUpOutcome,
    FollowUpOwner,
    FollowUpState,
    PayBand,
)
from placements.querysets import FollowUpLinkQuerySet, FollowUpQuerySet


@pghistory.track()
class FollowUp(StatefulRecord):
    """What became of somebody, asked `months` after release or after work began.

    `counted_from` is that day; a person has one open series at a time. Who was not reached is
    recorded as such: reached and working are counted apart (field notes 5.4). News that came
    outside the schedule is a row of its own with `months` 0, counted from its day. A cancelled row
    with an `outcome` is one that nobody needs to ask about any more: detained again, or dead.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="follow_ups")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="follow_ups")
    placement = models.ForeignKey(
        "placements.Placement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("pekerjaan"),
    )
    owner = models.CharField(
        _("pelaksana"),
        max_length=9,
        choices=FollowUpOwner,
        default=FollowUpOwner.PRISON,
        db_default=FollowUpOwner.PRISON,
    )
    contact = models.CharField(_("cara menghubungi orangnya"), max_length=150, blank=True)
    months = models.PositiveSmallIntegerField(_("bulan ke"))
    counted_from = models.DateField(_("dihitung sejak"))
    due_on = models.DateField(_("jatuh tempo"))
    channel = models.CharField(
        _("cara menghubungi"), max_length=9, choices=ContactChannel, blank=True
    )
    done_on = models.DateField(_("dihubungi pada"), null=True, blank=True)
    done_by = models.CharField(_("oleh"), max_length=120, blank=True)
    outcome = models.CharField(_("hasil"), max_length=13, choices=FollowUpOutcome, blank=True)
    employer = models.CharField(_("tempat bekerja"), max_length=150, blank=True)
    pay_band = models.CharField(_("upah"), max_length=8, choices=PayBand, blank=True)
    is_same_job = models.BooleanField(_("pekerjaan yang sama"), null=True, blank=True)
    help_needed = models.CharField(_("bantuan yang diperlukan"), max_length=250, blank=True)
    state = models.CharField(
        _("keadaan"),
        max_length=9,
        choices=FollowUpState,
        default=FollowUpState.DUE,
        db_default=FollowUpState.DUE,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = FollowUpQuerySet.as_manager()
    privacy = words(
        keep="facility agency inmate placement owner months counted_from due_on channel done_on "
        "outcome pay_band is_same_job state state_at state_by",
        mask="contact done_by employer help_needed reason",
    )
    liaison_reads = (
        by("agency")
        .only(
            f"owner = '{FollowUpOwner.AGENCY}' AND state <> '{FollowUpState.CANCELLED}'"
            f" AND outcome <> '{FollowUpOutcome.DETAINED}'"
        )
        .introducing("inmate")
        .introducing("placement")
    )

    class Meta:
        verbose_name = _("pemantauan")
        verbose_name_plural = _("pemantauan")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate", "counted_from", "months"], name="follow_up_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=FollowUpState.DONE)
                | (
                    Q(done_on__isnull=False)
                    & ~Q(outcome="")
                    & (~Q(channel="") | Q(outcome=FollowUpOutcome.NOT_REACHED))
                ),
                name="follow_up_done_complete",
                violation_error_message=_("Isi tanggal, cara menghubungi dan hasilnya."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "due_on"],
                condition=Q(state=FollowUpState.DUE),
                name="follow_up_due",
            )
        ]
        triggers = state_triggers(FOLLOW_UP_INITIAL, FOLLOW_UP_TRANSITIONS)

    def __str__(self):
        return f"{self.months}"

    def get_absolute_url(self):
        return address_of("placements:follow-up-detail", self.public_id)


class FollowUpAttempt(Record):
    """Once that somebody was tried in vain: a follow-up stays due, and its tries are counted."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="attempts")
    tried_on = models.DateField(_("dicoba pada"))
    channel = models.CharField(_("cara menghubungi"), max_length=9, choices=ContactChannel)
    tried_by = models.CharField(_("oleh"), max_length=120, blank=True)

    privacy = words(keep="follow_up tried_on channel", mask="tried_by")
    liaison_reads = through("follow_up")

    class Meta:
        verbose_name = _("percobaan menghubungi")
        verbose_name_plural = _("percobaan menghubungi")
        ordering = ["tried_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "tried_on", "channel"],
                name="follow_up_attempt_once",
                violation_error_message=_("Percobaan hari itu dengan cara ini sudah dicatat."),
            )
        ]

    def __str__(self):
        return f"{self.tried_on}"


class FollowUpLink(Record):
    """A single-use form for somebody without an account (the probation officer of one person).

    Only the SHA-256 of its token is kept; opening it changes nothing. `mail` is the one that took
    it there, None for a link that was copied by hand.
    """

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_to = models.CharField(_("dikirim kepada"), max_length=150)
    expires_at = models.DateTimeField(_("berlaku sampai"))
    used_at = models.DateTimeField(_("dipakai pada"), null=True)
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True)
    mail = models.ForeignKey(
        "correspondence.Mail", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = FollowUpLinkQuerySet.as_manager()
    privacy = words(
        keep="follow_up expires_at used_at revoked_at mail", mask="sent_to", drop="token_hash"
    )

    class Meta:
        verbose_name = _("tautan pemantauan")
        verbose_name_plural = _("tautan pemantauan")

    def __str__(self):
        return self.sent_to

    @property
    def end(self):
        """Why the link is dead: used, revoked or expired; empty: it lives."""
        if self.used_at:
            return USED
        if self.revoked_at:
            return REVOKED
        return EXPIRED if self.expires_at <= timezone.now() else ""
