import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.states import state_triggers
from training.querysets import WaitingEntryQuerySet
from training.states import (
    WAITING_INITIAL,
    WAITING_TRANSITIONS,
    Asker,
    WaitingState,
)


@pghistory.track()
class WaitingEntry(StatefulRecord):
    """A person who waits for a course since `asked_on`; a seat by decree ends the waiting."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="waiting_entries")
    course = models.ForeignKey("training.Course", models.PROTECT, related_name="waiting_entries")
    asked_on = models.DateField(_("meminta sejak"))
    asked_by = models.CharField(_("atas usul"), max_length=12, choices=Asker, default=Asker.SELF)
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=WaitingState,
        default=WaitingState.WAITING,
        db_default=WaitingState.WAITING,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = WaitingEntryQuerySet.as_manager()
    privacy = words(
        keep="facility inmate course asked_on asked_by state state_at",
        mask="reason",
    )

    class Meta:
        verbose_name = _("daftar tunggu")
        verbose_name_plural = _("daftar tunggu")
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate", "course"],
                condition=Q(state=WaitingState.WAITING),
                name="waiting_open_once",
                violation_error_message=_("Orang ini sudah ada di daftar tunggu program ini."),
            )
        ]
        indexes = [
            models.Index(
                fields=["facility", "course", "asked_on"],
                condition=Q(state=WaitingState.WAITING),
                name="waiting_open",
            )
        ]
        triggers = state_triggers(WAITING_INITIAL, WAITING_TRANSITIONS)

    def __str__(self):
        return f"{self.asked_on}"
