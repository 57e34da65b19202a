from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.forms.layout import day, helper, text
from accounts.models import User
from partners.forms.uploads import ScansField
from partners.models import Agency
from partners.states import EngagementKind

OWNERS = (roles.OFFICER, roles.HEAD, roles.WARDEN, roles.REGISTRAR, roles.SECRETARIAT)
ITEMS = 3
FILES_MOST = 10


class AttachForm(forms.Form):
    files = ScansField(
        label=_("Berkas"), most=FILES_MOST, help_text=_("PDF, JPEG atau PNG; boleh beberapa.")
    )

    helper = helper("files")


class EngagementForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    kind = forms.ChoiceField(label=_("Jenis"), choices=EngagementKind.choices)
    held_on = day(label=_("Tanggal"), initial=timezone.localdate)
    purpose = forms.CharField(label=_("Maksud"), max_length=250)
    delegation = text(label=_("Rombongan lapas"), help_text=_("Satu orang per baris."))
    hosts = text(label=_("Pihak instansi"), required=False, help_text=_("Satu orang per baris."))
    result = text(rows=4, label=_("Hasil"), required=False)

    helper = helper(
        "agency",
        Row(Column("kind"), Column("held_on")),
        "purpose",
        Row(Column("delegation"), Column("hosts")),
        "result",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agency"].to_field_name = "public_id"


class NewEngagementForm(EngagementForm):
    files = ScansField(
        label=_("Lampiran"),
        most=FILES_MOST,
        required=False,
        help_text=_("Surat, daftar hadir atau foto: PDF, JPEG atau PNG; boleh beberapa."),
    )

    helper = helper(*EngagementForm.helper.layout.fields, "files")


class PromiseForm(forms.Form):
    """A promise by itself: added afterwards, or corrected."""

    what = forms.CharField(label=_("Yang dijanjikan"), max_length=250)
    owner_role = forms.ChoiceField(
        label=_("Tugas jabatan"), choices=[(role, roles.ROLE_LABELS[role]) for role in OWNERS]
    )
    owner = forms.ModelChoiceField(
        label=_("Orangnya"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Siapa pun yang memegang jabatan itu"),
    )
    due = day(label=_("Batas waktu"))
    reason = forms.CharField(label=_("Alasan batas waktu dipindah"), max_length=250, required=False)

    def __init__(self, *args, owners, item=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners
        if item is None:
            del self.fields["reason"]
        elif item.owner_role_id not in OWNERS:
            self.fields["owner_role"].choices.append((item.owner_role_id, item.owner_label))
        self.helper = helper(
            "what",
            Row(Column("owner_role"), Column("owner")),
            "due",
            *(["reason"] if item else []),
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=250)


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
