from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from training.models import Candidate


class PrepareForm(forms.Form):
    """Approved candidates picked for the decree; the template draws the boxes."""

    candidates = forms.ModelMultipleChoiceField(
        label=_("Peserta dalam SK"),
        queryset=Candidate.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("Pilih paling sedikit satu orang.")},
    )

    def __init__(self, *args, batch, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["candidates"].queryset = Candidate.objects.visible_to(user).filter(batch=batch)


class SendBackForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pengembalian"), max_length=250)
    helper = helper("reason")


class IssueForm(forms.Form):
    """Nothing to type: it carries the refusal, when there is one."""
