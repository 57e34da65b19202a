from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words
from accounts.states import PulseKind


class Pulse(models.Model):
    """The newest sign of life of one part of the installation; see `accounts.services.pulses`.

    `name` says which one: a worker's host, a task. `detail` holds a word about
    it, never personal data; `count` how often there was one.
    """

    kind = models.CharField(_("bagian"), max_length=12, choices=PulseKind)
    name = models.CharField(_("nama"), max_length=120, blank=True, db_default="")
    at = models.DateTimeField(_("terakhir"), db_default=Now())
    detail = models.CharField(_("keterangan"), max_length=200, blank=True, db_default="")
    count = models.PositiveBigIntegerField(_("berapa kali"), default=1, db_default=1)

    privacy = words(keep="id kind name at detail count")

    class Meta:
        verbose_name = _("tanda hidup")
        verbose_name_plural = _("tanda hidup")
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="pulse_once")]

    def __str__(self):
        return f"{self.kind} {self.name}"
