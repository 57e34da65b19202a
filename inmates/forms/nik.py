from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper


class NikForm(forms.Form):
    nik = forms.CharField(
        label=_("NIK"),
        max_length=30,
        help_text=_("16 angka menurut KTP-el atau surat perekaman. Tersimpan terenkripsi."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    helper = helper("nik")
