import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from training.querysets import CourseQuerySet


class Trade(models.Model):
    """A trade (kejuruan), such as welding."""

    name = models.CharField(_("kejuruan"), max_length=80, unique=True)

    privacy = words(keep="id name")

    class Meta:
        verbose_name = _("kejuruan")
        verbose_name_plural = _("kejuruan")
        ordering = ["name"]

    def __str__(self):
        return self.name


@pghistory.track()
class Course(PublicRecord):
    """A training programme of the catalogue; `jp` are lesson hours of 45 minutes."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="courses")
    code = models.CharField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("nama program"), max_length=150)
    kkni_level = models.PositiveSmallIntegerField(
        _("jenjang KKNI"), null=True, blank=True, validators=[MaxValueValidator(9)]
    )
    jp = models.PositiveSmallIntegerField(
        _("jam pelajaran (JP)"), validators=[MinValueValidator(1)]
    )
    minimum_age = models.PositiveSmallIntegerField(_("usia minimum"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("usia maksimum"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()
    privacy = words(keep="trade code name kkni_level jp minimum_age maximum_age")

    class Meta:
        verbose_name = _("program pelatihan")
        verbose_name_plural = _("program pelatihan")
        ordering = ["name"]

    def __str__(self):
        return self.name
