import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from placements.employment import CVLanguage, CVPart
from placements.querysets import CurriculumVitaeQuerySet


@pghistory.track()
class CurriculumVitae(PublicRecord):
    """What a person says of themselves for employers, in their own words and one language.

    `shares` are the parts that they agreed to share; the name always is. A text counts once its
    person has approved it (`approved_on`); who changes a word asks them again. Facts of the
    register, trainings and certificates are read when it is printed, never copied here.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="cvs")
    language = models.CharField(_("bahasa"), max_length=2, choices=CVLanguage)
    summary = models.TextField(_("tentang saya"), max_length=600, blank=True)
    experience = models.TextField(_("pengalaman kerja"), max_length=1500, blank=True)
    abilities = models.TextField(_("yang bisa saya kerjakan"), max_length=1000, blank=True)
    wishes = models.TextField(_("pekerjaan yang saya cari"), max_length=400, blank=True)
    phone = models.CharField(_("telepon atau WhatsApp"), max_length=80, blank=True)
    email = models.EmailField(_("alamat email"), blank=True)
    shares = ArrayField(
        models.CharField(max_length=10, choices=CVPart),
        verbose_name=_("yang boleh dibagikan"),
        default=list,
        blank=True,
    )
    written_at = models.DateTimeField(_("ditulis pada"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("ditulis oleh"),
    )
    approved_on = models.DateField(_("disetujui orangnya pada"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("persetujuan dicatat oleh"),
    )

    objects = CurriculumVitaeQuerySet.as_manager()
    privacy = words(
        keep="facility inmate language shares written_at written_by approved_on approved_by",
        mask="summary experience abilities wishes phone email",
    )

    class Meta:
        verbose_name = _("daftar riwayat hidup")
        verbose_name_plural = _("daftar riwayat hidup")
        ordering = ["inmate", "-language"]
        constraints = [
            models.UniqueConstraint(fields=["inmate", "language"], name="cv_language_once"),
        ]

    def __str__(self):
        return self.get_language_display()
