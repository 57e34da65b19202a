import pghistory
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.roles import ROLE_LABELS
from partners.querysets import ActionItemQuerySet, EngagementQuerySet
from partners.states import EngagementKind


@pghistory.track()
class Engagement(PublicRecord):
    """A visit, meeting, call or letter: who met whom, what for, with what result."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="engagements")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, related_name="engagements", verbose_name=_("instansi")
    )
    kind = models.CharField(
        _("jenis"), max_length=10, choices=EngagementKind, default=EngagementKind.VISIT
    )
    held_on = models.DateField(_("tanggal"))
    delegation = models.TextField(_("rombongan lapas"), help_text=_("Satu orang per baris."))
    hosts = models.TextField(_("pihak instansi"), blank=True, help_text=_("Satu orang per baris."))
    purpose = models.CharField(_("maksud"), max_length=250)
    result = models.TextField(_("hasil"), blank=True)

    objects = EngagementQuerySet.as_manager()
    privacy = words(keep="facility agency kind held_on delegation hosts purpose result")

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return self.purpose

    def get_absolute_url(self):
        return address_of("partners:engagement-detail", self.public_id)


@pghistory.track()
class ActionItem(PublicRecord):
    """What was promised at an engagement: owned by a post, a named person is optional."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="action_items")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="+")
    what = models.CharField(_("tindak lanjut"), max_length=250)
    owner_role = models.ForeignKey(
        Group, models.PROTECT, to_field="name", related_name="+", verbose_name=_("jabatan")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("orangnya"),
    )
    due = models.DateField(_("batas waktu"))
    done_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("diselesaikan oleh"),
    )

    objects = ActionItemQuerySet.as_manager()
    privacy = words(keep="engagement facility agency what owner_role owner due done_at done_by")

    class Meta:
        verbose_name = _("tindak lanjut")
        verbose_name_plural = _("tindak lanjut")
        ordering = ["due", "id"]

    def __str__(self):
        return self.what

    @property
    def owner_label(self):
        """The post that owns the promise, in words."""
        return ROLE_LABELS.get(self.owner_role_id, self.owner_role_id)
