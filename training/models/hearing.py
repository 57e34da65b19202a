import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import Record, StatefulRecord
from accounts.privacy import words
from accounts.states import state_triggers
from training.querysets import HearingQuerySet
from training.states import (
    HEARD,
    HEARING_INITIAL,
    HEARING_TRANSITIONS,
    CandidateState,
    HearingState,
)


@pghistory.track()
class Hearing(StatefulRecord):
    """A session of the TPP. It recommends per person; the warden's decree decides."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="hearings")
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="hearings")
    held_on = models.DateField(_("tanggal sidang"))
    number = models.CharField(_("nomor berita acara"), max_length=80, blank=True)
    chair = models.CharField(_("ketua sidang"), max_length=120, blank=True)
    members = models.TextField(_("anggota yang hadir"), blank=True, help_text=_("Satu per baris."))
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=HearingState,
        default=HearingState.PLANNED,
        db_default=HearingState.PLANNED,
    )
    reason = models.CharField(
        _("alasan dipindah atau dibatalkan"),
        max_length=250,
        blank=True,
        default="",
        db_default="",
    )

    objects = HearingQuerySet.as_manager()
    privacy = words(keep="facility batch held_on number chair members state reason")

    class Meta:
        verbose_name = _("sidang TPP")
        verbose_name_plural = _("sidang TPP")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(state=HearingState.PLANNED),
                name="hearing_planned_once",
                violation_error_message=_("Sidang untuk angkatan ini sudah dijadwalkan."),
            )
        ]
        triggers = state_triggers(HEARING_INITIAL, HEARING_TRANSITIONS)

    def __str__(self):
        return self.number or str(self.held_on)

    def get_absolute_url(self):
        return address_of("training:hearing-record", self.public_id)


@pghistory.track()
class Recommendation(Record):
    """What the hearing says of one candidate."""

    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="recommendations")
    candidate = models.ForeignKey(
        "training.Candidate", models.PROTECT, related_name="recommendations"
    )
    result = models.CharField(_("hasil"), max_length=10, choices=CandidateState)
    is_reserve = models.BooleanField(_("cadangan"), default=False)
    note = models.CharField(_("catatan"), max_length=250, blank=True)

    privacy = words(keep="hearing candidate result is_reserve", mask="note")

    class Meta:
        verbose_name = _("rekomendasi sidang")
        verbose_name_plural = _("rekomendasi sidang")
        ordering = ["candidate__rank"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "candidate"], name="recommendation_once"),
            models.CheckConstraint(
                condition=Q(result__in=HEARD), name="recommendation_is_a_result"
            ),
        ]

    def __str__(self):
        return self.result
