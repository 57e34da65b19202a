import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord, searched_by
from accounts.privacy import words
from accounts.reads import by, either, named_by, where
from accounts.states import state_triggers
from inmates import regions
from inmates.states import Sex
from placements.employment import (
    VACANCY_INITIAL,
    VACANCY_TRANSITIONS,
    VacancyStanding,
    VacancyState,
)
from placements.querysets import VacancyQuerySet


def places_counted(*, takes, on):
    """A trigger that keeps `Vacancy.places_filled`: a row takes a place while `takes` holds.

    `takes` is SQL with `{row}` for the row, `on` the columns that may change it.
    """
    return pgtrigger.Trigger(
        name="places_counted",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf(*on),
        declare=[("was", "BIGINT"), ("is_now", "BIGINT")],
        func=f"""
            IF TG_OP <> 'INSERT' AND {takes.format(row="OLD")} THEN
                was := OLD.vacancy_id;
            END IF;
            IF TG_OP <> 'DELETE' AND {takes.format(row="NEW")} THEN
                is_now := NEW.vacancy_id;
            END IF;
            IF was IS DISTINCT FROM is_now THEN
                PERFORM 1 FROM placements_vacancy WHERE id IN (was, is_now)
                  ORDER BY id FOR NO KEY UPDATE;
                UPDATE placements_vacancy SET places_filled = places_filled - 1 WHERE id = was;
                UPDATE placements_vacancy SET places_filled = places_filled + 1 WHERE id = is_now;
            END IF;
            RETURN NULL;
        """,
    )


@pghistory.track(exclude=["places_filled"])
class Vacancy(StatefulRecord):
    """A job of an employer: how many places, where, until when; pay in rupiah a month.

    A vacancy with a report number is in the ministry's public system (Perpres 57/2023) and may be
    read by every prison. `places_filled` is kept by triggers: an accepted referral takes a place,
    and so does a placement without referral.
    """

    facility = models.ForeignKey(
        "accounts.Facility", models.PROTECT, null=True, blank=True, related_name="vacancies"
    )
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, null=True, blank=True, related_name="vacancies"
    )
    employer = models.ForeignKey(
        "placements.Employer",
        models.PROTECT,
        related_name="vacancies",
        verbose_name=_("pemberi kerja"),
    )
    title = models.CharField(_("jabatan"), max_length=150)
    trade = models.ForeignKey(
        "training.Trade",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vacancies",
        verbose_name=_("kejuruan"),
    )
    units = ArrayField(
        models.CharField(max_length=40), verbose_name=_("unit kompetensi"), default=list, blank=True
    )
    places = models.PositiveSmallIntegerField(_("jumlah"), validators=[MinValueValidator(1)])
    places_filled = models.PositiveSmallIntegerField(
        _("terisi"), default=0, db_default=0, editable=False
    )
    region_code = models.CharField(_("kode wilayah"), max_length=13, blank=True)
    place = models.CharField(_("tempat kerja"), max_length=150, blank=True)
    pay_from = models.PositiveIntegerField(_("upah dari (rupiah)"), null=True, blank=True)
    pay_to = models.PositiveIntegerField(_("upah sampai (rupiah)"), null=True, blank=True)
    education = models.CharField(_("pendidikan paling rendah"), max_length=30, blank=True)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True)
    age_from = models.PositiveSmallIntegerField(_("umur dari (tahun)"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("umur sampai (tahun)"), null=True, blank=True)
    experience = models.CharField(_("pengalaman"), max_length=150, blank=True)
    starts_on = models.DateField(_("mulai bekerja"), null=True, blank=True)
    closes_on = models.DateField(_("ditutup pada"))
    report_number = models.CharField(_("nomor laporan lowongan"), max_length=60, blank=True)
    conditions = models.CharField(_("syarat"), max_length=250, blank=True)
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=VacancyState,
        default=VacancyState.OPEN,
        db_default=VacancyState.OPEN,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = VacancyQuerySet.as_manager()
    found_by = ("title", "report_number")
    privacy = words(
        keep="facility agency employer title trade units places places_filled region_code place "
        "pay_from pay_to education sex age_from age_to experience starts_on closes_on "
        "report_number conditions state state_at state_by reason",
    )
    liaison_reads = (
        either(
            by("agency"), where("report_number <> ''"), named_by("placements.Referral", "vacancy")
        )
        .introducing("employer")
        .with_history()
    )

    class Meta:
        verbose_name = _("lowongan")
        verbose_name_plural = _("lowongan")
        ordering = ["closes_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(facility__isnull=False) | Q(agency__isnull=False),
                name="vacancy_kept_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(places_filled__lte=F("places")),
                name="vacancy_not_over",
                violation_error_message=_("Lowongan ini sudah terisi semua."),
            ),
            models.CheckConstraint(
                condition=Q(pay_from__isnull=True)
                | Q(pay_to__isnull=True)
                | Q(pay_to__gte=F("pay_from")),
                name="vacancy_pay_in_order",
                violation_error_message=_("Upah paling tinggi di bawah upah paling rendah."),
            ),
            models.CheckConstraint(
                condition=Q(age_from__isnull=True)
                | Q(age_to__isnull=True)
                | Q(age_to__gte=F("age_from")),
                name="vacancy_ages_in_order",
                violation_error_message=_("Umur tertinggi di bawah umur terendah."),
            ),
            models.UniqueConstraint(
                fields=["report_number"],
                condition=~Q(report_number=""),
                name="vacancy_report_once",
                violation_error_message=_("Lowongan dengan nomor laporan ini sudah ada."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_on", "id"],
                condition=Q(state=VacancyState.OPEN),
                name="vacancy_open",
            ),
            # Open ones that could suit a person are found by what they ask (`matching`).
            models.Index(
                fields=["trade"],
                condition=Q(state=VacancyState.OPEN),
                name="vacancy_open_trade",
            ),
            GinIndex(
                fields=["units"],
                condition=Q(state=VacancyState.OPEN),
                name="vacancy_open_units",
            ),
            searched_by("title", "report_number", name="vacancy_search"),
        ]
        triggers = [
            *state_triggers(VACANCY_INITIAL, VACANCY_TRANSITIONS),
            pgtrigger.Trigger(
                name="places_filled_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("places_filled"),
                func="""
                    IF pg_trigger_depth() = 1 THEN
                        NEW.places_filled := OLD.places_filled;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of("placements:vacancy-detail", self.public_id)

    @property
    def region_name(self):
        return regions.name_of(self.region_code)

    @property
    def places_free(self):
        return self.places - self.places_filled

    @property
    def standing(self):
        """One of `VacancyStanding`, as of today."""
        if self.state != VacancyState.OPEN:
            return VacancyStanding(self.state)
        if self.closes_on < timezone.localdate():
            return VacancyStanding.PAST
        return VacancyStanding.FULL if self.places_free <= 0 else VacancyStanding.OPEN

    def get_standing_display(self):
        return self.standing.label

    @property
    def pay_in_words(self):
        """A month's pay with its currency, empty where none is named."""
        amounts = dict.fromkeys(each for each in (self.pay_from, self.pay_to) if each)
        if not amounts:
            return ""
        return "Rp " + " – ".join(number_format(each, force_grouping=True) for each in amounts)
