from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from training.models import Course
from training.states import Asker


class AddForm(forms.Form):
    course = forms.ModelChoiceField(label=_("Program"), queryset=Course.objects.none())
    asked_on = day(label=_("Meminta sejak"), initial=timezone.localdate)
    asked_by = forms.ChoiceField(label=_("Atas usul"), choices=Asker.choices)
    helper = helper("course", Row(Column("asked_on"), Column("asked_by")))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.visible_to(user).offered()


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Alasan tidak menunggu lagi"), max_length=250)
    helper = helper("reason")
