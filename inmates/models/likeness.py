import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord, Record
from accounts.privacy import words
from inmates.querysets import DistinctQuerySet, MergeQuerySet


@pghistory.track()
class Distinct(Record):
    """Two records that look alike and were judged to be two people; `first` has the smaller id."""

    first = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="+")
    second = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="+")

    objects = DistinctQuerySet.as_manager()
    privacy = words(keep="first second")

    class Meta:
        verbose_name = _("bukan orang yang sama")
        verbose_name_plural = _("bukan orang yang sama")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_ordered"),
        ]

    def __str__(self):
        return f"{self.first_id}, {self.second_id}"


@pghistory.track(exclude=["before"])
class Merge(PublicRecord):
    """Two records of one person: `loser` points to `winner`, and nothing else moves.

    `before` holds what the winner's chosen fields were and which custody of the loser was ended,
    for the undo.
    """

    winner = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="+")
    loser = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="+")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("dibatalkan pada"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = MergeQuerySet.as_manager()
    privacy = words(keep="winner loser facility undone_at undone_by", drop="before")

    class Meta:
        verbose_name = _("penggabungan data")
        verbose_name_plural = _("penggabungan data")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["loser"],
                condition=Q(undone_at__isnull=True),
                name="merge_loser_once",
                violation_error_message=_("Data ini sudah digabungkan."),
            ),
            models.CheckConstraint(
                condition=~Q(winner=F("loser")),
                name="merge_of_two",
                violation_error_message=_("Pilih dua data yang berbeda."),
            ),
        ]

    def __str__(self):
        return f"{self.winner_id}, {self.loser_id}"

    def get_absolute_url(self):
        return address_of("placements:merge-detail", self.public_id)
