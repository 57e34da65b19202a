from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper


class LimitForm(forms.Form):
    asked_on = day(label=_("Diminta pada"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=250,
        help_text=_("Kata orangnya, mis. datanya sedang disanggah. Tertulis di berkasnya."),
    )
    helper = helper("asked_on", "reason")


class LiftForm(forms.Form):
    reason = forms.CharField(label=_("Alasan mencabut"), max_length=250)
    helper = helper("reason")
