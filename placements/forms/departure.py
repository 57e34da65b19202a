from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from inmates.states import LEAVES, CustodyEnd, RegisterClass

WAYS = [(way, label) for way, label in CustodyEnd.choices if way in LEAVES]


class LeaveForm(forms.Form):
    how = forms.ChoiceField(label=_("Cara keluar"), choices=WAYS, widget=forms.RadioSelect)
    on = day(label=_("Keluar pada"), initial=timezone.localdate)
    moved_to = forms.CharField(
        label=_("Pindah ke lapas"),
        max_length=60,
        required=False,
        help_text=_("Hanya untuk pindah lapas, bila tujuannya tidak memakai aplikasi ini."),
    )
    helper = helper("how", "on", "moved_to")


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Apa yang keliru"), max_length=250)
    helper = helper("reason")


class ReturnForm(forms.Form):
    starts = day(label=_("Masuk lagi pada"))
    register_number = forms.CharField(label=_("Nomor registrasi"), max_length=40, required=False)
    register_class = forms.ChoiceField(
        label=_("Golongan registrasi"), choices=RegisterClass.choices, required=False
    )
    helper = helper("starts", "register_number", "register_class")
