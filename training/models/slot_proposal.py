import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.reads import by
from accounts.states import state_triggers
from training.querysets import SlotProposalQuerySet
from training.states import (
    PROPOSAL_INITIAL,
    PROPOSAL_TRANSITIONS,
    Channel,
    ProposalState,
    Side,
)


@pghistory.track()
class SlotProposal(StatefulRecord):
    """One round of the negotiation about a batch: what one side proposes, how the other answers.

    At most one round of a batch is open. An answer that came by letter, call or WhatsApp is
    recorded by the prison (`recorded_*`); the agency's liaison is told and may object.
    """

    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="proposals")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="proposals")
    round = models.PositiveSmallIntegerField(_("putaran"))
    side = models.CharField(_("dari"), max_length=6, choices=Side)
    seats = models.PositiveSmallIntegerField(_("jumlah kursi"))
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("selesai"))
    place = models.CharField(_("tempat"), max_length=150, blank=True)
    instructor = models.CharField(_("instruktur"), max_length=120, blank=True)
    message = models.TextField(_("pesan"), blank=True)
    respond_by = models.DateField(_("dijawab paling lambat"))
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=ProposalState,
        default=ProposalState.OPEN,
        db_default=ProposalState.OPEN,
    )
    answered_at = models.DateTimeField(_("dijawab pada"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answer_reason = models.CharField(_("alasan"), max_length=250, blank=True)
    recorded_channel = models.CharField(
        _("lewat"), max_length=10, choices=Channel, blank=True, default="", db_default=""
    )
    recorded_on = models.DateField(_("tanggal jawaban"), null=True, blank=True)
    recorded_from = models.CharField(_("disampaikan oleh"), max_length=120, blank=True)
    recorded_scan = models.FileField(_("bukti"), upload_to="answers/%Y/", blank=True)
    objected_at = models.DateTimeField(_("keberatan pada"), null=True)
    objection = models.CharField(_("keberatan instansi"), max_length=250, blank=True)

    objects = SlotProposalQuerySet.as_manager()
    privacy = words(
        keep="batch facility agency round side seats starts_on ends_on place message respond_by "
        "state answered_at answered_by answer_reason recorded_channel recorded_on objected_at "
        "objection",
        mask="instructor recorded_from recorded_scan",
    )
    liaison_reads = by("agency").with_history()

    class Meta:
        verbose_name = _("usulan kuota")
        verbose_name_plural = _("usulan kuota")
        ordering = ["batch", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(state=ProposalState.OPEN),
                name="proposal_open_once",
                violation_error_message=_("Angkatan ini masih punya usulan yang belum dijawab."),
            ),
            models.UniqueConstraint(fields=["batch", "round"], name="proposal_round_once"),
            models.CheckConstraint(
                condition=Q(seats__range=(1, 1000)),
                name="proposal_seats_sane",
                violation_error_message=_("Jumlah kursi harus paling sedikit 1."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="proposal_ends_after_start",
                violation_error_message=_("Tanggal selesai tidak boleh sebelum tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(recorded_channel="")
                | (Q(recorded_on__isnull=False) & ~Q(recorded_from="")),
                name="proposal_recorded_complete",
                violation_error_message=_("Sebutkan tanggal jawaban dan siapa yang menyampaikan."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ProposalState.OPEN, ProposalState.EXPIRED])
                | Q(answered_at__isnull=False),
                name="proposal_answered_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "respond_by"],
                condition=Q(state=ProposalState.OPEN),
                name="proposal_open_agency",
            ),
            models.Index(
                fields=["facility", "side", "respond_by"],
                condition=Q(state=ProposalState.OPEN),
                name="proposal_open_facility",
            ),
            models.Index(
                fields=["facility", "-answered_at"],
                condition=~Q(state=ProposalState.OPEN),
                name="proposal_answered_facility",
            ),
            models.Index(
                fields=["agency", "-answered_at"],
                condition=~Q(state=ProposalState.OPEN),
                name="proposal_answered_agency",
            ),
        ]
        triggers = state_triggers(PROPOSAL_INITIAL, PROPOSAL_TRANSITIONS)

    def __str__(self):
        return f"{self.round}: {self.seats}"

    def get_absolute_url(self):
        return address_of("training:slot-answer", self.public_id)

    @property
    def is_recorded(self):
        """Whether the prison wrote this answer down for the agency."""
        return bool(self.recorded_channel)
