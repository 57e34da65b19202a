import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.states import state_triggers
from training.querysets import SeatOfferQuerySet
from training.states import (
    SEAT_OFFER_HOLDS,
    SEAT_OFFER_INITIAL,
    SEAT_OFFER_TRANSITIONS,
    SeatOfferState,
)

HOLDING = ", ".join(f"'{state.value}'" for state in SEAT_OFFER_HOLDS)


@pghistory.track()
class SeatOffer(StatefulRecord):
    """A freed seat, offered to the next reserve until a day.

    It holds the seat while it is open, and once taken until a decree enrols the person; the
    batch's trigger-kept `seats_taken` counts it.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="seat_offers")
    candidate = models.ForeignKey("training.Candidate", models.PROTECT, related_name="seat_offers")
    until = models.DateField(_("dijawab paling lambat"))
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=SeatOfferState,
        default=SeatOfferState.OPEN,
        db_default=SeatOfferState.OPEN,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = SeatOfferQuerySet.as_manager()
    privacy = words(keep="facility batch candidate until state state_at state_by", mask="reason")

    class Meta:
        verbose_name = _("tawaran kursi")
        verbose_name_plural = _("tawaran kursi")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"],
                condition=Q(state__in=SEAT_OFFER_HOLDS),
                name="seat_offer_open_once",
                violation_error_message=_("Orang ini sudah ditawari kursi."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "until"],
                condition=Q(state=SeatOfferState.OPEN),
                name="seat_offer_open",
            )
        ]
        triggers = [
            *state_triggers(SEAT_OFFER_INITIAL, SEAT_OFFER_TRANSITIONS),
            pgtrigger.Trigger(
                name="seats_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("batch_id", "state"),
                func=f"""
                    PERFORM 1 FROM training_batch
                      WHERE id IN (
                        CASE WHEN TG_OP <> 'INSERT' THEN OLD.batch_id END,
                        CASE WHEN TG_OP <> 'DELETE' THEN NEW.batch_id END)
                      ORDER BY id FOR NO KEY UPDATE;
                    IF TG_OP <> 'INSERT' THEN
                      IF OLD.state IN ({HOLDING}) THEN
                        UPDATE training_batch SET seats_taken = seats_taken - 1
                         WHERE id = OLD.batch_id;
                      END IF;
                    END IF;
                    IF TG_OP <> 'DELETE' THEN
                      IF NEW.state IN ({HOLDING}) THEN
                        UPDATE training_batch SET seats_taken = seats_taken + 1
                         WHERE id = NEW.batch_id;
                      END IF;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return str(self.until)

    def get_absolute_url(self):
        return address_of("training:seat-detail", self.public_id)
