import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.reads import introduced
from accounts.states import state_triggers
from placements.employment import (
    PLACEMENT_INITIAL,
    PLACEMENT_TRANSITIONS,
    PayBand,
    PlacementKind,
    PlacementState,
    Weekday,
)
from placements.models.vacancy import places_counted
from placements.querysets import PlacementQuerySet


@pghistory.track()
class Placement(StatefulRecord):
    """Work that somebody has: with an employer after release, by themselves, or while serving.

    Work release while serving is impossible without its decree, an agreement with the employer,
    both guarantees, and hours that bring the person back the same day (field notes 5.3). Once it
    ended, its scans may go by retention. `eligibility_note` says on what its eligibility rests
    where SDP states no date. What was written down wrongly is void: it holds neither a referral
    nor a place of its vacancy, and counts nowhere.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="placements")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, null=True, blank=True, related_name="placements"
    )
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="placements")
    referral = models.OneToOneField(
        "placements.Referral",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="placement",
        verbose_name=_("rujukan"),
    )
    vacancy = models.ForeignKey(
        "placements.Vacancy",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="placements",
        verbose_name=_("lowongan"),
    )
    employer = models.ForeignKey(
        "placements.Employer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("pemberi kerja"),
    )
    kind = models.CharField(_("jenis"), max_length=13, choices=PlacementKind)
    job = models.CharField(_("pekerjaan"), max_length=150)
    pay_band = models.CharField(_("upah"), max_length=8, choices=PayBand, default=PayBand.UNKNOWN)
    starts_on = models.DateField(_("mulai bekerja"))
    ended_on = models.DateField(_("berakhir pada"), null=True, blank=True)
    decree_number = models.CharField(_("nomor SK asimilasi"), max_length=80, blank=True)
    decree_on = models.DateField(_("tanggal SK asimilasi"), null=True, blank=True)
    decree_until = models.DateField(_("SK berlaku sampai"), null=True, blank=True)
    decree_scan = models.FileField(_("pindaian SK"), upload_to="work-release/%Y/", blank=True)
    agreement = models.ForeignKey(
        "partners.Agreement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("perjanjian"),
    )
    family_guarantee = models.FileField(
        _("jaminan keluarga"), upload_to="work-release/%Y/", blank=True
    )
    institution_guarantee = models.FileField(
        _("jaminan lembaga"), upload_to="work-release/%Y/", blank=True
    )
    leaves_at = models.TimeField(_("keluar pukul"), null=True, blank=True)
    returns_at = models.TimeField(_("kembali pukul"), null=True, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("hari kerja"),
        default=list,
        blank=True,
    )
    eligibility_note = models.CharField(
        _("dasar kelayakan asimilasi"), max_length=250, blank=True, db_default=""
    )
    state = models.CharField(
        _("keadaan"),
        max_length=8,
        choices=PlacementState,
        default=PlacementState.RUNNING,
        db_default=PlacementState.RUNNING,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = PlacementQuerySet.as_manager()
    privacy = words(
        keep="facility agency inmate referral vacancy employer kind pay_band starts_on ended_on "
        "decree_on decree_until agreement leaves_at returns_at weekdays state state_at state_by",
        mask="job decree_number eligibility_note reason",
        drop="decree_scan family_guarantee institution_guarantee",
    )
    liaison_reads = (
        introduced().showing("kind job state starts_on employer").introducing("employer")
    )

    class Meta:
        verbose_name = _("penempatan kerja")
        verbose_name_plural = _("penempatan kerja")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(state=PlacementState.RUNNING),
                name="placement_open_once",
                violation_error_message=_("Orang ini masih tercatat bekerja."),
            ),
            models.CheckConstraint(
                condition=Q(kind=PlacementKind.SELF_EMPLOYED) | Q(employer__isnull=False),
                name="placement_with_whom",
                violation_error_message=_("Pilih pemberi kerja."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlacementKind.WORK_RELEASE)
                | (
                    ~Q(decree_number="")
                    & Q(decree_on__isnull=False)
                    & Q(agreement__isnull=False)
                    & Q(leaves_at__isnull=False)
                    & Q(returns_at__isnull=False)
                    & Q(returns_at__gt=F("leaves_at"))
                ),
                name="placement_work_release_papers",
                violation_error_message=_(
                    "Asimilasi kerja perlu SK, perjanjian, kedua surat jaminan, dan jam pulang "
                    "pergi pada hari yang sama."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlacementKind.WORK_RELEASE, state=PlacementState.RUNNING)
                | (~Q(decree_scan="") & ~Q(family_guarantee="") & ~Q(institution_guarantee="")),
                name="placement_work_release_scans",
                violation_error_message=_(
                    "Unggah pindaian SK, jaminan keluarga dan jaminan lembaga."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlacementKind.WORK_RELEASE) | ~Q(weekdays=[]),
                name="placement_work_release_weekdays",
                violation_error_message=_("Pilih hari kerjanya."),
            ),
            models.CheckConstraint(
                condition=Q(decree_until__isnull=True) | Q(decree_until__gte=F("decree_on")),
                name="placement_decree_lasts",
                violation_error_message=_("SK berakhir sebelum tanggalnya."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PlacementState.RUNNING, PlacementState.VOID])
                | (Q(ended_on__isnull=False) & Q(ended_on__gte=F("starts_on")) & ~Q(reason="")),
                name="placement_ended_when_and_why",
                violation_error_message=_("Sebutkan tanggal dan sebab berakhir."),
            ),
            models.CheckConstraint(
                condition=~Q(state=PlacementState.VOID)
                | (Q(referral__isnull=True) & Q(ended_on__isnull=True) & ~Q(reason="")),
                name="placement_void_holds_nothing",
                violation_error_message=_("Sebutkan alasannya."),
            ),
        ]
        indexes = [models.Index(fields=["facility", "-starts_on"], name="placement_facility")]
        triggers = [
            *state_triggers(PLACEMENT_INITIAL, PLACEMENT_TRANSITIONS),
            places_counted(
                takes="{row}.vacancy_id IS NOT NULL AND {row}.referral_id IS NULL"
                " AND {row}.state <> 'void'",
                on=("vacancy_id", "referral_id", "state"),
            ),
            pgtrigger.Trigger(
                name="referral_placed",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf("referral_id"),
                func="""
                    IF TG_OP <> 'INSERT' THEN
                        UPDATE placements_referral SET is_placed = false
                         WHERE id = OLD.referral_id;
                    END IF;
                    IF TG_OP <> 'DELETE' THEN
                        UPDATE placements_referral SET is_placed = true
                         WHERE id = NEW.referral_id;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.job

    def get_absolute_url(self):
        return address_of("placements:placement-detail", self.public_id)

    @property
    def weekdays_in_words(self):
        return ", ".join(str(Weekday(day).label) for day in self.weekdays)
