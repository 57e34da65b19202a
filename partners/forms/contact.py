from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Nama"), max_length=120)
    title = forms.CharField(label=_("Jabatan"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Telepon"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("Misalnya 0812-3456-7890."),
    )
    email = forms.EmailField(label=_("Alamat e-mail"), required=False)
    note = forms.CharField(
        label=_("Catatan"),
        max_length=200,
        required=False,
        help_text=_("Untuk urusan apa, dan kapan bisa dihubungi."),
    )

    helper = helper("name", "title", Row(Column("phone"), Column("email")), "note")
