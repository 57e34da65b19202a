from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper


class RestrictionForm(forms.Form):
    """`kinds` are the choices that the writer's post may write."""

    kind = forms.ChoiceField(label=_("Jenis"))
    starts = day(label=_("Mulai"), initial=timezone.localdate)
    until = day(
        label=_("Sampai"),
        required=False,
        help_text=_("Hari terakhir; kosong: sampai dicabut."),
    )
    note = forms.CharField(
        label=_("Dasar"),
        max_length=120,
        required=False,
        help_text=_("Nomor surat atau halaman register; tanpa pelanggaran, tanpa diagnosis."),
    )
    helper = helper("kind", Row(Column("starts"), Column("until")), "note")

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


class LiftForm(forms.Form):
    until = day(label=_("Hari terakhir berlaku"), initial=timezone.localdate)
    helper = helper("until")


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Mengapa salah"), max_length=200)
    helper = helper("reason")
