from dataclasses import dataclass

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from training.states import CandidateState

RESULTS = (
    (CandidateState.APPROVED.value, _("Setuju")),
    (CandidateState.REJECTED.value, _("Tolak")),
    (CandidateState.DEFERRED.value, _("Tunda")),
)


class ScheduleForm(forms.Form):
    held_on = day(label=_("Tanggal sidang"))
    helper = helper("held_on")


@dataclass
class Line:
    """One candidate's row of the page."""

    candidate: object
    result: forms.BoundField
    reserve: forms.BoundField
    note: forms.BoundField


class RecordForm(forms.Form):
    """The whole hearing on one page: its minutes, and a row of fields per candidate."""

    number = forms.CharField(label=_("Nomor berita acara"), max_length=80)
    held_on = day(label=_("Tanggal sidang"))
    chair = forms.CharField(label=_("Ketua sidang"), max_length=120)
    members = forms.CharField(
        label=_("Anggota yang hadir"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Satu orang per baris."),
    )

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for candidate in candidates:
            key = candidate.public_id.hex
            name = candidate.inmate.name
            self.fields[f"result-{key}"] = forms.ChoiceField(
                label=_("Hasil untuk %(name)s") % {"name": name},
                choices=RESULTS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Pilih hasilnya.")},
            )
            self.fields[f"reserve-{key}"] = forms.BooleanField(
                label=_("Cadangan: %(name)s") % {"name": name}, required=False
            )
            self.fields[f"note-{key}"] = forms.CharField(
                label=_("Catatan untuk %(name)s") % {"name": name},
                max_length=250,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
            )
        self.helper = helper(
            Row(Column("number"), Column("held_on")), Row(Column("chair"), Column("members"))
        )
        self.helper.render_unmentioned_fields = False

    def lines(self):
        return [
            Line(
                candidate,
                self[f"result-{candidate.public_id.hex}"],
                self[f"reserve-{candidate.public_id.hex}"],
                self[f"note-{candidate.public_id.hex}"],
            )
            for candidate in self.candidates
        ]

    def results(self):
        """`{candidate: (result, note, reserve)}` as `hearings.record` takes it."""
        cleaned = self.cleaned_data
        return {
            candidate: tuple(
                cleaned[f"{part}-{candidate.public_id.hex}"]
                for part in ("result", "note", "reserve")
            )
            for candidate in self.candidates
        }


class MoveForm(forms.Form):
    held_on = day(label=_("Hari baru"))
    reason = forms.CharField(label=_("Alasan pemindahan"), max_length=250)
    helper = helper("held_on", "reason")


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembatalan"), max_length=250)
    helper = helper("reason")


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("Alasan membatalkan catatan"), max_length=250)
    helper = helper("reason")
