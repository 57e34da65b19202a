from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from training.states import LeaveCause

CAUSES = [("", _("Pilih sebabnya")), *LeaveCause.choices]


class SuspendForm(forms.Form):
    cause = forms.ChoiceField(label=_("Sebab"), choices=CAUSES)
    reason = forms.CharField(
        label=_("Keterangan"),
        max_length=250,
        help_text=_("Untuk lapas saja; instansi hanya mengetahui kodenya."),
    )
    helper = helper("cause", "reason")


class DropForm(forms.Form):
    cause = forms.ChoiceField(label=_("Sebab"), choices=CAUSES)
    dropped_on = day(label=_("Keluar pada"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Keterangan"),
        max_length=250,
        help_text=_("Untuk lapas saja; instansi hanya mengetahui kodenya."),
    )
    helper = helper(Row(Column("cause"), Column("dropped_on")), "reason")


class ResumeForm(forms.Form):
    """Nothing to type: it carries the refusal, when there is one."""
