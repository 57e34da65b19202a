import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from accounts.reads import by
from training.querysets import AttendanceQuerySet
from training.teaching import ATTENDED, AttendanceCode


@pghistory.track()
class Attendance(Record):
    """One participant at one meeting: a code of the field and the JP that count.

    JP are counted for who came (fewer for who came late), never more than the meeting has. Once
    the batch is closed the database refuses every change.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="+")
    meeting = models.ForeignKey("training.Meeting", models.PROTECT, related_name="attendances")
    enrolment = models.ForeignKey("training.Enrolment", models.PROTECT, related_name="attendances")
    code = models.CharField(_("kehadiran"), max_length=1, choices=AttendanceCode)
    jp = models.PositiveSmallIntegerField(_("JP"), default=0, db_default=0)
    note = models.CharField(_("catatan"), max_length=120, blank=True)
    changed_at = models.DateTimeField(_("diubah pada"), default=timezone.now, editable=False)

    objects = AttendanceQuerySet.as_manager()
    privacy = words(
        keep="facility agency meeting enrolment code jp changed_at",
        mask="note",
    )
    liaison_reads = by("agency").with_history()

    class Meta:
        verbose_name = _("kehadiran")
        verbose_name_plural = _("kehadiran")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "enrolment"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(jp=0) | Q(code__in=ATTENDED),
                name="attendance_jp_only_when_there",
                violation_error_message=_("JP hanya dihitung bagi yang hadir."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fits_and_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("class", "record")],
                func="""
                    SELECT m.jp, m.batch_id, b.state INTO class
                      FROM training_meeting m JOIN training_batch b ON b.id = m.batch_id
                     WHERE m.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id
                                       ELSE NEW.meeting_id END;
                    IF class.state = 'closed' THEN
                        IF TG_OP <> 'INSERT' THEN
                            RAISE EXCEPTION 'attendance of a closed batch is frozen'
                            USING ERRCODE = 'restrict_violation',
                                  CONSTRAINT = 'attendance_frozen';
                        ELSIF NOT EXISTS (SELECT 1 FROM training_batch b
                                           WHERE b.id = class.batch_id AND b.entered_afterwards)
                        THEN
                            RAISE EXCEPTION 'attendance of a closed batch is frozen'
                            USING ERRCODE = 'restrict_violation',
                                  CONSTRAINT = 'attendance_frozen';
                        END IF;
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    IF NEW.jp > class.jp THEN
                        RAISE EXCEPTION 'more JP than the meeting has'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_jp_fits';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM training_enrolment e
                                    WHERE e.id = NEW.enrolment_id
                                      AND e.batch_id = class.batch_id) THEN
                        RAISE EXCEPTION 'a participant of another batch'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_same_batch';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.code
