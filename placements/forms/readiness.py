from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from placements.employment import Readiness, ReadinessStanding
from placements.models import ReadinessItem


class ReadinessForm(forms.Form):
    """How one thing (`item`) of a person's list stands.

    `seen` is the item's version on the page: its template writes it, anew after a conflict.
    """

    kind = forms.ChoiceField(choices=Readiness.choices, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    standing = forms.ChoiceField(label=_("Keadaan"), choices=ReadinessStanding.choices)
    on = day(
        label=_("Tanggal"),
        required=False,
        help_text=_("Ada sejak; atau, bila belum ada, paling lambat."),
    )
    note = forms.CharField(
        label=_("Catatan"),
        required=False,
        max_length=ReadinessItem._meta.get_field("note").max_length,
        help_text=_("Perlu bila tidak diperlukan. Jangan menulis nomor rekening."),
    )
    helper = helper("kind", "standing", "on", "note")

    def __init__(self, *args, item=None, person, **kwargs):
        """Several forms may stand on one page: the ids tell thing and person."""
        initial = {}
        if item:
            initial = {
                "kind": item.kind.value,
                "standing": item.standing.value,
                "on": item.since,
                "note": item.note,
            }
        which = f"{item.kind if item else 'item'}_{person.public_id.hex[:8]}"
        super().__init__(*args, initial=initial, auto_id=f"id_{which}_%s", **kwargs)
        if item and item.is_cv:
            choices = [c for c in ReadinessStanding.choices if c[0] != ReadinessStanding.THERE]
            self.fields["standing"].choices = choices
