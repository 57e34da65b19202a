from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from reports.querysets import EditionQuerySet


class Edition(Record):
    """What the public page tells, as of a day: numbers of groups, none of them of a few people.

    `data` is `{"total": {step: n}, "years": table, "trades": table, "prisons": n, "agencies": n}`
    with `table = {"steps": [...], "rows": [{"labels": [...], "numbers": {step: n}}]}`.
    """

    append_only = True

    as_of = models.DateField(_("per tanggal"), unique=True)
    data = models.JSONField(_("isi"))

    objects = EditionQuerySet.as_manager()
    privacy = words(keep="as_of data")

    class Meta:
        verbose_name = _("angka untuk umum")
        verbose_name_plural = _("angka untuk umum")
        ordering = ["-as_of"]

    def __str__(self):
        return self.as_of.isoformat()
