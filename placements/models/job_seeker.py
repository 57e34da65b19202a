from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord, Record
from accounts.privacy import words
from placements.employment import CardEnd, CardStanding, Readiness
from placements.querysets import JobSeekerCardQuerySet, ReadinessItemQuerySet


@pghistory.track()
class JobSeekerCard(PublicRecord):
    """The job-seeker card (AK-1) of a person, issued by the city of their identity card.

    It asks for a report every six months until its end (Permenaker 39/2016, now 5/2024 and
    18/2024; the months are a setting): `report_by` is the next one.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "partners.Agency",
        models.PROTECT,
        related_name="job_seeker_cards",
        verbose_name=_("Disnaker penerbit"),
    )
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="job_seeker_cards")
    number = models.CharField(_("nomor pendaftaran"), max_length=60)
    issued_on = models.DateField(_("tanggal terbit"))
    expires_on = models.DateField(_("berlaku sampai"))
    reported_on = models.DateField(_("lapor terakhir"), null=True, blank=True)
    report_by = models.DateField(_("lapor paling lambat"), null=True, blank=True)
    ended_on = models.DateField(_("berakhir pada"), null=True, blank=True)
    ended_why = models.CharField(_("sebab berakhir"), max_length=8, choices=CardEnd, blank=True)
    scan = models.FileField(_("pindaian"), upload_to="job-seeker-cards/%Y/", blank=True)

    objects = JobSeekerCardQuerySet.as_manager()
    privacy = words(
        keep="facility agency inmate issued_on expires_on reported_on report_by ended_on ended_why",
        drop="number scan",
    )

    class Meta:
        verbose_name = _("kartu AK-1")
        verbose_name_plural = _("kartu AK-1")
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(ended_on__isnull=True),
                name="job_seeker_card_open_once",
                violation_error_message=_("Orang ini masih punya kartu AK-1 yang berlaku."),
            ),
            models.UniqueConstraint(
                fields=["agency", "number"],
                condition=~Q(number=""),
                name="job_seeker_card_number_once",
                violation_error_message=_("Nomor pendaftaran ini sudah dipakai."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("issued_on")),
                name="job_seeker_card_lasts",
                violation_error_message=_("Masa berlaku berakhir sebelum tanggal terbit."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(ended_why=""),
                name="job_seeker_card_ended_why",
                violation_error_message=_("Sebutkan sebab kartu berakhir."),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return address_of("placements:card-detail", self.public_id)

    @property
    def standing(self):
        """How the card stands today; a report that is late or due comes before its expiry."""
        today = timezone.localdate()
        soon = today + timedelta(days=settings.JOB_SEEKER_SOON_DAYS)
        if self.ended_on:
            return CardStanding.ENDED
        if self.expires_on < today:
            return CardStanding.EXPIRED
        if self.report_by and self.report_by < today:
            return CardStanding.REPORT_LATE
        if self.report_by and self.report_by <= soon:
            return CardStanding.REPORT_DUE
        return CardStanding.EXPIRING if self.expires_on <= soon else CardStanding.VALID

    def get_standing_display(self):
        return self.standing.label


@pghistory.track()
class ReadinessItem(Record):
    """One thing a person needs before work: not asked yet, to be done by a day, or there."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    inmate = models.ForeignKey("inmates.Inmate", models.CASCADE, related_name="readiness_items")
    kind = models.CharField(_("keperluan"), max_length=8, choices=Readiness)
    due_on = models.DateField(_("paling lambat"), null=True, blank=True)
    done_on = models.DateField(_("ada sejak"), null=True, blank=True)
    is_waived = models.BooleanField(_("tidak diperlukan"), default=False, db_default=False)
    note = models.CharField(_("catatan"), max_length=200, blank=True)

    objects = ReadinessItemQuerySet.as_manager()
    privacy = words(keep="facility inmate kind due_on done_on is_waived", mask="note")

    class Meta:
        verbose_name = _("kesiapan kerja")
        verbose_name_plural = _("kesiapan kerja")
        ordering = ["inmate", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["inmate", "kind"], name="readiness_once"),
        ]

    def __str__(self):
        return self.get_kind_display()
