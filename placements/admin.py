from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly, WithHistory
from inmates.states import LEAVES, CircumstanceKind
from placements.models import CircumstancePolicy, Employer, FollowUp, Vacancy
from placements.states import Effect


class PolicyForm(forms.ModelForm):
    class Meta:
        model = CircumstancePolicy
        fields = ("facility", "kind", "effect")

    def clean(self):
        cleaned = super().clean()
        kind, effect = cleaned.get("kind") or self.instance.kind, cleaned.get("effect")
        if kind in LEAVES and effect and effect != Effect.END:
            self.add_error("effect", _("Siapa yang sudah keluar tidak bisa melanjutkan."))
        if kind == CircumstanceKind.LIFTED and effect == Effect.END:
            self.add_error("effect", _("Pembatasan yang berakhir tidak menghentikan siapa pun."))
        return cleaned


@admin.register(CircumstancePolicy)
class CircumstancePolicyAdmin(WithHistory):
    """The national row of a kind stays; a prison's own row may come and go."""

    form = PolicyForm
    list_display = ("kind", "facility", "effect")
    list_filter = ("facility", "effect")
    list_select_related = ("facility",)
    search_fields = ("facility__name", "kind")
    actions = None

    def get_readonly_fields(self, request, obj=None):
        return ("facility", "kind") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (
            obj is not None and obj.facility_id is None
        )


@admin.register(Employer)
class EmployerAdmin(ReadOnly):
    """Without number and contacts: those of a private person are nobody's business here."""

    list_display = ("name", "kind", "region_code", "facility", "agency", "is_active")
    list_filter = ("kind", "openness", "is_active")
    list_select_related = ("facility", "agency")
    search_fields = ("name", "sector")
    exclude = ("identity_number", "address", "contact_name", "phone", "email")


@admin.register(Vacancy)
class VacancyAdmin(ReadOnly):
    list_display = ("title", "employer", "places_filled", "places", "closes_on", "state")
    list_filter = ("state", "facility")
    list_select_related = ("employer",)
    search_fields = ("title", "employer__name", "report_number")
    date_hierarchy = "closes_on"


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly):
    """Without names and what was learned, like the other rows about persons."""

    list_display = ("public_id", "months", "facility", "owner", "agency", "due_on", "state")
    list_filter = ("state", "owner", "months", "facility")
    list_select_related = ("facility", "agency")
    search_fields = ("public_id", "agency__name")
    fields = (*list_display, "created_at", "created_by")
