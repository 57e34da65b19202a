from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import ReadOnly, WithHistory
from correspondence import sources
from correspondence.kinds import get
from correspondence.models import (
    Letter,
    Letterhead,
    LetterSeries,
    Mail,
    Notice,
    ReminderPolicy,
    SweepRun,
)
from correspondence.services import mail


class ReminderPolicyForm(forms.ModelForm):
    """Kind and audience are chosen from what the apps have registered."""

    class Meta:
        model = ReminderPolicy
        fields = ("facility", "kind", "offsets", "audience", "escalate_after", "escalation")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(source.kind, get(source.kind).label) for source in sources.all_sources()]
        self.fields["kind"] = forms.ChoiceField(label=self.fields["kind"].label, choices=kinds)
        self.fields["audience"] = forms.MultipleChoiceField(
            label=self.fields["audience"].label,
            choices=list(sources.words().items()),
            widget=forms.CheckboxSelectMultiple,
        )


@admin.register(ReminderPolicy)
class ReminderPolicyAdmin(WithHistory):
    form = ReminderPolicyForm
    list_display = ("kind", "facility", "offsets", "audience", "escalate_after", "escalation")
    list_filter = ("kind",)
    list_select_related = ("facility",)
    search_fields = ("kind", "facility__name", "facility__code")


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("created_at", "recipient", "kind", "due", "offset_days", "state", "mail")
    list_filter = ("state", "kind", "facility")
    list_select_related = ("recipient", "mail")
    search_fields = ("recipient__email", "recipient__name", "kind")
    date_hierarchy = "due"


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = ("created_at", "recipient", "subject", "state", "attempts", "last_error")
    list_filter = ("state", "digest_on")
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "subject", "message_id", "last_error")
    actions = ("retry",)

    def get_exclude(self, request, obj=None):
        # A single-use link is its reader's.
        return ("body", "address") if obj and obj.secret else None

    def has_retry_permission(self, request):
        return request.user.has_perm("correspondence.change_mail")

    @admin.action(description=_("Kirim ulang surel yang gagal"), permissions=["retry"])
    def retry(self, request, queryset):
        count = mail.retry(mails=queryset)
        words = ngettext("%(count)s surel diantre lagi.", "%(count)s surel diantre lagi.", count)
        self.message_user(request, words % {"count": count})


@admin.register(SweepRun)
class SweepRunAdmin(ReadOnly):
    list_display = ("at", "today", "created", "cancelled")
    date_hierarchy = "at"


@admin.register(LetterSeries)
class LetterSeriesAdmin(WithHistory):
    list_display = ("kind", "facility", "mode", "pattern", "counter_year", "counter")
    list_filter = ("facility", "mode")
    list_select_related = ("facility",)
    search_fields = ("kind", "pattern")
    readonly_fields = ("counter_year", "counter")


class LetterheadForm(forms.ModelForm):
    """One line of the head a row, from top to bottom."""

    lines = SimpleArrayField(
        forms.CharField(max_length=120),
        label=_("Baris kop surat"),
        delimiter="\n",
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=_("Satu baris kop per baris, dari atas ke bawah."),
    )

    class Meta:
        model = Letterhead
        fields = ("facility", "starts_on", "lines", "address")


@admin.register(Letterhead)
class LetterheadAdmin(WithHistory):
    form = LetterheadForm
    list_display = ("facility", "starts_on", "__str__")
    list_filter = ("facility",)
    list_select_related = ("facility",)


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    list_display = ("number", "subject", "facility", "dated", "state")
    list_filter = ("state", "kind", "facility")
    list_select_related = ("facility",)
    search_fields = ("number", "subject")
    exclude = ("data",)  # names participants: read it through its object's page
