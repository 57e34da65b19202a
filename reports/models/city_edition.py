from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from reports.querysets import CityEditionQuerySet


class CityEdition(Record):
    """What a prison tells outside of its city's residents in the batches of a year, as of a day.

    `data` is `{"total": {step: n}, "tables": [{"name", "steps", "rows"}]}`, each row a pair of the
    codes of its groups and `{step: n}`. None of the numbers is of a few people, and none differs
    by a few from the edition before.
    """

    append_only = True

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="city_editions")
    year = models.PositiveSmallIntegerField(_("tahun mulai"))
    as_of = models.DateField(_("per tanggal"))
    data = models.JSONField(_("isi"))

    objects = CityEditionQuerySet.as_manager()
    privacy = words(keep="facility year as_of data")

    class Meta:
        verbose_name = _("angka untuk kota")
        verbose_name_plural = _("angka untuk kota")
        ordering = ["-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "year", "as_of"], name="city_edition_once"),
            models.CheckConstraint(
                condition=Q(year__range=(1900, 2100)), name="city_edition_of_a_year"
            ),
        ]

    def __str__(self):
        return f"{self.facility_id} {self.year} {self.as_of}"
