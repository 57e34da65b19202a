from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from inmates.states import LEAVES, CircumstanceKind
from placements.models import CircumstancePolicy
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
class CircumstancePolicyAdmin(admin.ModelAdmin):
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
