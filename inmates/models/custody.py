import pghistory
import pgtrigger
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from inmates.querysets import CustodyQuerySet
from inmates.states import CustodyEnd, RegisterClass


@pghistory.track(exclude=["register_bare"])
class Custody(Record):
    """A stay at one prison, with the register number of that prison's book.

    `register_bare` is the number without marks, in small letters, for looking it up; earlier
    numbers stand in `RegisterEntry`. `moved_to` names the prison after a transfer, also one outside
    the app; `reopened_why` says why an ending was entered wrongly.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="custodies")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="custodies")
    register_number = models.CharField(_("nomor registrasi"), max_length=40, blank=True)
    register_class = models.CharField(
        _("golongan registrasi"), max_length=6, choices=RegisterClass, blank=True
    )
    register_bare = models.GeneratedField(
        expression=Lower(
            Func(
                "register_number",
                Value("[^A-Za-z0-9]+"),
                Value(""),
                Value("g"),
                function="regexp_replace",
                output_field=models.CharField(max_length=40),
            )
        ),
        output_field=models.CharField(max_length=40),
        db_persist=True,
    )
    starts = models.DateField(_("masuk pada"))
    until = models.DateField(_("keluar pada"), null=True, blank=True)
    ended_how = models.CharField(_("cara keluar"), max_length=12, choices=CustodyEnd, blank=True)
    moved_to = models.CharField(_("pindah ke"), max_length=60, blank=True, db_default="")
    reopened_why = models.CharField(
        _("alasan pembetulan"), max_length=250, blank=True, db_default=""
    )

    objects = CustodyQuerySet.as_manager()
    privacy = words(
        keep="inmate facility register_class starts until ended_how moved_to",
        mask="register_number register_bare reopened_why",
    )

    class Meta:
        verbose_name = _("masa penempatan")
        verbose_name_plural = _("masa penempatan")
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(until__isnull=True),
                name="custody_open_once",
                violation_error_message=_("Orang ini masih tercatat di lapas lain."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")),
                name="custody_ends_after_start",
                violation_error_message=_("Tanggal keluar tidak boleh sebelum tanggal masuk."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "inmate"],
                condition=Q(until__isnull=True),
                name="custody_open_facility",
            ),
            models.Index(
                "facility",
                OpClass("register_bare", "varchar_pattern_ops"),
                name="custody_register_prefix",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="tells_prison",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("inmate_id", "facility_id", "until"),
                func="""
                    UPDATE inmates_inmate i
                       SET prison_id = (SELECT c.facility_id FROM inmates_custody c
                                         WHERE c.inmate_id = i.id AND c.until IS NULL),
                           prisons = ARRAY(SELECT DISTINCT c.facility_id FROM inmates_custody c
                                            WHERE c.inmate_id = i.id ORDER BY c.facility_id)
                     WHERE i.id IN (
                        CASE WHEN TG_OP <> 'INSERT' THEN OLD.inmate_id END,
                        CASE WHEN TG_OP <> 'DELETE' THEN NEW.inmate_id END);
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="keeps_numbers",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("register_number", "register_class"),
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF (OLD.register_number, OLD.register_class)
                           = (NEW.register_number, NEW.register_class) THEN
                            RETURN NULL;
                        END IF;
                    END IF;
                    INSERT INTO inmates_registerentry
                        (custody_id, register_number, register_class)
                    VALUES (NEW.id, NEW.register_number, NEW.register_class);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.register_number

    @property
    def is_sentenced(self):
        """Register B: only they are trained and placed (field notes 2.1)."""
        return self.register_class.startswith("B")


class RegisterEntry(models.Model):
    """A number and class that a stay has had, written by trigger when either changes."""

    append_only = True

    custody = models.ForeignKey(Custody, models.CASCADE, related_name="register_entries")
    register_number = models.CharField(_("nomor registrasi"), max_length=40, blank=True)
    register_class = models.CharField(
        _("golongan registrasi"), max_length=6, choices=RegisterClass, blank=True
    )
    at = models.DateTimeField(_("sejak"), db_default=Now())

    privacy = words(keep="id custody register_class at", mask="register_number")

    class Meta:
        verbose_name = _("nomor registrasi terdahulu")
        verbose_name_plural = _("nomor registrasi terdahulu")
        ordering = ["at", "id"]

    def __str__(self):
        return self.register_number
