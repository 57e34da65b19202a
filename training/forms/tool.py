"""What a workshop counts on a phone: tools that go out, and how many came back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from training.forms.lines import Lines
from training.services.tools import NAME_LENGTH, QUANTITY_MOST

BLANK_ROWS = 3
BIG = {"class": "form-control count-field", "inputmode": "numeric"}


class ItemForm(forms.Form):
    """A line of what goes out; without a number it stays in the store."""

    name = forms.CharField(
        label=_("Alat"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _("Alat lain")}),
    )
    quantity = forms.IntegerField(
        label=_("Jumlah"),
        min_value=0,
        max_value=QUANTITY_MOST,
        required=False,
        widget=forms.NumberInput(attrs=BIG),
    )

    def clean(self):
        typed = super().clean()
        if typed.get("quantity") and not (typed.get("name") or "").strip():
            self.add_error("name", _("Tulis nama alatnya."))
        return typed


ItemFormSet = forms.formset_factory(ItemForm, formset=Lines, extra=0, max_num=100)


def items_form(data=None, usual=()):
    """The lines that usually go out, and blank ones."""
    lines = [{"name": name, "quantity": count} for name, count in usual]
    lines += [{} for _line in range(BLANK_ROWS)]
    return ItemFormSet(data, initial=lines, prefix="out")


class BackForm(forms.Form):
    """One number a tool that is still out; `all` counts every one shown as complete."""

    def __init__(self, *args, checks, **kwargs):
        super().__init__(*args, **kwargs)
        self.checks = list(checks)
        for check in self.checks:
            self.fields[str(check.public_id)] = forms.IntegerField(
                label=check.name,
                min_value=0,
                max_value=check.quantity_out,
                required=False,
                widget=forms.NumberInput(attrs=BIG),
            )

    def clean(self):
        typed = super().clean()
        if not self.errors and not self.counts():
            raise forms.ValidationError(_("Isi jumlah yang kembali untuk sedikitnya satu alat."))
        return typed

    def lines(self):
        """Pairs (check, field) of what nobody has counted yet."""
        return [
            (check, self[str(check.public_id)])
            for check in self.checks
            if check.quantity_in is None
        ]

    def counts(self):
        """`{check: how many}`, as `tools.bring_back_all` takes it."""
        shown = [check for check in self.checks if str(check.public_id) in self.data]
        if "all" in self.data:
            return {check: check.quantity_out for check in shown}
        typed = {check: self.cleaned_data.get(str(check.public_id)) for check in shown}
        return {check: count for check, count in typed.items() if count is not None}


class CountForm(forms.Form):
    """A count set right, with a reason."""

    quantity = forms.IntegerField(
        label=_("Jumlah yang benar"), min_value=0, max_value=QUANTITY_MOST, widget=forms.NumberInput
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=200,
        help_text=_("Misalnya: ditemukan di lemari bengkel oleh instruktur."),
    )
    helper = helper("quantity", "reason")


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan membuka pintu"),
        max_length=250,
        help_text=_("Misalnya: bengkel dan kamar digeledah, alat dicatat hilang."),
    )
    helper = helper("reason")
