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
    what = forms.CharField(label=_("Yang dijanjikan"), max_length=250)
    owner_role = forms.ChoiceField(
        label=_("Tugas jabatan"), choices=[(role, roles.ROLE_LABELS[role]) for role in OWNERS]
    )
    due = day(label=_("Batas waktu"))

    helper = helper(
        Row(
            Column("what", css_class="col-lg-6"),
            Column("owner_role", css_class="col-sm-6 col-lg-3"),
            Column("due", css_class="col-sm-6 col-lg-3"),
        )
    )


class _ActionItems(forms.BaseFormSet):
    def promised(self):
        """What was typed, as the service wants it; rows left empty are nothing."""
        return [row.cleaned_data for row in self if row.has_changed()]


ActionItemFormSet = forms.formset_factory(
    ActionItemForm, formset=_ActionItems, extra=ITEMS, max_num=ITEMS, validate_max=True
)
