"""The page of results as a form: a heading, and a cell for each participant and part."""

import json
from dataclasses import dataclass
from decimal import Decimal

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import day, helper
from training.models import Assessment
from training.services import assessments
from training.services.assessments import Entry, mark_of
from training.services.outcomes import CAUSES, COMPLETED, NOT_COMPLETED, Outcome
from training.services.results import Line, Part
from training.states import LeaveCause
from training.teaching import Verdict

FILL, RETAKE, CORRECT = "fill", "retake", "correct"
MODES = {FILL: _("Isi"), RETAKE: _("Uji ulang"), CORRECT: _("Betulkan")}
SEEN_MOST = 200_000  # of what a page of results sends back about its cells
MARK_MOST = 40
SCORES = ("knowledge", "skill")
SCORE_LABELS = {"knowledge": _("pengetahuan"), "skill": _("keterampilan")}
VERDICTS = [("", "–"), (Verdict.COMPETENT, "K"), (Verdict.NOT_YET, "BK")]


@dataclass
class Cell:
    """One participant's part: what is known, and the fields that may be filled in now."""

    line: Line
    part: Part
    known: Assessment | None
    fields: list

    @property
    def errors(self):
        return [text for bound in self.fields for text in bound.errors]


class ResultsForm(forms.Form):
    """`mode` says which cells are open: empty ones, those found BK, or one's own fresh ones."""

    assessor = forms.CharField(label=_("Asesor"), max_length=120)
    assessed_on = day(label=_("Tanggal penilaian"), initial=timezone.localdate)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=SEEN_MOST)
    helper = helper(Row(Column("assessor"), Column("assessed_on")))
    helper.render_unmentioned_fields = False

    def __init__(self, *args, lines, parts, mode, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.mode, self.parts, self.lines, self.user = mode, parts, lines, user
        self.open = {}
        sent = _marks(self.data.get("seen")) if self.is_bound else None
        for line in lines:
            for part in parts:
                known = line.results.by_part.get(part.key)
                # Whatever was open to the writer stays so: the service tells of a conflict.
                if self._is_open(known) if sent is None else _name(line, part) in sent:
                    self._add_cell(line, part, known)
        if mode == CORRECT:
            for name in ("assessor", "assessed_on"):
                self.fields[name].required = False
                self.fields[name].initial = None
            self.fields["assessor"].help_text = _("Kosong: tetap seperti semula.")
        marks = {name: mark_of(known) for name, (_line, _part, known) in self.open.items()}
        self.fields["seen"].initial = json.dumps(marks, separators=(",", ":"))

    def rows(self):
        """Pairs of a line and its cells, in the order of the parts."""
        return [(line, [self._cell(line, part) for part in self.parts]) for line in self.lines]

    def entries(self):
        """What was filled in, or in a correction what was changed, as the service takes it."""
        found, sent = [], _marks(self.cleaned_data.get("seen"))
        for name, (line, part, known) in self.open.items():
            entry = Entry(
                enrolment=line.enrolment,
                part=part,
                seen=sent[name],
                field=name,
                **self._typed(name, part),
            )
            if self.mode == CORRECT:
                found += [entry] if self._is_touched(entry, known) else []
            elif not entry.is_empty:
                found.append(entry)
        return found

    def clean(self):
        cleaned = super().clean()
        for name, (_line, part, _known) in self.open.items():
            if part.has_scores and self.mode != CORRECT:
                one, other = (cleaned.get(f"{name}-{score}") for score in SCORES)
                lacking = SCORES[one is not None] if (one is None) != (other is None) else None
                if lacking and f"{name}-{lacking}" not in self.errors:
                    self.add_error(f"{name}-{lacking}", _("Isi juga nilai ini."))
        return cleaned

    def add_error(self, field, error):
        """An error about a cell with scores stands beside the first of them."""
        if field in self.open and field not in self.fields:
            field = f"{field}-{SCORES[0]}"
        super().add_error(field, error)

    def _is_open(self, known):
        if self.mode == FILL:
            return known is None
        if known is None:
            return False
        if self.mode == RETAKE:
            return known.result == Verdict.NOT_YET
        return assessments.may_correct(known, self.user)

    def _add_cell(self, line, part, known):
        name = _name(line, part)
        self.open[name] = (line, part, known)
        shown = known if self.mode == CORRECT else None
        about = {"who": line.label, "part": part.unit.code if part.unit else _("uji kompetensi")}
        if part.has_scores:
            for score in SCORES:
                self.fields[f"{name}-{score}"] = forms.DecimalField(
                    label=_("Nilai %(score)s %(who)s")
                    % {"score": SCORE_LABELS[score], "who": line.label},
                    min_value=0,
                    max_value=100,
                    max_digits=5,
                    decimal_places=2,
                    required=False,
                    localize=True,
                    initial=_short(getattr(shown, score, None)),
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 4}),
                )
        else:
            self.fields[name] = forms.ChoiceField(
                label=_("Hasil %(who)s: %(part)s") % about,
                choices=VERDICTS,
                required=False,
                initial=shown.result if shown else "",
            )

    def _cell(self, line, part):
        name = _name(line, part)
        if name not in self.open:
            return Cell(line, part, line.results.by_part.get(part.key), [])
        names = [f"{name}-{score}" for score in SCORES] if part.has_scores else [name]
        return Cell(line, part, self.open[name][2], [self[each] for each in names])

    def _typed(self, name, part):
        if part.has_scores:
            return {score: self.cleaned_data.get(f"{name}-{score}") for score in SCORES}
        return {"result": self.cleaned_data.get(name, "")}

    def _is_touched(self, entry, known):
        heading = any(self.cleaned_data.get(name) for name in ("assessor", "assessed_on"))
        return heading or entry.is_empty or entry.content != {
            name: getattr(known, name) for name in ("result", *SCORES)
        }  # fmt: skip


class OutcomesForm(forms.Form):
    """Who completed, on one page: a choice, a cause and words for each."""

    def __init__(self, *args, suggestions, labels, **kwargs):
        super().__init__(*args, **kwargs)
        self.suggestions, self.labels = suggestions, labels
        for each in suggestions:
            key, who = each.enrolment.public_id.hex, labels[each.enrolment.pk]
            self.fields[f"state-{key}"] = forms.ChoiceField(
                label=_("Hasil akhir %(who)s") % {"who": who},
                choices=[("", _("Belum diputuskan")), (COMPLETED, _("Selesai")),
                         (NOT_COMPLETED, _("Tidak selesai"))],
                required=False,
            )  # fmt: skip
            self.fields[f"cause-{key}"] = forms.ChoiceField(
                label=_("Sebab %(who)s tidak selesai") % {"who": who},
                choices=[("", "–"), *((cause, LeaveCause(cause).label) for cause in CAUSES)],
                required=False,
                initial=each.cause,
            )
            self.fields[f"reason-{key}"] = forms.CharField(
                label=_("Keterangan %(who)s") % {"who": who}, max_length=250, required=False
            )

    def rows(self):
        """Triples of a suggestion, who it is about, and the three fields."""
        for each in self.suggestions:
            key = each.enrolment.public_id.hex
            fields = [self[f"{part}-{key}"] for part in ("state", "cause", "reason")]
            yield each, self.labels[each.enrolment.pk], fields

    def clean(self):
        cleaned = super().clean()
        for each in self.suggestions:
            key = each.enrolment.public_id.hex
            if cleaned.get(f"state-{key}") == NOT_COMPLETED and not cleaned.get(f"cause-{key}"):
                self.add_error(f"cause-{key}", _("Pilih sebabnya."))
        if not self.errors and not self.outcomes():
            raise forms.ValidationError(_("Belum ada yang diputuskan."))
        return cleaned

    def outcomes(self):
        """`{enrolment: Outcome}` of those for whom something was chosen."""
        chosen = {}
        for each in self.suggestions:
            key = each.enrolment.public_id.hex
            state = self.cleaned_data.get(f"state-{key}")
            if state:
                words = (self.cleaned_data.get(f"{part}-{key}", "") for part in ("cause", "reason"))
                chosen[each.enrolment] = Outcome(state, *words)
        return chosen


def _name(line, part):
    return f"{line.enrolment.public_id.hex}-{part.key}"


def _short(score):
    """`70`, not `70.00`; `70.5` as it is."""
    return score if score is None else Decimal(f"{score.normalize():f}")


def _marks(text):
    """What the writer saw in each cell that was open, as the page sent it back."""
    if not text or len(text) > SEEN_MOST:
        return {}
    try:
        marks = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(marks, dict):
        return {}
    return {
        name: mark
        for name, mark in marks.items()
        if isinstance(mark, str) and len(mark) <= MARK_MOST
    }
