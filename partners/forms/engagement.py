from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.forms.layout import day, helper, text
from partners.models import Agency
from partners.states import EngagementKind

OWNERS = (roles.OFFICER, roles.HEAD, roles.WARDEN, roles.REGISTRAR, roles.SECRETARIAT)
ITEMS = 3


class EngagementForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    kind = forms.ChoiceField(label=_("Jenis"), choices=EngagementKind.choices)
    held_on = day(label=_("Tanggal"), initial=timezone.localdate)
    purpose = forms.CharField(label=_("Maksud"), max_length=250)
    delegation = text(label=_("Rombongan lapas"), help_text=_("Satu orang per baris."))
    hosts = text(label=_("Pihak instansi"), required=False, help_text=_("Satu orang per baris."))
    result = text(rows=4, label=_("Hasil"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agency"].to_field_name = "public_id"
        self.helper = helper(
            "agency",
            Row(Column("kind"), Column("held_on")),
            "purpose",
            Row(Column("delegation"), Column("hosts")),
            "result",
        )


class ActionItemForm(forms.Form):
    """One promise. A row without a word and without a day is no promise, whatever its post."""

    what = forms.CharField(label=_("Yang dijanjikan"), max_length=250, required=False)
    owner_role = forms.ChoiceField(
        label=_("Tugas jabatan"),
        choices=[(role, roles.ROLE_LABELS[role]) for role in OWNERS],
        required=False,
    )
    due = day(label=_("Batas waktu"), required=False)

    helper = helper(
        "what", Row(Column("owner_role", css_class="col-sm"), Column("due", css_class="col-sm"))
    )

    def clean(self):
        cleaned = super().clean()
        if self.is_promise:
            for name in ("what", "owner_role", "due"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Lengkapi, atau kosongkan seluruh barisnya."))
        return cleaned

    @property
    def is_promise(self):
        return bool(self.cleaned_data.get("what") or self.cleaned_data.get("due"))


class _ActionItems(forms.BaseFormSet):
    def promised(self):
        """What was typed, as the service wants it; rows left empty are nothing."""
        return [row.cleaned_data for row in self if row.is_promise]


ActionItemFormSet = forms.formset_factory(
    ActionItemForm, formset=_ActionItems, extra=ITEMS, max_num=ITEMS, validate_max=True
)
