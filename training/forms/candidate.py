from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from inmates.models import Inmate


class ProposeForm(forms.Form):
    """People picked from the list; the template draws the boxes beside each person's results."""

    people = forms.ModelMultipleChoiceField(
        label=_("Warga Binaan"),
        queryset=Inmate.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": _("Pilih paling sedikit satu orang."),
            "invalid_choice": _("Ada orang yang tidak bisa Anda usulkan."),
        },
    )
    override_reason = forms.CharField(
        label=_("Alasan pengecualian"),
        max_length=250,
        required=False,
        help_text=_("Hanya bila mengusulkan orang yang belum memenuhi syarat; alasan tersimpan."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = Inmate.objects.visible_to(user)

    def picked(self):
        """Ids of the boxes that were ticked, also when the form came back with an error."""
        return set(self.data.getlist("people")) if self.is_bound else set()


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Alasan mundur"), max_length=250)
    helper = helper("reason")
