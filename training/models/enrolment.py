import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.reads import by, listed
from accounts.states import state_triggers
from training.querysets import EnrolmentQuerySet
from training.states import (
    BLOCKS_OTHERS,
    ENROLMENT_INITIAL,
    ENROLMENT_TRANSITIONS,
    HOLDS_SEAT,
    TAUGHT,
    EnrolmentState,
    LeaveCause,
)

HOLDING = ", ".join(f"'{state.value}'" for state in HOLDS_SEAT)


@pghistory.track()
class Enrolment(StatefulRecord):
    """A participant of a batch, by an issued decree. Its seat and its period are the database's.

    `period` comes from the batch by trigger and is cut on the day of dropping;
    `participant_code` is what the agency sees instead of a register number.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="+")
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="enrolments")
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="enrolments")
    candidate = models.OneToOneField("training.Candidate", models.PROTECT, related_name="enrolment")
    decree = models.ForeignKey("training.Decree", models.PROTECT, related_name="enrolments")
    participant_code = models.CharField(_("kode peserta"), max_length=12)
    period = DateRangeField(_("masa ikut"), null=True, editable=False)
    state = models.CharField(
        _("keadaan"),
        max_length=14,
        choices=EnrolmentState,
        default=EnrolmentState.ENROLLED,
        db_default=EnrolmentState.ENROLLED,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_on = models.DateField(_("keluar pada"), null=True, blank=True)
    cause = models.CharField(
        _("sebab"), max_length=10, choices=LeaveCause, blank=True, default="", db_default=""
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = EnrolmentQuerySet.as_manager()
    privacy = words(
        keep="facility agency batch inmate candidate decree participant_code period state state_at "
        "dropped_on cause",
        mask="reason",
    )
    liaison_reads = (
        by("agency")
        # Fully, with the NIK, for as long as the agency has to register them.
        .introducing(
            "inmate",
            fully=f"state <> '{EnrolmentState.DROPPED}' AND batch_id IN ("
            f"SELECT id FROM public.training_batch WHERE state IN ({listed(TAUGHT)}))",
        )
        .with_history()
    )

    class Meta:
        verbose_name = _("peserta")
        verbose_name_plural = _("peserta")
        ordering = ["batch", "participant_code"]
        constraints = [
            ExclusionConstraint(
                name="enrolment_no_overlap",
                expressions=[
                    ("inmate", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=BLOCKS_OTHERS),
                violation_error_message=_("Orang ini ikut angkatan lain pada waktu yang sama."),
            ),
            models.UniqueConstraint(
                fields=["batch", "participant_code"], name="enrolment_code_once"
            ),
            models.UniqueConstraint(
                fields=["batch", "inmate"],
                condition=~Q(state=EnrolmentState.DROPPED),
                name="enrolment_once",
                violation_error_message=_("Orang ini sudah menjadi peserta angkatan ini."),
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.DROPPED)
                | (Q(dropped_on__isnull=False) & ~Q(reason="")),
                name="enrolment_dropped_why",
                violation_error_message=_("Sebutkan tanggal dan alasan keluar."),
            ),
        ]
        triggers = [
            *state_triggers(ENROLMENT_INITIAL, ENROLMENT_TRANSITIONS),
            pgtrigger.Trigger(
                name="period_from_batch",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("batch_id", "state", "dropped_on"),
                func="""
                    SELECT daterange(
                             b.starts_on,
                             CASE WHEN NEW.state = 'dropped'
                                  THEN GREATEST(LEAST(NEW.dropped_on, b.ends_on), b.starts_on)
                                  ELSE b.ends_on END,
                             '[]')
                      INTO NEW.period FROM training_batch b WHERE b.id = NEW.batch_id;
                    RETURN NEW;
                """,
            ),
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
        return self.participant_code
