from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper


class TakeForm(forms.Form):
    """Nothing to type: it carries the refusal, when there is one."""


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("Mengapa tidak mau"), max_length=250)
    helper = helper("reason")


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Alasan menarik tawaran"), max_length=250)
    to_next = forms.BooleanField(
        label=_("Tawarkan kursi ini kepada cadangan berikutnya"), required=False, initial=True
    )
    helper = helper("reason", "to_next")
