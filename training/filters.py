import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.filters import FilterSet, OfPrison, RecordedFilter, TextFilter
from accounts.forms.layout import DayInput
from inmates.filters import PersonFilter
from inmates.models import Inmate
from partners.models import Agency, Agreement
from training.models import (
    Batch,
    Certificate,
    Course,
    CourseUnit,
    Hearing,
    Instructor,
    Meeting,
    PlanLine,
    Room,
    Trade,
    WaitingEntry,
)
from training.states import (
    BATCH_BEGUN,
    Asker,
    BatchNeed,
    BatchState,
    HearingState,
    WaitingState,
)
from training.teaching import CertificateKind, MeetingState, Standing


class YearFilter(filters.NumberFilter):
    """Rows whose day is in a year that a calendar has."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs):
        super().__init__(lookup_expr="year", min_value=1900, max_value=2100, **kwargs)


class BatchFilter(OfPrison):
    q = TextFilter(label=_("Cari"), method="search")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=BatchState.choices)
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    agreement = filters.ModelChoiceFilter(
        label=_("Perjanjian"),
        queryset=lambda request: Agreement.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    covered = filters.ChoiceFilter(
        label=_("Dasar perjanjian"),
        method="with_cover",
        choices=[("no", _("Tidak tercakup lagi"))],
    )
    seats = filters.ChoiceFilter(
        label=_("Kursi"),
        method="with_seats",
        choices=[
            ("granted", _("Sudah dikonfirmasi")),
            ("extra", _("Ada tambahan")),
            ("used", _("Sudah terisi")),
            ("coming", _("Kosong, belum mulai")),
        ],
    )
    needs = filters.ChoiceFilter(
        label=_("Langkah berikutnya"), method="needing", choices=BatchNeed.choices
    )
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), to_field_name="public_id"
    )
    begun = filters.ChoiceFilter(
        label=_("Pelaksanaan"), method="with_begun", choices=[("yes", _("Sudah mulai"))]
    )
    line = filters.ModelChoiceFilter(
        label=_("Baris rencana"),
        field_name="plan_line",
        queryset=lambda request: PlanLine.objects.visible_to(request.user),
        to_field_name="public_id",
        widget=forms.HiddenInput,
    )
    planned = filters.ChoiceFilter(
        label=_("Rencana tahunan"),
        method="with_plan",
        choices=[("no", _("Di luar rencana")), ("yes", _("Dalam rencana"))],
    )
    year = YearFilter(label=_("Tahun"), field_name="starts_on")
    since = filters.DateFilter(
        label=_("Mulai dari"), field_name="starts_on", lookup_expr="gte", widget=DayInput
    )
    until = filters.DateFilter(
        label=_("Mulai sampai"), field_name="starts_on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Batch
        fields = ("q", "state", "agency", "agreement", "covered", "seats", "year")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request.user.is_liaison:
            del self.filters["needs"]  # the prison's own steps

    def search(self, queryset, name, value):
        return queryset.filter(name__icontains=value) | queryset.filter(
            course__name__icontains=value
        )

    def with_cover(self, queryset, name, value):
        return queryset.uncovered()

    def with_seats(self, queryset, name, value):
        """The rows that a sum of seats stands for: those of cancelled batches count nowhere."""
        if value == "coming":
            return queryset.with_seats_coming()
        column = {
            "granted": "seats_confirmed",
            "extra": "seats_extra",
            "used": "seats_taken",
        }[value]
        return queryset.exclude(state=BatchState.CANCELLED).filter(**{f"{column}__gt": 0})

    def needing(self, queryset, name, value):
        return queryset.needing(value)

    def with_begun(self, queryset, name, value):
        return queryset.filter(state__in=BATCH_BEGUN)

    def with_plan(self, queryset, name, value):
        """A cancelled batch is none that a plan lacks."""
        if value == "yes":
            return queryset.filter(plan_line__isnull=False)
        return queryset.filter(plan_line=None).exclude(state=BatchState.CANCELLED)


class CourseFilter(FilterSet):
    q = TextFilter(label=_("Cari nama, kode atau unit"), method="search")
    trade = filters.ModelChoiceFilter(label=_("Kejuruan"), queryset=Trade.objects.all())
    offered = filters.ChoiceFilter(
        label=_("Penyelenggaraan"),
        method="with_offered",
        choices=[("yes", _("Masih diselenggarakan")), ("no", _("Dihentikan"))],
    )

    class Meta:
        model = Course
        fields = ("q", "trade", "offered")

    def search(self, queryset, name, value):
        taught = CourseUnit.objects.filter(
            Q(unit__code__icontains=value) | Q(unit__name__icontains=value)
        )
        return queryset.filter(
            Q(name__icontains=value) | Q(code__icontains=value) | Q(pk__in=taught.values("course"))
        )

    def with_offered(self, queryset, name, value):
        return queryset.filter(is_offered=value == "yes")


class HearingFilter(FilterSet):
    q = TextFilter(label=_("Cari angkatan"), field_name="batch__name", lookup_expr="icontains")
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=HearingState.choices)
    year = YearFilter(label=_("Tahun"), field_name="held_on")

    class Meta:
        model = Hearing
        fields = ("q", "state", "year")


class WaitingFilter(FilterSet):
    q = PersonFilter(label=_("Cari nama"), method="search")
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), to_field_name="public_id"
    )
    asked_by = filters.ChoiceFilter(label=_("Atas usul"), choices=Asker.choices)
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=WaitingState.choices, empty_label=None)
    release_since = filters.DateFilter(
        label=_("Perkiraan bebas dari"),
        field_name="expected_release",
        lookup_expr="gte",
        widget=DayInput,
    )
    release_until = filters.DateFilter(
        label=_("Perkiraan bebas sampai"),
        field_name="expected_release",
        lookup_expr="lte",
        widget=DayInput,
    )
    release = filters.ChoiceFilter(
        label=_("Perkiraan bebas"),
        method="with_release",
        choices=[("unknown", _("Tak diketahui"))],
    )

    class Meta:
        model = WaitingEntry
        fields = ("q", "course", "asked_by", "state")

    def with_release(self, queryset, name, value):
        return queryset.filter(expected_release=None)

    def search(self, queryset, name, value):
        people = Inmate.objects.filter(prison__in=self.request.user.facility_ids).search(value)
        return queryset.filter(inmate__in=people.values("pk"))


class MeetingFilter(FilterSet):
    batch = filters.ModelChoiceFilter(
        label=_("Angkatan"),
        queryset=lambda request: (
            Batch.objects.visible_to(request.user).filter(meetings__isnull=False).distinct()
        ),
        to_field_name="public_id",
    )
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=MeetingState.choices)
    attendance = filters.ChoiceFilter(
        label=_("Kehadiran"),
        method="with_attendance",
        choices=[("missing", _("Belum lengkap"))],
    )
    tools = filters.ChoiceFilter(
        label=_("Alat"), method="with_tools", choices=[("out", _("Belum dihitung kembali"))]
    )
    instructor = filters.ModelChoiceFilter(
        label=_("Instruktur"),
        queryset=lambda request: Instructor.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    since = filters.DateFilter(
        label=_("Dari tanggal"),
        field_name="during__startswith__date",
        lookup_expr="gte",
        widget=DayInput,
    )
    until = filters.DateFilter(
        label=_("Sampai tanggal"),
        field_name="during__startswith__date",
        lookup_expr="lte",
        widget=DayInput,
    )

    class Meta:
        model = Meeting
        fields = ("batch", "state", "attendance", "tools", "instructor")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request.user.is_liaison:
            del self.filters["tools"]  # the prison's own

    def with_attendance(self, queryset, name, value):
        return queryset.to_mark()

    def with_tools(self, queryset, name, value):
        return queryset.with_tools_out()


class InstructorFilter(FilterSet):
    q = TextFilter(label=_("Cari nama atau keahlian"), method="search")
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    active = filters.BooleanFilter(label=_("Masih mengajar"), field_name="is_active")

    class Meta:
        model = Instructor
        fields = ("q", "agency", "active")

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(expertise__icontains=value))


class RoomFilter(FilterSet):
    active = filters.BooleanFilter(label=_("Masih dipakai"), field_name="is_active")

    class Meta:
        model = Room
        fields = ("active",)


class CertificateFilter(FilterSet):
    q = TextFilter(label=_("Cari nomor atau program"), method="search")
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=CertificateKind.choices)
    standing = filters.ChoiceFilter(
        label=_("Keadaan"), method="with_standing", choices=Standing.choices
    )
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), to_field_name="public_id"
    )
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    year = YearFilter(label=_("Tahun terbit"), field_name="issued_on")
    recorded = RecordedFilter(label=_("Dicatat sejak"))

    class Meta:
        model = Certificate
        fields = ("q", "kind", "standing", "course", "agency", "year", "recorded")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(number__icontains=value)
            | Q(registration_number__icontains=value)
            | Q(title__icontains=value)
            | Q(scheme__icontains=value)
        )

    def with_standing(self, queryset, name, value):
        return {
            Standing.VALID: queryset.valid,
            Standing.EXPIRING: queryset.expiring,
            Standing.EXPIRED: queryset.expired,
            Standing.REVOKED: queryset.revoked,
        }[value]()
