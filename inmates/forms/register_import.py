from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Facility
from accounts.permissions import may


class RegisterUploadForm(forms.Form):
    """A register file of one of the prisons where `user` may import."""

    facility = forms.ModelChoiceField(label=_("Lapas"), queryset=Facility.objects.none())
    file = forms.FileField(
        label=_("Berkas register"),
        help_text=_("Hasil “Pencarian Kompleks” dari SDP, CSV atau XLSX."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        allow_empty_file=True,
    )
    as_of = forms.DateField(
        label=_("Data per tanggal"),
        required=False,
        help_text=_("Kosongkan bila tanggalnya tertulis di judul berkas, atau bila hari ini."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = [pk for pk in user.facility_ids if may(user, "import_register", pk)]
        prisons = Facility.objects.visible_to(user).filter(pk__in=allowed)
        self.fields["facility"].queryset = prisons
        if len(allowed) == 1:
            self.fields["facility"].initial = allowed[0]
            self.fields["facility"].required = False
            self.fields["facility"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("facility", "file", "as_of")

    def clean_facility(self):
        prisons = self.fields["facility"].queryset
        return self.cleaned_data["facility"] or prisons.get()
