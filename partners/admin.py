from django.contrib import admin

from accounts.admin import ReadOnly
from partners.models import ActionItem, Agency, Agreement, Engagement, Liaison, Partnership


class PartnershipInline(admin.TabularInline):
    model = Partnership
    extra = 0
    fields = ("facility",)


class LiaisonInline(admin.TabularInline):
    """To read: the head of a partner prison invites, suspends and ends them."""

    model = Liaison
    extra = 0
    fields = readonly_fields = ("user", "title", "starts", "until", "suspended_at")
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "parent", "city")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "city")
    autocomplete_fields = ("parent",)
    inlines = (PartnershipInline, LiaisonInline)


@admin.register(Partnership)
class PartnershipAdmin(admin.ModelAdmin):
    list_display = ("facility", "agency")
    list_filter = ("facility",)
    list_select_related = ("facility", "agency")
    search_fields = ("agency__name",)
    autocomplete_fields = ("agency",)


@admin.register(Liaison)
class LiaisonAdmin(ReadOnly):
    list_display = ("user", "agency", "title", "starts", "until", "suspended_at")
    list_select_related = ("user", "agency")
    search_fields = ("user__name", "user__email", "agency__name")


@admin.register(Agreement)
class AgreementAdmin(ReadOnly):
    list_display = ("title", "agency", "facility", "our_number", "ends_on", "state")
    list_filter = ("state", "kind", "facility")
    list_select_related = ("agency", "facility")
    search_fields = ("title", "our_number", "their_number", "agency__name")
    date_hierarchy = "ends_on"


@admin.register(Engagement)
class EngagementAdmin(ReadOnly):
    list_display = ("held_on", "purpose", "agency", "facility", "kind")
    list_filter = ("kind", "facility")
    list_select_related = ("agency", "facility")
    search_fields = ("purpose", "result", "agency__name")
    date_hierarchy = "held_on"


@admin.register(ActionItem)
class ActionItemAdmin(ReadOnly):
    list_display = ("what", "agency", "owner_role", "due", "done_at")
    list_filter = ("facility",)
    list_select_related = ("agency", "owner_role")
    search_fields = ("what", "agency__name")
    date_hierarchy = "due"
