from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper, text
from inmates.states import CircumstanceDecision, CircumstanceKind

KEPT, SUSPENDED, ENDED = (
    CircumstanceDecision.KEPT,
    CircumstanceDecision.SUSPENDED,
    CircumstanceDecision.ENDED,
)
WORDS = {
    KEPT: _("Lanjutkan seperti semula"),
    SUSPENDED: _("Tangguhkan: kursi tetap miliknya"),
    ENDED: _("Hentikan: kursi menjadi kosong, rujukan ditarik"),
}
WORDS_LIFTED = WORDS | {KEPT: _("Kembali ke kelas"), SUSPENDED: _("Tetap ditangguhkan")}


class DecideForm(forms.Form):
    """One decision for all that the change touches; `decisions` are those that are possible."""

    decision = forms.ChoiceField(label=_("Pilihan"), widget=forms.RadioSelect)
    reason = text(rows=2, label=_("Alasan"), max_length=200)
    helper = helper("decision", "reason")

    def __init__(self, *args, kind, decisions, **kwargs):
        super().__init__(*args, **kwargs)
        words = WORDS_LIFTED if kind == CircumstanceKind.LIFTED else WORDS
        self.fields["decision"].choices = [(code, words[code]) for code in decisions]
        if len(decisions) == 1:
            self.fields["decision"].initial = decisions[0]


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("Alasan pembetulan"), max_length=200)
    helper = helper("reason")
