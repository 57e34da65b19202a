import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from lokal.phone import parse_phone

from accounts.addresses import address_of
from accounts.models import PublicRecord, Record, searched_by
from accounts.privacy import words
from accounts.reads import by
from accounts.states import UserKind
from partners.querysets import AgencyQuerySet, ContactQuerySet, LiaisonQuerySet
from partners.states import AgencyKind, LiaisonStanding


@pghistory.track()
class Agency(PublicRecord):
    """A partner outside. A BLK is a unit under its Disnaker (field notes 1.2)."""

    name = models.CharField(_("nama instansi"), max_length=150)
    kind = models.CharField(_("jenis"), max_length=10, choices=AgencyKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("instansi induk"),
    )
    city = models.CharField(_("kota"), max_length=80, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    phone = models.CharField(_("telepon"), max_length=20, blank=True)
    email = models.EmailField(_("alamat e-mail"), blank=True)

    objects = AgencyQuerySet.as_manager()
    privacy = words(keep="name kind parent city address phone email")
    liaison_reads = by("id")

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering = ["name"]
        indexes = [searched_by("name", name="agency_search")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("partners:agency-detail", self.public_id)


@pghistory.track()
class Contact(PublicRecord):
    """Somebody at an agency whom one calls: not a user of the app."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="contacts")
    name = models.CharField(_("nama"), max_length=120)
    title = models.CharField(_("jabatan"), max_length=120, blank=True)
    phone = models.CharField(_("telepon"), max_length=20, blank=True)
    email = models.EmailField(_("alamat e-mail"), blank=True)
    note = models.CharField(_("catatan"), max_length=200, blank=True)

    objects = ContactQuerySet.as_manager()
    privacy = words(keep="agency name title", mask="phone email note")

    class Meta:
        verbose_name = _("kontak")
        verbose_name_plural = _("kontak")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def dialled(self):
        """The number as a phone dials it, +62...; empty when it is none."""
        return parse_phone(self.phone).e164 or "" if self.phone else ""

    @property
    def whatsapp(self):
        """The number as WhatsApp wants it, 62...; empty when it is no mobile number."""
        return parse_phone(self.phone).whatsapp or "" if self.phone else ""


@pghistory.track()
class Partnership(Record):
    """Which prison works with which agency, and so who may write to whom."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="partnerships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="partnerships")

    privacy = words(keep="facility agency")
    liaison_reads = by("agency")

    class Meta:
        verbose_name = _("kemitraan")
        verbose_name_plural = _("kemitraan")
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "agency"],
                name="partnership_once",
                violation_error_message=_("Instansi ini sudah menjadi mitra."),
            )
        ]

    def __str__(self):
        return f"{self.facility_id}-{self.agency_id}"


@pghistory.track()
class Liaison(PublicRecord):
    """A user who speaks for an agency. The composite foreign key keeps staff out (migration 2)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="liaisons")
    user_kind = models.CharField(
        max_length=10, default=UserKind.LIAISON, db_default=UserKind.LIAISON, editable=False
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="liaisons")
    title = models.CharField(_("jabatan"), max_length=120, blank=True)
    starts = models.DateField(_("mulai"))
    until = models.DateField(_("sampai"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("ditangguhkan pada"), null=True, editable=False)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    suspended_why = models.CharField(_("alasan penangguhan"), max_length=200, blank=True)

    objects = LiaisonQuerySet.as_manager()
    privacy = words(
        keep="user user_kind agency title starts until suspended_at suspended_by suspended_why"
    )
    liaison_reads = by("agency").introducing("user", fully="true")

    class Meta:
        verbose_name = _("narahubung")
        verbose_name_plural = _("narahubung")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(until__isnull=True),
                name="liaison_open_once",
                violation_error_message=_("Orang ini sudah menjadi narahubung suatu instansi."),
            ),
            models.CheckConstraint(
                condition=Q(user_kind=UserKind.LIAISON), name="liaison_user_is_liaison"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts")),
                name="liaison_ends_after_start",
                violation_error_message=_("Tanggal akhir tidak boleh sebelum tanggal mulai."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.starts})"

    def get_absolute_url(self):
        return address_of("partners:liaison-detail", self.public_id)

    @property
    def standing(self):
        """One of `LiaisonStanding`, from the row and its user."""
        if self.until:
            return LiaisonStanding.ENDED
        if self.suspended_at or not self.user.is_active:
            return LiaisonStanding.SUSPENDED
        joined = self.user.has_usable_password()
        return LiaisonStanding.ACTIVE if joined else LiaisonStanding.INVITED

    def get_standing_display(self):
        return self.standing.label
