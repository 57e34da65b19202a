from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import offered
from accounts.models import Facility
from partners.models import Agency
from partners.states import AgreementKind
from training.models import Course

BY_ID = {"to_field_name": "public_id", "required": False, "empty_label": _("Semua")}


# What each box offers its reader.
OFFERED = {
    "agency": Agency.objects.visible_to,
    "facility": Facility.objects.visible_to,
    "course": lambda reader: Course.objects.all(),
}


class ChoiceForm(forms.Form):
    """What a dashboard is narrowed by; `chosen` is what was understood of it."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none(), **BY_ID)
    facility = forms.ModelChoiceField(
        label=_("Lapas"),
        queryset=Facility.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Semua"),
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        for name in ("agency", "facility"):
            self.fields[name].queryset = OFFERED[name](user)
        if len(user.facility_ids) < 2:
            del self.fields["facility"]
        offered.narrowed(self, user, OFFERED)
        self.is_valid()

    @property
    def chosen(self):
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self):
        """The same as it stands in an address."""
        return {name: self.data[name] for name in self.chosen}


class YearForm(ChoiceForm):
    year = forms.IntegerField(label=_("Tahun"), min_value=1900, max_value=2100, required=False)
    course = forms.ModelChoiceField(label=_("Program"), queryset=Course.objects.all(), **BY_ID)
    field_order = ["year", "course", "agency", "facility"]


class PublishForm(forms.Form):
    year = forms.IntegerField(min_value=1900, max_value=2100)


class AgreementsForm(ChoiceForm):
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=[("", _("Semua")), *AgreementKind.choices], required=False
    )
    field_order = ["agency", "kind", "facility"]
