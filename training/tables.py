import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.badges import state_badge
from accounts.columns import DayColumn, NameColumn, StateColumn, Table, made_of
from training.models import (
    Batch,
    Certificate,
    Course,
    Hearing,
    Instructor,
    Meeting,
    Room,
    WaitingEntry,
)
from training.timetable import when_in_words


class BatchTable(Table):
    name = tables.Column(_("Angkatan"), linkify=True)
    course = tables.Column(_("Program"), accessor="course__name")
    agency = tables.Column(_("Instansi"), accessor="agency__name")
    starts_on = DayColumn(verbose_name=_("Mulai"))
    ends_on = DayColumn(verbose_name=_("Sampai"))
    seats_taken = tables.Column(_("Terisi"), attrs={"td": {"class": "text-nowrap"}})
    state = StateColumn(verbose_name=_("Keadaan"))

    class Meta:
        model = Batch
        fields = ("name", "course", "agency", "starts_on", "ends_on", "seats_taken", "state")

    def render_seats_taken(self, record):
        return format_html("{} / {}", record.seats_taken, record.seats)

    def value_seats_taken(self, value):
        return value


class CourseTable(Table):
    code = tables.Column(_("Kode"))
    name = tables.Column(_("Program"), linkify=True)
    trade = tables.Column(_("Kejuruan"), accessor="trade__name")
    kkni_level = tables.Column(_("KKNI"))
    jp = tables.Column(_("JP"))
    package_seats = tables.Column(_("Orang per paket"))
    is_offered = tables.BooleanColumn(verbose_name=_("Diselenggarakan"))

    class Meta:
        model = Course
        fields = ("code", "name", "trade", "kkni_level", "jp", "package_seats", "is_offered")

    def render_is_offered(self, value):
        return _("ya") if value else _("dihentikan")

    def value_is_offered(self, value):
        return _("ya") if value else _("dihentikan")


class HearingTable(Table):
    held_on = DayColumn(verbose_name=_("Tanggal"), linkify=True)
    batch = NameColumn(_("Angkatan"), linkify=True)
    course = tables.Column(_("Program"), accessor="batch__course__name")
    number = tables.Column(_("Nomor berita acara"))
    state = StateColumn(verbose_name=_("Keadaan"))

    class Meta:
        model = Hearing
        fields = ("held_on", "batch", "course", "number", "state")


class WaitingTable(Table):
    inmate = NameColumn(_("Nama"), linkify=True, order_by=("inmate__name", "pk"))
    course = NameColumn(_("Program"), linkify=True, order_by=("course__name", "asked_on"))
    asked_on = DayColumn(verbose_name=_("Meminta sejak"))
    asked_by = tables.Column(_("Atas usul"))
    expected_release = DayColumn(verbose_name=_("Perkiraan bebas"))
    state = StateColumn(verbose_name=_("Keadaan"))
    act = tables.TemplateColumn(
        template_name="training/_waiting_act.html",
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = WaitingEntry
        fields = ("inmate", "course", "asked_on", "asked_by", "expected_release", "state")


class MeetingTable(Table):
    day = tables.Column(_("Waktu"), accessor="during", linkify=True, order_by="during")
    batch = tables.Column(_("Angkatan"), order_by=("batch__course__name", "batch__name", "number"))
    number = tables.Column(_("Ke"))
    jp = tables.Column(_("JP"))
    room = tables.Column(_("Ruang"), default="—")
    instructor = tables.Column(_("Instruktur"), default="—")
    state = tables.TemplateColumn(
        template_name="training/_meeting_state.html", verbose_name=_("Keadaan")
    )

    class Meta:
        model = Meeting
        fields = ("day", "batch", "number", "jp", "room", "instructor", "state")

    def render_day(self, record):
        return when_in_words(record.during)

    def value_day(self, record):
        return timezone.localtime(record.during.lower).strftime("%Y-%m-%d %H:%M")

    def render_batch(self, record):
        return f"{record.batch.course} – {record.batch}"

    def value_state(self, record):
        return record.get_state_display()


class InstructorTable(Table):
    name = tables.TemplateColumn(
        template_name="training/_instructor_name.html", verbose_name=_("Nama"), order_by="name"
    )
    agency = tables.Column(_("Instansi"))
    expertise = tables.Column(_("Keahlian"), default="—")
    phone = tables.Column(_("Telepon"), default="—")
    is_active = tables.BooleanColumn(verbose_name=_("Masih mengajar"))

    class Meta:
        model = Instructor
        fields = ("name", "agency", "expertise", "phone", "is_active")

    def value_name(self, record):
        return record.name


class RoomTable(Table):
    name = tables.TemplateColumn(
        template_name="training/_room_name.html", verbose_name=_("Ruang"), order_by="name"
    )
    capacity = tables.Column(_("Daya tampung"), default="—")
    is_active = tables.BooleanColumn(verbose_name=_("Masih dipakai"))

    class Meta:
        model = Room
        fields = ("name", "capacity", "is_active")

    def value_name(self, record):
        return record.name


class CertificateTable(Table):
    number = tables.Column(_("Nomor"), linkify=True, attrs={"td": {"class": "wide"}})
    inmate = NameColumn(_("Nama"), linkify=True, order_by=("inmate__name", "pk"))
    code = tables.Column(_("Kode peserta"), accessor="enrolment__participant_code")
    kind = tables.Column(_("Jenis"))
    title = tables.Column(_("Program"), attrs={"td": {"class": "wide"}})
    issuer = tables.Column(_("Penerbit"), attrs={"td": {"class": "wide"}})
    issued_on = DayColumn(verbose_name=_("Terbit"))
    valid_until = DayColumn(verbose_name=_("Sampai"))
    state = tables.Column(_("Keadaan"))

    class Meta:
        model = Certificate
        fields = (
            *("number", "inmate", "code", "kind", "title", "issuer", "issued_on", "valid_until"),
            "state",
        )

    def render_state(self, record):
        return state_badge(record, "standing")

    @made_of("state", "valid_until")
    def value_state(self, record):
        return record.standing.label
