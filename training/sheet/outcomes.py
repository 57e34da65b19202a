"""What became of a participant of a batch that exists already, as offices write it. Pure."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.sheets.cells import text_of
from partners.sheet.columns import Misread, bare, day
from training.states import EnrolmentState, LeaveCause

OUTCOME_WORDS = {
    EnrolmentState.ENROLLED: {"ikut", "aktif", "masihikut"},
    EnrolmentState.SUSPENDED: {"tangguh", "ditunda"},
    EnrolmentState.COMPLETED: {"lulus", "tamat"},
    EnrolmentState.NOT_COMPLETED: {"tidaklulus", "belumselesai", "gagal"},
    EnrolmentState.DROPPED: {"keluar", "mundur", "gugur", "mengundurkandiri"},
}
PARTS = 5  # who; outcome; day; cause; words
REASON_MOST = 250
REMARK = "#"  # what follows on a line is for whoever reads it


@dataclass
class Line:
    """One person of a pasted list; `problem` is a sentence when the line cannot be read."""

    number: int
    who: str
    outcome: str = ""
    left_on: date | None = None
    cause: str = ""
    reason: str = ""
    problem: str = ""


def outcome(cell):
    """A state of a participant by its label or a usual word, "" for an empty cell."""
    return _chosen(cell, EnrolmentState, OUTCOME_WORDS, _("hasil"))


def cause(cell):
    """Why somebody left, by its label or code, "" for an empty cell."""
    return _chosen(cell, LeaveCause, {}, _("sebab keluar"))


def lines(text):
    """The `Line`s of a pasted list: `B.I 12/2024; keluar; 3/5/2026; sakit; Dirawat`."""
    found = []
    for number, written in enumerate(text.splitlines(), start=1):
        said = written.split(REMARK)[0].replace("\t", ";")
        parts = [part.strip() for part in said.split(";", PARTS - 1)]
        if not any(parts):
            continue
        line = Line(number, parts[0])
        parts += [""] * (PARTS - len(parts))
        try:
            line.outcome, line.left_on = outcome(parts[1]), day(parts[2])
            line.cause = cause(parts[3])
        except Misread as misread:
            line.problem = str(misread)
        line.reason = parts[4][:REASON_MOST]
        if not line.who:
            line.problem = _("Tulis nomor registrasi atau Nomor Induk lebih dulu.")
        found.append(line)
    return found


def _chosen(cell, choices, words, what):
    said = bare(text_of(cell))
    if not said:
        return ""
    for each in choices:
        if said in {bare(each.value), bare(str(each.label)), *words.get(each, ())}:
            return each.value
    raise Misread(
        _("“%(said)s” bukan %(what)s. Pilih: %(choices)s.")
        % {
            "said": text_of(cell)[:40],
            "what": what,
            "choices": "; ".join(str(each.label) for each in choices),
        }
    )
