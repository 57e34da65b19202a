import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord, Record, StatefulRecord
from accounts.privacy import words
from accounts.reads import by, introduced
from accounts.states import state_triggers
from training.querysets import InstructorQuerySet, MeetingQuerySet, RoomQuerySet
from training.states import TAUGHT
from training.teaching import MEETING_INITIAL, MEETING_TRANSITIONS, MeetingState, Weekday

NOT_CANCELLED = ~Q(state=MeetingState.CANCELLED)


@pghistory.track()
class Instructor(PublicRecord):
    """Somebody who teaches for an agency. Who enters the prison is checked at its gate."""

    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="instructors")
    name = models.CharField(_("nama"), max_length=120)
    expertise = models.CharField(_("keahlian"), max_length=120, blank=True)
    identity_number = models.CharField(_("nomor identitas"), max_length=40, blank=True)
    phone = models.CharField(_("nomor telepon"), max_length=30, blank=True)
    is_active = models.BooleanField(_("masih mengajar"), default=True, db_default=True)

    objects = InstructorQuerySet.as_manager()
    privacy = words(
        keep="agency expertise is_active",
        mask="name identity_number phone",
    )
    liaison_reads = by("agency").with_history()

    class Meta:
        verbose_name = _("instruktur")
        verbose_name_plural = _("instruktur")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


@pghistory.track()
class Room(PublicRecord):
    """A room or workshop of the prison in which is taught."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="rooms")
    name = models.CharField(_("ruang"), max_length=80)
    capacity = models.PositiveSmallIntegerField(_("daya tampung"), null=True, blank=True)
    is_active = models.BooleanField(_("masih dipakai"), default=True, db_default=True)

    objects = RoomQuerySet.as_manager()
    privacy = words(keep="facility name capacity is_active")
    liaison_reads = introduced().showing("name")

    class Meta:
        verbose_name = _("ruang")
        verbose_name_plural = _("ruang")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "name"],
                name="room_once",
                violation_error_message=_("Ruang dengan nama ini sudah ada."),
            )
        ]

    def __str__(self):
        return self.name


@pghistory.track()
class WeeklySlot(Record):
    """A weekly time of a batch, from which its meetings are made. Local time of the prison."""

    batch = models.ForeignKey("training.Batch", models.CASCADE, related_name="weekly_slots")
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)
    starts_at = models.TimeField(_("mulai pukul"))
    jp = models.PositiveSmallIntegerField(_("JP"), validators=[MinValueValidator(1)])
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ruang")
    )
    instructor = models.ForeignKey(
        Instructor,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("instruktur"),
    )

    privacy = words(keep="batch weekday starts_at jp room instructor")

    class Meta:
        verbose_name = _("jadwal mingguan")
        verbose_name_plural = _("jadwal mingguan")
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "weekday", "starts_at"],
                name="weekly_slot_once",
                violation_error_message=_("Hari dan jam ini sudah ada di jadwal."),
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts_at:%H.%M}"


@pghistory.track()
class Meeting(StatefulRecord):
    """One session of a batch: when, where, who teaches, how many JP.

    `number` counts the meetings of the batch that are not cancelled in the order of their time;
    it is written by the services. `companions` names who else comes in (assistants, escorts,
    vehicle), for the day list of security. `instead_of` is set once somebody added, moved or
    called off this one meeting: when the schedule had it begin. A schedule made anew leaves it.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="+")
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("pertemuan ke"), default=0, db_default=0)
    during = DateTimeRangeField(_("waktu"))
    jp = models.PositiveSmallIntegerField(_("JP"), validators=[MinValueValidator(1)])
    topic = models.CharField(_("materi"), max_length=200, blank=True)
    room = models.ForeignKey(
        Room,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("ruang"),
    )
    instructor = models.ForeignKey(
        Instructor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("instruktur"),
    )
    companions = models.CharField(_("ikut masuk"), max_length=250, blank=True)
    instead_of = models.DateTimeField(_("menggantikan jadwal"), null=True, editable=False)
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=MeetingState,
        default=MeetingState.PLANNED,
        db_default=MeetingState.PLANNED,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True)

    objects = MeetingQuerySet.as_manager()
    privacy = words(
        keep="facility agency batch number during jp topic room instructor state state_at "
        "state_by reason instead_of",
        mask="companions",
    )
    liaison_reads = by("agency").introducing("room")

    class Meta:
        verbose_name = _("pertemuan")
        verbose_name_plural = _("pertemuan")
        ordering = ["during", "id"]
        constraints = [
            ExclusionConstraint(
                name="meeting_instructor_free",
                expressions=[
                    ("instructor", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=NOT_CANCELLED,
                violation_error_message=_("Instruktur sudah mengajar pada waktu itu."),
            ),
            ExclusionConstraint(
                name="meeting_room_free",
                expressions=[("room", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=NOT_CANCELLED,
                violation_error_message=_("Ruang sudah dipakai pada waktu itu."),
            ),
            ExclusionConstraint(
                name="meeting_batch_once_at_a_time",
                expressions=[("batch", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=NOT_CANCELLED,
                violation_error_message=_("Angkatan ini sudah punya pertemuan pada waktu itu."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False)
                & Q(during__lower_inf=False)
                & Q(during__upper_inf=False),
                name="meeting_has_time",
                violation_error_message=_("Isi jam mulai dan selesai."),
            ),
        ]
        triggers = state_triggers(MEETING_INITIAL, MEETING_TRANSITIONS)

    def __str__(self):
        return str(self.number)

    def get_absolute_url(self):
        return address_of("training:meeting-detail", self.public_id)

    @property
    def is_to_mark(self):
        """It began, and somebody's attendance is missing (`MeetingQuerySet.to_mark`)."""
        return (
            self.state == MeetingState.PLANNED
            and self.during.lower <= timezone.now()
            and self.batch.state in TAUGHT
        )
