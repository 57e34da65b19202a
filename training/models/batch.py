import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord, searched_by
from accounts.privacy import words
from accounts.reads import by
from accounts.states import state_triggers
from training.querysets import BatchQuerySet
from training.states import BATCH_INITIAL, BATCH_TRANSITIONS, BatchState
from training.teaching import Fund


@pghistory.track(exclude=["seats_taken"])
class Batch(StatefulRecord):
    """One run of a course with an agency. Its seats are what the database counts.

    `seats_confirmed` moves only when a round of slots is accepted, `seats_extra` is the named
    override, and `seats_taken` is kept by a trigger on enrolments: nothing else writes it.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="batches")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, related_name="batches", verbose_name=_("instansi")
    )
    course = models.ForeignKey(
        "training.Course", models.PROTECT, related_name="batches", verbose_name=_("program")
    )
    agreement = models.ForeignKey(
        "partners.Agreement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="batches",
        verbose_name=_("perjanjian"),
    )
    exception = models.CharField(
        _("dasar tanpa perjanjian"),
        max_length=250,
        blank=True,
        help_text=_("Misalnya kontrak DIPA atau surat tugas, bila tidak ada perjanjian."),
    )
    name = models.CharField(_("nama angkatan"), max_length=120)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("selesai"))
    place = models.CharField(_("tempat"), max_length=150, blank=True)
    seats_confirmed = models.PositiveSmallIntegerField(
        _("kursi dikonfirmasi"), default=0, db_default=0
    )
    seats_extra = models.PositiveSmallIntegerField(_("kursi tambahan"), default=0, db_default=0)
    seats_extra_why = models.CharField(
        _("alasan kursi tambahan"), max_length=250, blank=True, db_default=""
    )
    seats_extra_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    seats_extra_at = models.DateTimeField(_("kursi tambahan pada"), null=True, editable=False)
    seats_taken = models.PositiveSmallIntegerField(
        _("kursi terisi"), default=0, db_default=0, editable=False
    )
    plan_line = models.ForeignKey(
        "training.PlanLine",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="batches",
        verbose_name=_("baris rencana"),
    )
    fund = models.CharField(
        _("sumber dana"), max_length=10, choices=Fund, blank=True, default="", db_default=""
    )
    minimum_seats = models.PositiveSmallIntegerField(
        _("peserta paling sedikit"),
        null=True,
        blank=True,
        help_text=_("Di bawah ini instansi menunda; kosong: tidak ada batas."),
    )
    cost = models.PositiveBigIntegerField(_("biaya (rupiah)"), null=True, blank=True)
    obstacles = models.TextField(_("kendala"), blank=True, db_default="")
    report = models.OneToOneField(
        "correspondence.Letter",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("laporan"),
    )
    state = models.CharField(
        _("keadaan"),
        max_length=12,
        choices=BatchState,
        default=BatchState.PLANNED,
        db_default=BatchState.PLANNED,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = BatchQuerySet.as_manager()
    privacy = words(
        keep="facility agency course agreement exception name starts_on ends_on place "
        "seats_confirmed seats_extra seats_extra_why seats_extra_by seats_extra_at seats_taken "
        "plan_line fund minimum_seats cost obstacles report state state_at state_by reason",
    )
    liaison_reads = by("agency").introducing("report")

    class Meta:
        verbose_name = _("angkatan")
        verbose_name_plural = _("angkatan")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats_confirmed") + F("seats_extra")),
                name="batch_seats_not_over",
                violation_error_message=_("Kursi yang dikonfirmasi sudah penuh."),
            ),
            models.CheckConstraint(
                condition=Q(seats_extra=0) | ~Q(seats_extra_why=""),
                name="batch_seats_extra_why",
                violation_error_message=_("Sebutkan alasan kursi tambahan."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="batch_ends_after_start",
                violation_error_message=_("Angkatan tidak bisa selesai sebelum dimulai."),
            ),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False) | ~Q(exception=""),
                name="batch_has_ground",
                violation_error_message=_("Pilih perjanjian, atau sebutkan dasar lain."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-starts_on"], name="batch_facility_start"),
            models.Index(fields=["agency", "-starts_on"], name="batch_agency_start"),
            searched_by("name", name="batch_search"),
        ]
        triggers = [
            *state_triggers(BATCH_INITIAL, BATCH_TRANSITIONS),
            pgtrigger.Trigger(
                name="seats_taken_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("seats_taken"),
                func="""
                    IF pg_trigger_depth() = 1 THEN
                        NEW.seats_taken := OLD.seats_taken;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="shift_enrolments",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("starts_on", "ends_on"),
                condition=pgtrigger.AnyChange("starts_on", "ends_on"),
                func="""
                    UPDATE training_enrolment
                       SET period = daterange(NEW.starts_on, NEW.ends_on, '[]')
                     WHERE batch_id = NEW.id AND state IN ('enrolled', 'suspended');
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("training:batch-detail", self.public_id)

    @property
    def seats(self):
        """Seats that may be filled: confirmed by the agency, plus the named override."""
        return self.seats_confirmed + self.seats_extra

    @property
    def seats_free(self):
        return self.seats - self.seats_taken
