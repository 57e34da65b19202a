import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord, Record
from accounts.privacy import words
from accounts.reads import through
from inmates.querysets import AptitudeQuerySet


@pghistory.track()
class SkillProfile(Record):
    """What a person can and wants: trades by name, languages, earlier work, one line each."""

    inmate = models.OneToOneField("inmates.Inmate", models.CASCADE, related_name="skills")
    interests = ArrayField(
        models.CharField(max_length=80), verbose_name=_("minat kejuruan"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=40), verbose_name=_("bahasa"), default=list, blank=True
    )
    earlier_work = models.TextField(_("pengalaman kerja"), blank=True)
    note = models.CharField(_("catatan"), max_length=250, blank=True)

    privacy = words(keep="inmate interests languages", mask="earlier_work note")
    liaison_reads = through("inmate").showing("inmate interests languages earlier_work")

    class Meta:
        verbose_name = _("profil keterampilan")
        verbose_name_plural = _("profil keterampilan")

    def __str__(self):
        return ", ".join(self.interests)


@pghistory.track()
class AptitudeAssessment(PublicRecord):
    """An assessment of interest and aptitude (asesmen minat bakat), step 1 of field notes 4.4.

    `scores` maps what was assessed to 0..100; `recommended` names trades.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="aptitudes")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    assessed_on = models.DateField(_("tanggal asesmen"))
    assessor = models.CharField(_("asesor"), max_length=120)
    scores = models.JSONField(_("nilai"), default=dict, blank=True)
    recommended = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("kejuruan yang disarankan"),
        default=list,
        blank=True,
    )
    recommendation = models.CharField(_("saran"), max_length=500, blank=True)

    objects = AptitudeQuerySet.as_manager()
    privacy = words(
        keep="inmate facility assessed_on scores recommended",
        mask="assessor recommendation",
    )

    class Meta:
        verbose_name = _("asesmen minat bakat")
        verbose_name_plural = _("asesmen minat bakat")
        ordering = ["-assessed_on", "-id"]

    def __str__(self):
        return f"{self.assessed_on}"
