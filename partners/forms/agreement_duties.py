"""What each side has to do: rows of a form, and how one is done."""

from crispy_forms.layout import Column, Row
from dateutil.relativedelta import relativedelta
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from partners.forms.uploads import scan_field
from partners.states import Party

ROWS, ROWS_MOST = 3, 20


class DutyForm(forms.Form):
    """One duty. A row without words and without a day is none, whatever its side."""

    party = forms.ChoiceField(label=_("Kewajiban"), choices=Party.choices, required=False)
    what = forms.CharField(label=_("Uraian"), max_length=250, required=False)
    due = day(label=_("Paling lambat"), required=False)

    helper = helper(
        "what", Row(Column("party", css_class="col-sm"), Column("due", css_class="col-sm"))
    )

    def clean(self):
        cleaned = super().clean()
        if self.is_duty:
            for name in ("what", "party", "due"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Lengkapi, atau kosongkan seluruh barisnya."))
        return cleaned

    @property
    def is_duty(self):
        return bool(self.cleaned_data.get("what") or self.cleaned_data.get("due"))


class _Duties(forms.BaseFormSet):
    def written(self):
        """What was typed, as the service wants it; rows left empty are nothing."""
        return [row.cleaned_data for row in self if row.is_duty]


def duties(data, usual=()):
    """The rows: those usual ones that were asked for, and some empty ones."""
    formset = forms.formset_factory(
        DutyForm, formset=_Duties, extra=ROWS + len(usual), max_num=ROWS_MOST, validate_max=True
    )
    return formset(data, prefix="duties", initial=None if data else list(usual))


def usual_duties(agreement):
    """What such agreements usually ask, dated from the start of this one."""
    starts_on = agreement.starts_on or timezone.localdate()
    return [
        {"party": party, "what": what, "due": starts_on + relativedelta(months=months)}
        for party, what, months in settings.AGREEMENT_USUAL_DUTIES
    ]


class FinishForm(forms.Form):
    done_on = day(label=_("Dipenuhi pada"), initial=timezone.localdate)
    note = forms.CharField(label=_("Keterangan"), max_length=250, required=False)
    evidence = scan_field(label=_("Bukti"), required=False)
    helper = helper("done_on", "note", "evidence")


class DropForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan menghapus"),
        max_length=250,
        help_text=_("Mis. salah tulis, atau disepakati tidak berlaku. Tertulis dalam riwayat."),
    )
    helper = helper("reason")


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan membuka lagi"), max_length=250, help_text=_("Tertulis dalam riwayat.")
    )
    helper = helper("reason")


class Whole(forms.Form):
    """Stands for the page of rows: what is wrong with all of them together."""
