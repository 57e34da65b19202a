from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper, text
from accounts.models import Facility

MOST = 12  # activities of one report


class MonthInput(forms.DateInput):
    """The browser's own choice of a month."""

    input_type = "month"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m")


class BeginForm(forms.Form):
    facility = forms.ModelChoiceField(
        label=_("Lapas"), queryset=Facility.objects.none(), to_field_name="code"
    )
    month = forms.DateField(
        label=_("Bulan"), widget=MonthInput, input_formats=["%Y-%m", "%Y-%m-%d"]
    )
    helper = helper(Row(Column("facility"), Column("month")))

    def __init__(self, *args, prisons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["facility"].queryset = prisons
        self.fields["facility"].initial = prisons.first()
        last = timezone.localdate().replace(day=1) - timezone.timedelta(days=1)
        self.fields["month"].initial = last


class ActivityForm(forms.Form):
    """A line of work that is no training: who works there, and what it brought."""

    name = forms.CharField(label=_("Kegiatan"), max_length=80, required=False)
    men = forms.IntegerField(label=_("Laki-laki"), min_value=0, max_value=9999, required=False)
    women = forms.IntegerField(label=_("Perempuan"), min_value=0, max_value=9999, required=False)
    product = forms.CharField(label=_("Hasil produksi"), max_length=80, required=False)
    sales = forms.IntegerField(label=_("Penjualan (Rp)"), min_value=0, required=False)
    premium = forms.IntegerField(label=_("Premi (Rp)"), min_value=0, required=False)
    revenue = forms.IntegerField(label=_("PNBP (Rp)"), min_value=0, required=False)

    def clean(self):
        cleaned = super().clean()
        said = any(cleaned.get(name) for name in self.fields if name != "name")
        if said and not cleaned.get("name"):
            self.add_error("name", _("Sebutkan kegiatannya."))
        return cleaned

    @property
    def row(self):
        """As `monthly_paper.ACTIVITIES` orders it; None when nothing is typed."""
        said = self.cleaned_data
        if not said.get("name"):
            return None
        numbers = {
            name: said[name] or 0 for name in ("men", "women", "sales", "premium", "revenue")
        }
        return [
            *(said["name"], numbers["men"], numbers["women"], said["product"] or "–"),
            *(numbers["sales"], numbers["premium"], numbers["revenue"]),
        ]


class ActivityFormSet(forms.BaseFormSet):
    def clean(self):
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid()]
        known = [name.casefold() for name in names if name]
        if len(known) != len(set(known)):
            raise forms.ValidationError(_("Satu kegiatan tertulis dua kali."))

    @property
    def rows(self):
        return [form.row for form in self.forms if form.row]


ActivitySet = forms.formset_factory(
    ActivityForm, formset=ActivityFormSet, extra=3, max_num=MOST, validate_max=True
)


class WordsForm(forms.Form):
    obstacles = text(label=_("Kendala"), max_length=4000, required=False)
    plan = text(label=_("Rencana bulan depan"), max_length=4000, required=False)
    helper = helper("obstacles", "plan")
