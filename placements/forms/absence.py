from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day
from inmates.states import LEAVES, AbsenceDecision

DECISIONS = [
    (code, label)
    for code, label in AbsenceDecision.choices
    if code in (*LEAVES, AbsenceDecision.STILL_HERE)
]
LOOKS = {
    "pick": "form-check-input",
    "decision": "form-select form-select-sm",
    "on": "form-control form-control-sm",
    "moved_to": "form-control form-control-sm",
}


class AbsenceForm(forms.Form):
    """One row of the list; left empty, nothing is decided about it."""

    pick = forms.BooleanField(label=_("Pilih"), required=False)
    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("", "—"), *DECISIONS], required=False
    )
    on = day(label=_("Tanggal"), required=False)
    moved_to = forms.CharField(label=_("Pindah ke"), max_length=60, required=False)

    def __init__(self, data=None, *, absence):
        super().__init__(data, prefix=str(absence.public_id))
        self.absence = absence
        for name, field in self.fields.items():
            field.widget.attrs |= {
                "class": LOOKS[name],
                "aria-label": f"{field.label}: {absence.inmate.name}",
            }

    def said(self, together):
        """The arguments of the decision, or None; ticked rows without their own take `together`."""
        own = self.cleaned_data
        for chosen in (own, together if own["pick"] else {}):
            if chosen.get("decision"):
                return {
                    "absence": self.absence,
                    "decision": chosen["decision"],
                    "on": own["on"] or chosen["on"],
                    "moved_to": own["moved_to"] or chosen.get("moved_to", ""),
                }
        return None


class TogetherForm(forms.Form):
    """One decision for all rows that are ticked."""

    decision = forms.ChoiceField(
        label=_("Keputusan untuk yang dipilih"), choices=[("", "—"), *DECISIONS], required=False
    )
    on = day(label=_("Tanggal keluar"), required=False)
