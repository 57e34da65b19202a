from uuid import UUID

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.history import timeline
from accounts.models import AccessRecord, Facility, Holiday, Posting, Pulse, SignIn, User


class ReadOnly(admin.ModelAdmin):
    """For models with a state or a record: searchable, never changed here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WithHistory(admin.ModelAdmin):
    """For what is changed here: its page of history tells what the database recorded."""

    def history_view(self, request, object_id, extra_context=None):
        thing = self.get_object(request, object_id)
        entries = timeline(thing, request.user) if thing is not None else []
        return super().history_view(
            request, object_id, {"entries": entries, **(extra_context or {})}
        )


class PostingForm(forms.ModelForm):
    """A posting that stands is ended by a hand-over, so that its work is not left behind."""

    FIXED = ("user", "facility", "role", "starts", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.FIXED:
                if name in self.fields:
                    self.fields[name].disabled = True
            self.fields["until"].help_text = _(
                "Diakhiri lewat serah terima: Kasi atau Kalapas membuka halaman Jabatan."
            )


class PostingInline(admin.TabularInline):
    model = Posting
    form = PostingForm
    fk_name = "user"
    extra = 0
    can_delete = False
    fields = ("facility", "role", "title", "acting", "starts", "until")


@admin.register(User)
class UserAdmin(WithHistory, DjangoUserAdmin):
    ordering = ("email",)
    list_display = ("email", "name", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("email", "name")
    filter_horizontal = ()
    inlines = (PostingInline,)
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "nip", "phone", "kind", "language")}),
        (_("Akses data warga binaan"), {"fields": ("looks",)}),
        (_("Hak"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "kind", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("looks",)

    @admin.display(description=_("Yang dilihat dan dilakukan"))
    def looks(self, user):
        if user.pk is None:
            return ""
        records = reverse("admin:accounts_accessrecord_changelist")
        links = [
            (reverse("reports:user-report", args=[user.public_id]), _("Laporan pengguna")),
            (f"{records}?{urlencode({'user_email__exact': user.email})}", _("Catatan akses")),
            (reverse("reports:breach-list"), _("Daftar insiden data")),
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def save_model(self, request, obj, form, change):
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)
        EmailAddress.objects.get_or_create(
            user=obj, email=obj.email, defaults={"verified": True, "primary": True}
        )


@admin.register(Facility)
class FacilityAdmin(WithHistory):
    list_display = ("code", "name", "city")
    search_fields = ("code", "name")


@admin.register(Posting)
class PostingAdmin(WithHistory):
    form = PostingForm
    list_display = ("user", "facility", "role", "acting", "starts", "until")
    list_filter = ("facility", "role")
    list_select_related = ("user", "facility", "role")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ("day", "name")
    date_hierarchy = "day"
    search_fields = ("name",)


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnly):
    """What did this user see, and who saw this person: people stand here by public id only."""

    list_display = ("at", "user_email", "act", "path", "people", "address")
    list_filter = ("act", ("at", admin.DateFieldListFilter))
    date_hierarchy = "at"
    search_fields = ("user_email__istartswith",)
    search_help_text = _("Alamat surel pengguna, atau ID publik seorang warga binaan.")
    show_full_result_count = False

    @admin.display(description=_("warga binaan"))
    def people(self, record):
        return len(record.subjects)

    def get_search_results(self, request, queryset, search_term):
        try:
            person = UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        return queryset.about([person]), False


@admin.register(SignIn)
class SignInAdmin(ReadOnly):
    list_display = ("at", "user_email", "kind", "address", "agent")
    list_filter = ("kind", ("at", admin.DateFieldListFilter))
    date_hierarchy = "at"
    search_fields = ("user_email__istartswith",)
    show_full_result_count = False


admin.site.empty_value_display = "—"


@admin.register(Pulse)
class PulseAdmin(ReadOnly):
    list_display = ("kind", "name", "at", "count", "detail")
    list_filter = ("kind",)
    search_fields = ("name",)


class SecondFactorAdmin(ReadOnly):
    """Who has which second factor, to take one away that was lost; never its secret."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
