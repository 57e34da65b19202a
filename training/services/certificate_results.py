"""Results per unit that stand beside the certificates of a sheet."""

from django.utils.translation import gettext as _

from training.services import assessments
from training.services.assessments import Entry, mark_of
from training.services.results import parts_of, results_of
from training.sheet.columns import UNIT, verdicts_in
from training.teaching import CertificateKind, Verdict


class Known:
    """What was found of the batch's participants before, asked once for all rows."""

    def __init__(self, batch, rows):
        is_asked = any(verdicts_in(row.values) for row in rows)
        self.parts = _by_code(batch) if is_asked else {}
        self.results = results_of(batch) if is_asked else {}

    def compare(self, line):
        """Tell what a row's results contradict; keep on the line those that are new."""
        found = verdicts_in(line.row.values)
        if not found:
            return
        before = self.results.get(line.enrolment.pk)
        values, problems = line.row.values, line.row.problems
        for code, verdict in found.items():
            known = before and before.by_part.get(self.parts[code].key)
            if known and known.result == verdict:
                continue
            if known and known.result == Verdict.COMPETENT:
                problems[f"{UNIT}{code}"] = _("Sudah tercatat kompeten.")
            line.verdicts[code] = verdict, mark_of(known)
        if line.found:
            if line.verdicts:
                line.row.remarks.append(
                    _("Hasil unitnya belum tercatat: catat di halaman hasil angkatan.")
                )
            problems.clear()
            return
        if not values["assessor"]:
            problems.setdefault("assessor", _("Sebutkan asesornya."))
        if values["kind"] == CertificateKind.COMPETENCY and not says_competent(values):
            problems.setdefault("kind", _("Tidak ada unit yang kompeten di baris ini."))


def says_competent(values):
    """Whether a row finds somebody competent in a unit."""
    return Verdict.COMPETENT in verdicts_in(values).values()


def record(line, batch, by):
    """Write down the new results of a row."""
    if not line.verdicts:
        return
    parts, values = _by_code(batch), line.row.values
    assessments.record(
        batch=batch,
        entries=[
            Entry(
                enrolment=line.enrolment,
                part=parts[code],
                result=verdict,
                seen=seen,
                field=code,
            )
            for code, (verdict, seen) in line.verdicts.items()
        ],
        assessor=values["assessor"],
        assessed_on=values["assessed_on"] or values["issued_on"],
        by=by,
    )


def _by_code(batch):
    return {part.unit.code: part for part in parts_of(batch) if part.unit}
