from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words
from inmates.states import Sex
from reports.querysets import KeptGroupQuerySet


class KeptCount(models.Model):
    """When the participations of a prison were counted last, for who reads many prisons at once."""

    facility = models.OneToOneField(
        "accounts.Facility", models.CASCADE, related_name="kept_count", verbose_name=_("lapas")
    )
    counted_at = models.DateTimeField(_("dihitung pada"))

    privacy = words(keep="id facility counted_at")

    class Meta:
        verbose_name = _("hitungan lapas")
        verbose_name_plural = _("hitungan lapas")

    def __str__(self):
        return f"{self.facility_id} {self.counted_at}"


class KeptGroup(models.Model):
    """How far the participations came that are alike in all that a dashboard is narrowed by.

    The steps are those of `reports.paths.Step`. `counted` are those for whom a meeting counts,
    `enough` those of them who attended enough; the sums of JP are theirs, without what was excused.
    """

    facility = models.ForeignKey("accounts.Facility", models.CASCADE, related_name="kept_groups")
    year = models.PositiveSmallIntegerField(_("tahun mulai"))
    course = models.ForeignKey("training.Course", models.CASCADE, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.CASCADE, related_name="+")
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True, db_default="")
    is_resident = models.BooleanField(_("warga kota"))
    enrolled = models.PositiveIntegerField(default=0, db_default=0)
    finished = models.PositiveIntegerField(default=0, db_default=0)
    certified = models.PositiveIntegerField(default=0, db_default=0)
    referred = models.PositiveIntegerField(default=0, db_default=0)
    placed = models.PositiveIntegerField(default=0, db_default=0)
    due = models.PositiveIntegerField(default=0, db_default=0)
    reached = models.PositiveIntegerField(default=0, db_default=0)
    working = models.PositiveIntegerField(default=0, db_default=0)
    counted = models.PositiveIntegerField(default=0, db_default=0)
    enough = models.PositiveIntegerField(default=0, db_default=0)
    jp_attended = models.PositiveIntegerField(default=0, db_default=0)
    jp_held = models.PositiveIntegerField(default=0, db_default=0)

    objects = KeptGroupQuerySet.as_manager()
    privacy = words(
        keep="id facility year course agency sex is_resident enrolled finished certified referred "
        "placed due reached working counted enough jp_attended jp_held"
    )

    class Meta:
        verbose_name = _("kelompok keikutsertaan")
        verbose_name_plural = _("kelompok keikutsertaan")
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "year", "course", "agency", "sex", "is_resident"],
                name="kept_group_once",
            ),
            models.CheckConstraint(
                condition=Q(enrolled__gte=models.F("finished")), name="kept_group_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.facility_id} {self.year} {self.course_id} {self.agency_id}"


class KeptLength(models.Model):
    """How many of a group's participations took so many days from one step to the next."""

    group = models.ForeignKey(KeptGroup, models.CASCADE, related_name="lengths")
    took = models.CharField(_("lama tahap"), max_length=10)  # one of `reports.paths.Took`
    days = models.IntegerField(_("hari"))
    number = models.PositiveIntegerField(_("jumlah"))

    privacy = words(keep="id group took days number")

    class Meta:
        verbose_name = _("lama tahap")
        verbose_name_plural = _("lama tahap")

    def __str__(self):
        return f"{self.group_id} {self.took} {self.days}"
