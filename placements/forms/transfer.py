from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from accounts.models import Facility
from inmates.states import RegisterClass


class AcceptForm(forms.Form):
    moved_on = day(label=_("Pindah pada"), help_text=_("Betulkan bila tanggalnya lain."))
    helper = helper("moved_on")


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan"), max_length=250, help_text=_("Dibaca oleh lapas yang meminta.")
    )
    helper = helper("reason")


class SendForm(forms.Form):
    destination = forms.ModelChoiceField(
        label=_("Lapas tujuan"), queryset=Facility.objects.none(), to_field_name="code"
    )
    moved_on = day(label=_("Pindah pada"), initial=timezone.localdate)
    helper = helper("destination", "moved_on")

    def __init__(self, *args, origin_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["destination"].queryset = Facility.objects.exclude(pk=origin_id)


class AskForm(forms.Form):
    person_key = forms.CharField(label=_("Nomor Induk SDP"), max_length=30)
    moved_on = day(label=_("Masuk di sini pada"), initial=timezone.localdate)
    register_number = forms.CharField(
        label=_("Nomor registrasi di sini"), max_length=40, required=False
    )
    register_class = forms.ChoiceField(
        label=_("Golongan registrasi"), choices=RegisterClass.choices, required=False
    )
    helper = helper("person_key", "moved_on", "register_number", "register_class")
