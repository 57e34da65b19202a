from django.contrib import admin

from accounts.admin import ReadOnly
from accounts.services import access
from inmates.models import (
    Absence,
    AptitudeAssessment,
    Circumstance,
    Consent,
    Custody,
    DataLimit,
    Document,
    ImportRun,
    Inmate,
    Restriction,
    Sentence,
    SkillProfile,
    Transfer,
)


class OfPeople(ReadOnly):
    """Rows that name people: each page of them that an admin opens is on record."""

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None:
            access.record(request, access.VIEW, map(_person_of, shown.result_list))
        return response

    def change_view(self, request, object_id, *args, **kwargs):
        row = self.get_object(request, object_id)
        if row is not None:
            access.record(request, access.VIEW, [_person_of(row)])
        return super().change_view(request, object_id, *args, **kwargs)

    def history_view(self, request, object_id, *args, **kwargs):
        row = self.get_object(request, object_id)
        if row is not None:
            access.record(request, access.VIEW, [_person_of(row)])
        return super().history_view(request, object_id, *args, **kwargs)


def _person_of(row):
    return row if isinstance(row, Inmate) else row.inmate


class CustodyInline(admin.TabularInline):
    model = Custody
    extra = 0
    can_delete = False
    fields = ("facility", "register_number", "register_class", "starts", "until", "ended_how")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Inmate)
class InmateAdmin(OfPeople):
    list_display = ("name", "person_key", "sex", "birth_date", "city")
    list_filter = ("sex",)
    search_fields = ("search_name", "person_key")
    exclude = ("nik_cipher", "nik_digest", "nik_key", "nik_last4", "search_name")
    readonly_fields = ("masked_nik",)
    inlines = (CustodyInline,)


@admin.register(Custody)
class CustodyAdmin(OfPeople):
    list_display = ("inmate", "facility", "register_number", "register_class", "starts", "until")
    list_filter = ("facility", "register_class")
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key", "register_number")


@admin.register(Sentence)
class SentenceAdmin(OfPeople):
    list_display = ("inmate", "as_of", "two_thirds", "expires", "released_on")
    list_select_related = ("inmate",)
    search_fields = ("inmate__search_name", "inmate__person_key")


@admin.register(Restriction)
class RestrictionAdmin(OfPeople):
    list_display = ("inmate", "facility", "kind", "starts", "until", "voided_at")
    list_filter = ("facility", "kind")
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key")

    def get_queryset(self, request):
        return Restriction.entries.all()


@admin.register(DataLimit)
class DataLimitAdmin(OfPeople):
    list_display = ("inmate", "facility", "asked_on", "lifted_on")
    list_filter = ("facility",)
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key")


@admin.register(Circumstance)
class CircumstanceAdmin(OfPeople):
    list_display = ("inmate", "facility", "kind", "effective", "decision", "created_at")
    list_filter = ("facility", "kind", "decision")
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key")
    date_hierarchy = "effective"


@admin.register(SkillProfile)
class SkillProfileAdmin(OfPeople):
    list_display = ("inmate", "interests", "languages")
    list_select_related = ("inmate",)
    search_fields = ("inmate__search_name", "inmate__person_key")


@admin.register(AptitudeAssessment)
class AptitudeAssessmentAdmin(OfPeople):
    list_display = ("inmate", "facility", "assessed_on", "recommended")
    list_filter = ("facility",)
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key")


@admin.register(Consent)
class ConsentAdmin(OfPeople):
    list_display = ("inmate", "facility", "purpose", "signed_on", "until", "withdrawn_on")
    list_filter = ("facility", "purpose")
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key")
    exclude = ("scan",)


@admin.register(Document)
class DocumentAdmin(OfPeople):
    list_display = ("inmate", "facility", "kind", "seen_on")
    list_filter = ("facility", "kind")
    list_select_related = ("inmate", "facility")
    search_fields = ("inmate__search_name", "inmate__person_key")
    exclude = ("scan",)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    list_display = ("file_name", "facility", "as_of", "state", "rows_total", "created_at")
    list_filter = ("facility", "state")
    list_select_related = ("facility",)
    search_fields = ("file_name",)
    exclude = ("file", "report")


@admin.register(Transfer)
class TransferAdmin(OfPeople):
    list_display = ("inmate", "origin", "destination", "moved_on", "state", "state_at")
    list_filter = ("origin", "destination", "state")
    list_select_related = ("inmate", "origin", "destination")
    search_fields = ("inmate__search_name", "inmate__person_key", "register_number")


@admin.register(Absence)
class AbsenceAdmin(OfPeople):
    list_display = ("inmate", "facility", "run", "decision", "decided_at", "decided_by")
    list_filter = ("facility", "decision")
    list_select_related = ("inmate", "facility", "run", "decided_by")
    search_fields = ("inmate__search_name", "inmate__person_key")
