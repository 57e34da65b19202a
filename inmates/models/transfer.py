import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.states import state_triggers
from inmates.querysets import TransferQuerySet
from inmates.states import (
    TRANSFER_INITIAL,
    TRANSFER_TRANSITIONS,
    RegisterClass,
    TransferState,
)


@pghistory.track()
class Transfer(StatefulRecord):
    """A move (mutasi) between two prisons of the app.

    Either the prison of origin sends the person (`accepted` at once), or the prison that has them
    in its register asks for the record (`proposed`) and the prison of origin answers. The register
    number and class are those of the new prison's book.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="transfers")
    origin = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    destination = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    moved_on = models.DateField(_("pindah pada"))
    register_number = models.CharField(_("nomor registrasi baru"), max_length=40, blank=True)
    register_class = models.CharField(
        _("golongan registrasi"), max_length=6, choices=RegisterClass, blank=True
    )
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=TransferState,
        default=TransferState.PROPOSED,
        db_default=TransferState.PROPOSED,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = TransferQuerySet.as_manager()
    privacy = words(
        keep="inmate origin destination moved_on register_class state state_at state_by",
        mask="register_number reason",
    )

    class Meta:
        verbose_name = _("mutasi")
        verbose_name_plural = _("mutasi")
        ordering = ["-moved_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(state=TransferState.PROPOSED),
                name="transfer_open_once",
                violation_error_message=_("Mutasi orang ini sudah diusulkan."),
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")),
                name="transfer_between_two",
                violation_error_message=_("Lapas asal dan tujuan harus berbeda."),
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.REFUSED) | ~Q(reason=""),
                name="transfer_refused_why",
                violation_error_message=_("Sebutkan alasannya."),
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "state"], name="transfer_origin"),
            models.Index(fields=["destination", "state"], name="transfer_destination"),
        ]
        triggers = state_triggers(TRANSFER_INITIAL, TRANSFER_TRANSITIONS)

    def __str__(self):
        return f"{self.moved_on}"

    def get_absolute_url(self):
        return address_of("placements:transfer-detail", self.public_id)
