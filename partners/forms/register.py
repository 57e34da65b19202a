"""What one writes about an agreement for supervision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper, text
from partners.register import LONGEST


class ReportForm(forms.Form):
    background = text(
        rows=5,
        label=_("Latar belakang"),
        required=False,
        max_length=LONGEST,
        help_text=_("Mengapa perjanjian ini dibuat."),
    )
    implementation = text(
        rows=5,
        label=_("Pelaksanaan"),
        required=False,
        max_length=LONGEST,
        help_text=_("Apa yang sudah dilaksanakan sampai sekarang."),
    )
    benefit = text(
        rows=5,
        label=_("Manfaat"),
        required=False,
        max_length=LONGEST,
        help_text=_("Apa hasilnya bagi Warga Binaan dan bagi para pihak."),
    )
    helper = helper("background", "implementation", "benefit")
