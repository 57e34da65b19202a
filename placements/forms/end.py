"""What the panel of a button asks before something ends."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonNeeded(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=250)
