import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import Record, StatefulRecord
from accounts.privacy import words
from accounts.reads import through
from accounts.states import state_triggers
from training.querysets import DecreeQuerySet
from training.states import DECREE_INITIAL, DECREE_TRANSITIONS, DecreeState


@pghistory.track()
class Decree(StatefulRecord):
    """The warden's decree on a batch's participants. Only it enrols (design section 3)."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="decrees")
    hearing = models.ForeignKey("training.Hearing", models.PROTECT, related_name="decrees")
    letter = models.OneToOneField(
        "correspondence.Letter", models.PROTECT, null=True, verbose_name=_("surat")
    )
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=DecreeState,
        default=DecreeState.PREPARED,
        db_default=DecreeState.PREPARED,
    )
    reason = models.CharField(_("alasan dikembalikan"), max_length=250, blank=True)

    objects = DecreeQuerySet.as_manager()
    privacy = words(keep="facility batch hearing letter state reason")
    liaison_reads = through("batch").showing("batch letter state").introducing("letter")

    class Meta:
        verbose_name = _("SK peserta")
        verbose_name_plural = _("SK peserta")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(state__in=[DecreeState.PREPARED, DecreeState.RETURNED]),
                name="decree_pending_once",
                violation_error_message=_("SK untuk angkatan ini sudah menunggu Kalapas."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DecreeState.ISSUED) | Q(letter__isnull=False),
                name="decree_issued_has_letter",
            ),
        ]
        triggers = state_triggers(DECREE_INITIAL, DECREE_TRANSITIONS)

    def __str__(self):
        return str(self.public_id)[:8]

    def get_absolute_url(self):
        return address_of("training:decree-detail", self.public_id)


@pghistory.track()
class DecreeEntry(Record):
    """One person on a decree's numbered list."""

    decree = models.ForeignKey(Decree, models.CASCADE, related_name="entries")
    candidate = models.ForeignKey("training.Candidate", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("nomor urut"))

    privacy = words(keep="decree candidate position")

    class Meta:
        verbose_name = _("isi SK")
        verbose_name_plural = _("isi SK")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["decree", "candidate"], name="decree_entry_once"),
            models.UniqueConstraint(fields=["decree", "position"], name="decree_position_once"),
        ]

    def __str__(self):
        return str(self.position)
