import pghistory
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
from partners import rules
from partners.querysets import AgreementQuerySet
from partners.states import (
    INITIAL,
    SIGNED_ONCE,
    TRANSITIONS,
    AgreementKind,
    AgreementState,
    AgreementStatus,
    TerminationGround,
)


@pghistory.track()
class Agreement(StatefulRecord):
    """A dated contract between a prison and an agency, with both numbers (field notes 3).

    In force from `starts_on` to `ends_on`, both days included. Ended, expiring and past the
    notice deadline are derived: no job has to run for an agreement to lapse.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="agreements")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, related_name="agreements", verbose_name=_("instansi")
    )
    kind = models.CharField(
        _("jenis"), max_length=10, choices=AgreementKind, default=AgreementKind.PKS
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("perjanjian induk"),
    )
    renews = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("melanjutkan perjanjian"),
    )
    engagement = models.ForeignKey(
        "partners.Engagement",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("berawal dari kunjungan"),
    )
    title = models.CharField(_("judul"), max_length=200)
    scope = models.TextField(_("ruang lingkup"), blank=True)
    our_number = models.CharField(_("nomor pihak kesatu (lapas)"), max_length=80, blank=True)
    their_number = models.CharField(_("nomor pihak kedua (instansi)"), max_length=80, blank=True)
    signed_on = models.DateField(_("ditandatangani pada"), null=True, blank=True)
    starts_on = models.DateField(_("berlaku mulai"), null=True, blank=True)
    ends_on = models.DateField(_("berlaku sampai"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(
        _("batas usulan perpanjangan (bulan)"),
        default=3,
        help_text=_("Berapa bulan sebelum berakhir usulan perpanjangan harus diajukan."),
    )
    review_months = models.PositiveSmallIntegerField(_("monev setiap (bulan)"), default=12)
    seats_per_year = models.PositiveSmallIntegerField(
        _("kursi dijanjikan per tahun"), null=True, blank=True
    )
    termination_days = models.PositiveSmallIntegerField(
        _("pemberitahuan penghentian (hari)"), default=30, db_default=30
    )
    background = models.TextField(_("latar belakang"), blank=True, db_default="")
    implementation = models.TextField(_("pelaksanaan"), blank=True, db_default="")
    benefit = models.TextField(_("manfaat"), blank=True, db_default="")
    signed_scan = models.FileField(
        _("pindaian naskah bertanda tangan"), upload_to="agreements/%Y/", blank=True
    )
    state = models.CharField(
        _("keadaan"),
        max_length=12,
        choices=AgreementState,
        default=AgreementState.DRAFT,
        db_default=AgreementState.DRAFT,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    answer_by = models.DateField(
        _("tanggapan instansi ditunggu sampai"),
        null=True,
        blank=True,
        help_text=_("Untuk naskah yang dikirim untuk ditelaah."),
    )
    terminated_on = models.DateField(_("dihentikan per"), null=True, blank=True)
    termination_told_on = models.DateField(
        _("penghentian diberitahukan pada"), null=True, blank=True
    )
    termination_ground = models.CharField(
        _("dasar penghentian"),
        max_length=10,
        choices=TerminationGround,
        blank=True,
        db_default="",
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = AgreementQuerySet.as_manager()
    found_by = ("title", "our_number", "their_number")
    privacy = words(
        keep="facility agency kind parent renews engagement title scope our_number their_number "
        "signed_on starts_on ends_on notice_months review_months seats_per_year termination_days "
        "background implementation benefit signed_scan "
        "state state_at state_by answer_by terminated_on termination_told_on "
        "termination_ground reason",
    )
    liaison_reads = (
        by("agency")
        .only(f"state NOT IN ('{AgreementState.EXPLORING}', '{AgreementState.DRAFT}')")
        .with_history()
    )

    class Meta:
        verbose_name = _("perjanjian")
        verbose_name_plural = _("perjanjian")
        ordering = [F("ends_on").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=SIGNED_ONCE)
                | (
                    ~Q(our_number="")
                    & ~Q(their_number="")
                    & ~Q(signed_scan="")
                    & Q(signed_on__isnull=False)
                    & Q(starts_on__isnull=False)
                    & Q(ends_on__isnull=False)
                ),
                name="agreement_signed_complete",
                violation_error_message=_(
                    "Perjanjian yang ditandatangani harus punya kedua nomor, tanggal tanda tangan, "
                    "masa berlaku dan pindaian naskah."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("Perjanjian tidak bisa berakhir sebelum dimulai."),
            ),
            models.CheckConstraint(
                condition=Q(notice_months__lte=24) & Q(review_months__range=(1, 60)),
                name="agreement_months_sane",
                violation_error_message=_("Jumlah bulan tidak masuk akal."),
            ),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.TERMINATED) | Q(terminated_on__isnull=False),
                name="agreement_terminated_when",
                violation_error_message=_("Sebutkan tanggal penghentian."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "ends_on"], name="agreement_facility_end"),
            models.Index(fields=["agency", "ends_on"], name="agreement_agency_end"),
            searched_by("title", "our_number", "their_number", name="agreement_search"),
        ]
        triggers = state_triggers(INITIAL, TRANSITIONS)

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of("partners:agreement-detail", self.public_id)

    @property
    def status(self):
        """What the agreement is worth today; rows of `with_status()` only."""
        return AgreementStatus(self.status_code)

    def get_status_display(self):
        return self.status.label

    @property
    def notice_deadline(self):
        """Last day to propose an extension, or None while there is no end."""
        return rules.notice_deadline(self)

    @property
    def days_left(self):
        """Days from today to the last day in force; negative when it has passed, or None."""
        return rules.days_left(self)

    @property
    def has_scan(self):
        """Whether a signed scan is recorded and its file is really there."""
        return bool(self.signed_scan) and self.signed_scan.storage.exists(self.signed_scan.name)
