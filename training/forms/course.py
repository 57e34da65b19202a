from dataclasses import dataclass

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper
from inmates.states import DocumentKind
from training.eligibility.rules import SEVERITIES, SOFTENED
from training.models import Course
from training.services.courses import REQUIREMENTS


@dataclass
class Weight:
    """One row of the table of how much each rule weighs."""

    name: str
    label: str
    field: forms.BoundField


class RequirementsForm(forms.ModelForm):
    """All that a course asks. It only reads what was typed; the service writes."""

    documents = forms.MultipleChoiceField(
        label=_("Dokumen yang diperlukan"),
        choices=DocumentKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("NIK dalam register dianggap sebagai identitas."),
    )

    class Meta:
        model = Course
        fields = [name for name in REQUIREMENTS if name != "severities"]
        help_texts = {
            "minimum_age": _("Pada hari pertama; kosongkan bila tidak dibatasi."),
            "maximum_age": _("Pada hari pertama; kosongkan bila tidak dibatasi."),
            "needs_one_third": _("Dihitung pada hari pertama, menurut tanggal SDP."),
            "discipline_free_months": _("0: cukup tidak sedang tercatat."),
            "retrain_after_months": _("0: boleh langsung diulang."),
            "resident_percent": _("Sisa kursi terbuka untuk semua. 0: tidak disisihkan."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for rule, label in SOFTENED.items():
            self.fields[f"severity-{rule}"] = forms.ChoiceField(
                label=label,
                choices=[("", _("Menahan; perlu pengecualian")), *SEVERITIES],
                required=False,
                initial=self.instance.severities.get(rule, ""),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
        self.helper = helper(
            Row(Column("minimum_age"), Column("maximum_age")),
            "needs_one_third",
            Row(Column("buffer_days"), Column("latest_release_months")),
            Row(Column("minimum_remaining_months"), Column("retrain_after_months")),
            Row(Column("discipline_free_months"), Column("fitness_within_months")),
            Row(Column("resident_percent"), Column("documents")),
        )
        self.helper.render_unmentioned_fields = False

    def weights(self):
        return [Weight(rule, label, self[f"severity-{rule}"]) for rule, label in SOFTENED.items()]

    def requirements(self):
        """What was typed, as `courses.require` takes it."""
        typed = dict(self.cleaned_data)
        severities = {rule: typed.pop(f"severity-{rule}") for rule in SOFTENED}
        return typed | {"severities": {rule: said for rule, said in severities.items() if said}}
