from django.contrib import admin

from accounts.admin import ReadOnly, WithHistory
from training.models import (
    Attendance,
    Batch,
    Candidate,
    Certificate,
    CompetencyUnit,
    Course,
    Decree,
    Enrolment,
    Hearing,
    Instructor,
    Meeting,
    Room,
    SlotProposal,
    Trade,
    WaitingEntry,
)


@admin.register(Trade)
class TradeAdmin(admin.ModelAdmin):
    search_fields = ("name",)


@admin.register(Course)
class CourseAdmin(WithHistory):
    """The catalogue; units, tools and what a course asks of people are set on its page."""

    list_display = ("code", "name", "trade", "kkni_level", "jp", "is_offered")
    fields = ("trade", "code", "name", "kkni_level", "jp", "package_seats", "is_offered")
    list_filter = ("trade", "is_offered")
    search_fields = ("code", "name")


@admin.register(CompetencyUnit)
class CompetencyUnitAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "standard")
    search_fields = ("code", "name", "standard")


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    list_display = ("name", "course", "facility", "agency", "starts_on", "state", "seats_taken")
    list_filter = ("state", "facility")
    list_select_related = ("course", "facility", "agency")
    search_fields = ("name", "course__name", "agency__name")


@admin.register(SlotProposal)
class SlotProposalAdmin(ReadOnly):
    list_display = ("batch", "round", "side", "seats", "respond_by", "state", "recorded_channel")
    list_filter = ("state", "side", "recorded_channel")
    list_select_related = ("batch",)
    search_fields = ("batch__name", "agency__name")


@admin.register(Hearing)
class HearingAdmin(ReadOnly):
    list_display = ("number", "batch", "held_on", "state")
    list_filter = ("state",)
    list_select_related = ("batch",)
    search_fields = ("number", "batch__name")


@admin.register(Candidate, Decree, Enrolment)
class NamesPeopleAdmin(ReadOnly):
    """Rows about persons stand here without a name: register data is not the admin's."""

    list_display = ("public_id", "batch", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("batch",)
    search_fields = ("batch__name", "public_id")
    fields = ("public_id", "batch", "state", "created_at", "created_by")


@admin.register(WaitingEntry)
class WaitingEntryAdmin(ReadOnly):
    """Without names, like the other rows about persons."""

    list_display = ("public_id", "course", "facility", "asked_on", "state")
    list_filter = ("state", "facility")
    list_select_related = ("course", "facility")
    search_fields = ("course__name", "public_id")
    fields = ("public_id", "course", "facility", "asked_on", "asked_by", "state", "created_at")


@admin.register(Meeting)
class MeetingAdmin(ReadOnly):
    list_display = ("batch", "number", "during", "state", "facility")
    list_filter = ("state", "facility")
    list_select_related = ("batch", "facility")
    search_fields = ("batch__name", "topic")


@admin.register(Attendance)
class AttendanceAdmin(ReadOnly):
    """Without names and notes, like the other rows about persons."""

    list_display = ("enrolment", "meeting", "code", "jp", "changed_at")
    list_filter = ("code",)
    list_select_related = ("enrolment", "meeting")
    search_fields = ("enrolment__participant_code",)
    fields = ("enrolment", "meeting", "code", "jp", "changed_at", "created_by")


@admin.register(Instructor)
class InstructorAdmin(ReadOnly):
    list_display = ("name", "agency", "expertise", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("agency",)
    search_fields = ("name", "expertise")
    fields = ("name", "agency", "expertise", "is_active", "created_at", "created_by")


@admin.register(Room)
class RoomAdmin(ReadOnly):
    list_display = ("name", "facility", "capacity", "is_active")
    list_filter = ("facility", "is_active")
    list_select_related = ("facility",)
    search_fields = ("name",)


@admin.register(Certificate)
class CertificateAdmin(ReadOnly):
    """Without names and numbers of people, like the other rows about persons."""

    list_display = ("number", "kind", "issuer", "facility", "issued_on", "valid_until", "state")
    list_filter = ("kind", "state", "facility")
    list_select_related = ("facility",)
    search_fields = ("number", "registration_number", "issuer", "public_id")
    fields = (
        *("public_id", "facility", "agency", "course", "kind", "issuer", "number", "scheme"),
        *("issued_on", "valid_until", "state", "state_at", "created_at", "created_by"),
    )
