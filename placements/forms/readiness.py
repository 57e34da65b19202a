from django import forms
from django.utils import timezone
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
    standing = forms.ChoiceField(
        label=_("Keadaan"),
        choices=ReadinessStanding.choices,
        widget=forms.Select(attrs={"autofocus": True}),
    )
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
            initial = {"kind": item.kind.value, "note": item.note, **_usual(item)}
        which = f"{item.kind if item else 'item'}_{person.public_id.hex[:8]}"
        super().__init__(*args, initial=initial, auto_id=f"id_{which}_%s", **kwargs)
        if item and item.is_cv:
            choices = [c for c in ReadinessStanding.choices if c[0] != ReadinessStanding.THERE]
            self.fields["standing"].choices = choices


def _usual(item):
    """What stands there; of what is missing without a day of its own, that it is there today."""
    if item.is_missing and not item.has_own_day and not item.is_cv:
        return {"standing": ReadinessStanding.THERE.value, "on": timezone.localdate()}
    on = item.due if item.is_missing and item.has_own_day else item.since
    return {"standing": item.standing.value, "on": on}
