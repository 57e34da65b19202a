from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from partners.models import Agency, Agreement
from training.models import Course


class BatchForm(forms.Form):
    course = forms.ModelChoiceField(label=_("Program"), queryset=Course.objects.none())
    name = forms.CharField(
        label=_("Nama angkatan"), max_length=120, help_text=_("Misalnya: Angkatan I 2027.")
    )
    agency = forms.ModelChoiceField(label=_("Instansi pelatih"), queryset=Agency.objects.none())
    agreement = forms.ModelChoiceField(
        label=_("Perjanjian"),
        queryset=Agreement.objects.none(),
        required=False,
        help_text=_("Harus berlaku pada seluruh masa pelatihan."),
    )
    exception = forms.CharField(
        label=_("Dasar tanpa perjanjian"),
        max_length=250,
        required=False,
        help_text=_("Hanya bila tidak ada perjanjian: kontrak DIPA, surat tugas."),
    )
    starts_on = day(label=_("Mulai"))
    ends_on = day(label=_("Selesai"))
    place = forms.CharField(label=_("Tempat"), max_length=150, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.visible_to(user)
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agreement"].queryset = (
            Agreement.objects.visible_to(user).usable().order_by("title")
        )
        self.helper = helper(
            "course",
            "name",
            "agency",
            Row(Column("agreement"), Column("exception")),
            Row(Column("starts_on"), Column("ends_on")),
            "place",
        )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=250)
    helper = helper("reason")
