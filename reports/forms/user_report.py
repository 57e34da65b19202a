from datetime import datetime, time, timedelta

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from reports.forms.breach import check_order

DAYS = 30


class PeriodForm(forms.Form):
    """From one day to another, both included; without a choice the last 30 days."""

    since = day(label=_("Dari tanggal"))
    until = day(label=_("Sampai tanggal"))
    helper = helper(Row(Column("since"), Column("until")))

    def __init__(self, data):
        today = timezone.localdate()
        given = {"since": today - timedelta(days=DAYS), "until": today}
        super().__init__(data.dict() if "since" in data else given)

    def clean(self):
        cleaned = super().clean()
        check_order(self, cleaned)
        return cleaned

    @property
    def bounds(self):
        """The first moment, and the first one after."""
        last = self.cleaned_data["until"] + timedelta(days=1)
        days = (self.cleaned_data["since"], last)
        return [timezone.make_aware(datetime.combine(each, time())) for each in days]
