"""The CV of a person: their own words, what they agree to share, and their approval."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper, text
from placements.employment import CVPart
from placements.models import CurriculumVitae
from placements.services.cv import WRITTEN


def _longest(name):
    return CurriculumVitae._meta.get_field(name).max_length


class CVForm(forms.Form):
    """`cv` is the text that stands there; without one, `known` is what the office knows already."""

    summary = text(
        rows=3,
        label=_("Tentang saya"),
        required=False,
        max_length=_longest("summary"),
        help_text=_("Dua atau tiga kalimat, dengan kata-kata orangnya sendiri."),
    )
    wishes = text(
        rows=2, label=_("Pekerjaan yang saya cari"), required=False, max_length=_longest("wishes")
    )
    experience = text(
        rows=5,
        label=_("Pengalaman kerja"),
        required=False,
        max_length=_longest("experience"),
        help_text=_("Satu pekerjaan per baris: pekerjaan, tempat, tahun."),
    )
    abilities = text(
        rows=4,
        label=_("Yang bisa saya kerjakan"),
        required=False,
        max_length=_longest("abilities"),
        help_text=_("Satu keahlian per baris."),
    )
    phone = forms.CharField(
        label=_("Telepon atau WhatsApp"),
        required=False,
        max_length=_longest("phone"),
        help_text=_("Boleh milik keluarga; tulis namanya."),
    )
    email = forms.EmailField(label=_("Email"), required=False)
    shares = forms.MultipleChoiceField(
        label=_("Yang boleh dibagikan"),
        required=False,
        choices=CVPart.choices,
        initial=CVPart.values,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nama selalu tercantum. Tanyakan satu per satu kepada orangnya."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    helper = helper(
        Fieldset(_("Kata-kata sendiri"), "summary", "wishes", "experience", "abilities"),
        Fieldset(_("Kontak"), Row(Column("phone"), Column("email"))),
        Fieldset(_("Persetujuan orangnya"), "shares"),
    )

    def __init__(self, *args, cv=None, known=None, **kwargs):
        standing = {name: getattr(cv, name) for name in WRITTEN} if cv else (known or {})
        super().__init__(*args, initial=standing, **kwargs)


class ApproveForm(forms.Form):
    on = day(label=_("Dibaca dan disetujui orangnya pada"), initial=timezone.localdate)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    helper = helper("on")
