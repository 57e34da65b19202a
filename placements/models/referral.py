import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import StatefulRecord, searched_by
from accounts.privacy import words
from accounts.reads import by, listed
from accounts.states import state_triggers
from correspondence.states import LETTER_UNNUMBERED, LetterState
from partners.states import AgencyKind
from placements.employment import (
    INSIDE,
    REFERRAL_INITIAL,
    REFERRAL_OPEN,
    REFERRAL_TRANSITIONS,
    WITH_AGENCY,
    DeclineReason,
    ReferralState,
)
from placements.models.vacancy import places_counted
from placements.querysets import ReferralQuerySet

UNSIGNED = (*LETTER_UNNUMBERED, LetterState.NUMBERED)


@pghistory.track()
class Referral(StatefulRecord):
    """A trained person recommended to an employer through Disnaker.

    It rests on a consent in force (`consent`), is approved by the warden, and carries what the
    agency may see: `person_code`, the month from which the person is available, and the district
    of return; never an offence, a sentence or an exact release date. `despite` says why somebody
    is referred to an employer that takes no former inmates. `is_placed` is kept by a trigger on
    placements.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(
        "partners.Agency", models.PROTECT, related_name="referrals", verbose_name=_("Disnaker")
    )
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="referrals")
    employer = models.ForeignKey(
        "placements.Employer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("pemberi kerja"),
    )
    vacancy = models.ForeignKey(
        "placements.Vacancy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("lowongan"),
    )
    consent = models.ForeignKey("inmates.Consent", models.PROTECT, related_name="+")
    person_code = models.CharField(_("kode orang"), max_length=12)
    available_from = models.DateField(_("tersedia mulai bulan"))
    message = models.TextField(_("pesan untuk Disnaker"), blank=True)
    despite = models.CharField(
        _("alasan tetap merujuk"), max_length=250, blank=True, default="", db_default=""
    )
    answer_by = models.DateField(_("dijawab paling lambat"), null=True, blank=True)
    letter = models.ForeignKey(
        "correspondence.Letter",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("surat"),
    )
    cover_letter = models.ForeignKey(
        "correspondence.Letter",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("surat pengantar daftar"),
    )
    approved_at = models.DateTimeField(_("disetujui pada"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("disetujui oleh"),
    )
    sent_at = models.DateTimeField(_("dikirim pada"), null=True, editable=False)
    interview_at = models.DateTimeField(_("wawancara pada"), null=True, blank=True)
    introduction_number = models.CharField(
        _("nomor surat pengantar Disnaker"), max_length=80, blank=True
    )
    introduced_on = models.DateField(_("tanggal surat pengantar"), null=True, blank=True)
    is_placed = models.BooleanField(
        _("sudah mulai bekerja"), default=False, db_default=False, editable=False
    )
    decline_reason = models.CharField(
        _("sebab ditolak"), max_length=10, choices=DeclineReason, blank=True
    )
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=ReferralState,
        default=ReferralState.DRAFT,
        db_default=ReferralState.DRAFT,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    recorded_channel = models.CharField(
        _("lewat"), max_length=10, blank=True, default="", db_default=""
    )
    recorded_from = models.CharField(_("disampaikan oleh"), max_length=120, blank=True)
    reason = models.CharField(_("alasan"), max_length=250, blank=True)
    objected_at = models.DateTimeField(_("keberatan pada"), null=True, editable=False)
    objection = models.CharField(_("keberatan instansi"), max_length=250, blank=True, db_default="")

    objects = ReferralQuerySet.as_manager()
    privacy = words(
        keep="facility agency inmate employer vacancy consent person_code available_from answer_by "
        "letter cover_letter approved_at approved_by sent_at interview_at introduction_number "
        "introduced_on is_placed decline_reason state state_at state_by recorded_channel "
        "objected_at",
        mask="message despite recorded_from reason objection",
    )
    liaison_reads = (
        by("agency")
        .only(f"sent_at IS NOT NULL AND state NOT IN ({listed(INSIDE)})")
        # Fully, with the NIK, while it lies with a labour office.
        .introducing(
            "inmate",
            fully=f"state IN ({listed(WITH_AGENCY)}) AND agency_id IN ("
            f"SELECT id FROM public.partners_agency WHERE kind = '{AgencyKind.DISNAKER}')",
        )
        .introducing("letter", fully="true")
        .introducing("cover_letter", fully="true")
        .introducing("employer")
    )

    class Meta:
        verbose_name = _("rujukan kerja")
        verbose_name_plural = _("rujukan kerja")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate", "vacancy"],
                condition=Q(state__in=REFERRAL_OPEN),
                nulls_distinct=False,
                name="referral_open_once",
                violation_error_message=_("Orang ini sudah dirujuk ke lowongan itu."),
            ),
            models.UniqueConstraint(fields=["facility", "person_code"], name="referral_code_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[*WITH_AGENCY, ReferralState.ACCEPTED])
                | (Q(approved_at__isnull=False) & Q(sent_at__isnull=False)),
                name="referral_approved_and_sent",
                violation_error_message=_("Rujukan ini belum disetujui dan dikirim."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.DECLINED) | ~Q(decline_reason=""),
                name="referral_declined_why",
                violation_error_message=_("Pilih sebab ditolak."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.ACCEPTED) | Q(employer__isnull=False),
                name="referral_accepted_by_whom",
                violation_error_message=_("Sebutkan pemberi kerja yang menerima."),
            ),
            models.UniqueConstraint(
                fields=["inmate"],
                condition=Q(state=ReferralState.ACCEPTED, is_placed=False),
                name="referral_accepted_once",
                violation_error_message=_("Orang ini sudah diterima di tempat lain."),
            ),
            models.CheckConstraint(
                condition=Q(is_placed=False) | Q(state=ReferralState.ACCEPTED),
                name="referral_placed_stays_accepted",
                violation_error_message=_("Orang ini sudah tercatat bekerja lewat rujukan ini."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-created_at"], name="referral_facility"),
            searched_by("person_code", name="referral_search"),
            models.Index(
                fields=["agency", "answer_by"],
                condition=Q(state__in=WITH_AGENCY),
                name="referral_with_agency",
            ),
        ]
        triggers = [
            *state_triggers(REFERRAL_INITIAL, REFERRAL_TRANSITIONS),
            places_counted(
                takes="{row}.state = 'accepted' AND {row}.vacancy_id IS NOT NULL",
                on=("state", "vacancy_id"),
            ),
        ]

    def __str__(self):
        return self.person_code

    @property
    def waits_for_letter(self):
        """Approved, and not to be sent before its letter is numbered and signed (with `letter`)."""
        is_approved = self.state == ReferralState.APPROVED
        return is_approved and bool(self.letter) and self.letter.state in UNSIGNED

    def get_absolute_url(self):
        return address_of("placements:referral-detail", self.public_id)

    @property
    def is_with_agency(self):
        return self.state in WITH_AGENCY
