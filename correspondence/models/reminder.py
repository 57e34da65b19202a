import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words


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

    privacy = words(keep="facility kind offsets audience")

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
