import hashlib
import json

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import Record, StatefulRecord, searched_by
from accounts.privacy import words
from accounts.reads import about, introduced
from accounts.states import state_triggers
from correspondence.querysets import LetterQuerySet
from correspondence.states import (
    LETTER_INITIAL,
    LETTER_TRANSITIONS,
    LETTER_UNNUMBERED,
    LetterState,
    SeriesMode,
)

OPEN = ", ".join(f"'{state.value}'" for state in LETTER_UNNUMBERED)
FROZEN = ("kind", "data", "signatory", "series_id", "number", "sequence", "year", "dated")


@pghistory.track()
class LetterSeries(Record):
    """A numbering series of one prison. `own`: the app counts, without gaps, anew each year.

    `pattern` is a Python format string with {number}, {year} and {month}; the counter row is
    locked last in the issuing transaction, so that a rollback gives the number back.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="series")
    kind = models.CharField(_("jenis surat"), max_length=40)
    mode = models.CharField(max_length=4, choices=SeriesMode, default=SeriesMode.OWN)
    pattern = models.CharField(_("pola nomor"), max_length=80)
    counter_year = models.PositiveSmallIntegerField(default=0)
    counter = models.PositiveIntegerField(_("nomor terakhir"), default=0)

    privacy = words(keep="facility kind mode pattern counter_year counter")

    class Meta:
        verbose_name = _("seri nomor surat")
        verbose_name_plural = _("seri nomor surat")
        constraints = [models.UniqueConstraint(fields=["facility", "kind"], name="series_once")]

    def __str__(self):
        return f"{self.kind}: {self.pattern}"


@pghistory.track()
class Letter(StatefulRecord):
    """A paper that leaves the building. From its number on, its content is frozen.

    `object_type` and `object_id` name what it is about (an agreement, a visit), `initials` who
    initialled it: `[{"name", "title", "at"}, ...]`.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="letters")
    kind = models.CharField(_("jenis surat"), max_length=40)
    subject = models.CharField(_("perihal"), max_length=200)
    data = models.JSONField(_("isi"), default=dict)
    signatory = models.JSONField(_("penanda tangan"), default=dict)
    series = models.ForeignKey(
        LetterSeries,
        models.PROTECT,
        null=True,
        related_name="letters",
        verbose_name=_("seri nomor"),
    )
    number = models.CharField(_("nomor"), max_length=80, blank=True)
    sequence = models.PositiveIntegerField(_("nomor urut"), null=True)
    year = models.PositiveSmallIntegerField(_("tahun"), null=True)
    dated = models.DateField(_("tanggal"), null=True)
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=LetterState,
        default=LetterState.DRAFT,
        db_default=LetterState.DRAFT,
    )
    state_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    signed_at = models.DateTimeField(_("ditandatangani pada"), null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("tanda tangan dicatat oleh"),
    )
    initials = models.JSONField(_("paraf"), default=list, db_default=[])
    addressed_to = models.CharField(_("kepada"), max_length=200, blank=True, db_default="")
    object_type = models.CharField(max_length=40, blank=True, db_default="")
    object_id = models.BigIntegerField(null=True)
    scan = models.FileField(_("pindaian bertanda tangan"), upload_to="scans/%Y/%m/", blank=True)
    sent_on = models.DateField(_("dikirim pada"), null=True)
    sent_how = models.CharField(_("dikirim lewat"), max_length=80, blank=True, db_default="")
    void_reason = models.CharField(
        _("alasan pembatalan"), max_length=250, blank=True, db_default=""
    )

    objects = LetterQuerySet.as_manager()
    privacy = words(
        keep="facility kind subject signatory series number sequence year dated state state_at "
        "state_by signed_at signed_by initials addressed_to object_type object_id scan sent_on "
        "sent_how void_reason",
        mask="data",
    )
    liaison_reads = introduced(
        or_else=[
            about(label).only(f"state = '{LetterState.SENT}' AND NOT entered_afterwards")
            for label in ("partners.agreement", "partners.agency")
        ]
    ).showing(
        "facility public_id kind subject number year dated state sent_on sent_how signed_at "
        "entered_afterwards object_type object_id series addressed_to",
        **{
            name: f"CASE WHEN {{fully}} OR state = '{LetterState.SENT}' THEN {name} END"
            for name in ("data", "signatory", "initials", "scan")
        },
    )

    class Meta:
        verbose_name = _("surat")
        verbose_name_plural = _("surat")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "number"],
                name="letter_number_once",
                violation_error_message=_("Nomor surat ini sudah dipakai."),
            ),
            models.UniqueConstraint(
                fields=["series", "year", "sequence"], name="letter_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LETTER_UNNUMBERED)
                | (~Q(number="") & Q(dated__isnull=False) & Q(year__isnull=False)),
                name="letter_numbered_complete",
                violation_error_message=_("Surat bernomor harus punya nomor dan tanggal."),
            ),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="letter_object"),
            searched_by("number", "subject", name="letter_search"),
        ]
        triggers = [
            *state_triggers(LETTER_INITIAL, LETTER_TRANSITIONS),
            pgtrigger.Trigger(
                name="letter_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.state NOT IN ({OPEN}) AND ({
                    " OR ".join(f"NEW.{f} IS DISTINCT FROM OLD.{f}" for f in FROZEN)
                }) THEN
                        RAISE EXCEPTION 'an issued letter is frozen'
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'letter_frozen';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number or self.subject

    @property
    def content_mark(self):
        """Changes with every word of the letter: tells whether somebody saw it as it is now."""
        content = json.dumps([self.subject, self.addressed_to, self.data], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def get_absolute_url(self):
        return address_of("correspondence:letter-detail", self.public_id)


class LetterFile(models.Model):
    """The letter as it was printed once: the PDF and its SHA-256. Never changed or deleted."""

    append_only = True

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="file")
    pdf = models.FileField(upload_to="letters/%Y/")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = words(keep="id letter sha256 created_at", mask="pdf")

    class Meta:
        verbose_name = _("berkas surat")
        verbose_name_plural = _("berkas surat")

    def __str__(self):
        return self.sha256[:12]
