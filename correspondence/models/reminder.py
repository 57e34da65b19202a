import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord, Record
from accounts.privacy import words
from accounts.reads import own


@pghistory.track()
class ReminderPolicy(Record):
    """When and whom a kind of deadline reminds. `facility` empty: the rule of the whole country.

    Offsets are days before the due date; -1 is the day after; none at all is silence. Source:
    field notes 3.3.
    """

    facility = models.ForeignKey(
        "accounts.Facility", models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("jenis"), max_length=40)
    offsets = ArrayField(
        models.SmallIntegerField(),
        blank=True,
        verbose_name=_("hari sebelum jatuh tempo"),
        help_text=_("Dipisah koma; -1 berarti sehari sesudahnya, kosong berarti tanpa pengingat."),
    )
    audience = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("penerima"),
        help_text=_("Nama peran, atau `agency` untuk narahubung instansi."),
    )

    escalate_after = models.PositiveSmallIntegerField(
        _("eskalasi sesudah (hari)"),
        null=True,
        blank=True,
        help_text=_("Bila sekian hari tidak ditandai; kosong berarti tidak pernah."),
    )
    escalation = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("urutan eskalasi"),
        default=list,
        blank=True,
        help_text=_("Peran dari bawah ke atas, mis. officer, head, warden."),
    )

    privacy = words(keep="facility kind offsets audience escalate_after escalation")

    class Meta:
        verbose_name = _("aturan pengingat")
        verbose_name_plural = _("aturan pengingat")
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind"], nulls_distinct=False, name="policy_once"
            )
        ]

    def __str__(self):
        return self.kind


class Silence(Record):
    """A kind of notice that one person does not want by mail; it still stands in the app."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="silences")
    kind = models.CharField(_("jenis"), max_length=40)

    privacy = words(keep="user kind")
    liaison_reads = own("user")

    class Meta:
        verbose_name = _("tanpa surel")
        verbose_name_plural = _("tanpa surel")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="silence_once")]

    def __str__(self):
        return self.kind


class CalendarFeed(PublicRecord):
    """A person's calendar address: only the SHA-256 of its token is kept; revoked, it is gone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True)
    read_at = models.DateTimeField(_("terakhir dibaca"), null=True)

    privacy = words(keep="user revoked_at read_at", drop="token_hash")
    liaison_reads = own("user")

    class Meta:
        verbose_name = _("alamat kalender")
        verbose_name_plural = _("alamat kalender")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="calendar_feed_once",
            )
        ]

    def __str__(self):
        return str(self.public_id)[:8]


class SweepRun(models.Model):
    """A finished sweep: when, and what it did. `/readyz` reads the newest."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    today = models.DateField()
    created = models.PositiveIntegerField()
    cancelled = models.PositiveIntegerField()

    privacy = words(keep="id at today created cancelled")

    class Meta:
        verbose_name = _("penyisiran pengingat")
        verbose_name_plural = _("penyisiran pengingat")
        ordering = ["-at"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"
